// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/inbound"
	"dangol/internal/mail/smtp"
	"dangol/internal/mail/smtp/smtptest"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

type post struct {
	t    *testing.T
	s    *Service
	mail *mail.Service
	gate *consent.Service
	db   *database.DB
	ctx  context.Context
	sink *smtptest.Sink
}

type strangers struct{}

func (strangers) EnsureContact(context.Context, string, string) (int64, error) { return 11, nil }

// news is one order of customer 1.
type news struct{ at time.Time }

func (n news) ListSince(_ context.Context, ids []int64, _ time.Time) ([]OrderNews, error) {
	if len(ids) == 0 || ids[0] != 1 {
		return nil, nil
	}
	return []OrderNews{{ID: 5, CustomerID: 1, Number: "A-5", Status: "paid", OrderedAt: n.at, Values: map[string]any{
		"order.number": "A-5", "order.items": []any{map[string]any{"name": "쌀"}},
	}}}, nil
}

func each(t *testing.T, test func(p *post)) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = keys.Close() })
		p := &post{t: t, db: db, ctx: auth.System(context.Background(), "test"), sink: (&smtptest.Sink{}).Start(t)}
		log := journal.New(db, keys, journal.Options{})
		p.gate = consent.New(db, log, consent.Options{})
		client, err := smtp.New("smtp://" + p.sink.Address())
		if err != nil {
			t.Fatal(err)
		}
		p.mail = mail.New(db, log, p.gate, client, nil, mail.Options{Site: "https://crm.shop.kr", Return: "bounce@shop.kr", Receives: true})
		p.s = New(db, log, p.gate, p.mail, strangers{}, news{time.Now().Add(time.Hour)})
		for _, q := range []string{
			`INSERT INTO customers (id, full_name, email, created_at, updated_at) VALUES (1, '김철수', 'kim@x.kr', 0, 0)`,
			`INSERT INTO record_links (record_id, customer_id, reason, linked_at) VALUES (10, 1, 'test', 0)`,
			`INSERT INTO customers (id, full_name, email, created_at, updated_at) VALUES (2, '낯선이', 'new@x.kr', 0, 0)`,
			`INSERT INTO record_links (record_id, customer_id, reason, linked_at) VALUES (11, 2, 'test', 0)`,
		} {
			if _, err := db.Exec(p.ctx, q); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := p.gate.SaveSender(p.ctx, consent.Sender{Code: consent.DefaultSender, Name: "단골상회", Email: "shop@shop.kr", Phone: "02-1", Address: "서울"}); err != nil {
			t.Fatal(err)
		}
		test(p)
	})
}

func (p *post) template(class consent.Class, body string) mail.Template {
	p.t.Helper()
	made, err := p.mail.Create(p.ctx, mail.Draft{Name: "주문", Class: class, Reason: "주문 확인", Subject: "주문 {{order.number | default \"없음\"}}", Body: body})
	if err != nil {
		p.t.Fatal(err)
	}
	if class == consent.Informational {
		if made, err = p.mail.Approve(p.ctx, made.ID); err != nil {
			p.t.Fatal(err)
		}
	}
	return made
}

func (p *post) work() {
	p.t.Helper()
	if _, err := p.s.Work(p.ctx); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) state(id int64) Dispatch {
	p.t.Helper()
	d, err := p.s.Find(p.ctx, id)
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

func TestAKeySendsOnce(t *testing.T) {
	each(t, func(p *post) {
		made := p.template(consent.Informational, "{{name}}님 {{#each order.items}}{{item.name}}{{/each}} {{value.code}}")
		o := Order{Key: "k1", TemplateID: made.ID, CustomerID: 1, Values: map[string]any{"code": "77", "order.items": []any{map[string]any{"name": "쌀"}}}}
		first, isNew, err := p.s.Send(p.ctx, o)
		if err != nil || !isNew {
			p.t.Fatalf("%+v %v", first, err)
		}
		again, isNew, err := p.s.Send(p.ctx, o)
		if err != nil || isNew || again.ID != first.ID {
			p.t.Errorf("again: %+v %v", again, err)
		}
		o.Values["code"] = "78"
		if _, _, err := p.s.Send(p.ctx, o); !fault.Is(err, fault.Conflict) {
			p.t.Errorf("other content under the key: %v", err)
		}
		if _, _, err := p.s.Send(p.ctx, Order{Key: "k2", TemplateID: made.ID, CustomerID: 1}); fault.CodeOf(err) != "mail.missing_values" {
			p.t.Errorf("missing value: %v", err)
		}
		p.work()
		p.work()
		if got := p.sink.Messages(); len(got) != 1 || got[0].To != "kim@x.kr" || !strings.HasPrefix(got[0].From, "bounce+") {
			p.t.Fatalf("sink: %+v", got)
		}
		d := p.state(first.ID)
		if d.State != HandedOver || d.Basis != "informational" || d.HandedOverAt == nil {
			p.t.Errorf("%+v", d)
		}
		for _, kind := range []inbound.Kind{inbound.Receipt, inbound.Receipt, inbound.Bounced} {
			if err := p.db.Within(p.ctx, func(ctx context.Context) error {
				return p.s.Heard(ctx, mail.Notice{DispatchID: d.ID, Kind: kind, Reach: inbound.Hard})
			}); err != nil {
				p.t.Fatal(err)
			}
		}
		if d = p.state(first.ID); d.State != Bounced || d.ReadAt == nil {
			p.t.Errorf("after notices: %+v", d)
		}
	})
}

func TestTheGateDecidesAtHandOver(t *testing.T) {
	each(t, func(p *post) {
		made := p.template(consent.Ad, "{{name}}님 할인")
		d, _, err := p.s.Send(p.ctx, Order{Key: "ad", TemplateID: made.ID, To: "new@x.kr"})
		if err != nil {
			p.t.Fatal(err)
		}
		p.work()
		if got := p.state(d.ID); got.State != Skipped || got.Reason != string(consent.NoConsent) || len(p.sink.Messages()) != 0 {
			p.t.Errorf("advertising without consent: %+v", got)
		}
	})
}

func TestAnswersKeepTheThreadAndACrashIsUnknown(t *testing.T) {
	each(t, func(p *post) {
		content := &Content{Class: consent.Informational, Reason: "answer", Subject: "Re: 문의", Text: "답장", Thread: Thread{InReplyTo: "q@x.kr", References: "<q@x.kr>"}}
		d, _, err := p.s.Add(p.ctx, Order{Key: "answer", Kind: Answer, RecordID: 10, To: "kim@x.kr", Content: content})
		if err != nil {
			p.t.Fatal(err)
		}
		p.work()
		got := p.sink.Messages()
		if len(got) != 1 || !strings.Contains(string(got[0].Data), "In-Reply-To: <q@x.kr>") || strings.Contains(string(got[0].Data), "Auto-Submitted") {
			p.t.Fatalf("%s", got[0].Data)
		}
		for state, want := range map[string]State{"handing": Unknown, "leased": HandedOver} {
			if _, err := p.db.Exec(p.ctx, `UPDATE dispatches SET state = ?, leased_at = 1 WHERE id = ?`, state, d.ID); err != nil {
				p.t.Fatal(err)
			}
			p.work()
			if now := p.state(d.ID); now.State != want {
				p.t.Errorf("a process died at %s: %+v", state, now)
			}
		}
		if n := len(p.sink.Messages()); n != 2 {
			p.t.Errorf("%d messages", n)
		}
	})
}

func TestTriggersFireOnceForWhatIsNew(t *testing.T) {
	each(t, func(p *post) {
		made := p.template(consent.Informational, "{{name}} {{order.number | default \"\"}} {{value.carrier | default \"\"}}")
		for _, event := range []string{"order.paid", "order.shipped", Registered} {
			if _, err := p.s.SaveTrigger(p.ctx, 0, TriggerContent{Event: event, TemplateID: made.ID, IsActive: true}); err != nil {
				p.t.Fatal(err)
			}
		}
		for range 2 {
			if _, err := p.s.Tell(p.ctx, Event{Event: "order.shipped", Key: "A-5", CustomerID: 1, Values: map[string]any{"carrier": "CJ"}}); err != nil {
				p.t.Fatal(err)
			}
			err := p.s.Follow(p.ctx, []journal.Entry{
				{Capability: "customer", Kind: "customer.created", SubjectIDs: []int64{2}, At: time.Now().Add(time.Hour)},
				{Capability: "customer", Kind: "customer.created", SubjectIDs: []int64{1}, At: time.Now().Add(-time.Hour)}, // before the trigger was on
				{Capability: "intake", Kind: "intake.loaded", Batch: 3, SubjectIDs: []int64{1}},
			})
			if err != nil {
				p.t.Fatal(err)
			}
		}
		p.work()
		origins := map[string]int{}
		list, _, err := p.s.List(p.ctx, Filter{Limit: 50})
		for _, d := range list {
			origins[d.Origin]++
		}
		if err != nil || len(list) != 3 || origins["order.paid"] != 1 || origins["order.shipped"] != 1 || origins[Registered] != 1 {
			p.t.Errorf("%v %v", origins, err)
		}
		triggers, err := p.s.ListTriggers(p.ctx)
		if err != nil || len(triggers) != 3 || triggers[0].Sent != 1 {
			p.t.Errorf("%+v %v", triggers, err)
		}
	})
}
