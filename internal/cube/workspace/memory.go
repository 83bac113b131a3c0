// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"sync/atomic"
	"time"

	"dangol/internal/platform/fault"
)

const (
	// defaultMemoryMB is what a statement may hold when nothing else is set.
	defaultMemoryMB = 512
	lookEvery       = 50 * time.Millisecond
	// atOnce bounds the statements that run at the same time; others wait their turn.
	atOnce = 2
)

// guard bounds what statements hold in memory. The engine knows one limit for everybody in it, so what is at work
// (not the cached pages of tables) is looked at while statements run, and they are stopped before others starve.
type guard struct {
	most    int64 // bytes for each statement
	slots   chan struct{}
	running atomic.Int64
}

func newGuard() *guard {
	return &guard{most: defaultMemoryMB << 20, slots: make(chan struct{}, atOnce)}
}

// LimitMemory says how much one statement may hold; 0 leaves the default.
func (s *Service) LimitMemory(mb int) {
	if mb > 0 {
		s.guard.most = int64(mb) << 20
	}
}

// guarded waits for a turn and returns a context that ends when too much memory is held.
func (s *Service) guarded(ctx context.Context) (context.Context, func(), error) {
	g := s.guard
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx, func() {}, context.Cause(ctx)
	}
	g.running.Add(1)
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			held, err := s.held(ctx)
			if err == nil && held > g.most*max(1, g.running.Load()) {
				cancel(fault.New(fault.TooLarge, "cube.sql_too_much_memory",
					"The statement needed more than {mb} MB of memory and was stopped. Sum up before joining, sort fewer rows, or ask for fewer columns.",
					"mb", g.most>>20))
				return
			}
		}
	}()
	return ctx, func() {
		cancel(nil)
		g.running.Add(-1)
		<-g.slots
	}, nil
}

// held is what questions hold in the engine's memory now: tables for joins and groups, sorting, results.
func (s *Service) held(ctx context.Context) (bytes int64, err error) {
	rows, err := s.reader.Query(ctx, "SELECT CAST(coalesce(sum(memory_usage_bytes), 0) AS BIGINT) FROM duckdb_memory() "+
		"WHERE tag IN ('HASH_TABLE', 'ORDER_BY', 'COLUMN_DATA', 'ALLOCATOR', 'WINDOW')")
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		err = rows.Scan(&bytes)
	}
	if err == nil {
		err = rows.Err()
	}
	return bytes, err
}
