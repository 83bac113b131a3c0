// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"fmt"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

func rowsOf(from, n int) []any {
	values := make([]any, 0, 2*n)
	for i := range n {
		values = append(values, fmt.Sprintf("name %06d", from+i), int64(from+i))
	}
	return values
}

// TestBulkInsertsAreSeenInOrder mixes INSERTs that run ahead with everything that must wait for them.
func TestBulkInsertsAreSeenInOrder(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		if _, err := db.Exec(ctx, "CREATE TABLE ahead_rows (name TEXT PRIMARY KEY, n BIGINT NOT NULL)"); err != nil {
			t.Fatal(err)
		}
		count := func(ctx context.Context) (n int) {
			if err := db.Scan(ctx, []any{&n}, "SELECT COUNT(*) FROM ahead_rows"); err != nil {
				t.Error(err)
			}
			return n
		}
		err := db.WithinBulk(ctx, func(ctx context.Context) error {
			for round := range 5 {
				if err := db.InsertRows(ctx, "ahead_rows", []string{"name", "n"}, rowsOf(round*4099, 4099), ""); err != nil {
					return err
				}
				if n := count(ctx); n != (round+1)*4099 {
					t.Errorf("round %d: %d rows", round, n)
				}
			}
			if err := db.InsertRows(ctx, "ahead_rows", []string{"name", "n"}, rowsOf(90_000, 700), ""); err != nil {
				return err
			}
			update, err := db.Prepare(ctx, "UPDATE ahead_rows SET n = -1 WHERE name = ?")
			if err != nil {
				return err
			}
			result, err := update.ExecContext(ctx, "name 090699")
			if err != nil {
				return err
			}
			if n, _ := result.RowsAffected(); n != 1 {
				t.Errorf("%d rows updated", n)
			}
			return db.InsertRows(ctx, "ahead_rows", []string{"name", "n"}, rowsOf(95_000, 3), "")
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(ctx); n != 5*4099+703 {
			t.Fatalf("%d rows after the commit", n)
		}
	})
}

// TestBulkInsertThatFailsSavesNothing lets an INSERT fail whose caller has gone on.
func TestBulkInsertThatFailsSavesNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		if _, err := db.Exec(ctx, "CREATE TABLE ahead_rows (name TEXT PRIMARY KEY, n BIGINT NOT NULL)"); err != nil {
			t.Fatal(err)
		}
		for _, rows := range []int{1, 5000} {
			err := db.WithinBulk(ctx, func(ctx context.Context) error {
				_ = db.InsertRows(ctx, "ahead_rows", []string{"name", "n"}, rowsOf(0, rows), "")
				_ = db.InsertRows(ctx, "ahead_rows", []string{"name", "n"}, rowsOf(0, 1), "") // there already
				return nil
			})
			if err == nil {
				t.Fatal("a doubled key was saved")
			}
			var n int
			if err := db.Scan(ctx, []any{&n}, "SELECT COUNT(*) FROM ahead_rows"); err != nil || n != 0 {
				t.Fatalf("%d rows, %v", n, err)
			}
		}
		err := db.WithinBulk(ctx, func(ctx context.Context) error {
			failed := db.Attempt(ctx, func(ctx context.Context) error {
				if err := db.InsertRows(ctx, "ahead_rows", []string{"name", "n"}, rowsOf(0, 2), ""); err != nil {
					return err
				}
				return db.InsertRows(ctx, "ahead_rows", []string{"name", "n"}, rowsOf(0, 1), "")
			})
			if failed == nil {
				t.Error("the attempt did not fail")
			}
			return db.InsertRows(ctx, "ahead_rows", []string{"name", "n"}, rowsOf(7, 1), "")
		})
		if err != nil {
			t.Fatalf("after a failed attempt: %v", err)
		}
	})
}
