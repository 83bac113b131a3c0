// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

var errNotReady = fault.New(fault.Unavailable, "warehouse.building",
	"The analysis data is being built for the first time. This takes a moment; try again.")

// Query runs one read-only question with ? parameters; cancelling ctx stops it.
func (w *Warehouse) Query(ctx context.Context, query string, args ...any) (warehouse.Rows, error) {
	if !w.Ready() {
		return nil, errNotReady
	}
	ctx, stop := w.live(ctx)
	rows, err := w.db.QueryContext(ctx, query, args...)
	if err != nil {
		err = w.notice(problem(ctx, err))
		stop()
		return nil, err
	}
	return &result{Rows: rows, w: w, ctx: ctx, stop: stop}, nil
}

// result gives the errors of reading the same names as those of asking.
type result struct {
	*sql.Rows
	w    *Warehouse
	ctx  context.Context
	stop func()
	err  error
}

// Next reads on; behind the last row nothing is held any more.
func (r *result) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.end()
	return false
}

// Close gives the connection back. The context ends after the rows have: the other way round what was not
// read to its end would be interrupted.
func (r *result) Close() error {
	err := r.Rows.Close()
	r.end()
	return err
}

func (r *result) end() {
	if r.stop != nil {
		r.err = r.w.notice(problem(r.ctx, r.Rows.Err()))
		r.stop()
		r.stop = nil
	}
}

// Err returns the error that ended the rows early.
func (r *result) Err() error {
	if r.stop == nil {
		return r.err
	}
	return r.w.notice(problem(r.ctx, r.Rows.Err()))
}

// problem prefers the caller's own cancellation over DuckDB's "Interrupted".
func problem(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	return asFault(err)
}

// Replace creates or replaces a derived table by the rows of a SELECT.
func (w *Warehouse) Replace(ctx context.Context, table, selectQuery string, args ...any) error {
	for _, t := range w.tables {
		if t.Name == table {
			return fmt.Errorf("replace %s: the table is fed from the system of record", table)
		}
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	position := w.nextPosition(0)
	err := w.within(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+quote(table)+" AS "+selectQuery, args...)
		if err != nil {
			return err
		}
		return savePosition(ctx, conn, position)
	})
	if err != nil {
		return fmt.Errorf("replace %s: %w", table, problem(ctx, err))
	}
	w.position.Store(&position)
	if err := w.readCatalog(ctx); err != nil {
		return err
	}
	for _, f := range w.followers {
		f.Replaced(table, position)
	}
	return nil
}

// Session runs fn on one connection that may create temporary tables.
func (w *Warehouse) Session(ctx context.Context, fn func(warehouse.Session) error) (err error) {
	if !w.Ready() {
		return errNotReady
	}
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return problem(ctx, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return fn(session{conn, w})
}

type session struct {
	conn *sql.Conn
	w    *Warehouse
}

// Exec runs a statement without rows.
func (s session) Exec(ctx context.Context, query string, args ...any) error {
	ctx, stop := s.w.live(ctx)
	defer stop()
	_, err := s.conn.ExecContext(ctx, query, args...)
	return problem(ctx, err)
}

// Query runs one question.
func (s session) Query(ctx context.Context, query string, args ...any) (warehouse.Rows, error) {
	ctx, stop := s.w.live(ctx)
	rows, err := s.conn.QueryContext(ctx, query, args...)
	if err != nil {
		err = s.w.notice(problem(ctx, err))
		stop()
		return nil, err
	}
	return &result{Rows: rows, w: s.w, ctx: ctx, stop: stop}, nil
}

// Status is what the system page shows.
type Status struct {
	Position warehouse.Position `json:"position"`
	IsReady  bool               `json:"ready"`
	Stale    string             `json:"stale,omitempty"`
	Bytes    int64              `json:"bytes"`
	Tables   []TableStatus      `json:"tables"`
}

// TableStatus is the size of one table.
type TableStatus struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// Status counts the rows of the registered tables.
func (w *Warehouse) Status(ctx context.Context) (Status, error) {
	s := Status{Position: w.Position(), IsReady: w.Ready(), Stale: w.Stale()}
	for _, t := range w.tables {
		var n int64
		if err := w.db.QueryRowContext(ctx, "SELECT count(*) FROM "+quote(t.Name)).Scan(&n); err != nil {
			return s, fmt.Errorf("count %s: %w", t.Name, problem(ctx, err))
		}
		s.Tables = append(s.Tables, TableStatus{t.Name, n})
	}
	var blocks, size int64
	row := w.db.QueryRowContext(ctx, "SELECT block_size, total_blocks FROM pragma_database_size()")
	if err := row.Scan(&size, &blocks); err != nil {
		return s, fmt.Errorf("size of warehouse: %w", problem(ctx, err))
	}
	s.Bytes = size * blocks
	return s, nil
}
