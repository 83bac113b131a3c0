// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"fmt"
	"strings"
	"testing"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/smtp/smtptest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
)

// post is a room whose mail comes back.
type post struct {
	*room
	sent map[string]smtptest.Message // by address
}

// sendAll plans and sends a campaign to n people without control group.
func sendAll(r *room, sink *smtptest.Sink, n int) (post, Campaign) {
	r.t.Helper()
	keep, err := files.Open(r.db, r.t.TempDir(), 1<<30)
	if err != nil {
		r.t.Fatal(err)
	}
	r.letters.UseInbox(keep, r.s, nil)
	r.people(n)
	none := int64(0)
	c := r.campaign(func(content *Content) { content.ControlShare = &none })
	r.plan(c.ID)
	r.start(c.ID)
	if err := r.send(c.ID); err != nil {
		r.t.Fatal(err)
	}
	p := post{room: r, sent: map[string]smtptest.Message{}}
	for _, m := range sink.Messages() {
		p.sent[m.To] = m
	}
	if c = r.find(c.ID); len(p.sent) != n || c.Counts.HandedOver != int64(n) {
		r.t.Fatalf("%d messages, %+v", len(p.sent), c.Counts)
	}
	return p, c
}

// notice returns the message to an address with a delivery status, as mail servers do.
func (p post) notice(address, action, status, text string) error {
	raw := strings.ReplaceAll(fmt.Sprintf(`From: MAILER-DAEMON@mx.example
To: %s
Subject: Delivery Status Notification
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; %s
Action: %s
Status: %s
Diagnostic-Code: smtp; %s

--b--
`, p.sent[address].From, address, action, status, text), "\n", "\r\n")
	return p.letters.Receive(p.ctx, "test", []string{p.sent[address].From}, []byte(raw))
}

func (p post) step(address string) Step {
	p.t.Helper()
	var step Step
	if err := p.db.Scan(p.ctx, []any{&step}, `SELECT state FROM recipients WHERE address = ?`, address); err != nil {
		p.t.Fatal(err)
	}
	return step
}

// barred answers whether the gate lets a message to the customer go.
func (p post) barred(n int) consent.Reason {
	p.t.Helper()
	answers, err := p.gate.Permits(p.ctx, consent.Message{Class: consent.Ad, Channel: consent.Email, Sender: "company", HasFreeOptOut: true},
		[]consent.Ask{{RecordID: int64(1000 + n), Address: fmt.Sprintf("c%d@x.kr", n)}})
	if err != nil {
		p.t.Fatal(err)
	}
	return answers[0].Decision.Reason
}

func TestNoticesReachTheLedgerAndTheGate(t *testing.T) {
	t.Parallel()
	onSink(t, plainSink, func(r *room, sink *smtptest.Sink) {
		p, c := sendAll(r, sink, 8)
		for _, row := range []struct {
			n                    int
			action, status, text string
			want                 Step
			bar                  bool
		}{
			{1, "failed", "5.1.1", "550 user unknown", StepBounced, true},
			{2, "failed", "5.2.2", "552 mailbox full", StepBounced, false},
			{3, "failed", "5.7.1", "550 blocked as spam", StepBounced, false},
			{4, "delayed", "4.4.1", "timed out", StepHandedOver, false},
			{5, "delivered", "2.0.0", "250 ok", StepDelivered, false},
		} {
			address := fmt.Sprintf("c%d@x.kr", row.n)
			for range 2 { // a notice that comes twice is one
				if err := p.notice(address, row.action, row.status, row.text); err != nil {
					t.Fatal(err)
				}
			}
			if got := p.step(address); got != row.want {
				t.Errorf("%s %s: %s, want %s", row.action, row.status, got, row.want)
			}
			if isBarred := p.barred(row.n) == consent.Unreachable; isBarred != row.bar {
				t.Errorf("%s %s: gate says %q", row.action, row.status, p.barred(row.n))
			}
		}
		// A late confirmation does not undo a failure; a late failure undoes a confirmation.
		if err := p.notice("c1@x.kr", "delivered", "2.0.0", "250 late"); err != nil || p.step("c1@x.kr") != StepBounced {
			t.Errorf("after a late confirmation: %s, %v", p.step("c1@x.kr"), err)
		}
		if err := p.notice("c5@x.kr", "failed", "5.1.1", "550 user unknown"); err != nil || p.step("c5@x.kr") != StepBounced {
			t.Errorf("after a late failure: %s, %v", p.step("c5@x.kr"), err)
		}
		if c = r.find(c.ID); c.Counts.Bounced != 4 || c.Counts.HandedOver != 4 {
			t.Errorf("%+v", c.Counts)
		}
	})
}

// changed is an address with another character at a place.
func changed(address string, at int) string {
	other := byte('0')
	if address[at] == other {
		other = '1'
	}
	return address[:at] + string(other) + address[at+1:]
}

func TestForgedNoticesChangeNothing(t *testing.T) {
	t.Parallel()
	onSink(t, plainSink, func(r *room, sink *smtptest.Sink) {
		p, _ := sendAll(r, sink, 2)
		genuine := p.sent["c1@x.kr"].From
		for _, from := range []string{
			"bounce+" + strings.Repeat("a", 30) + "@shop.kr", "bounce@shop.kr", strings.Replace(genuine, "+", "+0", 1),
			changed(genuine, len(genuine)-len("xxxxx@shop.kr")), changed(genuine, len("bounce+xxx")),
		} {
			p.sent["c1@x.kr"] = smtptest.Message{From: from}
			if err := p.notice("c1@x.kr", "failed", "5.1.1", "550 user unknown"); err != nil {
				t.Fatal(err)
			}
			if got := p.step("c1@x.kr"); got != StepHandedOver {
				t.Errorf("return address %s: %s", from, got)
			}
		}
		// Servers that write addresses in capitals are no forgers.
		p.sent["c1@x.kr"] = smtptest.Message{From: strings.ToUpper(genuine)}
		if err := p.notice("c1@x.kr", "failed", "5.1.1", "550 user unknown"); err != nil || p.step("c1@x.kr") != StepBounced {
			t.Errorf("capitals: %s, %v", p.step("c1@x.kr"), err)
		}
	})
}

func TestComplaintIsARefusal(t *testing.T) {
	t.Parallel()
	onSink(t, plainSink, func(r *room, sink *smtptest.Sink) {
		p, _ := sendAll(r, sink, 2)
		head, _, _ := strings.Cut(string(p.sent["c2@x.kr"].Data), "\r\n\r\n")
		raw := "From: fbl@provider.example\r\nTo: abuse@shop.kr\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n" +
			"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\nOriginal-Rcpt-To: <c2@x.kr>\r\n\r\n" +
			"--b\r\nContent-Type: message/rfc822\r\n\r\n" + head + "\r\n\r\ntext\r\n--b--\r\n"
		if err := r.letters.Receive(r.ctx, "test", nil, []byte(raw)); err != nil {
			t.Fatal(err)
		}
		if p.step("c2@x.kr") != StepDelivered || p.barred(2) == "" || p.barred(1) != "" {
			t.Errorf("step %s, gate %q, other %q", p.step("c2@x.kr"), p.barred(2), p.barred(1))
		}
	})
}

func TestAnswersAreKeptAndFound(t *testing.T) {
	t.Parallel()
	onSink(t, plainSink, func(r *room, sink *smtptest.Sink) {
		p, c := sendAll(r, sink, 1)
		id := ""
		for _, line := range strings.Split(string(p.sent["c1@x.kr"].Data), "\r\n") {
			if value, ok := strings.CutPrefix(line, "Message-ID: "); ok {
				id = value
			}
		}
		raw := "From: =?utf-8?b?6rmA7LKg7IiY?= <c1@x.kr>\r\nTo: news@shop.kr\r\nSubject: =?utf-8?b?7KeI66y4?=\r\nMessage-ID: <a1@x.kr>\r\nIn-Reply-To: " + id +
			"\r\nReferences: " + id + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n재입고 되나요?\r\n> 원문\r\n"
		for range 2 {
			if err := r.letters.Receive(r.ctx, "test", nil, []byte(raw)); err != nil {
				t.Fatal(err)
			}
		}
		list, _, err := r.letters.ListReceived(r.ctx, mail.ReceivedFilter{State: mail.ReceivedOpen, Limit: 10})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d mails, %v", len(list), err)
		}
		got := list[0]
		if got.Subject != "질문" || got.SenderName != "김철수" || got.CustomerID != 1 || got.CampaignID != c.ID || got.Preview != "재입고 되나요?" {
			t.Errorf("%+v", got)
		}
		whole, err := r.letters.FindReceived(r.ctx, got.ID)
		if err != nil || !strings.HasPrefix(whole.Text, "재입고") {
			t.Errorf("%+v, %v", whole, err)
		}
		if _, err := r.letters.ChangeReceived(r.ctx, got.ID, mail.ReceivedChange{Version: got.Version, State: mail.ReceivedDone}); err != nil {
			t.Fatal(err)
		}
		_, err = r.letters.ChangeReceived(r.ctx, got.ID, mail.ReceivedChange{Version: got.Version, State: mail.ReceivedDone})
		wantFault(t, "settling what another has settled", err, fault.Conflict)
		if open, err := r.letters.CountOpen(r.ctx); err != nil || open != 0 {
			t.Errorf("%d open, %v", open, err)
		}
	})
}
