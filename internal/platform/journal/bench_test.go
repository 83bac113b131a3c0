// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

func durable(b *testing.B) *database.DB {
	b.Helper()
	db, err := database.Open(context.Background(), "sqlite:"+filepath.Join(b.TempDir(), "dangol.db"), database.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(context.Background()); err != nil {
		b.Fatal(err)
	}
	return db
}

// BenchmarkDurableChanges measures one customer change with its sealed journal entry, durable, while the
// sequencer numbers and chains beside it.
func BenchmarkDurableChanges(b *testing.B) {
	for _, callers := range []int{8, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			db := durable(b)
			j, _ := open(b, db)
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			go func() { _ = j.Run(ctx) }()
			before, after := json.RawMessage(`{"mobile":"+821012345678"}`), json.RawMessage(`{"mobile":"+821087654321"}`)
			var n atomic.Int64
			b.SetParallelism(max(1, callers/runtime.GOMAXPROCS(0)))
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := n.Add(1)
					err := db.Within(ctx, func(ctx context.Context) error {
						_, err := db.Exec(ctx, `INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
							ON CONFLICT (name) DO UPDATE SET value = excluded.value`, fmt.Sprint(i%1000), "010", i)
						if err != nil {
							return err
						}
						return j.Append(ctx, journal.Entry{
							Capability: "customer", Kind: "customer.updated", SubjectKind: "customer",
							SubjectIDs: []int64{i % 1000}, RecordID: i%1000 + 1, Before: before, After: after,
						})
					})
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
			b.StopTimer()
			if _, err := j.Flush(ctx); err != nil {
				b.Fatal(err)
			}
			if r, err := j.Verify(ctx, nil); err != nil || r.Entries != int64(b.N) {
				b.Fatal(r, err)
			}
		})
	}
}

// BenchmarkAppendBulk measures the journal's share of an import: sealing, packing and storing rows.
func BenchmarkAppendBulk(b *testing.B) {
	for _, shape := range []struct {
		name          string
		before, after []byte
	}{
		{"ids", nil, nil},
		{"after", nil, []byte(`{"full_name":"홍길동","mobile":"+821012345678","email":"gildong.hong@example.com","address":"서울특별시 종로구 세종대로 175"}`)},
	} {
		b.Run(shape.name, func(b *testing.B) {
			db := durable(b)
			j, _ := open(b, db)
			changes := make([]journal.Change, 10_000)
			var id, customer int64
			b.ResetTimer()
			for n := 0; n < b.N; n += len(changes) {
				for i := range changes {
					customer++
					changes[i] = journal.Change{CustomerID: customer, RecordID: customer, Kind: "customer.created", Before: shape.before, After: shape.after}
				}
				err := db.WithinBulk(b.Context(), func(ctx context.Context) (err error) {
					if id == 0 {
						id, err = j.AppendBulk(ctx, journal.Entry{Capability: "intake", Kind: "intake.batch_imported"}, changes)
						return err
					}
					return j.AppendChunks(ctx, id, changes)
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
