// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// Each reads many rows with little work a row: values come as the engine has them (int64, float64, string,
// []byte, bool or nil) in a slice that is used again for the next row. It reads in the transaction of ctx,
// else from the read pool.
func (db *DB) Each(ctx context.Context, row func(values []any) error, query string, args ...any) error {
	if db.writer == nil || db.txOf(ctx) != nil {
		return db.eachScanned(ctx, row, query, args)
	}
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return Fault(err)
	}
	defer func() { _ = conn.Close() }()
	var rowErr error
	err = conn.Raw(func(raw any) error {
		named := make([]driver.NamedValue, len(args))
		for i, value := range plain(args) {
			value, err := driver.DefaultParameterConverter.ConvertValue(value)
			if err != nil {
				return err
			}
			named[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
		}
		rows, err := raw.(driver.QueryerContext).QueryContext(ctx, query, named)
		if err != nil {
			return err
		}
		rowErr, err = eachDriven(rows, row)
		return errors.Join(err, rows.Close())
	})
	if rowErr != nil {
		return rowErr
	}
	return Fault(err)
}

// eachDriven reads without database/sql, which converts and copies each value; rowErr is what row says.
func eachDriven(rows driver.Rows, row func(values []any) error) (rowErr, err error) {
	dest := make([]driver.Value, len(rows.Columns()))
	values := make([]any, len(dest))
	for {
		if err := rows.Next(dest); err != nil {
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			return nil, err
		}
		for i, value := range dest {
			values[i] = value
		}
		if err := row(values); err != nil {
			return err, nil
		}
	}
}

func (db *DB) eachScanned(ctx context.Context, row func(values []any) error, query string, args []any) error {
	rows, err := db.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return Fault(err)
	}
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return Fault(err)
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return Fault(rows.Err())
}
