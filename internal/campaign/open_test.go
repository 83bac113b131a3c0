// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/inbound"
	"dangol/internal/mail/smtp/smtptest"
	"dangol/internal/platform/fault"
)

const browser = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"

// tracked sends a campaign with tracking to n people and returns the tokens of the
// picture, the trap and a link of each.
func tracked(r *room, sink *smtptest.Sink, n int) (Campaign, map[string]map[string]string) {
	r.t.Helper()
	r.people(n)
	yes := true
	c := r.plan(r.campaign(func(p *Content) { p.ControlShare, p.IsTracked = new(int64), &yes }).ID)
	r.start(c.ID)
	if err := r.send(c.ID); err != nil {
		r.t.Fatal(err)
	}
	tokens := map[string]map[string]string{}
	for _, m := range sink.Messages() {
		tokens[m.To] = map[string]string{}
		html := decoded(m.Data)
		for _, kind := range []string{"o", "h", "t"} {
			if match := regexp.MustCompile(`/` + kind + `/([A-Za-z0-9_-]+)"`).FindStringSubmatch(html); match != nil {
				tokens[m.To][kind] = match[1]
			}
		}
	}
	if len(tokens) != n || tokens["c1@x.kr"]["o"] == "" || tokens["c1@x.kr"]["h"] == "" || tokens["c1@x.kr"]["t"] == "" {
		r.t.Fatalf("%d messages, %v", len(tokens), tokens["c1@x.kr"])
	}
	return c, tokens
}

func decoded(raw []byte) string {
	m, err := inbound.Read(raw)
	if err != nil {
		return ""
	}
	return m.HTML
}

func (r *room) recipient(c Campaign, address string) Recipient {
	r.t.Helper()
	list, _, err := r.s.ListRecipients(r.ctx, c.ID, RecipientFilter{Limit: 100})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, one := range list {
		if one.Address == address {
			return one
		}
	}
	r.t.Fatalf("no recipient %s", address)
	return Recipient{}
}

// Machines that load the picture are told apart from people, and a person counts once.
func TestOpensByPeopleAndMachines(t *testing.T) {
	t.Parallel()
	onSink(t, plainSink, func(r *room, sink *smtptest.Sink) {
		c, tokens := tracked(r, sink, 6)
		r.clock.turn(time.Hour)
		for i, v := range []Visit{
			{Token: tokens["c1@x.kr"]["o"], UserAgent: browser},
			{Token: tokens["c1@x.kr"]["o"], UserAgent: browser},                                        // twice is once
			{Token: tokens["c2@x.kr"]["o"], UserAgent: "Mozilla/5.0"},                                  // Apple's protection
			{Token: tokens["c3@x.kr"]["o"], UserAgent: browser, Address: "148.163.130.7"},              // a security gateway
			{Token: tokens["c4@x.kr"]["o"], UserAgent: browser, IsHead: true},                          // asked for, not shown
			{Token: tokens["c5@x.kr"]["o"], UserAgent: "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"}, // long after: a person opened it
		} {
			if err := r.s.Shown(r.ctx, v); err != nil {
				r.t.Errorf("visit %d: %v", i, err)
			}
		}
		token := tokens["c1@x.kr"]["o"]
		wantFault(r.t, "a forged token", r.s.Shown(r.ctx, Visit{Token: token[:len(token)-2] + "AA", UserAgent: browser}), fault.NotFound)
		wantFault(r.t, "a token of another kind", r.s.Shown(r.ctx, Visit{Token: tokens["c1@x.kr"]["h"], UserAgent: browser}), fault.NotFound)
		if counts := r.find(c.ID).Counts; counts.Opened != 2 || counts.MachineOpen != 2 || counts.Clicked != 0 {
			r.t.Errorf("%+v", counts)
		}
		for address, want := range map[string][2]bool{"c1@x.kr": {true, false}, "c2@x.kr": {false, true}, "c3@x.kr": {false, true}, "c4@x.kr": {false, false}} {
			one := r.recipient(c, address)
			if got := [2]bool{one.OpenedAt != nil, one.MachineOpenAt != nil}; got != want {
				r.t.Errorf("%s: person, machine = %v, want %v", address, got, want)
			}
		}
		// Who follows a link has seen the mail, also without pictures.
		if _, err := r.s.Follow(r.ctx, Visit{Token: tokens["c6@x.kr"]["t"], UserAgent: browser}); err != nil {
			r.t.Fatal(err)
		}
		if counts := r.find(c.ID).Counts; counts.Opened != 3 || counts.Clicked != 1 {
			r.t.Errorf("after a click: %+v", counts)
		}
	})
}

// A scanner that steps into the trap takes its clicks and opens back, also earlier ones.
func TestTheTrapTakesBackAMachinesClicks(t *testing.T) {
	t.Parallel()
	onSink(t, plainSink, func(r *room, sink *smtptest.Sink) {
		c, tokens := tracked(r, sink, 2)
		r.clock.turn(time.Hour)
		for _, address := range []string{"c1@x.kr", "c2@x.kr"} {
			if _, err := r.s.Follow(r.ctx, Visit{Token: tokens[address]["t"], UserAgent: browser}); err != nil {
				r.t.Fatal(err)
			}
		}
		if counts := r.find(c.ID).Counts; counts.Clicked != 2 || counts.Opened != 2 {
			r.t.Fatalf("%+v", counts)
		}
		for range 2 {
			if err := r.s.Trapped(r.ctx, tokens["c1@x.kr"]["h"]); err != nil {
				r.t.Fatal(err)
			}
		}
		if counts := r.find(c.ID).Counts; counts.Clicked != 1 {
			r.t.Errorf("clicks after the trap: %+v", counts)
		}
		if one := r.recipient(c, "c1@x.kr"); one.ClickedAt != nil {
			r.t.Errorf("%+v", one)
		}
		// Shortly after, it is still the machine; much later it may be a person.
		if _, err := r.s.Follow(r.ctx, Visit{Token: tokens["c1@x.kr"]["t"], UserAgent: browser}); err != nil {
			r.t.Fatal(err)
		}
		if counts := r.find(c.ID).Counts; counts.Clicked != 1 {
			r.t.Errorf("a click right after the trap: %+v", counts)
		}
		r.clock.turn(time.Hour)
		if _, err := r.s.Follow(r.ctx, Visit{Token: tokens["c1@x.kr"]["t"], UserAgent: browser}); err != nil {
			r.t.Fatal(err)
		}
		if counts := r.find(c.ID).Counts; counts.Clicked != 2 {
			r.t.Errorf("a click an hour later: %+v", counts)
		}
		wantFault(r.t, "a forged trap", r.s.Trapped(r.ctx, tokens["c1@x.kr"]["o"]), fault.NotFound)
	})
}

// A read receipt (RFC 8098) confirms reading and with it delivery.
func TestReadReceiptsReachTheLedger(t *testing.T) {
	t.Parallel()
	onSink(t, plainSink, func(r *room, sink *smtptest.Sink) {
		p, c := sendAll(r, sink, 2)
		raw := strings.ReplaceAll(fmt.Sprintf(`From: c1@x.kr
To: %s
Subject: Read: news
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b
Content-Type: text/plain

The message was displayed.
--b
Content-Type: message/disposition-notification

Reporting-UA: mail.example; Program
Final-Recipient: rfc822;c1@x.kr
Disposition: manual-action/MDN-sent-manually; displayed

--b--
`, p.sent["c1@x.kr"].From), "\n", "\r\n")
		for i := range 2 {
			if err := p.letters.Receive(p.ctx, "test", []string{p.sent["c1@x.kr"].From}, []byte(raw+strings.Repeat("\r\n", i))); err != nil {
				t.Fatal(err)
			}
		}
		if one := r.recipient(c, "c1@x.kr"); one.ReadAt == nil || one.State != StepDelivered {
			t.Errorf("%+v", one)
		}
		if counts := r.find(c.ID).Counts; counts.Read != 1 || counts.Delivered != 1 {
			t.Errorf("%+v", counts)
		}
	})
}

// What is no advertisement is not counted by the cap on advertising, and not held back by it.
func TestTheCapCountsAdvertisingOnly(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(3)
		if err := r.gate.SetPolicy(r.ctx, consent.Policy{MaxContacts: 1, PerDays: 7}); err != nil {
			r.t.Fatal(err)
		}
		notice, err := r.letters.Create(r.ctx, mail.Draft{Name: "공지", Class: consent.Informational, Reason: "약관 변경 안내", Subject: "안내", Body: "약관이 바뀝니다."})
		if err == nil {
			notice, err = r.letters.Approve(r.ctx, notice.ID)
		}
		if err != nil {
			r.t.Fatal(err)
		}
		run := func(change func(*Content)) Campaign {
			c := r.plan(r.campaign(func(p *Content) { p.ControlShare = new(int64); change(p) }).ID)
			if c.Counts.Planned == 0 {
				return c // the cap has taken everybody out
			}
			r.start(c.ID)
			if err := r.send(c.ID); err != nil {
				r.t.Fatal(err)
			}
			return r.find(c.ID)
		}
		information := func(p *Content) { p.TemplateID = &notice.ID }
		for _, row := range []struct {
			what   string
			change func(*Content)
			want   int64
		}{
			{"information first", information, 3},
			{"advertising after information", func(*Content) {}, 3},
			{"advertising again", func(*Content) {}, 0},
			{"information in spite of the cap", information, 3},
		} {
			if c := run(row.change); c.Counts.HandedOver != row.want {
				r.t.Errorf("%s: %+v", row.what, c.Counts)
			}
		}
	})
}
