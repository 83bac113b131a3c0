// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/segment"
)

var seoul = time.FixedZone("KST", 9*60*60)

// noon is a Monday in Seoul.
var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, seoul)

// hand is a clock that tests turn.
type hand struct{ at atomic.Int64 }

func (h *hand) now() time.Time            { return time.UnixMicro(h.at.Load()) }
func (h *hand) turn(d time.Duration)      { h.at.Add(d.Microseconds()) }
func (h *hand) set(t time.Time)           { h.at.Store(t.UnixMicro()) }
func clockAt(t time.Time) (h *hand)       { h = &hand{}; h.set(t); return h }
func clockNow() *hand                     { return clockAt(time.Now()) }
func (h *hand) options() database.Options { return database.Options{Clock: h.now} }

// world is segments and orders, made up.
type world struct {
	db      *database.DB
	members map[int64][]int64 // nil is everybody there is
	paid    map[int64]time.Time
	moves   segment.History
}

func (w *world) EachMember(ctx context.Context, id int64, fn func([]int64) error) (segment.AsOf, error) {
	ids := w.members[id]
	if ids == nil {
		rows, err := w.db.Query(ctx, `SELECT id FROM customers WHERE hidden = 0 ORDER BY id`)
		if err != nil {
			return segment.AsOf{}, err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var one int64
			if err := rows.Scan(&one); err != nil {
				return segment.AsOf{}, err
			}
			ids = append(ids, one)
		}
	}
	for part := range slices.Chunk(ids, 10_000) {
		if err := fn(part); err != nil {
			return segment.AsOf{}, err
		}
	}
	return segment.AsOf{}, nil
}

func (w *world) History(context.Context, int64) (segment.History, error) { return w.moves, nil }

func (w *world) EachPaid(_ context.Context, from, to time.Time, _ string, emit func(int64, int64, int64) error) error {
	for id, at := range w.paid {
		if !at.Before(from) && at.Before(to) {
			if err := emit(id, at.UnixMicro(), 1000); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) EachHistory(_ context.Context, before time.Time, _ string, emit func(int64, int64, int64) error) error {
	for id, at := range w.paid {
		if at.Before(before) {
			if err := emit(id, at.UnixMicro(), 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) LastPaid(_ context.Context, ids []int64) (map[int64]int64, error) {
	found := map[int64]int64{}
	for _, id := range ids {
		if at, is := w.paid[id]; is {
			found[id] = at.UnixMicro()
		}
	}
	return found, nil
}

func (w *world) EachNewPaid(_ context.Context, _ int64, since time.Time, emit func(int64, int64) error) error {
	for id, at := range w.paid {
		if !at.Before(since) {
			if err := emit(at.Unix()*1000+id, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// room is an installation with people 1…n; person i has the record 1000+i.
type room struct {
	t         testing.TB
	db        *database.DB
	s         *Service
	campaigns *campaign.Service
	letters   *mail.Service
	gate      *consent.Service
	world     *world
	clock     *hand
	ctx       context.Context
}

func furnish(t testing.TB, db *database.DB, dir string, clock *hand) *room {
	keys, err := journal.OpenKeys(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	r := &room{t: t, db: db, clock: clock, ctx: auth.System(context.Background(), "test"), world: &world{db: db, members: map[int64][]int64{}, paid: map[int64]time.Time{}}}
	log := journal.New(db, keys, journal.Options{})
	queue := job.New(db, job.Config{})
	gate := consent.New(db, log, consent.Options{Zone: seoul})
	outbox := mail.NewOutbox(filepath.Join(dir, "outbox"), clock.now)
	r.gate = gate
	r.letters = mail.New(db, log, gate, outbox, outbox, mail.Options{From: "단골 <news@shop.kr>", Site: "https://crm.shop.kr"})
	r.campaigns = campaign.New(db, log, queue, r.world, gate, r.letters, campaign.Options{Data: dir})
	r.campaigns.RegisterJobs(queue)
	r.s = New(db, log, queue, r.world, r.campaigns, Options{Zone: seoul, Currency: "KRW"})
	r.s.UseMembers(r.world)
	r.s.RegisterJobs(queue)
	return r
}

func (r *room) people(n int) {
	r.t.Helper()
	err := r.db.WithinBulk(r.ctx, func(ctx context.Context) error {
		var customers, records, links, consents []any
		for i := 1; i <= n; i++ {
			id, address := int64(i), fmt.Sprintf("c%d@x.kr", i)
			customers = append(customers, id, fmt.Sprintf("고객%d", i), address, fmt.Sprintf("19%02d-%02d-%02d", 50+i%50, 1+i%12, 1+i%28), "2024-02-29", int64(0), int64(0))
			records = append(records, 1000+id, int64(2), "customers", `{"email":"`+address+`"}`, int64(0), []byte(fmt.Sprint(i)))
			links = append(links, 1000+id, id, "new", int64(0))
			consents = append(consents, id, 1000+id, "company", "ad", "email", "grant", r.clock.now().AddDate(0, -1, 0).UnixMicro(), "web", int64(0))
		}
		for _, part := range []struct {
			table, columns string
			values         []any
		}{
			{"customers", "id full_name email birth_on joined_on created_at updated_at", customers},
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
	if err == nil {
		_, err = r.gate.SaveSender(r.ctx, consent.Sender{Code: "company", Name: "한국상사", Email: "news@shop.kr", Phone: "02-345-6789", Address: "서울 중구"})
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) template() int64 {
	r.t.Helper()
	t, err := r.letters.Create(r.ctx, mail.Draft{Name: "안내", Class: consent.Ad, Subject: "{{name}}님", HTML: "<p>{{name}}님 안녕하세요 <a href=\"https://shop.kr\">보기</a></p>"})
	if err != nil {
		r.t.Fatal(err)
	}
	return t.ID
}

// started makes and starts a journey.
func (r *room) started(g Graph) Journey {
	r.t.Helper()
	name := "여정"
	j, err := r.s.Create(r.ctx, Content{Name: &name, Graph: &g})
	if err == nil {
		j, err = r.s.Start(r.ctx, j.ID)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return j
}

func (r *room) tick(id int64) Journey {
	r.t.Helper()
	if err := r.s.tick(r.ctx, id, nil); err != nil {
		r.t.Fatal(err)
	}
	j, err := r.s.Find(r.ctx, id)
	if err != nil {
		r.t.Fatal(err)
	}
	r.audit(j)
	return j
}

// audit holds the counters to the runs and visits.
func (r *room) audit(j Journey) {
	r.t.Helper()
	count := func(query string) (n int64) {
		if err := r.db.Scan(r.ctx, []any{&n}, query, j.ID); err != nil {
			r.t.Fatal(err)
		}
		return n
	}
	c := j.Counts
	for what, pair := range map[string][2]int64{
		"entered": {c.Entered, count(`SELECT COUNT(*) FROM journey_runs WHERE journey_id = ?`)},
		"active":  {c.Active, count(`SELECT COUNT(*) FROM journey_runs WHERE journey_id = ? AND state = 'active'`)},
		"done":    {c.Done, count(`SELECT COUNT(*) FROM journey_runs WHERE journey_id = ? AND state = 'done'`)},
		"goal":    {c.Goal, count(`SELECT COUNT(*) FROM journey_runs WHERE journey_id = ? AND state = 'goal'`)},
		"control": {c.Control, count(`SELECT COUNT(*) FROM journey_runs WHERE journey_id = ? AND state = 'control'`)},
	} {
		if pair[0] != pair[1] {
			r.t.Errorf("%s: counter %d, rows %d", what, pair[0], pair[1])
		}
	}
	for step, news := range c.Steps {
		var taken, waiting int64
		err := r.db.Scan(r.ctx, []any{&taken}, `SELECT COUNT(*) FROM journey_visits v JOIN journey_runs r ON r.id = v.run_id WHERE r.journey_id = ? AND r.number = ? AND v.step = ?`, j.ID, j.Number, step)
		if err == nil {
			err = r.db.Scan(r.ctx, []any{&waiting}, `SELECT COUNT(*) FROM journey_runs WHERE journey_id = ? AND number = ? AND step = ? AND state = 'active'`, j.ID, j.Number, step)
		}
		if err != nil || taken != news.Taken || waiting != news.Waiting {
			r.t.Errorf("step %s: counters %+v, rows %d and %d, %v", step, news, taken, waiting, err)
		}
	}
}

func (r *room) exec(query string, args ...any) {
	r.t.Helper()
	if _, err := r.db.Exec(r.ctx, query, args...); err != nil {
		r.t.Fatal(err)
	}
}

func each(t *testing.T, at time.Time, test func(r *room)) {
	t.Helper()
	for engine, open := range map[string]func(testing.TB, database.Options) *database.DB{"sqlite": databasetest.SQLite, "postgres": databasetest.Postgres} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			clock := clockAt(at)
			test(furnish(t, open(t, clock.options()), t.TempDir(), clock))
		})
	}
}

func wantFault(t testing.TB, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: %v, want %s", what, err, kind)
	}
}
