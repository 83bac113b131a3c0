// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"dangol/internal/platform/fault"
)

// TestCloseEndsQuestions closes while somebody reads and has not closed the rows yet: the question ends
// with a reason, and closing does not wait for it to run to its end. Each round has a file of its own:
// DuckDB 1.5 may wait for ever when a path is opened again in the process that interrupted a question on it
// (the engine's last reference can go on one of its own threads); the product never does that, it exits.
func TestCloseEndsQuestions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newShop(50)
	for round := range 10 {
		w, err := Open(context.Background(), Options{Path: filepath.Join(dir, fmt.Sprintf("w%d.duckdb", round))}, s.tables()...)
		if err != nil {
			t.Fatal(err)
		}
		w.ready.Store(true)
		reading := askForEver(w)
		for w.db.Stats().InUse == 0 {
			runtime.Gosched()
		}
		if err := await(t, "closing", w.Close); err != nil {
			t.Fatal(err)
		}
		if err := <-reading; fault.CodeOf(err) != "warehouse.closing" {
			t.Fatalf("the question ended with %v", err)
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
