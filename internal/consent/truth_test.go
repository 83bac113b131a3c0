// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"testing"
	"time"
)

// world is one row of the truth table: what the pseudo-code of rulebook L-AD-20
// asks, in its words.
type world struct {
	class                                                       Class
	channel                                                     Channel
	deleted, invalid, refusal, barred, minor, guardian          bool
	consent, overdue, exemption, allowed, liveCall              bool
	night, nightConsent, certified, dncStale, dncHit, dncOwn    bool
	labels, optOut, capped, approved, marketing, sellerDeclared bool
}

// oracle is L-AD-20 written down a second time, by the rulebook and not by the code.
func (w world) oracle() Reason {
	if w.deleted || w.invalid {
		return Unreachable
	}
	if w.class == Statutory {
		if w.marketing {
			return MarketingInNotice
		}
		return ""
	}
	if w.class == Informational {
		if w.approved {
			return ""
		}
		return NoReason
	}
	if w.refusal {
		return RefusedByPerson
	}
	if w.barred {
		return Barred
	}
	if w.minor && !w.guardian {
		return Minor
	}
	basis := ""
	switch {
	case w.consent:
		basis = "consent"
	case w.allowed && w.exemption:
		basis = "exemption"
	case w.channel == Call && w.liveCall && w.sellerDeclared:
		basis = "live"
	default:
		return NoConsent
	}
	if basis == "consent" && w.overdue {
		return ConfirmOverdue
	}
	if w.night && w.channel != Email && !w.nightConsent {
		return Night
	}
	if w.channel == SMS && !w.certified {
		return Uncertified
	}
	if w.channel == Call && w.dncStale {
		return DNCStale
	}
	if w.channel == Call && w.dncHit && !w.dncOwn {
		return DNCRegistered
	}
	if !w.labels {
		return LabelsMissing
	}
	if !w.optOut {
		return NoOptOut
	}
	if w.capped {
		return FrequencyCap
	}
	return ""
}

// ask puts the same row to the gate.
func (w world) ask() Reason {
	now := at("2026-11-10 14:00")
	if w.night {
		now = at("2026-11-10 22:30")
	}
	m := Message{
		Class: w.class, Channel: w.channel, Sender: DefaultSender, HasFreeOptOut: w.optOut, HasMarketing: w.marketing, Category: "의류",
		IsLiveAgent: w.liveCall, TellsSource: w.liveCall,
	}
	if !w.labels {
		m.MissingLabels = []string{"address"}
	}
	if w.approved {
		m.ApprovedReason = "order"
	}
	p := Person{Address: "a@example.kr", IsDeleted: w.deleted, IsInvalid: w.invalid, DNC: DNC{CheckedAt: now.AddDate(0, 0, -3), IsRegistered: w.dncHit}}
	if w.dncStale {
		p.DNC.CheckedAt = now.AddDate(0, -2, 0)
	}
	w.speak(&p)
	if w.minor {
		p.BirthOn = "2015-01-01"
	}
	if w.barred {
		p.Bars = []Suppression{{Channel: w.channel, Address: p.Address, Kind: DoNotContact}}
	}
	if w.exemption {
		p.Purchases = []Purchase{{OrderID: 1, EndedAt: now.AddDate(0, -2, 0), Category: "의류", Contact: p.Address, IsDirect: true}}
	}
	if w.capped {
		p.Contacts = 9
	}
	policy := Policy{AllowTransactionExemption: w.allowed, SellerIsRegistered: w.sellerDeclared, SMSProviderIsCertified: w.certified, MaxContacts: 7, PerDays: 7}
	return Decide(m, p, LawOn(rulebook, now, seoul), policy, now).Reason
}

// speak fills the ledger of the person.
func (w world) speak(p *Person) {
	add := func(purpose Purpose, isNight bool, when string) {
		c := entry(w.channel, Grant, when)
		c.Purpose, c.IsNight = purpose, isNight
		p.Consents = append(p.Consents, c)
	}
	if w.consent {
		when := "2026-03-01"
		if w.overdue {
			when = "2023-01-01"
		}
		add(Advertising, false, when)
	}
	if w.nightConsent {
		add(Advertising, true, "2026-03-01")
	}
	if w.guardian {
		add(Guardian, false, "2026-03-01")
	}
	if w.dncOwn {
		add(CallIn, false, "2026-03-01")
	}
	if w.refusal {
		p.Consents = append(p.Consents, entry(w.channel, Withdraw, "2026-06-01"))
	}
}

// TestWholeTruthTable walks every combination of what L-AD-20 asks, for each
// class and for the channels that have rules of their own.
func TestWholeTruthTable(t *testing.T) {
	t.Parallel()
	started := time.Now()
	rows := 0
	for _, class := range Classes() {
		for _, channel := range []Channel{Email, SMS, Call, Push} {
			seen := map[Reason]int{}
			w := world{class: class, channel: channel}
			switches := w.switches()
			for bits := range 1 << len(switches) {
				for i, s := range switches {
					*s = bits>>i&1 == 1
				}
				want, got := w.oracle(), w.ask()
				if want != got {
					t.Fatalf("%+v: the gate says %q, the rulebook %q", w, got, want)
				}
				seen[got]++
				rows++
			}
			if seen[""] == 0 || len(seen) < 3 {
				t.Errorf("%s %s: the table says little: %v", class, channel, seen)
			}
		}
	}
	t.Logf("%d rows in %v", rows, time.Since(started).Round(time.Millisecond))
}

// switches are what can be on or off for a class and channel; what the others
// never look at stays off.
func (w *world) switches() []*bool {
	always := []*bool{&w.deleted, &w.invalid, &w.marketing, &w.approved}
	if w.class != Ad {
		return append(always, &w.refusal, &w.barred, &w.minor, &w.consent, &w.night, &w.capped, &w.labels, &w.optOut)
	}
	list := []*bool{
		&w.deleted, &w.refusal, &w.barred, &w.minor, &w.guardian, &w.consent, &w.overdue, &w.exemption, &w.allowed, &w.night, &w.nightConsent,
		&w.labels, &w.optOut, &w.capped,
	}
	switch w.channel {
	case SMS:
		return append(list, &w.certified)
	case Call:
		return append(list, &w.liveCall, &w.sellerDeclared, &w.dncStale, &w.dncHit, &w.dncOwn)
	}
	return append(list, &w.invalid)
}
