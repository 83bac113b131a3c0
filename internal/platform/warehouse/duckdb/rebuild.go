// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"dangol/internal/platform/warehouse"
)

// Progress tells how many rows of a table a rebuild has read.
type Progress func(table string, rows int64)

const fresh = "fresh_" // prefix of tables that are being built beside the readers

// Rebuild loads every table anew beside the readers and swaps them in one
// transaction. head is asked first: what is loaded contains at least that
// position of the journal.
func (w *Warehouse) Rebuild(ctx context.Context, head func(ctx context.Context) (int64, error), progress Progress) error {
	ctx, cancel := gentle(ctx)
	defer cancel(nil)
	w.writing.Lock()
	defer w.writing.Unlock()
	seq, err := head(ctx)
	if err != nil {
		return fmt.Errorf("rebuild warehouse: journal head: %w", err)
	}
	started := time.Now()
	for _, t := range w.tables {
		if err := w.build(ctx, t, progress); err != nil {
			return fmt.Errorf("rebuild warehouse: %s: %w", t.Name, asFault(err))
		}
	}
	position := w.nextPosition(0)
	position.Seq = seq // may lie before the old one when the system of record was restored
	if err := w.within(ctx, func(conn *sql.Conn) error { return w.swap(ctx, conn, position) }); err != nil {
		return fmt.Errorf("rebuild warehouse: %w", asFault(err))
	}
	if err := w.afterRebuild(ctx, position); err != nil {
		return err
	}
	slog.Info("warehouse: rebuilt", "seq", seq, "seconds", time.Since(started).Seconds())
	return nil
}

func (w *Warehouse) build(ctx context.Context, t warehouse.Table, progress Progress) error {
	columns, err := tableColumns(ctx, t)
	if err != nil {
		return err
	}
	name := fresh + t.Name
	if err := w.replaceEmpty(ctx, name, columns); err != nil {
		return err
	}
	parts, err := wholeOf(ctx, t)
	if err != nil {
		return err
	}
	report := func(rows int64) {
		if progress != nil {
			progress(t.Name, rows)
		}
	}
	return w.within(ctx, func(conn *sql.Conn) error {
		rows, err := w.fill(ctx, conn, name, columns, parts, report)
		if err != nil {
			return err
		}
		report(rows)
		w.loosen(t, rows)
		return nil
	})
}

// cluster rewrites a table in an order, inside the caller's transaction.
func cluster(ctx context.Context, conn *sql.Conn, from, to, order string) error {
	ordered := "ordered_" + to
	for _, q := range []string{
		"CREATE OR REPLACE TABLE " + quote(ordered) + " AS SELECT * FROM " + quote(from) + " ORDER BY " + order,
		"DROP TABLE " + quote(from),
		"ALTER TABLE " + quote(ordered) + " RENAME TO " + quote(to),
	} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("order %s: %w", to, err)
		}
	}
	return nil
}

// swap puts the fresh tables in place. Derived tables are dropped: OnRebuilt
// computes them anew from the fresh rows.
func (w *Warehouse) swap(ctx context.Context, conn *sql.Conn, position warehouse.Position) error {
	names, err := tableNames(ctx, conn)
	if err != nil {
		return err
	}
	if err := w.retireAll(ctx, conn); err != nil {
		return err
	}
	for _, name := range names {
		if name == metaTable || len(name) > len(fresh) && name[:len(fresh)] == fresh {
			continue
		}
		if _, err := conn.ExecContext(ctx, "DROP TABLE "+quote(name)); err != nil {
			return err
		}
	}
	for _, t := range w.tables {
		if w.isAged(t) {
			if _, err := conn.ExecContext(ctx, "DROP VIEW IF EXISTS "+quote(t.Name)); err != nil {
				return err
			}
		}
		q := "ALTER TABLE " + quote(fresh+t.Name) + " RENAME TO " + quote(w.rowsOf(t))
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	if err := w.beginCold(ctx, conn); err != nil {
		return err
	}
	return savePosition(ctx, conn, position)
}

func tableNames(ctx context.Context, conn *sql.Conn) (names []string, err error) {
	rows, err := conn.QueryContext(ctx,
		"SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary AND schema_name = 'main'")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, rows.Err()
}

func (w *Warehouse) afterRebuild(ctx context.Context, position warehouse.Position) error {
	if err := w.readCatalog(ctx); err != nil {
		return asFault(err)
	}
	w.position.Store(&position)
	w.setStale("")
	w.coldNoticed.Store(false)
	w.ready.Store(true)
	w.checkpoint(ctx)
	everything := make([]change, len(w.tables))
	for i, t := range w.tables {
		everything[i] = change{table: t, all: true}
	}
	w.tellChanged(ctx, everything)
	w.watching.Lock()
	followers := slices.Clone(w.rebuilt)
	w.watching.Unlock()
	// The lock is free for these: they write derived tables themselves.
	w.writing.Unlock()
	defer w.writing.Lock()
	for _, fn := range followers {
		if err := fn(ctx); err != nil && ctx.Err() == nil { // a program that ends computes them when it starts again
			slog.Warn("warehouse: a derived table was not computed after the rebuild", "error", err)
		}
	}
	return nil
}

// Compact orders the tables anew after many changes and gives back deleted
// rows; questions go on meanwhile.
func (w *Warehouse) Compact(ctx context.Context) error {
	ctx, cancel := gentle(ctx)
	defer cancel(nil)
	for _, t := range w.tables {
		if err := w.compact(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (w *Warehouse) compact(ctx context.Context, t warehouse.Table) error {
	if t.Cluster == "" {
		return nil
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	started := time.Now()
	err := w.within(ctx, func(conn *sql.Conn) error { return cluster(ctx, conn, w.rowsOf(t), w.rowsOf(t), t.Cluster) })
	if err != nil {
		return fmt.Errorf("compact warehouse: %w", asFault(err))
	}
	w.loose[t.Name] = 0
	w.checkpoint(ctx)
	slog.Debug("warehouse: compacted", "table", t.Name, "seconds", time.Since(started).Seconds())
	return nil
}

const (
	// looseRows is how many rows must lie outside their order before it is
	// worth laying them anew; looseShare is the part of the table.
	looseRows  = 200_000
	looseShare = 0.2
	// restBefore is how long nothing must have come in before.
	restBefore = 20 * time.Second
)

// loosen counts rows that were added outside the order of their table.
func (w *Warehouse) loosen(t warehouse.Table, rows int64) {
	if t.Cluster != "" {
		w.loose[t.Name] += rows
		w.fedAt.Store(time.Now().UnixNano())
	}
}

// tidy compacts what has become loose whenever the feed rests.
func (w *Warehouse) tidy(ctx context.Context) {
	ticker := time.NewTicker(restBefore / 4)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		w.sweep(ctx, retiredFor)
		if time.Since(time.Unix(0, w.fedAt.Load())) < restBefore {
			continue
		}
		for _, t := range w.tables {
			if !w.isLoose(ctx, t) {
				continue
			}
			if err := w.compact(ctx, t); err != nil && ctx.Err() == nil {
				slog.Warn("warehouse: a table was not compacted; it is tried again later", "table", t.Name, "error", err)
				w.fedAt.Store(time.Now().UnixNano())
			}
		}
	}
}

func (w *Warehouse) isLoose(ctx context.Context, t warehouse.Table) bool {
	w.writing.Lock()
	loose := w.loose[t.Name]
	w.writing.Unlock()
	if loose < looseRows {
		return false
	}
	var rows int64
	err := w.db.QueryRowContext(ctx, "SELECT count(*) FROM "+quote(w.rowsOf(t))).Scan(&rows)
	return err == nil && float64(loose) > looseShare*float64(rows)
}

// checkpoint writes the log back; DuckDB refuses while others are at work and
// then does it by itself later.
func (w *Warehouse) checkpoint(ctx context.Context) {
	if _, err := w.db.ExecContext(ctx, "CHECKPOINT"); err != nil {
		slog.Debug("warehouse: checkpoint comes later", "error", err)
	}
}
