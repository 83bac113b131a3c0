// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// faltering are letters that fail at certain calls, as a database that is away does.
type faltering struct {
	Letters
	calls int
	fails func(call int) bool
}

func (f *faltering) TemplateOf(ctx context.Context, id int64) (mail.Template, error) {
	f.calls++
	if f.fails(f.calls) {
		return mail.Template{}, errors.New("the database is away")
	}
	return f.Letters.TemplateOf(ctx, id)
}

func (p *post) entries(n int) []journal.Entry {
	list := make([]journal.Entry, n)
	for i := range list {
		id := int64(1 + i%2)
		list[i] = journal.Entry{Capability: "customer", Kind: "customer.created", SubjectIDs: []int64{id}, At: time.Now().Add(time.Hour)}
	}
	return list
}

func (p *post) count() int {
	p.t.Helper()
	list, _, err := p.s.List(p.ctx, Filter{Limit: 100})
	if err != nil {
		p.t.Fatal(err)
	}
	return len(list)
}

// A fault between the event and its mail stops the journal there, at every place: told
// again, each event has exactly its mails.
func TestNoTriggerMailIsLostWhenTheStoreFails(t *testing.T) {
	each(t, func(p *post) {
		made := p.template(consent.Informational, "{{name}}님 환영합니다")
		for range 2 {
			if _, err := p.s.SaveTrigger(p.ctx, 0, TriggerContent{Event: Registered, TemplateID: made.ID, IsActive: true}); err != nil {
				p.t.Fatal(err)
			}
		}
		whole := p.s.letters
		for place := 1; place <= 4; place++ {
			p.s.letters = &faltering{Letters: whole, fails: func(call int) bool { return call == place }}
			if err := p.s.Follow(p.ctx, p.entries(2)); (err == nil) != (p.count() == 4) {
				p.t.Fatalf("fault at call %d: %v, %d mails", place, err, p.count())
			}
		}
		p.s.letters = whole
		for range 2 {
			if err := p.s.Follow(p.ctx, p.entries(2)); err != nil {
				p.t.Fatal(err)
			}
		}
		if p.count() != 4 {
			p.t.Errorf("%d mails of 2 events with 2 triggers", p.count())
		}
	})
}

// A process that is killed while it follows the journal starts again at the same place.
func TestFollowingIsSafeWhenItIsCutOff(t *testing.T) {
	each(t, func(p *post) {
		made := p.template(consent.Informational, "{{name}}님 환영합니다")
		if _, err := p.s.SaveTrigger(p.ctx, 0, TriggerContent{Event: Registered, TemplateID: made.ID, IsActive: true}); err != nil {
			p.t.Fatal(err)
		}
		whole := p.s.letters
		for place := 1; place <= 2; place++ {
			ctx, kill := context.WithCancel(p.ctx)
			p.s.letters = &faltering{Letters: whole, fails: func(call int) bool {
				if call == place {
					kill()
				}
				return false
			}}
			_ = p.s.Follow(ctx, p.entries(2)) // whatever it says, its position was not written
			kill()
		}
		p.s.letters = whole
		if err := p.s.Follow(p.ctx, p.entries(2)); err != nil || p.count() != 2 {
			p.t.Errorf("%d mails of 2 events, %v", p.count(), err)
		}
	})
}

// An event told by the API orders all its mails or none.
func TestTellIsOneStep(t *testing.T) {
	each(t, func(p *post) {
		made := p.template(consent.Informational, "{{name}} {{value.carrier | default \"\"}}")
		for range 3 {
			if _, err := p.s.SaveTrigger(p.ctx, 0, TriggerContent{Event: "order.shipped", TemplateID: made.ID, IsActive: true}); err != nil {
				p.t.Fatal(err)
			}
		}
		whole := p.s.letters
		p.s.letters = &faltering{Letters: whole, fails: func(call int) bool { return call == 3 }}
		e := Event{Event: "order.shipped", Key: "A-5", CustomerID: 1}
		if _, err := p.s.Tell(p.ctx, e); err == nil || p.count() != 0 {
			p.t.Fatalf("half an event: %d mails, %v", p.count(), err)
		}
		p.s.letters = whole
		for range 2 {
			if list, err := p.s.Tell(p.ctx, e); err != nil || len(list) != 3 {
				p.t.Fatal(list, err)
			}
		}
		if p.count() != 3 {
			p.t.Errorf("%d mails", p.count())
		}
	})
}

// What cannot be written to anybody does not stop the journal, and the trigger says so.
func TestATriggerSaysWhatItMissed(t *testing.T) {
	each(t, func(p *post) {
		made := p.template(consent.Informational, "{{name}}님")
		if _, err := p.db.Exec(p.ctx, `UPDATE customers SET email = NULL WHERE id = 1`); err != nil {
			p.t.Fatal(err)
		}
		if _, err := p.s.SaveTrigger(p.ctx, 0, TriggerContent{Event: Registered, TemplateID: made.ID, IsActive: true}); err != nil {
			p.t.Fatal(err)
		}
		if err := p.s.Follow(p.ctx, p.entries(2)); err != nil || p.count() != 1 {
			p.t.Fatalf("%d mails, %v", p.count(), err)
		}
		list, err := p.s.ListTriggers(p.ctx)
		if err != nil || list[0].Missed != 1 || list[0].Problem == "" || list[0].ProblemAt == nil {
			p.t.Errorf("%+v %v", list, err)
		}
	})
}

// A template whose approval was taken back holds the mail back, visibly; approved again it goes out.
func TestASkippedMailCanBeTriedAgain(t *testing.T) {
	each(t, func(p *post) {
		made := p.template(consent.Informational, "{{name}}님")
		if _, err := p.s.SaveTrigger(p.ctx, 0, TriggerContent{Event: Registered, TemplateID: made.ID, IsActive: true}); err != nil {
			p.t.Fatal(err)
		}
		reason := "주문 확인 2"
		if _, err := p.mail.Update(p.ctx, made.ID, mail.Patch{Version: made.Version, Reason: &reason}); err != nil {
			p.t.Fatal(err)
		}
		if err := p.s.Follow(p.ctx, p.entries(1)); err != nil {
			p.t.Fatal(err)
		}
		p.work()
		list, _, err := p.s.List(p.ctx, Filter{Limit: 5})
		if err != nil || len(list) != 1 || list[0].State != Skipped || list[0].Reason != string(consent.NoReason) {
			p.t.Fatalf("%+v %v", list, err)
		}
		if _, err := p.mail.Approve(p.ctx, made.ID); err != nil {
			p.t.Fatal(err)
		}
		if _, err := p.s.Decide(p.ctx, list[0].ID, true); err != nil {
			p.t.Fatal(err)
		}
		p.work()
		if d := p.state(list[0].ID); d.State != HandedOver {
			p.t.Errorf("%+v", d)
		}
	})
}

// Whoever ordered a mail hears by its origin that it went out, once.
func TestTheOriginHearsOfHandOver(t *testing.T) {
	each(t, func(p *post) {
		var heard []string
		p.s.UseSent(func(_ context.Context, origin string) error { heard = append(heard, origin); return nil })
		content := &Content{Class: consent.Statutory, Subject: mail.Literal("통지 {{x}}"), Text: mail.Literal("본문 {{name}}")}
		if _, _, err := p.s.Add(p.ctx, Order{Key: "n", Kind: Notice, Origin: "consent-notice:result:1", RecordID: 10, To: "kim@x.kr", Content: content}); err != nil {
			p.t.Fatal(err)
		}
		p.work()
		if len(heard) != 1 || heard[0] != "consent-notice:result:1" || len(p.sink.Messages()) != 1 {
			p.t.Errorf("%v", heard)
		}
		if _, _, err := p.s.Add(p.ctx, Order{Key: "n", Kind: Notice, RecordID: 10, To: "kim@x.kr", Content: &Content{Subject: "other"}}); !fault.Is(err, fault.Conflict) {
			p.t.Errorf("the key again: %v", err)
		}
	})
}
