// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// NextID returns an unused id for a row of the table.
func (db *DB) NextID(ctx context.Context, table string) (int64, error) {
	ids, err := db.NextIDs(ctx, table, 1)
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// NextIDs returns n unused ids, ascending, for rows of the table; every insert into a table with {{id}}
// takes its id here, on both engines. Ids of undone transactions may be given out again on SQLite.
func (db *DB) NextIDs(ctx context.Context, table string, n int) ([]int64, error) {
	if !isName(table) || n < 1 {
		return nil, fmt.Errorf("next ids of %q: bad table name or count %d", table, n)
	}
	if db.IsPostgres() {
		return db.nextFromSequence(ctx, table, n)
	}
	var last int64
	err := db.Within(ctx, func(ctx context.Context) error {
		return db.takeFromCounter(ctx, table, n, &last)
	})
	if err != nil {
		return nil, fmt.Errorf("next ids of %s: %w", table, err)
	}
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = last - int64(n-1-i)
	}
	return ids, nil
}

func (db *DB) takeFromCounter(ctx context.Context, table string, n int, last *int64) error {
	row := db.QueryRow(ctx, "UPDATE counters SET value = value + ? WHERE name = ? RETURNING value", n, table)
	err := row.Scan(last)
	if err != sql.ErrNoRows { //nolint:errorlint // Scan returns it bare
		return Fault(err)
	}
	// First use: rows made by migrations have ids already.
	row = db.QueryRow(ctx, "INSERT INTO counters (name, value) SELECT ?, COALESCE(MAX(id), 0) + ? FROM "+
		table+" RETURNING value", table, n)
	return Fault(row.Scan(last))
}

func (db *DB) nextFromSequence(ctx context.Context, table string, n int) ([]int64, error) {
	if err := db.ensureSequence(ctx, table); err != nil {
		return nil, err
	}
	ids, err := List(ctx, db, ScanInt, "SELECT nextval('"+table+"_ids') FROM generate_series(1, ?)", n)
	if err != nil {
		return nil, fmt.Errorf("next ids of %s: %w", table, err)
	}
	return ids, nil
}

// ensureSequence makes the sequence of a table outside the caller's transaction, once.
func (db *DB) ensureSequence(ctx context.Context, table string) error {
	if known := db.known.Load(); known != nil && (*known)[table] {
		return nil
	}
	// A lock, because CREATE … IF NOT EXISTS by two at once fails; the first value follows existing rows.
	tx, err := db.read.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return Fault(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := makeSequence(ctx, tx, table); err != nil {
		return fmt.Errorf("make sequence of %s: %w", table, Fault(err))
	}
	if err := tx.Commit(); err != nil {
		return Fault(err)
	}
	for {
		old := db.known.Load()
		grown := map[string]bool{table: true}
		if old != nil {
			for name := range *old {
				grown[name] = true
			}
		}
		if db.known.CompareAndSwap(old, &grown) {
			return nil
		}
	}
}

// sequenceLock is an arbitrary number that only this code locks.
const sequenceLock = 0x64616e676f6c01

func makeSequence(ctx context.Context, tx *sql.Tx, table string) error {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(sequenceLock)); err != nil {
		return err
	}
	var exists bool
	err := tx.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", table+"_ids").Scan(&exists)
	if err != nil || exists {
		return err
	}
	var last int64
	if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(id), 0) FROM "+table).Scan(&last); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("CREATE SEQUENCE %s_ids START %d", table, last+1))
	return err
}

// ScanInt reads a row of one whole number.
func ScanInt(rows *sql.Rows) (int64, error) {
	var n int64
	err := rows.Scan(&n)
	return n, err
}

// isName reports whether s can stand in SQL as a bare name.
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && s[0] > '9'
}
