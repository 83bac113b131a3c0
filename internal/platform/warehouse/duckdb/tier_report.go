// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// Tier is what one tier holds of a table.
type Tier struct {
	Rows  int64  `json:"rows"`
	Bytes int64  `json:"bytes"`
	First string `json:"first,omitempty" doc:"day of the oldest row"`
	Last  string `json:"last,omitempty" doc:"day of the newest row"`
}

// TableTiers is where the rows of an aged table lie.
type TableTiers struct {
	Table string     `json:"table"`
	Hot   Tier       `json:"hot"`
	Cold  Tier       `json:"cold"`
	Files []ColdFile `json:"files"`
	// Hidden counts the keys whose rows in files were replaced since they were written.
	Hidden int64 `json:"hidden"`
}

// ColdDir is where the cold tier lies, or "".
func (w *Warehouse) ColdDir() string { return w.opts.ColdDir }

// Tiers reports size and age of both tiers of every aged table.
func (w *Warehouse) Tiers(ctx context.Context) ([]TableTiers, error) {
	if !w.Ready() {
		return nil, errNotReady
	}
	block, err := number(ctx, w.db, "SELECT block_size FROM pragma_database_size()")
	if err != nil {
		return nil, fmt.Errorf("report tiers: %w", problem(ctx, err))
	}
	list := []TableTiers{}
	for _, t := range w.tables {
		if !w.isAged(t) {
			continue
		}
		one := TableTiers{Table: t.Name, Files: []ColdFile{}}
		var first, last sql.NullTime
		row := w.db.QueryRowContext(ctx, "SELECT count(*), min("+quote(t.Aged)+"), max("+quote(t.Aged)+") FROM "+quote(w.rowsOf(t)))
		if err := row.Scan(&one.Hot.Rows, &first, &last); err != nil {
			return nil, fmt.Errorf("report tiers: %w", problem(ctx, err))
		}
		one.Hot.First, one.Hot.Last = dayOf(first), dayOf(last)
		blocks, err := number(ctx, w.db, "SELECT count(DISTINCT block_id) FROM pragma_storage_info("+literal(w.rowsOf(t))+") WHERE persistent")
		if err != nil {
			return nil, fmt.Errorf("report tiers: %w", problem(ctx, err))
		}
		one.Hot.Bytes = blocks * block
		files, err := coldFiles(ctx, w.db, t.Name)
		if err != nil {
			return nil, fmt.Errorf("report tiers: %w", problem(ctx, err))
		}
		for _, f := range files {
			one.Files = append(one.Files, f)
			one.Cold.add(f)
		}
		if one.Hidden, err = number(ctx, w.db, "SELECT count(*) FROM "+quote(hiddenPrefix+t.Name)); err != nil {
			return nil, fmt.Errorf("report tiers: %w", problem(ctx, err))
		}
		list = append(list, one)
	}
	return list, nil
}

func (t *Tier) add(f ColdFile) {
	t.Rows += f.Rows
	t.Bytes += f.Bytes
	first, last := f.First.Format(time.DateOnly), f.Last.Format(time.DateOnly) // years lie in order
	if t.First == "" {
		t.First = first
	}
	t.Last = last
}

func dayOf(t sql.NullTime) string {
	if !t.Valid {
		return ""
	}
	return t.Time.Format(time.DateOnly)
}

// OnDamagedCold registers what has everything built anew when a question meets a missing or damaged file.
func (w *Warehouse) OnDamagedCold(fn func()) {
	w.watching.Lock()
	defer w.watching.Unlock()
	w.damaged = fn
}

var errColdDamaged = fault.New(fault.Unavailable, "warehouse.cold_damaged",
	"A file with older data is missing or damaged. The analysis data is being built anew from the system of record; try again in a moment.")

// notice tells an error that the cold tier causes from others, and has the tier mended once.
func (w *Warehouse) notice(err error) error {
	if err == nil || w.opts.ColdDir == "" || errors.Is(err, context.Canceled) {
		return err
	}
	text := err.Error()
	if !strings.Contains(text, w.opts.ColdDir) && !strings.Contains(text, "arquet") || !strings.Contains(text, "Error") {
		return err
	}
	w.watching.Lock()
	mend := w.damaged
	w.watching.Unlock()
	if mend != nil && w.coldNoticed.CompareAndSwap(false, true) {
		slog.Error("warehouse: a file of the cold tier is missing or damaged; everything is built anew", "error", err)
		go mend()
	}
	return errors.Join(errColdDamaged, err)
}

// DamagedCold names files of the cold tier that are missing or not what was written. When there are any,
// a rebuild is due: everything is still in the system of record.
func (w *Warehouse) DamagedCold(ctx context.Context) ([]string, error) {
	list := []string{}
	for _, t := range w.tables {
		if !w.isAged(t) {
			continue
		}
		files, err := coldFiles(ctx, w.db, t.Name)
		if err != nil {
			return nil, fmt.Errorf("check the cold tier: %w", problem(ctx, err))
		}
		for _, f := range files {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			sum, size, err := sumOf(filepath.Join(w.opts.ColdDir, f.Path))
			if err != nil || size != f.Bytes || sum != f.SHA256 {
				list = append(list, f.Path)
			}
		}
	}
	return list, nil
}
