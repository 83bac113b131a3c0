// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

// inserterLimit bounds the statements that the writer keeps ready; each holds its program and its values,
// about 100 KiB.
const inserterLimit = 96

// insertRows inserts rows by statements whose numbers of rows are powers of two, so that few are needed.
// Only the holder of the baton may call it.
func (w *writer) insertRows(ctx context.Context, t *tx, table string, columns []string, values []any, suffix string) error {
	width := len(columns)
	rows := 1
	for rows*2*width <= insertVariables {
		rows *= 2
	}
	for len(values) > 0 {
		for rows*width > len(values) {
			rows /= 2
		}
		text := insertText(table, columns, rows, suffix)
		if err := t.ahead.ready(ctx, t, text); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		part, err := named(t.ahead.space(rows*width), values[:rows*width])
		if err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		if t.ahead != nil {
			t.ahead.send(table, text, part)
		} else if err := w.insert(t, text, part); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		values = values[rows*width:]
	}
	return nil
}

// named fills the arguments of a statement.
func named(into []driver.NamedValue, values []any) (_ []driver.NamedValue, err error) {
	for n, value := range values {
		switch value.(type) {
		case nil, int64, string, []byte, float64:
		default:
			if value, err = driver.DefaultParameterConverter.ConvertValue(value); err != nil {
				return nil, err
			}
		}
		into[n].Ordinal, into[n].Value = n+1, value
	}
	return into, nil
}

func (w *writer) insert(t *tx, text string, values []driver.NamedValue) error {
	statement, err := w.inserter(text)
	if err != nil {
		return Fault(t.check(err))
	}
	// As a query, because the driver then binds all values and steps in one call into C and copies less.
	found, err := statement.QueryContext(context.Background(), values)
	if err == nil {
		err = found.Close()
	}
	if err != nil {
		return Fault(t.check(err))
	}
	return nil
}

// inserter returns the prepared statement of the text, which the writer keeps from one slice to the next:
// preparing an INSERT of many rows costs as much as running it.
func (w *writer) inserter(text string) (*sqlite3.SQLiteStmt, error) {
	if statement := w.inserters[text]; statement != nil {
		return statement, nil
	}
	if len(w.inserters) >= inserterLimit {
		logProblem("close statements", w.closeInserters())
	}
	prepared, err := w.raw.Prepare(text)
	if err != nil {
		return nil, err
	}
	if w.inserters == nil {
		w.inserters = map[string]*sqlite3.SQLiteStmt{}
	}
	statement := prepared.(*sqlite3.SQLiteStmt)
	w.inserters[text] = statement
	return statement, nil
}

func (w *writer) closeInserters() (err error) {
	for _, statement := range w.inserters {
		err = errors.Join(err, statement.Close())
	}
	clear(w.inserters)
	return err
}
