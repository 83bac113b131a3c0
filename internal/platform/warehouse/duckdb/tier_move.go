// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

const stampForm = "2006-01-02 15:04:05.000000"

// MoveCold moves rows older than before to the cold tier and rows that no longer
// are back, and writes files without what was changed or erased since. A zero
// before empties the tier. It goes year by year, so the feed waits for one only,
// and what is done stays done when it is stopped.
func (w *Warehouse) MoveCold(ctx context.Context, before time.Time, tell func(done, total int)) error {
	if w.opts.ColdDir == "" {
		return fault.New(fault.Invalid, "warehouse.no_cold_tier", "This warehouse has no directory for the cold tier.")
	}
	if !w.Ready() {
		return errNotReady
	}
	type step struct {
		table warehouse.Table
		year  int
	}
	var steps []step
	for _, t := range w.tables {
		if !w.isAged(t) {
			continue
		}
		years, err := w.coldYears(ctx, t, before)
		if err != nil {
			return fmt.Errorf("move old rows of %s: %w", t.Name, problem(ctx, err))
		}
		for _, year := range years {
			steps = append(steps, step{t, year})
		}
	}
	for i, s := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.moveYear(ctx, s.table, s.year, before); err != nil {
			return fmt.Errorf("move old rows of %s of %d: %w", s.table.Name, s.year, problem(ctx, err))
		}
		if tell != nil {
			tell(i+1, len(steps))
		}
	}
	return w.forgetHidden(ctx)
}

// coldYears lists the years that have old rows or a file.
func (w *Warehouse) coldYears(ctx context.Context, t warehouse.Table, before time.Time) ([]int, error) {
	rows, err := w.db.QueryContext(ctx, "SELECT DISTINCT year("+quote(t.Aged)+") FROM "+quote(w.rowsOf(t))+" WHERE "+older(t, before)+
		" UNION SELECT year FROM "+coldTable+" WHERE table_name = ? ORDER BY 1", t.Name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []int
	for rows.Next() {
		var year sql.NullInt64
		if err := rows.Scan(&year); err != nil {
			return nil, err
		}
		if year.Valid {
			list = append(list, int(year.Int64))
		}
	}
	return list, rows.Err()
}

func older(t warehouse.Table, before time.Time) string {
	if before.IsZero() {
		return "false"
	}
	return quote(t.Aged) + " < TIMESTAMP '" + before.Format(stampForm) + "'"
}

// moveYear makes one year right, in one transaction.
func (w *Warehouse) moveYear(ctx context.Context, t warehouse.Table, year int, before time.Time) error {
	ctx, cancel := gentle(ctx)
	defer cancel(nil)
	w.writing.Lock()
	defer w.writing.Unlock()
	files, err := coldFiles(ctx, w.db, t.Name)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(files, func(f ColdFile) bool { return f.Year == year })
	var old *ColdFile
	if at >= 0 {
		old = &files[at]
	}
	isDue, err := w.isDue(ctx, t, year, before, old)
	if err != nil || !isDue {
		return err
	}
	made := ""
	err = w.within(ctx, func(conn *sql.Conn) error {
		made, err = w.exchange(ctx, conn, t, year, before, old)
		return err
	})
	if err != nil {
		if made != "" {
			_ = os.Remove(filepath.Join(w.opts.ColdDir, made))
		}
		return err
	}
	if old != nil {
		w.retired[old.Path] = time.Now()
	}
	w.checkpoint(ctx)
	return nil
}

func ofYear(t warehouse.Table, year int) string {
	return fmt.Sprintf("%s >= make_timestamp(%d, 1, 1, 0, 0, 0.0) AND %[1]s < make_timestamp(%[3]d, 1, 1, 0, 0, 0.0)", quote(t.Aged), year, year+1)
}

// isDue says whether hot rows are old, or the file holds rows that are hidden or no longer old.
func (w *Warehouse) isDue(ctx context.Context, t warehouse.Table, year int, before time.Time, old *ColdFile) (bool, error) {
	n, err := number(ctx, w.db, "SELECT count(*) FROM "+quote(w.rowsOf(t))+" WHERE "+ofYear(t, year)+" AND "+older(t, before))
	if err != nil || n > 0 || old == nil {
		return n > 0, err
	}
	if !old.Last.Before(before) {
		return true, nil
	}
	n, err = number(ctx, w.db, "SELECT count(*) FROM "+w.reading([]ColdFile{*old})+" AS cold WHERE EXISTS (SELECT 1 FROM "+
		quote(hiddenPrefix+t.Name)+" AS gone WHERE gone.id = cold."+quote(t.Key)+" AND gone.seq > cold."+coldSeq+")")
	return n > 0, err
}

// exchange writes the new file of a year and names it, and moves rows between the tiers.
func (w *Warehouse) exchange(ctx context.Context, conn *sql.Conn, t warehouse.Table, year int, before time.Time, old *ColdFile) (made string, err error) {
	seq, err := w.nextCold(ctx, conn, t)
	if err != nil {
		return "", err
	}
	f := ColdFile{Table: t.Name, Year: year, Seq: seq, Path: filepath.Join(t.Name, fmt.Sprintf("year=%d", year), fmt.Sprintf("%d-%d.parquet", seq, time.Now().UnixNano()))}
	if err := w.writeCold(ctx, conn, t, &f, before); err != nil {
		return f.Path, err
	}
	rest := "NOT (" + older(t, before) + ")"
	statements := []string{"DELETE FROM " + quote(w.rowsOf(t)) + " WHERE " + ofYear(t, year) + " AND " + older(t, before)}
	if old != nil {
		back := "INSERT INTO " + quote(w.rowsOf(t)) + " (" + nameList(t.Columns) + ") SELECT " + nameList(t.Columns) + " FROM " + w.reading([]ColdFile{*old}) +
			" AS cold WHERE " + rest + " AND NOT EXISTS (SELECT 1 FROM " + quote(hiddenPrefix+t.Name) + " AS gone WHERE gone.id = cold." + quote(t.Key) + " AND gone.seq > cold." + coldSeq + ")"
		statements = append(statements, back)
	}
	statements = append(statements, fmt.Sprintf("DELETE FROM %s WHERE table_name = %s AND year = %d", coldTable, literal(t.Name), year))
	for _, q := range statements {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return f.Path, err
		}
	}
	if f.Rows > 0 {
		_, err := conn.ExecContext(ctx, "INSERT INTO "+coldTable+" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			f.Table, f.Year, f.Path, f.Seq, f.Rows, f.Bytes, f.SHA256, f.First, f.Last, w.opts.Clock().UTC())
		if err != nil {
			return f.Path, err
		}
	}
	files, err := coldFiles(ctx, conn, t.Name)
	if err != nil {
		return f.Path, err
	}
	hidden, err := number(ctx, conn, "SELECT count(*) FROM "+quote(hiddenPrefix+t.Name))
	if err != nil {
		return f.Path, err
	}
	return f.Path, w.makeView(ctx, conn, t, files, hidden > 0)
}

// writeCold writes the old rows of a year as they are seen now, and makes sure that they are on the disk.
func (w *Warehouse) writeCold(ctx context.Context, conn *sql.Conn, t warehouse.Table, f *ColdFile, before time.Time) error {
	which := " FROM " + quote(t.Name) + " WHERE " + ofYear(t, f.Year) + " AND " + older(t, before)
	row := conn.QueryRowContext(ctx, "SELECT count(*), coalesce(min("+quote(t.Aged)+"), TIMESTAMP '1970-01-01'), coalesce(max("+quote(t.Aged)+"), TIMESTAMP '1970-01-01')"+which)
	if err := row.Scan(&f.Rows, &f.First, &f.Last); err != nil || f.Rows == 0 {
		return err
	}
	path := filepath.Join(w.opts.ColdDir, f.Path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	order := ""
	if t.Cluster != "" {
		names := strings.Split(t.Cluster, ", ")
		for i := range names {
			names[i] = quote(names[i]) // some are words of SQL, such as "at"
		}
		order = " ORDER BY " + strings.Join(names, ", ")
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf("COPY (SELECT %s, CAST(%d AS BIGINT) AS %s%s%s) TO %s (FORMAT parquet, COMPRESSION zstd)",
		nameList(t.Columns), f.Seq, coldSeq, which, order, literal(path)))
	if err != nil {
		return err
	}
	if f.SHA256, f.Bytes, err = settle(path); err != nil {
		return err
	}
	written, err := number(ctx, conn, "SELECT count(*) FROM "+w.reading([]ColdFile{*f}))
	if err == nil && written != f.Rows {
		err = fmt.Errorf("%s holds %d rows of %d", f.Path, written, f.Rows)
	}
	return err
}

// settle brings a file to the disk and sums it up.
func settle(path string) (sum string, size int64, err error) {
	if sum, size, err = sumOf(path); err != nil {
		return "", 0, err
	}
	for _, part := range []string{path, filepath.Dir(path)} {
		file, err := os.Open(part) //nolint:gosec // a file of the tier
		if err != nil {
			return "", 0, err
		}
		if err := errors.Join(file.Sync(), file.Close()); err != nil {
			return "", 0, err
		}
	}
	return sum, size, nil
}

func sumOf(path string) (sum string, size int64, err error) {
	file, err := os.Open(path) //nolint:gosec // a file of the tier
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	if size, err = io.Copy(hash, file); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(hash.Sum(nil)), size, nil
}

// forgetHidden drops hidden keys that no file is older than.
func (w *Warehouse) forgetHidden(ctx context.Context) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	for _, t := range w.tables {
		if !w.isAged(t) {
			continue
		}
		err := w.within(ctx, func(conn *sql.Conn) error {
			files, err := coldFiles(ctx, conn, t.Name)
			if err != nil {
				return err
			}
			if _, err := conn.ExecContext(ctx, "DELETE FROM "+quote(hiddenPrefix+t.Name)+" AS gone WHERE NOT EXISTS (SELECT 1 FROM "+
				w.readingOrNothing(files, t)+" AS cold WHERE cold."+quote(t.Key)+" = gone.id AND cold."+coldSeq+" < gone.seq)"); err != nil {
				return err
			}
			left, err := number(ctx, conn, "SELECT count(*) FROM "+quote(hiddenPrefix+t.Name))
			if err != nil {
				return err
			}
			return w.makeView(ctx, conn, t, files, left > 0)
		})
		if err != nil {
			return fmt.Errorf("tidy the cold tier of %s: %w", t.Name, problem(ctx, err))
		}
	}
	return nil
}

func (w *Warehouse) readingOrNothing(files []ColdFile, t warehouse.Table) string {
	if len(files) == 0 {
		return "(SELECT CAST(NULL AS BIGINT) AS " + quote(t.Key) + ", CAST(0 AS BIGINT) AS " + coldSeq + ")"
	}
	return w.reading(files)
}

// sweep deletes files that were replaced so long ago that nobody reads them.
func (w *Warehouse) sweep(ctx context.Context, after time.Duration) {
	w.writing.Lock()
	defer w.writing.Unlock()
	for path, at := range w.retired {
		if time.Since(at) < after {
			continue
		}
		named, err := number(ctx, w.db, "SELECT count(*) FROM "+coldTable+" WHERE path = ?", path)
		if err != nil {
			continue
		}
		if named > 0 { // the change that let it go was undone
			delete(w.retired, path)
			continue
		}
		if err := os.Remove(filepath.Join(w.opts.ColdDir, path)); err == nil || errors.Is(err, os.ErrNotExist) {
			delete(w.retired, path)
		}
	}
}

// sweepOrphans deletes files of a table that are not named: a move that was killed made them.
func (w *Warehouse) sweepOrphans(t warehouse.Table, files []ColdFile) error {
	found, err := filepath.Glob(filepath.Join(w.opts.ColdDir, t.Name, "year=*", "*.parquet"))
	if err != nil {
		return err
	}
	for _, path := range found {
		if slices.ContainsFunc(files, func(f ColdFile) bool { return filepath.Join(w.opts.ColdDir, f.Path) == path }) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}
