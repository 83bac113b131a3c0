// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"dangol/internal/platform/warehouse"
)

const (
	checkPrefix = "check_"
	// shownKeys is how many differing subjects a report names.
	shownKeys = 10
	// repeatable is how many differing subjects are worth reading once more.
	repeatable = 100_000
)

// TableCheck compares one table with the system of record.
type TableCheck struct {
	Table     string            `json:"table"`
	Rows      int64             `json:"rows"`
	Expected  int64             `json:"expected"`
	Sums      map[string]string `json:"sums,omitempty"`
	Hash      string            `json:"hash"`
	Wanted    string            `json:"expected_hash"`
	Differing int64             `json:"differing"`
	Keys      []int64           `json:"keys,omitempty"`
}

// Agrees says that the table holds exactly the rows of the system of record.
func (c TableCheck) Agrees() bool {
	return c.Rows == c.Expected && c.Hash == c.Wanted && c.Differing == 0
}

// Check reads every table's rows from the system of record and compares counts,
// sums and content with the warehouse. catchUp, when given, is called with the
// differing subjects still in hand: rows changed meanwhile get a second look
// after the feed has taken them in.
func (w *Warehouse) Check(ctx context.Context, catchUp func(ctx context.Context) error) ([]TableCheck, error) {
	var list []TableCheck
	for _, t := range w.tables {
		c, err := w.checkTable(ctx, t, catchUp)
		if err != nil {
			return list, fmt.Errorf("check %s: %w", t.Name, asFault(err))
		}
		list = append(list, c)
	}
	return list, nil
}

func (w *Warehouse) checkTable(ctx context.Context, t warehouse.Table, catchUp func(ctx context.Context) error) (TableCheck, error) {
	whole, err := wholeOf(ctx, t)
	if err != nil {
		return TableCheck{}, err
	}
	c, keys, err := w.compare(ctx, t, whole, nil)
	if err != nil || len(keys) == 0 || len(keys) > repeatable || catchUp == nil {
		return c, err
	}
	if err := catchUp(ctx); err != nil {
		return c, fmt.Errorf("wait for the feed: %w", err)
	}
	again, _, err := w.compare(ctx, t, []warehouse.Part{inSlices(t, keys)}, keys)
	if err != nil {
		return c, err
	}
	if again.Differing == 0 {
		c.Expected, c.Wanted, c.Differing, c.Keys = c.Rows, c.Hash, 0, nil
		return c, nil
	}
	c.Differing, c.Keys = again.Differing, again.Keys
	return c, nil
}

// compare loads rows into a table of its own, compares, and undoes the load.
func (w *Warehouse) compare(ctx context.Context, t warehouse.Table, load []warehouse.Part, only []int64) (TableCheck, []int64, error) {
	w.writing.Lock()
	defer w.writing.Unlock()
	if err := w.widen(ctx); err != nil {
		return TableCheck{}, nil, err
	}
	columns, err := tableColumns(ctx, t)
	if err != nil {
		return TableCheck{}, nil, err
	}
	c := TableCheck{Table: t.Name, Sums: map[string]string{}}
	var keys []int64
	name := checkPrefix + t.Name
	err = w.within(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+quote(name)+" ("+columnList(columns)+")")
		if err != nil {
			return err
		}
		if _, err := w.fill(ctx, conn, name, columns, load, nil); err != nil {
			return err
		}
		if err := c.measure(ctx, conn, t, name, columns); err != nil {
			return err
		}
		keys, err = differing(ctx, conn, t, name, columns, only)
		if err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, "DROP TABLE "+quote(name))
		return err
	})
	c.Differing = int64(len(keys))
	c.Keys = slices.Clone(keys[:min(len(keys), shownKeys)])
	return c, keys, err
}

// measure fills counts, sums and the order-free content hash of both sides.
func (c *TableCheck) measure(ctx context.Context, conn *sql.Conn, t warehouse.Table, name string, columns []warehouse.Column) error {
	sums := []string{}
	for _, col := range columns {
		if col.Type == warehouse.BigInt && col.Name != t.Key && !strings.HasSuffix(col.Name, "_id") {
			sums = append(sums, col.Name)
		}
	}
	query := "SELECT count(*), COALESCE(sum(hash(" + nameList(columns) + "))::VARCHAR, '0')"
	for _, s := range sums {
		query += ", COALESCE(sum(" + quote(s) + ")::VARCHAR, '0')"
	}
	ask := func(table string, rows *int64, hash *string) ([]string, error) {
		values := make([]string, len(sums))
		dest := []any{rows, hash}
		for i := range values {
			dest = append(dest, &values[i])
		}
		err := conn.QueryRowContext(ctx, query+" FROM "+quote(table)).Scan(dest...)
		return values, err
	}
	have, err := ask(t.Name, &c.Rows, &c.Hash)
	if err != nil {
		return err
	}
	want, err := ask(name, &c.Expected, &c.Wanted)
	if err != nil {
		return err
	}
	for i, s := range sums {
		c.Sums[s] = have[i]
		if have[i] != want[i] {
			c.Sums[s] += " (expected " + want[i] + ")"
		}
	}
	return nil
}

// differing lists the key values whose rows are not the same on both sides.
func differing(ctx context.Context, conn *sql.Conn, t warehouse.Table, name string,
	columns []warehouse.Column, only []int64,
) (keys []int64, err error) {
	limit := ""
	if only != nil {
		parts := make([]string, len(only))
		for i, id := range only {
			parts[i] = fmt.Sprint(id)
		}
		limit = " WHERE " + quote(t.Key) + " IN (" + strings.Join(parts, ",") + ")"
	}
	side := func(table string) string {
		return "(SELECT COALESCE(" + quote(t.Key) + ", -1) k, count(*) n, sum(hash(" + nameList(columns) + ")) h FROM " +
			quote(table) + limit + " GROUP BY 1)"
	}
	rows, err := conn.QueryContext(ctx, "SELECT COALESCE(a.k, b.k) FROM "+side(t.Name)+" a FULL JOIN "+side(name)+
		" b ON a.k = b.k WHERE a.n IS DISTINCT FROM b.n OR a.h IS DISTINCT FROM b.h ORDER BY 1")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var key int64
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}
