// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"
	driverpkg "github.com/duckdb/duckdb-go/v2"

	"dangol/internal/platform/warehouse"
)

const (
	// rowsPerBatch balances hand-over cost against memory: about 4 MB a batch of 16 columns.
	rowsPerBatch = 1 << 15
	// partsAtOnce keeps two readers busy beside DuckDB's own threads.
	partsAtOnce = 2
	// sourceView is the name under which a stream of batches is read once.
	sourceView = "warehouse_source"
)

// batcher turns emitted rows into Arrow batches and hands them to DuckDB,
// which reads them on its own threads while the next batch is being filled.
// Memory comes from C, so no Go pointer is kept on the other side.
type batcher struct {
	*reading
	builder *array.RecordBuilder
	fields  []array.Builder
	rows    int
}

func (b *batcher) emit(row ...any) error {
	if len(row) != len(b.fields) {
		return fmt.Errorf("row has %d values, the table %d columns", len(row), len(b.fields))
	}
	for i, v := range row {
		b.put(b.fields[i], v)
	}
	b.rows++
	if b.rows == rowsPerBatch {
		return b.send()
	}
	return nil
}

func (b *batcher) send() error {
	if b.rows == 0 {
		return nil
	}
	batch := b.builder.NewRecordBatch()
	total := b.total.Add(int64(b.rows))
	b.rows = 0
	if b.progress != nil {
		b.progress(total)
	}
	select {
	case b.out <- batch:
		return nil
	case <-b.ctx.Done():
		batch.Release()
		return context.Cause(b.ctx)
	}
}

// stream is the reading end that DuckDB pulls from. DuckDB may ask once more
// after the end, so done answers for good.
type stream struct {
	schema  *arrow.Schema
	in      chan arrow.RecordBatch
	current arrow.RecordBatch
	refs    atomic.Int64
}

func (s *stream) Retain()               { s.refs.Add(1) }
func (s *stream) Release()              { s.refs.Add(-1) }
func (s *stream) Schema() *arrow.Schema { return s.schema }
func (s *stream) Err() error            { return nil }

// Record returns the current batch.
func (s *stream) Record() arrow.RecordBatch { return s.current }

// RecordBatch returns the current batch.
func (s *stream) RecordBatch() arrow.RecordBatch { return s.current }

// Next waits for the next batch.
func (s *stream) Next() bool {
	if s.current != nil {
		s.current.Release()
		s.current = nil
	}
	batch, ok := <-s.in
	s.current = batch
	return ok
}

func (s *stream) drain() {
	if s.current != nil {
		s.current.Release()
		s.current = nil
	}
	for batch := range s.in {
		batch.Release()
	}
}

// fill runs the parts, two at a time, and inserts what they emit into the
// table, inside whatever transaction conn is in; it returns the number of rows.
func (w *Warehouse) fill(ctx context.Context, conn *sql.Conn, table string, columns []warehouse.Column,
	parts []warehouse.Part, progress func(rows int64),
) (int64, error) {
	schema, err := arrowSchema(columns)
	if err != nil {
		return 0, err
	}
	loading, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	out := make(chan arrow.RecordBatch, 2)
	l := &reading{ctx: loading, stop: stop, schema: schema, zone: w.opts.Zone, out: out, progress: progress}
	loaded := make(chan error, 1)
	go func() {
		err := l.run(parts)
		close(out)
		loaded <- err
	}()
	in := &stream{schema: schema, in: out}
	insertErr := insertFrom(loading, conn, in, table, columns)
	if insertErr != nil {
		stop(insertErr)
	}
	in.drain()
	loadErr := <-loaded
	if odd := l.odd.Load(); odd > 0 {
		slog.Warn("warehouse: values that do not fit their column were left empty", "table", table, "count", odd)
	}
	// The loader's own error explains more than the insert that it broke off.
	if loadErr != nil && !errors.Is(loadErr, context.Canceled) {
		return 0, loadErr
	}
	if err := errors.Join(insertErr, ctx.Err()); err != nil {
		return 0, err
	}
	return l.total.Load(), loadErr
}

// reading is the reading side of fill.
type reading struct {
	ctx      context.Context
	stop     context.CancelCauseFunc
	schema   *arrow.Schema
	zone     *time.Location
	out      chan arrow.RecordBatch
	progress func(rows int64)
	total    atomic.Int64
	odd      atomic.Int64
}

// run loads all parts and returns the first error; the others are stopped.
func (l *reading) run(parts []warehouse.Part) error {
	var group sync.WaitGroup
	var once sync.Once
	var first error
	slots := make(chan struct{}, partsAtOnce)
	for _, part := range parts {
		slots <- struct{}{}
		if l.ctx.Err() != nil {
			<-slots
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			if err := l.load(part); err != nil {
				once.Do(func() { first = err })
				l.stop(err)
			}
		})
	}
	group.Wait()
	if first == nil && l.ctx.Err() != nil {
		first = context.Cause(l.ctx)
	}
	return first
}

func (l *reading) load(part warehouse.Part) (err error) {
	builder := array.NewRecordBuilder(mallocator.NewMallocator(), l.schema)
	defer builder.Release()
	b := &batcher{reading: l, builder: builder, fields: builder.Fields()}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("load: panic: %v", p)
		}
	}()
	if err := part(l.ctx, b.emit); err != nil {
		return err
	}
	return b.send()
}

// insertFrom runs INSERT … SELECT over the stream. The view is dropped in the
// same breath: it holds an address of this process.
func insertFrom(ctx context.Context, conn *sql.Conn, in *stream, table string, columns []warehouse.Column) error {
	return conn.Raw(func(raw any) error {
		link, err := driverpkg.NewArrowFromConn(raw.(driver.Conn))
		if err != nil {
			return err
		}
		release, err := link.RegisterView(in, sourceView)
		if err != nil {
			return err
		}
		defer release()
		exec := raw.(driver.ExecerContext)
		_, err = exec.ExecContext(ctx, "INSERT INTO "+quote(table)+" ("+nameList(columns)+") SELECT * FROM "+sourceView, nil)
		if err != nil {
			return err
		}
		_, err = exec.ExecContext(ctx, "DROP VIEW "+sourceView, nil)
		return err
	})
}
