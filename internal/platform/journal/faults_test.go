// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// TestFailingTheNthStatement fails the 1st, 2nd… statement of writing and numbering until all succeeds:
// a refused transaction leaves no entry, chunk or access behind, and the chain is whole after each.
func TestFailingTheNthStatement(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			var left atomic.Int64
			opts := database.Options{Inject: func(string) error {
				if left.Add(-1) == 0 {
					return &pgconn.PgError{Code: "53100"}
				}
				return nil
			}}
			open := databasetest.SQLite
			if engine == "postgres" {
				open = databasetest.Postgres
			}
			failEach(t, open(t, opts), &left)
		})
	}
}

func failEach(t *testing.T, db *database.DB, left *atomic.Int64) {
	t.Helper()
	j, _ := open(t, db)
	ctx := t.Context()
	want := journal.Report{}
	for n := int64(1); ; n++ {
		left.Store(n)
		writeErr := db.Within(ctx, func(ctx context.Context) error {
			one := journal.Entry{Capability: "test", Kind: "k", SubjectIDs: []int64{1, 2}, RecordID: 1, After: json.RawMessage("1")}
			id, bulkErr := j.AppendBulk(ctx, journal.Entry{Capability: "test", Kind: "k"}, changes(1200, 1))
			if err := errors.Join(bulkErr, j.Append(ctx, one)); err != nil {
				return err
			}
			return errors.Join(j.AppendChunks(ctx, id, changes(3, 1)), j.LogAccess(ctx, journal.AccessEntry{Work: "w"}))
		})
		_, flushErr := j.Flush(ctx)
		done := left.Load() > 0
		left.Store(0)
		if writeErr == nil {
			want.Entries, want.Chunks, want.Changes, want.Access = want.Entries+3, want.Chunks+3, want.Changes+1203, want.Access+1
		}
		if err := errors.Join(writeErr, flushErr); err != nil && !fault.Is(err, fault.Unavailable) {
			t.Fatalf("statement %d: %v", n, err)
		}
		if _, err := j.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		got, err := j.Verify(ctx, nil)
		got.Anchor = want.Anchor
		if err != nil || got.Entries != want.Entries || got.Chunks != want.Chunks || got.Changes != want.Changes || got.Access != want.Access {
			t.Fatalf("statement %d: %v\n got %+v\nwant %+v", n, err, got, want)
		}
		if done {
			if n < 15 {
				t.Fatalf("only %d statements failed", n-1)
			}
			return
		}
	}
}
