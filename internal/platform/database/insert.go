// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"fmt"
	"strings"
)

// insertVariables bounds the parameters of one INSERT: SQLite takes 32,766 and
// PostgreSQL 65,535, and beyond about a thousand nothing gets faster.
const insertVariables = 1200

// InsertRows inserts many rows, given as one flat list of values in the order
// of columns, by statements of many rows each; it must run inside a transaction.
// Values are int64, float64, string, []byte or nil. suffix, such as
// "ON CONFLICT DO NOTHING", may be empty.
func (db *DB) InsertRows(ctx context.Context, table string, columns []string, values []any, suffix string) error {
	width := len(columns)
	if width == 0 || len(values)%width != 0 {
		return fmt.Errorf("insert into %s: %d values for %d columns", table, len(values), width)
	}
	if t := db.txOf(ctx); t != nil && db.writer != nil {
		return db.writer.insertRows(ctx, t, table, columns, values, suffix)
	}
	chunk := max(insertVariables/width, 1) * width
	if len(values) >= chunk {
		statement, err := db.Prepare(ctx, insertText(table, columns, chunk/width, suffix))
		if err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		for ; len(values) >= chunk; values = values[chunk:] {
			if _, err := statement.ExecContext(ctx, values[:chunk]...); err != nil {
				return fmt.Errorf("insert into %s: %w", table, Fault(err))
			}
		}
	}
	if len(values) == 0 {
		return nil
	}
	if _, err := db.Exec(ctx, insertText(table, columns, len(values)/width, suffix), values...); err != nil {
		return fmt.Errorf("insert into %s: %w", table, err)
	}
	return nil
}

func insertText(table string, columns []string, rows int, suffix string) string {
	row := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " +
		row + strings.Repeat(", "+row, rows-1) + " " + suffix
}

// Marks returns "?, ?, …" with n placeholders, for IN lists.
func Marks(n int) string {
	if n < 1 {
		return "NULL"
	}
	return "?" + strings.Repeat(", ?", n-1)
}

// UpdateRows changes many rows of a table by id, given as one flat list of
// values: types names the SQL type of each column of values, the first being
// the id; set says what changes, with the columns as v.c1, v.c2…:
//
//	db.UpdateRows(ctx, "orders", []string{"BIGINT", "BIGINT"}, "amount = orders.amount + v.c2", values)
func (db *DB) UpdateRows(ctx context.Context, table string, types []string, set string, values []any) error {
	return db.UpdateAlike(ctx, table, types, set, "", values)
}

// UpdateAlike is UpdateRows for rows that have values in common: set may hold
// placeholders, where, which may be empty, says which of the rows change and
// may hold more, and shared are the values of both in order.
func (db *DB) UpdateAlike(ctx context.Context, table string, types []string, set, where string, values []any, shared ...any) error {
	width := len(types)
	if width == 0 || len(values)%width != 0 {
		return fmt.Errorf("update %s: %d values for %d columns", table, len(values), width)
	}
	// Powers of two, so that few statements are prepared again and again.
	rows := 1
	for rows*2*width <= insertVariables {
		rows *= 2
	}
	for len(values) > 0 {
		for rows*width > len(values) {
			rows /= 2
		}
		n := rows * width
		args := append(values[:n:n], shared...)
		if _, err := db.Exec(ctx, updateText(table, types, rows, set, where), args...); err != nil {
			return fmt.Errorf("update %s: %w", table, err)
		}
		values = values[n:]
	}
	return nil
}

// updateText casts the first row, from which PostgreSQL takes the types of all.
func updateText(table string, types []string, rows int, set, where string) string {
	names, first := make([]string, len(types)), make([]string, len(types))
	for i, name := range types {
		names[i] = fmt.Sprintf("c%d", i+1)
		first[i] = "CAST(? AS " + name + ")"
	}
	row := "(?" + strings.Repeat(", ?", len(types)-1) + ")"
	return "WITH v (" + strings.Join(names, ", ") + ") AS (VALUES (" + strings.Join(first, ", ") + ")" +
		strings.Repeat(", "+row, rows-1) + ") UPDATE " + table + " SET " + set + " FROM v WHERE " + table + ".id = v.c1" + and(where)
}

func and(where string) string {
	if where == "" {
		return ""
	}
	return " AND " + where
}
