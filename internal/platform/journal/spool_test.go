// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/journal"
)

func spooled(t *testing.T, db *database.DB, dir string) *journal.Journal {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	j := journal.New(db, keys, journal.Options{})
	if err := j.OpenSpool(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return j
}

func logged(t *testing.T, j *journal.Journal) map[string]int {
	t.Helper()
	seen := map[string]int{}
	filter := journal.AccessFilter{Limit: 1000}
	for {
		page, err := j.ListAccess(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			seen[e.Work]++
		}
		if len(page) < filter.Limit {
			return seen
		}
		filter.Cursor = page[len(page)-1].ID
	}
}

// TestReadingDoesNotWaitForTheWriter: an access is durable while bulk work holds the writer.
func TestReadingDoesNotWaitForTheWriter(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		j := spooled(t, db, t.TempDir())
		err := db.WithinBulk(t.Context(), func(context.Context) error {
			return j.LogAccess(t.Context(), journal.AccessEntry{Work: "customer.read", ActorID: 7, SubjectKind: "customer", SubjectIDs: []int64{3, 1}})
		})
		if err != nil {
			t.Fatal(err)
		}
		list, err := j.ListAccess(t.Context(), journal.AccessFilter{SubjectKind: "customer", SubjectID: 3})
		if err != nil || len(list) != 1 || list[0].ActorID != 7 || list[0].Count != 2 || list[0].At.IsZero() {
			t.Fatalf("%v %+v", err, list)
		}
	})
}

// TestSpoolSurvivesCrashes: entries told durable are there once, whatever instant the process ended at, and
// a line that was cut is left out.
func TestSpoolSurvivesCrashes(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		dir := t.TempDir()
		want := map[string]int{}
		for life := range 4 {
			j := spooled(t, db, dir)
			var group sync.WaitGroup
			for n := range 50 {
				work := fmt.Sprintf("work.%d.%d", life, n)
				want[work] = 1
				group.Go(func() {
					if err := j.LogAccess(t.Context(), journal.AccessEntry{Work: work}); err != nil {
						t.Error(err)
					}
				})
				if n == 25 && life%2 == 0 { // moved in between
					group.Go(func() { _, _ = j.Flush(t.Context()) })
				}
			}
			group.Wait()
			// The process dies here: nothing is closed. What a moved file leaves is put back.
			files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
			if err != nil || len(files) == 0 {
				t.Fatalf("%v: no file in use", err)
			}
			last, err := os.OpenFile(files[len(files)-1], os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := last.WriteString(`{"Work":"cut`); err != nil {
				t.Fatal(err)
			}
			_ = last.Close()
			kept, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			again := spooled(t, db, dir)
			if err := again.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(files[0], kept, 0o600); err != nil { // the crash came before its removal
				t.Fatal(err)
			}
		}
		j := spooled(t, db, dir)
		got := logged(t, j)
		if len(got) != len(want) {
			t.Fatalf("%d entries, want %d", len(got), len(want))
		}
		for work, n := range got {
			if n != want[work] {
				t.Errorf("%s: %d times", work, n)
			}
		}
		if r, err := j.Verify(t.Context(), nil); err != nil || r.Unnumbered != 0 && r.Access == 0 {
			t.Fatalf("%+v %v", r, err)
		}
	})
}
