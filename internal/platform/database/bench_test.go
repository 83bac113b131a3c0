// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dangol/internal/platform/database"
)

// BenchmarkDurableWrites measures small transactions that survive a power loss: synchronous=FULL, one
// update and one insert each, as a customer change with its journal entry.
func BenchmarkDurableWrites(b *testing.B) {
	for _, callers := range []int{1, 8, 64, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			db := openDurable(b, filepath.Join(b.TempDir(), "dangol.db"))
			ctx := b.Context()
			err := db.WithinBulk(ctx, func(ctx context.Context) error {
				for i := range 1000 {
					if err := set(ctx, db, fmt.Sprintf("customer %d", i), "x"); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			var n atomic.Int64
			b.SetParallelism(max(1, callers/runtime.GOMAXPROCS(0)))
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := smallWrite(ctx, db, n.Add(1)); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}

func openDurable(t testing.TB, path string) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), "sqlite:"+path, database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

func smallWrite(ctx context.Context, db *database.DB, i int64) error {
	return db.Within(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, "UPDATE settings SET value = ?, updated_at = ? WHERE name = ?",
			"010-1234-5678", i, fmt.Sprintf("customer %d", i%1000))
		if err != nil {
			return err
		}
		id, err := db.NextID(ctx, "journal_chunks")
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, `INSERT INTO journal_chunks (id, entry_id, row_count, min_subject, max_subject, subjects, body, hash)
			VALUES (?, ?, 1, ?, ?, ?, ?, ?)`, id, i, i, i, []byte{1}, make([]byte, 120), make([]byte, 32))
		return err
	})
}

// BenchmarkPeopleBesideBulk measures how long 8 people wait for their small writes while an import
// writes as fast as its pacer lets it.
func BenchmarkPeopleBesideBulk(b *testing.B) {
	db := openDurable(b, filepath.Join(b.TempDir(), "dangol.db"))
	ctx, cancel := context.WithCancel(b.Context())
	rows := make(chan int, 1)
	go func() { rows <- bulkUntil(ctx, b, db) }()
	var mu sync.Mutex
	var took []time.Duration
	var n atomic.Int64
	b.SetParallelism(8 / runtime.GOMAXPROCS(0))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			start := time.Now()
			if err := smallWrite(b.Context(), db, n.Add(1)); err != nil {
				b.Error(err)
				return
			}
			mu.Lock()
			took = append(took, time.Since(start))
			mu.Unlock()
		}
	})
	b.StopTimer()
	elapsed := b.Elapsed()
	cancel()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(<-rows)/elapsed.Seconds(), "bulk-rows/s")
}

func bulkUntil(ctx context.Context, b *testing.B, db *database.DB) (rows int) {
	pacer := db.NewPacer(10_000)
	for ctx.Err() == nil {
		n := pacer.Rows()
		var took time.Duration
		err := db.WithinBulk(ctx, func(ctx context.Context) error {
			start := time.Now()
			defer func() { took = time.Since(start) }()
			insert, err := db.Prepare(ctx, "INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)")
			if err != nil {
				return err
			}
			for i := range n {
				if _, err := insert.ExecContext(ctx, fmt.Sprintf("%08x row %d", rows+i, rows+i), "about as long as a name and an address are", int64(0)); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			rows += n
			pacer.Done(n, took)
		} else if ctx.Err() == nil {
			b.Error(err)
			return rows
		}
	}
	return rows
}
