// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/warehouse"
)

// layout grows when this code stores tables in another way; files of another
// layout are rebuilt.
const layout = 1

const metaTable = "warehouse_meta"

// prepareFile makes the meta table and the missing tables, and finds out
// whether a rebuild is due.
func (w *Warehouse) prepareFile(ctx context.Context) error {
	_, err := w.db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+metaTable+
		" (name VARCHAR PRIMARY KEY, value BIGINT NOT NULL)")
	if err != nil {
		return err
	}
	meta, err := w.readMeta(ctx)
	if err != nil {
		return err
	}
	built, isBuilt := meta["layout"]
	why := ""
	switch {
	case !isBuilt:
		why = "the warehouse has not been built yet"
	case built != layout:
		why = "the warehouse was built by another version"
	}
	if err := w.readCatalog(ctx); err != nil {
		return err
	}
	changed, err := w.makeTables(ctx)
	if err != nil {
		return err
	}
	if why == "" && changed != "" {
		why = "table " + changed + " has changed"
	}
	w.ready.Store(isBuilt && why == "")
	w.setStale(why)
	w.position.Store(&warehouse.Position{
		Seq: meta["seq"], At: time.UnixMicro(meta["at"]).UTC(), Version: meta["version"],
	})
	return nil
}

func (w *Warehouse) readMeta(ctx context.Context) (map[string]int64, error) {
	rows, err := w.db.QueryContext(ctx, "SELECT name, value FROM "+metaTable)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	meta := map[string]int64{}
	for rows.Next() {
		var name string
		var value int64
		if err := rows.Scan(&name, &value); err != nil {
			return nil, err
		}
		meta[name] = value
	}
	return meta, rows.Err()
}

// makeTables creates what is missing and widens what lacks columns; it names
// the first table that needs to be loaded anew.
func (w *Warehouse) makeTables(ctx context.Context) (string, error) {
	changed := ""
	for _, t := range w.tables {
		columns, err := tableColumns(ctx, t)
		if err != nil {
			return "", err
		}
		fits, err := w.prepareTier(ctx, t)
		if err != nil {
			return "", fmt.Errorf("cold tier of %s: %w", t.Name, err)
		}
		if fits && w.fits(w.rowsOf(t), t.Columns) {
			continue
		}
		changed = t.Name
		if err := w.makeEmpty(ctx, t, columns); err != nil {
			return "", fmt.Errorf("make table %s: %w", t.Name, err)
		}
	}
	return changed, w.readCatalog(ctx)
}

func (w *Warehouse) replaceEmpty(ctx context.Context, table string, columns []warehouse.Column) error {
	_, err := w.db.ExecContext(ctx, "CREATE OR REPLACE TABLE "+quote(table)+" ("+columnList(columns)+")")
	return err
}

func (w *Warehouse) fits(table string, columns []warehouse.Column) bool {
	catalog := *w.catalog.Load()
	for _, c := range columns {
		if catalog[table+"."+c.Name] != c.Type {
			return false
		}
	}
	return true
}

// tableColumns lists the fixed columns followed by those known at run time.
func tableColumns(ctx context.Context, t warehouse.Table) ([]warehouse.Column, error) {
	columns := append([]warehouse.Column(nil), t.Columns...)
	if t.Extra == nil {
		return columns, nil
	}
	extra, err := t.Extra(ctx)
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", t.Name, err)
	}
	return append(columns, extra...), nil
}

func (w *Warehouse) readCatalog(ctx context.Context) error {
	rows, err := w.db.QueryContext(ctx,
		"SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal AND schema_name = 'main'")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	catalog := map[string]string{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			return err
		}
		catalog[table+"."+column] = kind
	}
	if err := rows.Err(); err != nil {
		return err
	}
	w.catalog.Store(&catalog)
	return nil
}

// Column says whether a table has a column at this moment, and its type.
func (w *Warehouse) Column(table, column string) (string, bool) {
	kind, ok := (*w.catalog.Load())[table+"."+column]
	return kind, ok
}

// Widen adds columns that have appeared since the last load.
func (w *Warehouse) Widen(ctx context.Context) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	return w.widen(ctx)
}

func (w *Warehouse) widen(ctx context.Context) error {
	isWider := false
	for _, t := range w.tables {
		columns, err := tableColumns(ctx, t)
		if err != nil {
			return err
		}
		for _, c := range columns {
			kind, has := w.Column(t.Name, c.Name)
			if has && kind == c.Type {
				continue
			}
			if err := w.addColumn(ctx, t.Name, c, has); err != nil {
				return fmt.Errorf("widen %s by %s: %w", t.Name, c.Name, err)
			}
			isWider = true
		}
	}
	if !isWider {
		return nil
	}
	return w.readCatalog(ctx)
}

// addColumn adds a column, or exchanges one whose type has changed: the values
// come with the rows that the same change touches.
func (w *Warehouse) addColumn(ctx context.Context, table string, c warehouse.Column, has bool) error {
	if has {
		if _, err := w.db.ExecContext(ctx, "ALTER TABLE "+quote(table)+" DROP COLUMN "+quote(c.Name)); err != nil {
			return err
		}
	}
	_, err := w.db.ExecContext(ctx, "ALTER TABLE "+quote(table)+" ADD COLUMN "+quote(c.Name)+" "+c.Type)
	return err
}

// Position is what the next question will at least include.
func (w *Warehouse) Position() warehouse.Position { return *w.position.Load() }

// savePosition stores the position inside the transaction that changed the data.
func savePosition(ctx context.Context, tx execer, p warehouse.Position) error {
	for name, value := range map[string]int64{
		"layout": layout, "seq": p.Seq, "at": p.At.UnixMicro(), "version": p.Version,
	} {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO "+metaTable+" VALUES (?, ?)", name, value)
		if err != nil {
			return fmt.Errorf("save warehouse position: %w", err)
		}
	}
	return nil
}

func (w *Warehouse) nextPosition(seq int64) warehouse.Position {
	now := w.Position()
	return warehouse.Position{Seq: max(seq, now.Seq), At: w.opts.Clock().UTC(), Version: now.Version + 1}
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func columnList(columns []warehouse.Column) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = quote(c.Name) + " " + c.Type
	}
	return strings.Join(parts, ", ")
}

func nameList(columns []warehouse.Column) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = quote(c.Name)
	}
	return strings.Join(parts, ", ")
}
