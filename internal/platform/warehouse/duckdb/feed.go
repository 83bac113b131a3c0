// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"dangol/internal/platform/warehouse"
)

const (
	// idsPerLoad keeps one read of the system of record short, so that its
	// write-ahead log can be taken in between.
	idsPerLoad = 5_000
	// wholeShare is the share of touched subjects from which loading the whole
	// table is cheaper than replacing rows.
	wholeShare = 0.3
	// wholeFloor spares small tables the choice.
	wholeFloor = 20_000
	touched    = "touched_ids"
)

// change is what one table has to take in.
type change struct {
	table warehouse.Table
	ids   []int64
	all   bool
}

// Apply takes a run of numbered entries in: touched rows are read again and
// replaced, the position moves with them. Applying an entry twice is harmless.
func (w *Warehouse) Apply(ctx context.Context, entries []warehouse.Entry) error {
	ctx, cancel := gentle(ctx)
	defer cancel(nil)
	if len(entries) == 0 {
		return nil
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	changes, err := w.changes(ctx, entries)
	if err != nil {
		return err
	}
	if err := w.widen(ctx); err != nil {
		return asFault(err)
	}
	position := w.nextPosition(entries[len(entries)-1].Seq)
	if len(changes) == 0 {
		position.Version-- // nothing changed: cached answers stay right
	}
	err = w.within(ctx, func(conn *sql.Conn) error {
		for _, c := range changes {
			if err := w.take(ctx, conn, c); err != nil {
				return fmt.Errorf("feed %s: %w", c.table.Name, err)
			}
		}
		return savePosition(ctx, conn, position)
	})
	if err != nil {
		return asFault(err)
	}
	w.position.Store(&position)
	w.tellChanged(ctx, changes)
	return nil
}

// changes collects the touched key values of each table.
func (w *Warehouse) changes(ctx context.Context, entries []warehouse.Entry) ([]change, error) {
	var list []change
	for _, t := range w.tables {
		set := map[int64]struct{}{}
		isAll := false
		for _, e := range entries {
			if !t.FollowsKind(e.Kind) {
				continue
			}
			ids, all, err := subjects(ctx, t, e)
			if err != nil {
				return nil, fmt.Errorf("subjects of %s in entry %d: %w", t.Name, e.Seq, err)
			}
			isAll = isAll || all
			for _, id := range ids {
				set[id] = struct{}{}
			}
		}
		if !isAll && len(set) == 0 {
			continue
		}
		c := change{table: t, all: isAll}
		for id := range set {
			c.ids = append(c.ids, id)
		}
		slices.Sort(c.ids)
		list = append(list, c)
	}
	return list, nil
}

func subjects(ctx context.Context, t warehouse.Table, e warehouse.Entry) ([]int64, bool, error) {
	if t.Subjects != nil {
		return t.Subjects(ctx, e)
	}
	if e.SubjectKind != t.Subject {
		return nil, false, nil
	}
	if !e.Bulk || e.Touched == nil {
		return e.SubjectIDs, false, nil
	}
	var ids []int64
	err := e.Touched(ctx, func(id int64) error {
		ids = append(ids, id)
		return nil
	})
	return ids, false, err
}

func (w *Warehouse) take(ctx context.Context, conn *sql.Conn, c change) error {
	columns, err := tableColumns(ctx, c.table)
	if err != nil {
		return err
	}
	added := []int64(nil)
	if !c.all && c.table.Grows {
		if c.ids, added, err = unknown(ctx, conn, c); err != nil {
			return err
		}
	}
	if c.all || w.isMost(ctx, conn, c) {
		return w.takeWhole(ctx, conn, c.table, columns)
	}
	if len(added) > 0 {
		n, err := w.fill(ctx, conn, c.table.Name, columns, halves(c.table, added), nil)
		if err != nil {
			return err
		}
		w.loosen(c.table, n)
	}
	if len(c.ids) == 0 {
		return nil
	}
	return w.replace(ctx, conn, c, columns)
}

// unknown tells the keys that are beyond all of the table from those that it may hold.
func unknown(ctx context.Context, conn *sql.Conn, c change) (known, added []int64, err error) {
	var last sql.NullInt64
	err = conn.QueryRowContext(ctx, "SELECT max("+quote(c.table.Key)+") FROM "+quote(c.table.Name)).Scan(&last)
	if err != nil {
		return nil, nil, err
	}
	if !last.Valid {
		return nil, c.ids, nil
	}
	at, isKnown := slices.BinarySearch(c.ids, last.Int64)
	if isKnown {
		at++
	}
	return c.ids[:at], c.ids[at:], nil
}

// halves loads keys in as many parts as are read at once.
func halves(t warehouse.Table, ids []int64) []warehouse.Part {
	var parts []warehouse.Part
	for half := range slices.Chunk(ids, max(idsPerLoad, (len(ids)+partsAtOnce-1)/partsAtOnce)) {
		parts = append(parts, inSlices(t, half))
	}
	return parts
}

// replace reads the rows of the keys again.
func (w *Warehouse) replace(ctx context.Context, conn *sql.Conn, c change, columns []warehouse.Column) error {
	_, err := conn.ExecContext(ctx, "CREATE OR REPLACE TEMP TABLE "+touched+" (id BIGINT)")
	if err != nil {
		return err
	}
	ids := func(_ context.Context, emit func(row ...any) error) error {
		for _, id := range c.ids {
			if err := emit(id); err != nil {
				return err
			}
		}
		return nil
	}
	idColumn := []warehouse.Column{{Name: "id", Type: warehouse.BigInt}}
	if _, err := w.fill(ctx, conn, touched, idColumn, []warehouse.Part{ids}, nil); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "DELETE FROM "+quote(w.rowsOf(c.table))+" WHERE "+quote(c.table.Key)+
		" IN (SELECT id FROM "+touched+")")
	if err != nil {
		return err
	}
	if err := w.hideCold(ctx, conn, c.table); err != nil {
		return err
	}
	n, err := w.fill(ctx, conn, w.rowsOf(c.table), columns, []warehouse.Part{inSlices(c.table, c.ids)}, nil)
	w.loosen(c.table, n)
	return err
}

// isMost says whether so many subjects are touched that a whole load is cheaper.
func (w *Warehouse) isMost(ctx context.Context, conn *sql.Conn, c change) bool {
	if len(c.ids) < wholeFloor {
		return false
	}
	var subjects int64
	err := conn.QueryRowContext(ctx,
		"SELECT approx_count_distinct("+quote(c.table.Key)+") FROM "+quote(c.table.Name)).Scan(&subjects)
	return err == nil && float64(len(c.ids)) > wholeShare*float64(subjects)
}

func (w *Warehouse) takeWhole(ctx context.Context, conn *sql.Conn, t warehouse.Table, columns []warehouse.Column) error {
	if _, err := conn.ExecContext(ctx, "DELETE FROM "+quote(w.rowsOf(t))); err != nil {
		return err
	}
	if err := w.emptyCold(ctx, conn, t); err != nil {
		return err
	}
	parts, err := wholeOf(ctx, t)
	if err != nil {
		return err
	}
	n, err := w.fill(ctx, conn, w.rowsOf(t), columns, parts, nil)
	w.loosen(t, n)
	return err
}

// piecesOfWhole is into how many parts a whole table is split: more than run
// at once, so that an uneven split does not leave one to wait for.
const piecesOfWhole = 8

func wholeOf(ctx context.Context, t warehouse.Table) ([]warehouse.Part, error) {
	if t.Parts == nil {
		return []warehouse.Part{func(ctx context.Context, emit func(row ...any) error) error { return t.Load(ctx, nil, emit) }}, nil
	}
	return t.Parts(ctx, piecesOfWhole)
}

func inSlices(t warehouse.Table, ids []int64) warehouse.Part {
	return func(ctx context.Context, emit func(row ...any) error) error {
		for slice := range slices.Chunk(ids, idsPerLoad) {
			if err := t.Load(ctx, slice, emit); err != nil {
				return err
			}
		}
		return nil
	}
}

// within runs fn in one transaction of one connection.
func (w *Warehouse) within(ctx context.Context, fn func(conn *sql.Conn) error) (err error) {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	if err := fn(conn); err != nil {
		_, undoErr := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		if undoErr != nil {
			undoErr = fmt.Errorf("roll back: %w", undoErr)
		}
		return errors.Join(err, undoErr)
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}
