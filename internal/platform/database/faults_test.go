// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

// breaker fails the nth statement after it is armed.
type breaker struct {
	left atomic.Int64
	err  error
}

func (b *breaker) inject(string) error {
	if b.left.Add(-1) == 0 {
		return b.err
	}
	return nil
}

// TestFailingTheNthStatementIsAllOrNothing fails the 1st, 2nd… statement of a transaction until it succeeds.
func TestFailingTheNthStatementIsAllOrNothing(t *testing.T) {
	t.Parallel()
	for _, bulk := range []bool{false, true} {
		t.Run(fmt.Sprintf("bulk=%v", bulk), func(t *testing.T) {
			t.Parallel()
			b := map[string]*breaker{"sqlite": {err: sqlite3.Error{Code: sqlite3.ErrIoErr}}, "postgres": {err: &pgconn.PgError{Code: "53100"}}}
			inject := func(engine string) func(string) error { return b[engine].inject }
			t.Run("sqlite", func(t *testing.T) {
				t.Parallel()
				failNth(t, databasetest.SQLite(t, database.Options{Inject: inject("sqlite")}), b["sqlite"], bulk)
			})
			t.Run("postgres", func(t *testing.T) {
				t.Parallel()
				failNth(t, databasetest.Postgres(t, database.Options{Inject: inject("postgres")}), b["postgres"], bulk)
			})
		})
	}
}

func failNth(t *testing.T, db *database.DB, b *breaker, bulk bool) {
	t.Helper()
	within := db.Within
	if bulk {
		within = db.WithinBulk
	}
	for n := int64(1); ; n++ {
		b.left.Store(n)
		err := within(t.Context(), func(ctx context.Context) error {
			for _, name := range []string{"a", "b", "c"} {
				if err := set(ctx, db, name, n); err != nil {
					return err
				}
			}
			return nil
		})
		spent := b.left.Load() <= 0
		b.left.Store(0)
		got := names(t, db)
		switch {
		case err == nil && !spent:
			if got != "a b c" {
				t.Fatalf("acknowledged, but there is %q", got)
			}
			if n < 4 {
				t.Fatalf("only %d statements failed", n-1)
			}
			return
		case !fault.Is(err, fault.Unavailable):
			t.Fatalf("statement %d failed, got %v", n, err)
		case got != "":
			t.Fatalf("statement %d failed, but there is %q", n, got)
		}
	}
}

// TestFailuresInGroupsHurtOnlyTheirCaller runs many callers at once while single statements fail.
func TestFailuresInGroupsHurtOnlyTheirCaller(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	inject := func(statement string) error {
		if strings.HasPrefix(statement, "INSERT") && count.Add(1)%7 == 0 {
			return sqlite3.Error{Code: sqlite3.ErrConstraint}
		}
		return nil
	}
	db := databasetest.SQLite(t, database.Options{Inject: inject})
	var wait sync.WaitGroup
	var mu sync.Mutex
	want := map[string]bool{}
	for i := range 40 {
		wait.Go(func() {
			for k := range 10 {
				first, second := fmt.Sprintf("%03d-%02d-1", i, k), fmt.Sprintf("%03d-%02d-2", i, k)
				err := db.Within(t.Context(), func(ctx context.Context) error {
					return errors.Join(set(ctx, db, first, 1), set(ctx, db, second, 1))
				})
				if err != nil {
					continue
				}
				mu.Lock()
				want[first], want[second] = true, true
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if s := db.Stats(); s.Changes == 0 || s.Commits > s.Changes || s.Waiting != 0 {
		t.Errorf("stats %+v", s)
	}
	got := strings.Fields(names(t, db))
	if len(got) != len(want) || len(got) == 0 || len(got) == 800 {
		t.Fatalf("acknowledged %d, stored %d", len(want), len(got))
	}
	for _, name := range got {
		if !want[name] {
			t.Errorf("%s was refused but is stored", name)
		}
	}
}

// TestFailedSyncAcknowledgesNothingMore: after a failed sync pages may be lost, so the writer stops.
func TestFailedSyncAcknowledgesNothingMore(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	db := databasetest.SQLite(t, database.Options{Inject: func(statement string) error {
		if broken.Load() && statement == "COMMIT" {
			return sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync}
		}
		return nil
	}})
	if err := set(t.Context(), db, "a", 1); err != nil {
		t.Fatal(err)
	}
	broken.Store(true)
	if err := set(t.Context(), db, "b", 1); fault.CodeOf(err) != "database.sync_failed" {
		t.Fatalf("got %v", err)
	}
	broken.Store(false)
	if err := set(t.Context(), db, "c", 1); fault.CodeOf(err) != "database.sync_failed" {
		t.Fatalf("the writer must stop: %v", err)
	}
	if got := names(t, db); got != "a" {
		t.Fatalf("reads go on: %q", got)
	}
}

func TestFullDiskRefusesThenWorksAgain(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{MaxPages: 400})
	fillDisk(t, db, func() {
		if _, err := db.Exec(t.Context(), "DELETE FROM settings WHERE name < 'big0010'"); err != nil {
			t.Fatal(err)
		}
	})
}

// fillDisk writes until the disk is full, checks, makes room and checks again.
func fillDisk(t *testing.T, db *database.DB, makeRoom func()) {
	t.Helper()
	ctx := t.Context()
	big := strings.Repeat("x", 20_000)
	stored := 0
	var err error
	for ; err == nil && stored < 2000; stored++ {
		err = set(ctx, db, fmt.Sprintf("big%04d", stored), big)
	}
	if !fault.Is(err, fault.Unavailable) || fault.CodeOf(err) != "database.disk_full" {
		t.Fatalf("got %v", err)
	}
	stored--
	if n := len(strings.Fields(names(t, db))); n != stored {
		t.Fatalf("%d acknowledged, %d stored", stored, n)
	}
	var wait sync.WaitGroup
	for i := range 10 { // a whole group meets the full disk
		wait.Go(func() {
			if err := set(ctx, db, fmt.Sprintf("more%d", i), big); !fault.Is(err, fault.Unavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
	wait.Wait()
	if n := len(strings.Fields(names(t, db))); n != stored {
		t.Fatalf("%d acknowledged, %d stored", stored, n)
	}
	makeRoom()
	if err := set(ctx, db, "zzz", big); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	var state string
	if err := db.Scan(ctx, []any{&state}, "PRAGMA integrity_check"); err != nil || state != "ok" {
		t.Fatalf("%s %v", state, err)
	}
}

func TestCallerThatLostItsTransactionEndsAsBusy(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{Patience: 30 * time.Millisecond})
	outer := t.Context()
	err := db.Within(outer, func(context.Context) error { return set(outer, db, "a", 1) })
	if !fault.Is(err, fault.Busy) {
		t.Fatalf("got %v", err)
	}
	if err := set(outer, db, "b", 1); err != nil {
		t.Fatal(err)
	}
}

func TestWaitingCallersCanGiveUpAndBulkYields(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	inside, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		_ = db.Within(t.Context(), func(context.Context) error { close(inside); <-release; return nil })
	})
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	queued := make(chan error, 5)
	for range 5 {
		go func() { queued <- set(ctx, db, "never", 1) }()
	}
	cancel()
	for range 5 {
		if err := <-queued; !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
	}
	order := make(chan string, 3)
	write := func(name string, within func(context.Context, func(context.Context) error) error) {
		wait.Go(func() {
			if err := within(t.Context(), func(context.Context) error { order <- name; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	write("bulk", db.WithinBulk)
	for db.Waiting() < 1 {
		continue
	}
	write("person", db.Within)
	for db.Waiting() < 2 {
		continue
	}
	close(release)
	if first := <-order; first != "person" {
		t.Fatalf("%s went first", first)
	}
	if second := <-order; second != "bulk" {
		t.Fatalf("%s went second", second)
	}
	wait.Wait()
	if got := names(t, db); got != "" {
		t.Fatalf("callers that gave up wrote %q", got)
	}
}
