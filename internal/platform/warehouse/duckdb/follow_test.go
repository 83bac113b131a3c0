// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/journal"
)

// TestFollow runs the journal and the warehouse as a server does: changes of
// one row and of many arrive, and a file that was lost is built anew.
func TestFollow(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = keys.Close() })
		j := journal.New(db, keys, journal.Options{Poll: 20 * time.Millisecond})
		s := newShop(300)
		ctx, stop := context.WithCancel(t.Context())
		var loops sync.WaitGroup
		loops.Go(func() { _ = j.Run(ctx) })
		w := open(t, s, filepath.Join(t.TempDir(), "w.duckdb"))
		loops.Go(func() { _ = w.Follow(ctx, j) })
		t.Cleanup(func() { stop(); loops.Wait() })

		change := func(fn func(ctx context.Context) error) {
			t.Helper()
			if err := db.Within(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
			head, err := j.Flush(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			wait, done := context.WithTimeout(t.Context(), 30*time.Second)
			defer done()
			if err := w.Await(wait, j, head); err != nil {
				t.Fatalf("the warehouse does not follow: %v", err)
			}
		}
		entry := func(kind string, ids ...int64) journal.Entry {
			return journal.Entry{Capability: "customer", Kind: kind, SubjectKind: "customer", SubjectIDs: ids, Actor: "test"}
		}
		s.rename(5, "하나")
		change(func(ctx context.Context) error { return j.Append(ctx, entry("customer.updated", 5)) })
		if got := ask(t, w, "SELECT name_key FROM customers WHERE id = 5"); got != "하나" {
			t.Errorf("after an edit: %q", got)
		}
		var changes []journal.Change
		for id := int64(1); id <= 250; id++ {
			s.rename(id, "둘")
			changes = append(changes, journal.Change{CustomerID: id, RecordID: id, Kind: "customer.updated"})
		}
		change(func(ctx context.Context) error {
			_, err := j.AppendBulk(ctx, entry("customer.imported"), changes)
			return err
		})
		if got := ask(t, w, "SELECT count(*)::VARCHAR FROM customers WHERE name_key = '둘'"); got != "250" {
			t.Errorf("after bulk work: %s", got)
		}
		agree(t, w)

		lost := open(t, s, filepath.Join(t.TempDir(), "again.duckdb"))
		if err := lost.CatchUp(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		if head, _ := j.Head(t.Context()); lost.Position().Seq != head {
			t.Errorf("rebuilt as of %d, the journal ends at %d", lost.Position().Seq, head)
		}
		agree(t, lost)
	})
}

func (s *shop) rename(id int64, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[id] = name
}
