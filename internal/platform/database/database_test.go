// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

func set(ctx context.Context, db *database.DB, name string, value any) error {
	_, err := db.Exec(ctx, `INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, fmt.Sprint(value), database.Time(ctx))
	return err
}

func names(t *testing.T, db *database.DB) string {
	t.Helper()
	list, err := database.List(t.Context(), db, func(r *sql.Rows) (string, error) {
		var s string
		return s, r.Scan(&s)
	}, "SELECT name FROM settings WHERE name <> '?' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, " ")
}

func TestWithinCommitsAllOrNothing(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 9, 0, 0, 123456789, time.FixedZone("KST", 9*3600))
	databasetest.EachWith(t, database.Options{Clock: func() time.Time { return at }}, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		hooks := 0
		err := db.Within(ctx, func(ctx context.Context) error {
			if got := database.Time(ctx); !got.Equal(at.Truncate(time.Microsecond)) || got.Location() != time.UTC {
				t.Errorf("time %v", got)
			}
			database.AfterCommit(ctx, func() { hooks++ })
			if err := set(ctx, db, "a", 1); err != nil {
				return err
			}
			return db.Within(ctx, func(ctx context.Context) error { return set(ctx, db, "b", 2) })
		})
		if err != nil || names(t, db) != "a b" || hooks != 1 {
			t.Fatalf("%v %q %d", err, names(t, db), hooks)
		}
		stop := errors.New("stop")
		for _, within := range []func(context.Context, func(context.Context) error) error{db.Within, db.WithinBulk} {
			err = within(ctx, func(ctx context.Context) error {
				database.AfterCommit(ctx, func() { hooks++ })
				if err := set(ctx, db, "c", 3); err != nil {
					return err
				}
				if names := names(t, db); names != "a b" {
					t.Errorf("a reader sees uncommitted %q", names)
				}
				return stop
			})
			if !errors.Is(err, stop) || names(t, db) != "a b" || hooks != 1 {
				t.Fatalf("%v %q %d", err, names(t, db), hooks)
			}
		}
	})
}

func TestAttemptKeepsTheTransaction(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		err := db.Within(t.Context(), func(ctx context.Context) error {
			if err := set(ctx, db, "a", 1); err != nil {
				return err
			}
			err := db.Attempt(ctx, func(ctx context.Context) error {
				if err := set(ctx, db, "b", 1); err != nil {
					return err
				}
				_, err := db.Exec(ctx, "INSERT INTO settings (name, value, updated_at) VALUES ('a', '', 0)")
				return err
			})
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("want a conflict, got %v", err)
			}
			return db.Attempt(ctx, func(ctx context.Context) error { return set(ctx, db, "c", 1) })
		})
		if err != nil || names(t, db) != "a c" {
			t.Fatalf("%v %q", err, names(t, db))
		}
	})
}

func TestErrorsBecomeFaults(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		_, err := db.Exec(ctx, "INSERT INTO settings (name, value, updated_at) VALUES ('a', NULL, 0)")
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("null: %v", err)
		}
		var n int
		err = db.Scan(ctx, []any{&n}, "SELECT value FROM counters WHERE name = ?", "nothing")
		if !fault.Is(err, fault.NotFound) || !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("no row: %v", err)
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if err := set(cancelled, db, "a", 1); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		if _, err := db.Exec(ctx, "SELEKT"); err == nil || fault.KindOf(err) != "" {
			t.Errorf("a programming error is no fault: %v", err)
		}
	})
	if _, err := database.Open(t.Context(), "mysql://x", database.Options{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("bad address: %v", err)
	}
	_, err := database.Open(t.Context(), "postgres://nobody@127.0.0.1:1/x", database.Options{})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("no server: %v", err)
	}
}

func TestArgumentsAreStoredAlike(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		at := time.UnixMicro(1_700_000_000_123_456)
		var flag *bool
		_, err := db.Exec(t.Context(), "INSERT INTO journal_consumers (name, seq, updated_at) VALUES (?, ?, ?)", "it's ?", true, at)
		if err != nil {
			t.Fatal(err)
		}
		var seq, updated int64
		err = db.Scan(t.Context(), []any{&seq, &updated}, `SELECT seq, updated_at FROM journal_consumers -- why?
			WHERE name = 'it''s ?' AND name = ? AND CAST(? AS BIGINT) IS NULL`, "it's ?", flag)
		if err != nil || seq != 1 || updated != at.UnixMicro() {
			t.Fatalf("%v %d %d", err, seq, updated)
		}
	})
}

func TestNextIDs(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		if _, err := db.Exec(ctx, "INSERT INTO files (id, size, sha256, created_at) VALUES (41, 0, '', 0)"); err != nil {
			t.Fatal(err)
		}
		seen := sync.Map{}
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				for range 20 {
					ids, err := db.NextIDs(ctx, "files", 3)
					if err != nil {
						t.Error(err)
						return
					}
					for _, id := range ids {
						if _, twice := seen.LoadOrStore(id, true); twice || id <= 41 {
							t.Errorf("id %d given twice or taken", id)
						}
					}
				}
			})
		}
		wait.Wait()
		if _, err := db.NextID(ctx, "files; DROP TABLE files"); err == nil {
			t.Error("a bad table name must be refused")
		}
	})
}

func TestPanicHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		const callers = 60
		var wait sync.WaitGroup
		for i := range callers {
			wait.Go(func() {
				defer func() { _ = recover() }()
				err := db.Within(t.Context(), func(ctx context.Context) error {
					if err := set(ctx, db, fmt.Sprintf("n%03d", i), i); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						panic("one caller")
					case 2:
						return errors.New("one caller")
					case 3:
						if i%8 == 3 {
							runtime.Goexit()
						}
					}
					return nil
				})
				if wrong := (err != nil) != (i%4 == 2); wrong {
					t.Errorf("caller %d: %v", i, err)
				}
			})
		}
		wait.Wait()
		var want []string
		for i := range callers {
			if i%4 == 0 || i%8 == 7 {
				want = append(want, fmt.Sprintf("n%03d", i))
			}
		}
		if got := names(t, db); got != strings.Join(want, " ") {
			t.Fatalf("got %s", got)
		}
	})
}

func TestPrepareInsideTransaction(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		var kept context.Context
		err := db.WithinBulk(t.Context(), func(ctx context.Context) error {
			kept = ctx
			s, err := db.Prepare(ctx, "INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)")
			if err != nil {
				return err
			}
			for i := range 5 {
				if _, err := s.ExecContext(ctx, fmt.Sprint(i), "", int64(0)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || names(t, db) != "0 1 2 3 4" {
			t.Fatalf("%v %q", err, names(t, db))
		}
		if err := set(kept, db, "late", 1); err == nil {
			t.Error("a transaction that is over must refuse")
		}
	})
}

func TestMigrateAgainAndNewer(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := db.Exec(t.Context(), "INSERT INTO schema_versions (version_id, is_applied) VALUES (99999, TRUE)")
		if err != nil && db.IsPostgres() {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context()); fault.CodeOf(err) != "database.newer_schema" {
			t.Fatalf("got %v", err)
		}
	})
}
