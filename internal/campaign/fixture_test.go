// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/smtp"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/segment"
)

// everyone is a segment of all customers.
type everyone struct{ db *database.DB }

func (e everyone) EachMember(ctx context.Context, _ int64, fn func([]int64) error) (segment.AsOf, error) {
	rows, err := e.db.Query(ctx, `SELECT id FROM customers WHERE hidden = 0 ORDER BY id`)
	if err != nil {
		return segment.AsOf{}, err
	}
	defer func() { _ = rows.Close() }()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return segment.AsOf{}, err
		}
		ids = append(ids, id)
	}
	return segment.AsOf{Seq: 1, At: time.Now()}, fn(ids)
}

// hand is a clock that tests turn.
type hand struct{ shift atomic.Int64 }

func (h *hand) now() time.Time { return time.Now().Add(time.Duration(h.shift.Load())) }

func (h *hand) turn(d time.Duration) { h.shift.Add(int64(d)) }

// room is an installation with customers 1…n; customer i has the record
// 1000+i, the address c<i>@x.kr and consent.
type room struct {
	t       testing.TB
	db      *database.DB
	s       *Service
	gate    *consent.Service
	letters *mail.Service
	ctx     context.Context
	clock   *hand
	mu      sync.Mutex
	live    []Live
}

type staff struct{}

func (staff) IsStaffAddress(context.Context, string) (bool, error) { return true, nil }

// furnish connects the services over a database.
func furnish(t testing.TB, db *database.DB, dir, sink string, clock *hand) *room {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	r := &room{t: t, db: db, clock: clock, ctx: auth.System(context.Background(), "test")}
	log := journal.New(db, keys, journal.Options{})
	r.gate = consent.New(db, log, consent.Options{})
	r.gate.UseStaff(staff{})
	var transport mail.Transport
	outbox := mail.NewOutbox(filepath.Join(dir, "outbox"), clock.now)
	transport = outbox
	if sink != "" {
		client, err := smtp.New("smtp://" + sink)
		if err != nil {
			t.Fatal(err)
		}
		client.Timeouts = smtp.Timeouts{Connect: time.Second, Greeting: time.Second, Command: 2 * time.Second, Data: 2 * time.Second, Final: 2 * time.Second}
		client.Clock = clock.now
		transport = client
	}
	r.letters = mail.New(db, log, r.gate, transport, outbox, mail.Options{From: "단골 <news@shop.kr>", Site: "https://crm.shop.kr", Return: "bounce@shop.kr"})
	r.s = New(db, log, job.New(db, job.Config{}), everyone{db}, r.gate, r.letters, Options{
		Data: dir, Workers: 4, Publish: func(_ string, data any) {
			r.mu.Lock()
			defer r.mu.Unlock()
			if live, ok := data.(Live); ok {
				r.live = append(r.live, live)
			}
		},
	})
	r.gate.UseContacts(r.s)
	return r
}

// people fills the installation.
func (r *room) people(n int) { r.peopleFrom(0, n) }

// peopleFrom adds n customers behind the first ones.
func (r *room) peopleFrom(first, n int) {
	r.t.Helper()
	err := r.db.Within(r.ctx, func(ctx context.Context) error {
		var customers, records, links, consents []any
		for i := first + 1; i <= first+n; i++ {
			id, address := int64(i), fmt.Sprintf("c%d@x.kr", i)
			customers = append(customers, id, fmt.Sprintf("고객%d", i), address, "서울", int64(0), int64(0))
			records = append(records, 1000+id, int64(2), "customers", `{"email":"`+address+`"}`, int64(0), []byte(fmt.Sprint(i)))
			links = append(links, 1000+id, id, "new", int64(0))
			consents = append(consents, id, 1000+id, "company", "ad", "email", "grant", time.Now().AddDate(0, -1, 0).UnixMicro(), "web", int64(0))
		}
		for _, part := range []struct {
			table   string
			columns string
			values  []any
		}{
			{"customers", "id full_name email branch created_at updated_at", customers},
			{"records", "id source_id kind normal received_at hash", records},
			{"record_links", "record_id customer_id reason linked_at", links},
			{"consents", "id record_id sender purpose channel action at method created_at", consents},
		} {
			if err := r.db.InsertRows(ctx, part.table, strings.Fields(part.columns), part.values, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.gate.SaveSender(r.ctx, consent.Sender{Code: "company", Name: "한국상사", Email: "news@shop.kr", Phone: "02-345-6789", Address: "서울 중구"}); err != nil {
		r.t.Fatal(err)
	}
}

// campaign makes a campaign; change may be nil.
func (r *room) campaign(change func(*Content)) Campaign {
	r.t.Helper()
	t, err := r.letters.Create(r.ctx, mail.Draft{
		Name: "가을", Class: consent.Ad, Subject: "{{name}}님께", HTML: `<p>{{name}}님{{josa "은/는"}} <a href="https://shop.kr/a">보기</a></p>`,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	name, segmentID := "가을 캠페인", int64(1)
	content := Content{Name: &name, SegmentID: &segmentID, TemplateID: &t.ID}
	if change != nil {
		change(&content)
	}
	c, err := r.s.Create(r.ctx, content)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// plan plans at once, without the queue.
func (r *room) plan(id int64) Campaign {
	r.t.Helper()
	if _, err := r.s.Plan(r.ctx, id); err != nil {
		r.t.Fatal(err)
	}
	if err := r.s.plan(r.ctx, id, func(int64, int64) {}); err != nil {
		r.t.Fatal(err)
	}
	return r.find(id)
}

// start starts without the queue's help; send does the work.
func (r *room) start(id int64) {
	r.t.Helper()
	if _, err := r.s.Start(r.ctx, id); err != nil {
		r.t.Fatal(err)
	}
}

// send works until the run ends; a snooze is no error.
func (r *room) send(id int64) error {
	err := r.s.send(r.ctx, id, nil)
	if err != nil && strings.HasPrefix(err.Error(), "again in") {
		return nil
	}
	return err
}

func (r *room) find(id int64) Campaign {
	r.t.Helper()
	c, err := r.s.store.find(r.ctx, id)
	if err != nil {
		r.t.Fatal(err)
	}
	r.audit(c)
	return c
}

// audit holds the counters to the ledger.
func (r *room) audit(c Campaign) {
	r.t.Helper()
	rows, err := r.db.Query(r.ctx, `SELECT arm, state, reason, COUNT(*) FROM recipients WHERE campaign_id = ? GROUP BY arm, state, reason`, c.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var counted Counts
	for rows.Next() {
		var arm, reason string
		var step Step
		var n int64
		if err := rows.Scan(&arm, &step, &reason, &n); err != nil {
			r.t.Fatal(err)
		}
		counted.count(arm, step, reason, n)
	}
	counted.Clicked, counted.Unsubscribed = c.Counts.Clicked, c.Counts.Unsubscribed
	counted.Opened, counted.MachineOpen, counted.Read = c.Counts.Opened, c.Counts.MachineOpen, c.Counts.Read
	if counted.SkippedFor == nil {
		counted.SkippedFor = map[string]int64{}
	}
	for reason, n := range c.Counts.SkippedFor {
		if n == 0 {
			delete(c.Counts.SkippedFor, reason)
		}
	}
	if fmt.Sprint(counted) != fmt.Sprint(c.Counts) {
		r.t.Errorf("counters %+v, ledger %+v", c.Counts, counted)
	}
}

func (r *room) exec(query string, args ...any) {
	r.t.Helper()
	if _, err := r.db.Exec(r.ctx, query, args...); err != nil {
		r.t.Fatal(err)
	}
}

// each runs a test on every engine.
func each(t *testing.T, sink func(t *testing.T) string, test func(r *room)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			clock := &hand{}
			opts := database.Options{Clock: clock.now}
			db := map[string]func(testing.TB, database.Options) *database.DB{"sqlite": databasetest.SQLite, "postgres": databasetest.Postgres}[engine](t, opts)
			address := ""
			if sink != nil {
				address = sink(t)
			}
			test(furnish(t, db, t.TempDir(), address, clock))
		})
	}
}

func wantFault(t testing.TB, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: %v, want %s", what, err, kind)
	}
}
