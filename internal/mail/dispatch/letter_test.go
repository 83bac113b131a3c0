// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"bytes"
	"context"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/customer"
	"dangol/internal/mail"
	"dangol/internal/mail/inbound"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
)

type writers struct{ strangers }

func (writers) RecordOf(_ context.Context, address string) (int64, error) {
	if address == "kim@x.kr" {
		return 10, nil
	}
	return 0, nil
}

type colleagues struct{}

func (colleagues) IsStaffAddress(_ context.Context, address string) (bool, error) {
	return address == "me@shop.kr", nil
}

const question = "From: =?utf-8?B?6rmA7LKg7IiY?= <kim@x.kr>\r\nTo: shop@shop.kr\r\nSubject: Question\r\nMessage-ID: <q2@x.kr>\r\n" +
	"References: <q1@x.kr>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
	"Is {{it}} free?\r\nKim\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"a.png\"\r\n\r\nPNGDATA\r\n--b--\r\n"

func eachInbox(t *testing.T, test func(p *post, mailID int64)) {
	each(t, func(p *post) {
		keep, err := files.Open(p.db, p.t.TempDir(), 1<<20)
		if err != nil {
			p.t.Fatal(err)
		}
		p.mail.UseInbox(keep, nil, writers{})
		p.mail.UseSingles(p.s)
		p.s.UseInbox(p.mail)
		p.gate.UseStaff(colleagues{})
		if err := p.mail.Receive(p.ctx, "test", nil, []byte(question)); err != nil {
			p.t.Fatal(err)
		}
		list, _, err := p.mail.ListReceived(p.ctx, mail.ReceivedFilter{State: "open", Limit: 10})
		if err != nil || len(list) != 1 {
			p.t.Fatal(list, err)
		}
		// A member of staff who has stated a purpose.
		p.ctx = auth.With(context.Background(), auth.Person{
			ID: 4, Name: "이상담", Permissions: auth.Permit("mail:*", "customer:unmask"), Scope: auth.Scope{All: true},
			UnmaskUntil: time.Now().Add(time.Hour), UnmaskPurpose: "상담",
		})
		test(p, list[0].ID)
	})
}

func (p *post) workAsSystem() {
	p.t.Helper()
	if _, err := p.s.Work(auth.System(context.Background(), "test")); err != nil {
		p.t.Fatal(err)
	}
}

func TestAnAnswerGoesIntoTheConversation(t *testing.T) {
	eachInbox(t, func(p *post, id int64) {
		l := AnswerLetter{Letter: Letter{Key: "12345678", Subject: "Re: Question", Text: "Yes, {{it}} is.\n> Is {{it}} free?"}, IsDone: true}
		first, err := p.s.Answer(p.ctx, id, l)
		if err != nil {
			p.t.Fatal(err)
		}
		again, err := p.s.Answer(p.ctx, id, l)
		if err != nil || again.ID != first.ID {
			p.t.Errorf("pressed twice: %+v %v", again, err)
		}
		p.workAsSystem()
		got := p.sink.Messages()
		if len(got) != 1 || got[0].To != "kim@x.kr" {
			p.t.Fatalf("%+v", got)
		}
		m := read(p.t, got[0].Data)
		if !strings.Contains(m.text, "Yes, {{it}} is.") || m.header.Get("In-Reply-To") != "<q2@x.kr>" || m.header.Get("References") != "<q1@x.kr> <q2@x.kr>" {
			p.t.Errorf("%v %s", m.header, m.text)
		}
		if messageID := m.header.Get("Message-Id"); !strings.HasSuffix(messageID, "@shop.kr>") {
			p.t.Errorf("Message-ID %s", messageID)
		}
		found, err := p.mail.FindReceived(p.ctx, id)
		if err != nil || found.State != mail.ReceivedDone || found.AssigneeID != 4 || found.AnsweredAt == nil {
			p.t.Errorf("%+v %v", found.Received, err)
		}
		var entries int
		if err := p.db.Scan(p.ctx, []any{&entries}, "SELECT COUNT(*) FROM journal WHERE kind = 'mail.received_changed'"); err != nil || entries != 1 {
			p.t.Errorf("%d journal entries of the mail that was answered, %v", entries, err)
		}
		talk, err := p.s.Conversation(p.ctx, id)
		if err != nil || len(talk) != 1 || talk[0].State != HandedOver || !strings.Contains(talk[0].Text, "{{it}}") || talk[0].Subject != "Re: Question" {
			p.t.Errorf("%+v %v", talk, err)
		}
		// What the person answers to that comes into the same conversation.
		reply := "From: kim@x.kr\r\nTo: shop@shop.kr\r\nSubject: Re: Question\r\nMessage-ID: <q3@x.kr>\r\nIn-Reply-To: " + m.header.Get("Message-Id") +
			"\r\nReferences: <q1@x.kr> <q2@x.kr> " + m.header.Get("Message-Id") + "\r\n\r\nThank you\r\n"
		if err := p.mail.Receive(p.ctx, "test", nil, []byte(reply)); err != nil {
			p.t.Fatal(err)
		}
		if found, err = p.mail.FindReceived(p.ctx, id); err != nil || len(found.Thread) != 1 || found.Thread[0].CustomerID != 1 {
			p.t.Errorf("%+v %v", found.Thread, err)
		}
	})
}

func TestForwardingToColleaguesAndOthers(t *testing.T) {
	eachInbox(t, func(p *post, id int64) {
		for i, to := range []string{"me@shop.kr", "new@x.kr"} {
			d, err := p.s.Forward(p.ctx, id, ForwardLetter{Letter: Letter{Key: "forward" + to, Subject: "Fwd: Question", Text: "please look"}, To: to, WithFiles: true})
			if err != nil || (d.recordID == 0) != (i == 0) {
				p.t.Fatalf("%s: %+v %v", to, d, err)
			}
		}
		p.workAsSystem()
		got := p.sink.Messages()
		if len(got) != 2 || !strings.Contains(string(got[0].Data), "a.png") {
			p.t.Fatalf("%d messages", len(got))
		}
		if _, err := p.s.Forward(p.ctx, id, ForwardLetter{Letter: Letter{Key: "12345678", Subject: "x", Text: "y"}, To: "a\r\nBcc: b@x.kr"}); !fault.Is(err, fault.Invalid) {
			p.t.Errorf("header injection: %v", err)
		}
	})
}

// TestAForwardedCopyForgetsWhomItQuotes erases the writer of a mail that was forwarded once and is to be again.
func TestAForwardedCopyForgetsWhomItQuotes(t *testing.T) {
	eachInbox(t, func(p *post, id int64) {
		forward := func(to string) Dispatch {
			d, err := p.s.Forward(p.ctx, id, ForwardLetter{Letter: Letter{Key: "forward" + to, Subject: "Fwd: Question", Text: "please look"}, To: to})
			if err != nil {
				p.t.Fatal(err)
			}
			return d
		}
		sent := forward("me@shop.kr")
		p.workAsSystem()
		waiting := forward("new@x.kr")
		var record int64
		if err := p.db.Scan(p.ctx, []any{&record}, "SELECT record_id FROM received_mails WHERE id = ?", id); err != nil {
			p.t.Fatal(err)
		}
		e := &customer.Erasure{RecordIDs: []int64{record}, ErasedAt: time.Now()}
		if err := p.mail.Eraser().Around(p.ctx, e, func() error { return nil }); err != nil {
			p.t.Fatal(err)
		}
		for _, d := range []Dispatch{sent, waiting} {
			var subject, content string
			if err := p.db.Scan(p.ctx, []any{&subject, &content}, "SELECT subject, content FROM dispatches WHERE id = ?", d.ID); err != nil || subject+content != "" {
				p.t.Errorf("of the copy %d is left %q %q %v", d.ID, subject, content, err)
			}
		}
		if got := p.state(sent.ID); got.State != HandedOver {
			p.t.Errorf("what was sent is %s", got.State)
		}
		if got := p.state(waiting.ID); got.State != "cancelled" {
			p.t.Errorf("what was not sent yet is %s", got.State)
		}
	})
}

func TestLettersThatStaffWriteFirst(t *testing.T) {
	eachInbox(t, func(p *post, _ int64) {
		l := NewLetter{Letter: Letter{Key: "12345678", Subject: "서류", Text: "서류를 보내 드립니다."}, CustomerID: 1}
		if _, err := p.s.Write(p.ctx, l); fault.CodeOf(err) != "mail.no_reason" {
			p.t.Errorf("without a reason: %v", err)
		}
		l.Reason = "요청하신 서류"
		d, err := p.s.Write(p.ctx, l)
		if err != nil {
			p.t.Fatal(err)
		}
		l.Key, l.Text = "abcdefgh", "지금 30% 할인!"
		if _, err := p.s.Write(p.ctx, l); fault.CodeOf(err) != "mail.looks_like_ad" {
			p.t.Errorf("an advertisement in disguise: %v", err)
		}
		l.IsAd = true
		ad, err := p.s.Write(p.ctx, l)
		if err != nil {
			p.t.Fatal(err)
		}
		p.workAsSystem()
		if got := p.state(d.ID); got.State != HandedOver || got.Basis != "informational" {
			p.t.Errorf("%+v", got)
		}
		if got := p.state(ad.ID); got.State != Skipped || got.Reason != string(consent.NoConsent) {
			p.t.Errorf("advertising without consent: %+v", got)
		}
		// The answer to a letter of ours shows the letter beside it.
		m := read(p.t, p.sink.Messages()[0].Data)
		reply := "From: kim@x.kr\r\nTo: shop@shop.kr\r\nSubject: Re\r\nMessage-ID: <a1@x.kr>\r\nIn-Reply-To: " + m.header.Get("Message-Id") + "\r\n\r\nOK\r\n"
		if err := p.mail.Receive(p.ctx, "test", nil, []byte(reply)); err != nil {
			p.t.Fatal(err)
		}
		list, _, err := p.mail.ListReceived(p.ctx, mail.ReceivedFilter{State: "open", Limit: 1})
		if err != nil {
			p.t.Fatal(err)
		}
		if talk, err := p.s.Conversation(p.ctx, list[0].ID); err != nil || len(talk) != 1 || talk[0].ID != d.ID {
			p.t.Errorf("%+v %v", talk, err)
		}
	})
}

// letterOf is a message as it arrived.
type letterOf struct {
	header netmail.Header
	text   string
}

func read(t *testing.T, raw []byte) letterOf {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	content, err := inbound.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return letterOf{m.Header, content.Text}
}
