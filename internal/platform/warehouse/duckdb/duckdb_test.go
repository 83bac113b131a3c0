// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// shop is a system of record of people and their orders.
type shop struct {
	mu     sync.Mutex
	people map[int64]string
	orders map[int64][]int64 // person → amounts
	extra  []warehouse.Column
	fail   error
}

func newShop(n int64) *shop {
	s := &shop{people: map[int64]string{}, orders: map[int64][]int64{}}
	for id := int64(1); id <= n; id++ {
		s.people[id] = fmt.Sprintf("사람%d", id)
		s.orders[id] = []int64{id * 10, id * 20}
	}
	return s
}

func (s *shop) each(ids []int64, fn func(id int64) error) error {
	if ids == nil {
		for id := range s.people {
			ids = append(ids, id)
		}
		slices.Sort(ids)
	}
	for _, id := range ids {
		if _, ok := s.people[id]; !ok {
			continue
		}
		if err := fn(id); err != nil {
			return err
		}
	}
	return s.fail
}

func (s *shop) tables() []warehouse.Table {
	at := time.Date(2026, 1, 31, 16, 30, 0, 0, time.UTC) // 1 February in Seoul
	return []warehouse.Table{
		{
			Name: "customers", Key: "id", Subject: "customer", Follows: []string{"customer.*", "attribute.created"},
			Columns: []warehouse.Column{
				{Name: "id", Type: warehouse.BigInt},
				{Name: "name_key", Type: warehouse.Varchar},
				{Name: "birth_on", Type: warehouse.Date},
				{Name: "created_at", Type: warehouse.Timestamp},
			},
			Extra: func(context.Context) ([]warehouse.Column, error) { return s.extra, nil },
			Load: func(_ context.Context, ids []int64, emit func(row ...any) error) error {
				s.mu.Lock()
				defer s.mu.Unlock()
				return s.each(ids, func(id int64) error {
					row := []any{id, s.people[id], "1990-02-03", at}
					for range s.extra {
						row = append(row, fmt.Sprint("x", id))
					}
					return emit(row...)
				})
			},
		},
		{
			Name: "lines", Key: "customer_id", Subject: "customer",
			Follows: []string{"order.imported", "customer.merged"}, Cluster: "customer_id, amount",
			Columns: []warehouse.Column{
				{Name: "customer_id", Type: warehouse.BigInt},
				{Name: "amount", Type: warehouse.BigInt},
			},
			Load: func(_ context.Context, ids []int64, emit func(row ...any) error) error {
				s.mu.Lock()
				defer s.mu.Unlock()
				return s.each(ids, func(id int64) error {
					for _, amount := range s.orders[id] {
						if err := emit(id, amount); err != nil {
							return err
						}
					}
					return nil
				})
			},
		},
	}
}

func headAt(seq int64) func(context.Context) (int64, error) {
	return func(context.Context) (int64, error) { return seq, nil }
}

func open(t *testing.T, s *shop, path string) *Warehouse {
	t.Helper()
	w, err := Open(t.Context(), Options{Path: path, MemoryMB: 512}, s.tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

func ask(t *testing.T, w *Warehouse, query string, args ...any) string {
	t.Helper()
	rows, err := w.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, ";")
}

func agree(t *testing.T, w *Warehouse) {
	t.Helper()
	checks, err := w.Check(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if !c.Agrees() {
			t.Errorf("table %s differs: %+v", c.Table, c)
		}
	}
}

func TestRebuildThenFeed(t *testing.T) {
	t.Parallel()
	s := newShop(500)
	w := open(t, s, "")
	if _, err := w.Query(t.Context(), "SELECT 1"); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("question before the first build: %v", err)
	}
	if err := w.Rebuild(t.Context(), headAt(7), nil); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, w, "SELECT count(*)::VARCHAR || ' ' || max(created_at)::VARCHAR || ' ' || max(birth_on)::VARCHAR FROM customers"); got != "500 2026-02-01 01:30:00 1990-02-03" {
		t.Errorf("customers after rebuild: %s", got)
	}
	if p := w.Position(); p.Seq != 7 {
		t.Errorf("position after rebuild: %+v", p)
	}

	s.people[3] = "바뀐이"
	delete(s.people, 4) // merged into 5: rows of 4 vanish, 5 has its orders
	s.orders[5] = append(s.orders[5], s.orders[4]...)
	entries := []warehouse.Entry{
		{Seq: 8, Kind: "customer.updated", SubjectKind: "customer", SubjectIDs: []int64{3}},
		{Seq: 9, Kind: "customer.merged", SubjectKind: "customer", SubjectIDs: []int64{5, 4}},
		{Seq: 10, Kind: "mail.sent", SubjectKind: "mail", SubjectIDs: []int64{1}},
	}
	for range 2 { // twice: idempotent
		if err := w.Apply(t.Context(), entries); err != nil {
			t.Fatal(err)
		}
		agree(t, w)
	}
	if got := ask(t, w, "SELECT name_key FROM customers WHERE id = 3"); got != "바뀐이" {
		t.Errorf("after update: %s", got)
	}
	if got := ask(t, w, "SELECT count(*)::VARCHAR || ' ' || sum(amount)::VARCHAR FROM lines WHERE customer_id = 5"); got != "4 270" {
		t.Errorf("orders of the survivor: %s", got)
	}
	if p := w.Position(); p.Seq != 10 {
		t.Errorf("position: %+v", p)
	}
}

func TestBulkEntryAndWholeLoad(t *testing.T) {
	t.Parallel()
	s := newShop(30_000)
	w := open(t, s, "")
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	for id := range s.orders {
		s.orders[id] = append(s.orders[id], 1)
	}
	touchedBy := func(limit int64) func(context.Context, func(int64) error) error {
		return func(_ context.Context, emit func(int64) error) error {
			for id := int64(1); id <= limit; id++ {
				if err := emit(id); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, limit := range []int64{12_000, 30_000} { // in slices, then as a whole
		err := w.Apply(t.Context(), []warehouse.Entry{{Seq: limit, Kind: "order.imported", SubjectKind: "customer", Bulk: true, Touched: touchedBy(limit)}})
		if err != nil {
			t.Fatal(err)
		}
		if got := ask(t, w, "SELECT count(*)::VARCHAR FROM lines"); got != fmt.Sprint(60_000+limit) {
			t.Errorf("lines after bulk of %d: %s", limit, got)
		}
	}
	agree(t, w)
}

func TestNewColumnWithoutRestart(t *testing.T) {
	t.Parallel()
	s := newShop(10)
	path := filepath.Join(t.TempDir(), "w.duckdb")
	w := open(t, s, path)
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	s.extra = []warehouse.Column{{Name: "attr_hobby", Type: warehouse.Varchar}}
	err := w.Apply(t.Context(), []warehouse.Entry{
		{Seq: 2, Kind: "attribute.created", SubjectKind: "attribute", SubjectIDs: []int64{1}},
		{Seq: 3, Kind: "customer.updated", SubjectKind: "customer", SubjectIDs: []int64{2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := w.Column("customers", "attr_hobby"); !ok {
		t.Error("the new column is not known")
	}
	if got := ask(t, w, "SELECT attr_hobby FROM customers WHERE id = 2"); got != "x2" {
		t.Errorf("value of the new column: %q", got)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, s, path)
	if again.Stale() != "" || again.Position().Seq != 3 {
		t.Errorf("reopened: stale %q, position %+v", again.Stale(), again.Position())
	}
}

func TestDamagedAndLockedFile(t *testing.T) {
	t.Parallel()
	s := newShop(10)
	path := filepath.Join(t.TempDir(), "w.duckdb")
	w := open(t, s, path)
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func([]byte) []byte{
		"noise":     func([]byte) []byte { return []byte(strings.Repeat("no database ", 5000)) },
		"cut":       func(b []byte) []byte { return b[:len(b)/3] },
		"header":    func(b []byte) []byte { b[4096+20] ^= 0xff; return b },
		"truncated": func([]byte) []byte { return []byte{} },
	} {
		if err := os.WriteFile(path, spoil(slices.Clone(good)), 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := Open(t.Context(), Options{Path: path}, s.tables()...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again.Ready() || again.Stale() == "" {
			t.Errorf("%s: a damaged file is taken as it is", name)
		}
		if err := errors.Join(again.Rebuild(t.Context(), headAt(1), nil), again.Close()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFailuresLeaveTheOldRows(t *testing.T) {
	t.Parallel()
	s := newShop(100)
	w := open(t, s, "")
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	s.people[1] = "새이름"
	s.fail = errors.New("the system of record is away")
	entry := []warehouse.Entry{{Seq: 2, Kind: "customer.updated", SubjectKind: "customer", SubjectIDs: []int64{1}}}
	if err := w.Apply(t.Context(), entry); !errors.Is(err, s.fail) {
		t.Fatalf("apply: %v", err)
	}
	if err := w.Rebuild(t.Context(), headAt(2), nil); !errors.Is(err, s.fail) {
		t.Fatalf("rebuild: %v", err)
	}
	if got := ask(t, w, "SELECT name_key || count(*) OVER () FROM customers WHERE id = 1"); got != "사람11" {
		t.Errorf("after failures: %q", got)
	}
	s.fail = nil
	if err := w.Apply(t.Context(), entry); err != nil {
		t.Fatal(err)
	}
	agree(t, w)
}

func TestCheckFindsDifferences(t *testing.T) {
	t.Parallel()
	s := newShop(100)
	w := open(t, s, "")
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	s.orders[42][0]++
	delete(s.people, 7)
	checks, err := w.Check(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if c := checks[0]; c.Agrees() || !slices.Equal(c.Keys, []int64{7}) {
		t.Errorf("customers: %+v", c)
	}
	if c := checks[1]; c.Agrees() || !slices.Equal(c.Keys, []int64{7, 42}) {
		t.Errorf("lines: %+v", c)
	}
	// The same differences are forgiven when the feed was only late.
	checks, err = w.Check(t.Context(), func(ctx context.Context) error {
		return w.Apply(ctx, []warehouse.Entry{{Seq: 2, Kind: "customer.merged", SubjectKind: "customer", SubjectIDs: []int64{7, 42}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if !c.Agrees() {
			t.Errorf("after catching up: %+v", c)
		}
	}
}

func TestShutIn(t *testing.T) {
	t.Parallel()
	s := newShop(3)
	w := open(t, s, filepath.Join(t.TempDir(), "w.duckdb"))
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"SELECT * FROM read_csv('/etc/passwd')", "SET enable_external_access=true", "SET threads=64",
		"INSTALL httpfs", "ATTACH '/tmp/other.duckdb'", "COPY customers TO '/tmp/out.csv'",
	} {
		rows, err := w.Query(t.Context(), q)
		if err == nil {
			_ = rows.Close()
			t.Errorf("%s was allowed", q)
		}
	}
}

func TestReadersWhileWriting(t *testing.T) {
	t.Parallel()
	s := newShop(2000)
	w := open(t, s, filepath.Join(t.TempDir(), "w.duckdb"))
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				rows, err := w.Query(ctx, "SELECT count(*), count(DISTINCT customer_id) FROM lines")
				if err != nil {
					continue
				}
				var n, d int64
				for rows.Next() {
					if err := rows.Scan(&n, &d); err == nil && (n != 4000 || d != 2000) {
						t.Errorf("a reader saw %d lines of %d customers", n, d)
					}
				}
				_ = rows.Close()
			}
		})
	}
	for i := range int64(10) {
		err := w.Apply(t.Context(), []warehouse.Entry{{Seq: i + 2, Kind: "order.imported", SubjectKind: "customer", SubjectIDs: []int64{1, 2, 3 + i}}})
		if err != nil {
			t.Error(err)
		}
		if i == 5 {
			if err := w.Rebuild(t.Context(), headAt(i+2), nil); err != nil {
				t.Error(err)
			}
		}
		if i == 7 {
			if err := w.Compact(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	stop()
	readers.Wait()
	agree(t, w)
}

func TestCancel(t *testing.T) {
	t.Parallel()
	w := open(t, newShop(3), "")
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	started := time.Now()
	rows, err := w.Query(ctx, "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE hash(a.range, b.range) = 7")
	if err == nil {
		for rows.Next() {
			t.Error("an endless question had an answer")
		}
		err = rows.Err()
		_ = rows.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(started) > 5*time.Second {
		t.Errorf("cancelled after %v: %v", time.Since(started), err)
	}
}

func TestDerivedTables(t *testing.T) {
	t.Parallel()
	w := open(t, newShop(20), "")
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	before := w.Position().Version
	if err := w.Replace(t.Context(), "scores", "SELECT customer_id, sum(amount) s FROM lines WHERE amount > ? GROUP BY 1", 0); err != nil {
		t.Fatal(err)
	}
	if _, ok := w.Column("scores", "s"); !ok || w.Position().Version == before {
		t.Error("the derived table is not known")
	}
	if err := w.Replace(t.Context(), "customers", "SELECT 1"); err == nil {
		t.Error("a fed table was replaced")
	}
	computed := false
	w.OnRebuilt(func(ctx context.Context) error {
		computed = true
		return w.Replace(ctx, "scores", "SELECT 1 AS s")
	})
	if err := w.Rebuild(t.Context(), headAt(2), nil); err != nil {
		t.Fatal(err)
	}
	if !computed || ask(t, w, "SELECT s::VARCHAR FROM scores") != "1" {
		t.Error("the derived table was not computed after the rebuild")
	}
}
