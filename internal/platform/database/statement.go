// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Exec runs a statement in the transaction of ctx, else in one of its own.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if t := db.txOf(ctx); t != nil {
		if err := t.ready(ctx, query); err != nil {
			return nil, err
		}
		result, err := t.session.ExecContext(ctx, db.text(query), plain(args)...)
		if err != nil {
			return nil, Fault(t.check(err))
		}
		return result, nil
	}
	var result sql.Result
	err := db.Within(ctx, func(ctx context.Context) error {
		var err error
		result, err = db.Exec(ctx, query, args...)
		return err
	})
	return result, err
}

// Query reads in the transaction of ctx, else from the read pool.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	t := db.txOf(ctx)
	if t == nil {
		rows, err := db.read.QueryContext(ctx, db.text(query), plain(args)...)
		return rows, Fault(err)
	}
	if err := t.ready(ctx, query); err != nil {
		return nil, err
	}
	rows, err := t.session.QueryContext(ctx, db.text(query), plain(args)...)
	if err != nil {
		return nil, Fault(t.check(err))
	}
	return rows, nil
}

// QueryRow reads one row in the transaction of ctx, else from the read pool; pass the error of Scan
// through Fault.
func (db *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if t := db.txOf(ctx); t != nil && !t.over.Load() {
		_ = t.ahead.settle() // an error is told by the next call, at the latest by the end of the transaction
		return t.session.QueryRowContext(ctx, db.text(query), plain(args)...)
	}
	return db.read.QueryRowContext(ctx, db.text(query), plain(args)...)
}

// Scan reads one row into dest and maps the error: no row is fault.NotFound that still is sql.ErrNoRows.
func (db *DB) Scan(ctx context.Context, dest []any, query string, args ...any) error {
	return Fault(db.QueryRow(ctx, query, args...).Scan(dest...))
}

// Prepare prepares a statement for a hot loop inside the transaction of ctx; it is closed with the
// transaction. Its arguments are not converted: pass int64, float64, string and []byte only.
func (db *DB) Prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	t := db.txOf(ctx)
	if t == nil {
		return nil, fmt.Errorf("prepare outside a transaction: %s", query)
	}
	if err := t.ready(ctx, query); err != nil {
		return nil, err
	}
	if err := t.stop(); err != nil { // the statement will run without asking
		return nil, err
	}
	s, err := t.session.PrepareContext(ctx, db.text(query))
	if err != nil {
		return nil, Fault(t.check(err))
	}
	t.statements = append(t.statements, s)
	return s, nil
}

// Rows scans all rows and closes them.
func Rows[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, Fault(err)
	}
	defer func() { _ = rows.Close() }()
	var list []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, Fault(err)
		}
		list = append(list, item)
	}
	return list, Fault(rows.Err())
}

// List queries and scans all rows.
func List[T any](ctx context.Context, db *DB, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.Query(ctx, query, args...)
	return Rows(rows, err, scan)
}

// Stream queries and hands on one row after another, for lists too long to be held.
func Stream[T any](ctx context.Context, db *DB, scan func(*sql.Rows) (T, error), emit func(T) error, query string, args ...any) error {
	rows, err := db.Query(ctx, query, args...)
	if err != nil {
		return Fault(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return Fault(err)
		}
		if err := emit(item); err != nil {
			return err
		}
	}
	return Fault(rows.Err())
}

func (db *DB) text(query string) string {
	if db.writer != nil {
		return query
	}
	return db.rebind.query(query)
}

func (t *tx) ready(ctx context.Context, query string) error {
	if t.over.Load() {
		return errTxOver
	}
	if err := t.ahead.settle(); err != nil {
		return err
	}
	if t.failed != nil {
		return t.failed
	}
	if t.lost != nil {
		return t.lost
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return Fault(t.db.injected(query))
}

// check notices when SQLite has rolled back the whole transaction because of err: what follows would
// run outside any transaction.
func (t *tx) check(err error) error {
	if t.db.writer != nil && t.db.writer.inAutocommit() {
		t.lost = err
	}
	return err
}

// plain converts arguments to what both engines store alike: booleans are 0 and 1, times are
// microseconds, raw JSON is text.
func plain(args []any) []any {
	for i, a := range args {
		switch a.(type) {
		case bool, *bool, time.Time, *time.Time, json.RawMessage:
			return converted(args, i)
		}
	}
	return args
}

func converted(args []any, from int) []any {
	out := append([]any(nil), args...)
	for i := from; i < len(out); i++ {
		switch v := out[i].(type) {
		case bool:
			out[i] = number(v)
		case *bool:
			if out[i] = nil; v != nil {
				out[i] = number(*v)
			}
		case time.Time:
			out[i] = v.UnixMicro()
		case *time.Time:
			if out[i] = nil; v != nil {
				out[i] = v.UnixMicro()
			}
		case json.RawMessage:
			if out[i] = nil; v != nil {
				out[i] = string(v)
			}
		}
	}
	return out
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
