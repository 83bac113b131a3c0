// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"math/rand/v2"
	"testing"
	"time"
)

var seoul = time.FixedZone("KST", 9*60*60)

func at(text string) time.Time {
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, seoul); err == nil {
			return t
		}
	}
	panic(text)
}

// rulebook is the part of section 6.1 that the gate reads.
var rulebook = []Parameter{
	{"ad.night.start", "21:00", "2014-11-29", "", ""},
	{"ad.night.end", "08:00", "2014-11-29", "", ""},
	{"ad.night.exempt_channels", "email", "2014-11-29", "", ""},
	{"ad.kakao_brand.block.start", "20:50", "2026-01-01", "", ""},
	{"ad.kakao_brand.block.end", "08:00", "2026-01-01", "", ""},
	{"ad.consent.confirm_every", "P2Y", "2014-11-29", "", ""},
	{"ad.result_notice.within", "P14D", "2014-11-29", "", ""},
	{"ad.transaction_exemption", "P6M", "2014-11-29", "", ""},
	{"ad.sms.provider_certification_required", "false", "2014-11-29", "2026-09-30", ""},
	{"ad.sms.provider_certification_required", "true", "2026-10-01", "", ""},
	{"tm.dnc.max_age", "P1M", "2012-08-18", "", ""},
	{"child.age", "14", "2011-09-30", "", ""},
}

func entry(channel Channel, action Action, when string) Consent {
	return Consent{Sender: DefaultSender, Purpose: Advertising, Channel: channel, Action: action, At: at(when), Method: Web}
}

func claimed(c Consent) Consent {
	c.IsClaimed = true
	return c
}

func night(c Consent) Consent {
	c.IsNight = true
	return c
}

// Every row of rulebook 6.2 about sending, and every reason of L-AD-20.
func TestDecide(t *testing.T) {
	t.Parallel()
	mail := Message{Class: Ad, Channel: Email, Sender: DefaultSender, HasFreeOptOut: true}
	text := Message{Class: Ad, Channel: SMS, Sender: DefaultSender, HasFreeOptOut: true}
	call := Message{Class: Ad, Channel: Call, Sender: DefaultSender, HasFreeOptOut: true}
	yes := func(channel Channel) Person {
		return Person{Address: "a@example.kr", Consents: []Consent{entry(channel, Grant, "2026-01-05")}}
	}
	with := func(p Person, change func(*Person)) Person { change(&p); return p }
	msg := func(m Message, change func(*Message)) Message { change(&m); return m }
	certified := Policy{SMSProviderIsCertified: true}
	bought := Purchase{OrderID: 9, EndedAt: at("2026-05-21 15:00"), Category: "신발", Contact: "a@example.kr", IsDirect: true}
	shoes := msg(mail, func(m *Message) { m.Category = "신발" })
	buyer := Person{Address: "a@example.kr", Purchases: []Purchase{bought}}
	exempt := Policy{AllowTransactionExemption: true}
	checked := func(p Person) Person {
		return with(p, func(p *Person) { p.DNC.CheckedAt = at("2026-11-01") })
	}
	bar := func(kind SuppressionKind, when string) func(*Person) {
		return func(p *Person) { p.Bars = []Suppression{{Kind: kind, At: at(when)}} }
	}
	cases := []struct {
		name   string
		m      Message
		p      Person
		policy Policy
		when   string
		want   Reason
		until  string
		basis  string
	}{
		{"consent", mail, yes(Email), Policy{}, "2026-11-21 12:00", "", "", "consent"},
		{"deleted", mail, with(yes(Email), func(p *Person) { p.IsDeleted = true }), Policy{}, "2026-11-21 12:00", Unreachable, "", ""},
		{"invalid address", mail, with(yes(Email), func(p *Person) { p.IsInvalid = true }), Policy{}, "2026-11-21 12:00", Unreachable, "", ""},
		{"no address", mail, with(yes(Email), func(p *Person) { p.Address = "" }), Policy{}, "2026-11-21 12:00", Unreachable, "", ""},
		{"hard bounce", mail, with(yes(Email), bar(HardBounce, "2026-02-01")), Policy{}, "2026-11-21 12:00", Unreachable, "", ""},
		{"suspended", mail, with(yes(Email), bar(Suspended, "2026-02-01")), Policy{}, "2026-11-21 12:00", Unreachable, "", ""},
		{"one soft bounce", mail, with(yes(Email), bar(SoftBounce, "2026-02-01")), Policy{}, "2026-11-21 12:00", "", "", "consent"},
		{"do not contact", mail, with(yes(Email), bar(DoNotContact, "2026-02-01")), Policy{}, "2026-11-21 12:00", Barred, "", ""},
		{"complaint", mail, with(yes(Email), bar(Complaint, "2026-02-01")), Policy{}, "2026-11-21 12:00", RefusedByPerson, "", ""},
		{"address refused after consent", mail, with(yes(Email), bar(Refused, "2026-02-01")), Policy{}, "2026-11-21 12:00", RefusedByPerson, "", ""},
		{"address refused before consent", mail, with(yes(Email), bar(Refused, "2025-12-31")), Policy{}, "2026-11-21 12:00", "", "", "consent"},
		{"statutory needs nothing", Message{Class: Statutory, Channel: SMS}, Person{Address: "010"}, Policy{}, "2026-11-21 23:00", "", "", "statutory"},
		{"statutory with marketing", Message{Class: Statutory, Channel: SMS, HasMarketing: true}, Person{Address: "010"}, Policy{}, "2026-11-21 12:00", MarketingInNotice, "", ""},
		{"informational without reason", Message{Class: Informational, Channel: Email, ApprovedReason: " "}, Person{Address: "a"}, Policy{}, "2026-11-21 12:00", NoReason, "", ""},
		{"informational with reason", Message{Class: Informational, Channel: Email, ApprovedReason: "배송 안내"}, with(Person{Address: "a"}, bar(DoNotContact, "2026-01-01")), Policy{}, "2026-11-21 23:00", "", "", "informational"},
		{"no consent", mail, Person{Address: "a"}, Policy{}, "2026-11-21 12:00", NoConsent, "", ""},
		{"consent of another sender", msg(mail, func(m *Message) { m.Sender = "other" }), yes(Email), Policy{}, "2026-11-21 12:00", NoConsent, "", ""},
		{"consent of another channel", mail, yes(SMS), Policy{}, "2026-11-21 12:00", NoConsent, "", ""},
		{"claimed consent", mail, Person{Address: "a", Consents: []Consent{claimed(entry(Email, Grant, "2026-01-05"))}}, Policy{}, "2026-11-21 12:00", NoConsent, "", ""},
		{"refused", mail, with(yes(Email), func(p *Person) { p.Consents = append(p.Consents, entry(Email, Refuse, "2026-02-01")) }), Policy{}, "2026-11-21 12:00", RefusedByPerson, "", ""},
		{"all channels refused", mail, with(yes(Email), func(p *Person) { p.Consents = append(p.Consents, entry(All, Withdraw, "2026-02-01")) }), Policy{}, "2026-11-21 12:00", RefusedByPerson, "", ""},
		{"another channel refused", mail, with(yes(Email), func(p *Person) { p.Consents = append(p.Consents, entry(SMS, Withdraw, "2026-02-01")) }), Policy{}, "2026-11-21 12:00", "", "", "consent"},
		{"granted again", mail, with(yes(Email), func(p *Person) {
			p.Consents = append(p.Consents, entry(Email, Grant, "2026-03-01"), entry(All, Withdraw, "2026-02-01"))
		}), Policy{}, "2026-11-21 12:00", "", "", "consent"},
		{"claimed grant after refusal", mail, Person{Address: "a", Consents: []Consent{entry(Email, Refuse, "2026-02-01"), claimed(entry(Email, Grant, "2026-03-01"))}}, Policy{}, "2026-11-21 12:00", RefusedByPerson, "", ""},
		{"refusal at the same moment wins", mail, with(yes(Email), func(p *Person) { p.Consents = append(p.Consents, entry(Email, Refuse, "2026-01-05")) }), Policy{}, "2026-11-21 12:00", RefusedByPerson, "", ""},
		{"child", mail, with(yes(Email), func(p *Person) { p.BirthOn = "2012-11-22" }), Policy{}, "2026-11-21 12:00", Minor, "", ""},
		{"fourteen today", mail, with(yes(Email), func(p *Person) { p.BirthOn = "2012-11-21" }), Policy{}, "2026-11-21 12:00", "", "", "consent"},
		{"child with guardian", mail, with(yes(Email), func(p *Person) {
			p.BirthOn = "2015-01-01"
			g := entry(Email, Grant, "2026-01-05")
			g.Purpose = Guardian
			p.Consents = append(p.Consents, g)
		}), Policy{}, "2026-11-21 12:00", "", "", "consent"},
		{"night 20:59:59", text, yes(SMS), certified, "2026-11-21 20:59:59", "", "", "consent"},
		{"night 21:00:00", text, yes(SMS), certified, "2026-11-21 21:00:00", Night, "2026-11-22 08:00", ""},
		{"night 07:59:59", text, yes(SMS), certified, "2026-11-21 07:59:59", Night, "2026-11-21 08:00", ""},
		{"night 08:00:00", text, yes(SMS), certified, "2026-11-21 08:00:00", "", "", "consent"},
		{"e-mail at 23:00", mail, yes(Email), Policy{}, "2026-11-21 23:00", "", "", "consent"},
		{"night consent", text, with(yes(SMS), func(p *Person) { p.Consents = append(p.Consents, night(entry(SMS, Grant, "2026-01-05"))) }), certified, "2026-11-21 23:00", "", "", "consent"},
		{"night consent withdrawn", text, with(yes(SMS), func(p *Person) {
			p.Consents = append(p.Consents, night(entry(SMS, Grant, "2026-01-05")), night(entry(SMS, Withdraw, "2026-01-06")))
		}), certified, "2026-11-21 23:00", Night, "2026-11-22 08:00", ""},
		{"kakao at 20:50", Message{Class: Ad, Channel: Kakao, Sender: DefaultSender, HasFreeOptOut: true}, yes(Kakao), Policy{}, "2026-11-21 20:50", Night, "2026-11-22 08:00", ""},
		{"long text goes by text consent", msg(text, func(m *Message) { m.Channel = LMS }), yes(SMS), certified, "2026-11-21 12:00", "", "", "consent"},
		{"uncertified provider", text, yes(SMS), Policy{}, "2026-11-21 12:00", Uncertified, "", ""},
		{"before certification was asked for", text, yes(SMS), Policy{}, "2026-09-30 12:00", "", "", "consent"},
		{"confirmation due 2026-11-20, that day", mail, Person{Address: "a", Consents: []Consent{entry(Email, Grant, "2024-11-21")}}, Policy{}, "2026-11-20 23:59:59", "", "", "consent"},
		{"confirmation overdue", mail, Person{Address: "a", Consents: []Consent{entry(Email, Grant, "2024-11-21")}}, Policy{}, "2026-11-21", ConfirmOverdue, "", ""},
		{"confirmed in time", mail, Person{Address: "a", Confirmed: []time.Time{at("2026-10-22")}, Consents: []Consent{entry(Email, Grant, "2024-11-21")}}, Policy{}, "2026-11-21", "", "", "consent"},
		{"a confirmation serves one period", mail, Person{Address: "a", Confirmed: []time.Time{at("2024-11-01")}, Consents: []Consent{entry(Email, Grant, "2022-11-21")}}, Policy{}, "2026-11-21", ConfirmOverdue, "", ""},
		{"kept by the person", mail, Person{Address: "a", Consents: []Consent{entry(Email, Grant, "2024-11-21"), entry(Email, ConfirmKeep, "2026-11-01")}}, Policy{}, "2026-12-01", "", "", "consent"},
		{"exemption 2026-11-20", shoes, buyer, exempt, "2026-11-20 23:59", "", "", "transaction_exemption"},
		{"exemption 2026-11-21", shoes, buyer, exempt, "2026-11-21", NoConsent, "", ""},
		{"exemption not allowed by the company", shoes, buyer, Policy{}, "2026-11-20", NoConsent, "", ""},
		{"exemption for other goods", msg(mail, func(m *Message) { m.Category = "가구" }), buyer, exempt, "2026-11-20", NoConsent, "", ""},
		{"exemption with another contact", shoes, with(buyer, func(p *Person) { p.Address = "b@example.kr" }), exempt, "2026-11-20", NoConsent, "", ""},
		{"exemption through a marketplace", shoes, with(buyer, func(p *Person) {
			indirect := bought
			indirect.IsDirect = false
			p.Purchases = []Purchase{indirect}
		}), exempt, "2026-11-20", NoConsent, "", ""},
		{"exemption after refusal", shoes, with(buyer, func(p *Person) { p.Consents = []Consent{entry(Email, Refuse, "2026-06-01")} }), exempt, "2026-11-20", RefusedByPerson, "", ""},
		{"live call", msg(call, func(m *Message) { m.IsLiveAgent, m.TellsSource = true, true }), checked(Person{Address: "02"}), Policy{SellerIsRegistered: true}, "2026-11-21 12:00", "", "", "live_call_exemption"},
		{"live call, source not told", msg(call, func(m *Message) { m.IsLiveAgent = true }), checked(Person{Address: "02"}), Policy{SellerIsRegistered: true}, "2026-11-21 12:00", NoConsent, "", ""},
		{"register not checked for a month", call, with(yes(Call), func(p *Person) { p.DNC.CheckedAt = at("2026-10-21") }), Policy{}, "2026-11-21 12:00", DNCStale, "", ""},
		{"in the register", call, with(checked(yes(Call)), func(p *Person) { p.DNC.IsRegistered = true }), Policy{}, "2026-11-21 12:00", DNCRegistered, "", ""},
		{"in the register with consent of its own", call, with(checked(yes(Call)), func(p *Person) {
			p.DNC.IsRegistered = true
			own := entry(Call, Grant, "2026-01-05")
			own.Purpose = CallIn
			p.Consents = append(p.Consents, own)
		}), Policy{}, "2026-11-21 12:00", "", "", "consent"},
		{"labels missing", msg(mail, func(m *Message) { m.MissingLabels = []string{"(광고)"} }), yes(Email), Policy{}, "2026-11-21 12:00", LabelsMissing, "", ""},
		{"no way to refuse", msg(mail, func(m *Message) { m.HasFreeOptOut = false }), yes(Email), Policy{}, "2026-11-21 12:00", NoOptOut, "", ""},
		{"capped", mail, with(yes(Email), func(p *Person) { p.Contacts = 3 }), Policy{MaxContacts: 3}, "2026-11-21 12:00", FrequencyCap, "", ""},
	}
	for _, c := range cases {
		when := at(c.when)
		got := Decide(c.m, c.p, LawOn(rulebook, when, seoul), c.policy, when)
		if got.Reason != c.want || (c.basis != "" && got.Basis.Kind != c.basis) {
			t.Errorf("%s: %q with basis %q, want %q %q", c.name, got.Reason, got.Basis.Kind, c.want, c.basis)
		}
		if c.until != "" && !got.DeferTo.Equal(at(c.until)) {
			t.Errorf("%s: deferred to %v, want %s", c.name, got.DeferTo, c.until)
		}
		if got.Rules == "" {
			t.Errorf("%s: the decision names no version of the law", c.name)
		}
	}
}

func TestDueDays(t *testing.T) {
	t.Parallel()
	law := LawOn(rulebook, at("2026-11-21"), seoul)
	day := func(t time.Time) string { return t.In(seoul).Format(time.DateOnly) }
	for granted, want := range map[string]string{"2024-11-21": "2026-11-20", "2024-02-29": "2026-02-27"} {
		if got := day(law.ConfirmBy(at(granted), 1)); got != want {
			t.Errorf("consent %s: confirm by %s, want %s", granted, got, want)
		}
	}
	if got := day(law.ConfirmBy(at("2024-02-29"), 2)); got != "2028-02-27" {
		t.Errorf("second period: %s", got)
	}
	if got := day(law.ResultNoticeBy(at("2026-11-01 17:00"))); got != "2026-11-15" {
		t.Errorf("result notice by %s", got)
	}
	if got := day(Period{Months: 6}.After(at("2026-08-31"), seoul)); got != "2027-02-28" {
		t.Errorf("six months after 31 August: %s", got)
	}
	for _, bad := range []string{"", "P", "2Y", "P2", "PXY", "P-1Y", "P99999Y"} {
		if p, err := ParsePeriod(bad); err == nil {
			t.Errorf("%q is read as %v", bad, p)
		}
	}
}

// Whatever the ledger holds: after a refusal no claimed grant and no older
// grant opens the gate, and the order in which entries arrive does not matter.
func TestProjectProperties(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		var ledger []Consent
		for i := range random.IntN(8) {
			c := entry([]Channel{Email, SMS, All}[random.IntN(3)], actions[random.IntN(len(actions))], "2026-01-01")
			if c.Channel == All && !c.Action.Denies() {
				c.Channel = Email
			}
			c.At = c.At.AddDate(0, 0, random.IntN(5))
			c.IsClaimed = random.IntN(3) == 0
			c.ID = int64(i)
			ledger = append(ledger, c)
		}
		before := Project(ledger, DefaultSender, Advertising, Email, false)
		shuffled := append([]Consent(nil), ledger...)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if after := Project(shuffled, DefaultSender, Advertising, Email, false); after.Status != before.Status {
			t.Fatalf("order matters: %s and %s of %+v", before.Status, after.Status, ledger)
		}
		refused := append(ledger, entry(All, Withdraw, "2026-02-01"), claimed(entry(Email, Grant, "2026-03-01")))
		if Project(refused, DefaultSender, Advertising, Email, false).Status != StatusRefused {
			t.Fatalf("a refusal is lifted: %+v", refused)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{"P2Y", "P6M", "P14D", "P1Y2M3D", "PT72H", "P"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := ParsePeriod(text); err == nil && (p.Years < 0 || p.Months < 0 || p.Days < 0) {
			t.Errorf("%q: %v", text, p)
		}
	})
}
