// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zeebo/xxh3"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/match"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// house is match wired as app does it, over a base of made-up people.
type house struct {
	*match.Service
	customers *customer.Service
	db        *database.DB
	journal   *journal.Journal
	jobs      *job.Queue
	t         *testing.T
	batch     int64
}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *house)) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = keys.Close() })
		h := wire(db, keys)
		h.t = t
		test(t, auth.System(t.Context(), "test"), h)
	})
}

// wire connects match as app does it.
func wire(db *database.DB, keys *journal.Keys) *house {
	j := journal.New(db, keys, journal.Options{Actor: func(ctx context.Context) (int64, string) { return auth.From(ctx).ID, auth.From(ctx).Name }})
	jobs := job.New(db, job.Config{Poll: 20 * time.Millisecond, Context: func(ctx context.Context, j *job.Job) (context.Context, error) {
		return auth.System(ctx, j.Kind), nil
	}})
	customers := customer.New(db, j, customer.Options{})
	customers.UseLinker(match.NewLinker(customers.Store()))
	s := match.New(db, j, jobs, customers)
	customers.AddEraser(s.Eraser())
	s.RegisterJobs(jobs)
	return &house{Service: s, customers: customers, db: db, journal: j, jobs: jobs}
}

type row map[string]string

// take brings rows in as one batch and returns the ids of the records' customers.
func (h *house) take(ctx context.Context, source string, rows ...row) []int64 {
	h.t.Helper()
	from, err := h.customers.EnsureSource(ctx, source)
	if err != nil {
		h.t.Fatal(err)
	}
	h.batch++
	records := make([]*customer.Record, len(rows))
	for i, r := range rows {
		quality := dataquality.NewRow(dataquality.Rules{Today: dataquality.Date{Year: 2026, Month: 11, Day: 21}})
		quality.Reset()
		record := &customer.Record{Kind: customer.RecordGiven, SourceID: from.ID, Given: fmt.Appendf(nil, "%d %d %v", h.batch, i, r)}
		for name, value := range r {
			if field := dataquality.FieldOf(name); field != dataquality.NoField {
				quality.Set(field, "", value)
				continue
			}
			scheme, err := h.customers.EnsureScheme(ctx, name, "")
			if err != nil {
				h.t.Fatal(err)
			}
			record.Keys = append(record.Keys, customer.Key{SchemeID: scheme.ID, Value: value})
		}
		quality.Finish()
		record.Values = customer.FromRow(quality)
		record.Keys = customer.SortKeys(customer.DerivedKeys(record.Keys, &record.Values))
		record.Hash = xxh3.Hash128([]byte(record.Prepare(nil) + string(record.Given))).Bytes()
		records[i] = record
	}
	err = h.db.WithinBulk(ctx, func(ctx context.Context) error {
		entry, err := h.journal.AppendBulk(ctx, journal.Entry{Capability: "intake", Kind: "intake.batch_imported", SubjectKind: "customer", Batch: h.batch}, nil)
		if err != nil {
			return err
		}
		_, err = h.customers.Ingest(ctx, &customer.Slice{SourceID: from.ID, BatchID: h.batch, EntryID: entry, Records: records})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ids := make([]int64, len(records))
	for i, r := range records {
		ids[i] = r.CustomerID
	}
	return ids
}

const (
	syllables = "강나다라마바사아자차카타파하김이박최정조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
	people    = 400
)

// person makes the fields of the nth person; the same number gives the same person.
func person(n int) row {
	runes := []rune(syllables)
	at := func(k int) string { return string(runes[(n*7919+k*104729+n*n*31)%len(runes)]) }
	return row{
		"full_name": string(runes[14+n%20]) + at(1) + at(2),
		"mobile":    fmt.Sprintf("010-%04d-%04d", 1000+(n*7919)%9000, (n*104729)%10000),
		"email":     fmt.Sprintf("user%d.%x@naver.com", n, n*7919),
		"birth_on":  fmt.Sprintf("%04d-%02d-%02d", 1950+n%50, 1+n%12, 1+n%28),
		"address":   fmt.Sprintf("서울특별시 강남구 테헤란로 %d", 1+n%900),
	}
}

func without(r row, names ...string) row {
	out := row{}
	for name, value := range r {
		out[name] = value
	}
	for _, name := range names {
		delete(out, name)
	}
	return out
}

// fill makes a base in which every fourth person comes twice: once with another contact, so that no key
// links both.
func (h *house) fill(ctx context.Context) (doubles map[int64]int64) { return h.fillWith(ctx, people) }

func (h *house) fillWith(ctx context.Context, people int) (doubles map[int64]int64) {
	h.t.Helper()
	var first, second []row
	var twice []int
	for n := range people {
		p := person(n)
		first = append(first, without(p, "email"))
		if n%4 == 0 {
			twice = append(twice, n)
			again := without(p, "mobile")
			again["phone"] = fmt.Sprintf("02-%03d-%04d", 200+n%700, n)
			second = append(second, again)
		}
	}
	one, two := h.take(ctx, "members", first...), h.take(ctx, "shop", second...)
	doubles = map[int64]int64{}
	for i, n := range twice {
		if one[n] == two[i] {
			h.t.Fatalf("person %d was linked by a key; the test needs doubles", n)
		}
		doubles[one[n]] = two[i]
	}
	return doubles
}

// work runs jobs until none is left.
func (h *house) work(ctx context.Context) {
	h.t.Helper()
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- h.jobs.Run(running) }()
	for {
		waiting := 0
		for _, state := range []job.State{job.Ready, job.Running} {
			list, err := h.jobs.List(ctx, job.Filter{State: state})
			if err != nil {
				h.t.Fatal(err)
			}
			waiting += len(list)
		}
		if waiting == 0 {
			break
		}
		select {
		case <-ctx.Done():
			h.t.Fatal(ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	stop()
	<-done
}

// run does one run to its end.
func (h *house) run(ctx context.Context, settings match.Settings) *match.Run {
	h.t.Helper()
	run, err := h.Start(ctx, settings)
	if err != nil {
		h.t.Fatal(err)
	}
	h.work(ctx)
	if run, err = h.FindRun(ctx, run.ID); err != nil {
		h.t.Fatal(err)
	}
	return run
}

// state is everything that tells whose record is whose.
func (h *house) state(ctx context.Context) string {
	h.t.Helper()
	var b strings.Builder
	for _, query := range []string{
		"SELECT record_id, customer_id, COALESCE(home_id, 0), '' FROM record_links ORDER BY record_id",
		"SELECT id, hidden, COALESCE(alias_of, 0), COALESCE(full_name, '') || COALESCE(mobile, '') || COALESCE(phone, '') || COALESCE(email, '') FROM customers ORDER BY id",
	} {
		rows, err := h.db.Query(ctx, query)
		if err != nil {
			h.t.Fatal(err)
		}
		for rows.Next() {
			var a, c, d int64
			var text string
			if err := rows.Scan(&a, &c, &d, &text); err != nil {
				h.t.Fatal(err)
			}
			fmt.Fprintln(&b, a, c, d, text)
		}
		if err := rows.Close(); err != nil {
			h.t.Fatal(err)
		}
	}
	return b.String()
}

func (h *house) code(err error, want string) {
	h.t.Helper()
	if fault.CodeOf(err) != want {
		h.t.Fatalf("got %v, want the fault %s", err, want)
	}
}
