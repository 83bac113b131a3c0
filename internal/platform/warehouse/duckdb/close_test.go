// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"dangol/internal/platform/fault"
)

// TestCloseWaitsForReaders closes while somebody reads and has not closed the rows yet: the question ends
// with a reason, and the same path opens again at once.
func TestCloseWaitsForReaders(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "w.duckdb")
	s := newShop(50)
	openIt := func() *Warehouse {
		w, err := Open(context.Background(), Options{Path: path}, s.tables()...)
		if err != nil {
			t.Error(err)
			return nil
		}
		w.ready.Store(true)
		return w
	}
	for range 10 {
		w := openIt()
		reading := askForEver(w)
		for w.db.Stats().InUse == 0 {
			runtime.Gosched()
		}
		closed := await(t, "closing", func() error { return w.Close() })
		if closed != nil {
			t.Fatal(closed)
		}
		if err := <-reading; fault.CodeOf(err) != "warehouse.closing" {
			t.Fatalf("the question ended with %v", err)
		}
		if err := await(t, "opening again", func() error { return openIt().Close() }); err != nil {
			t.Fatal(err)
		}
	}
}

// askForEver asks what takes hours and tells how it ended.
func askForEver(w *Warehouse) <-chan error {
	reading := make(chan error, 1)
	go func() {
		rows, err := w.Query(context.Background(), "SELECT a.range, count(*) FROM range(1, 4000000) a, range(1, 4000000) b WHERE a.range % 7 = b.range % 11 GROUP BY a.range")
		if err == nil {
			for rows.Next() {
			}
			err = rows.Err()
			_ = rows.Close()
		}
		reading <- err
	}()
	return reading
}

func await(t *testing.T, what string, fn func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- fn() }()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Minute):
		t.Fatalf("%s waits for ever", what)
	}
	return nil
}
