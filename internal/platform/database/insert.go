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
