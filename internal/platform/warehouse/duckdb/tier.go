// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dangol/internal/platform/warehouse"
)

// The cold tier. Rows of an aged table that are older than a day lie in Parquet
// files, one for each year, the others in the table hot_NAME; NAME is a view of
// both, so whoever reads needs not know. A file never changes: it is written
// beside the old one and named in the same transaction that takes its rows out
// of the hot table, so a crash leaves either state whole. Rows that the feed
// reads again go to the hot table, and their keys hide what the files still hold
// of them until the next move writes the files without.
const (
	hotPrefix    = "hot_"
	hiddenPrefix = "hidden_"
	coldTable    = "cold_files"
	// coldSeq is the column of a file that tells when it was written, against hidden keys.
	coldSeq = "cold_seq"
	// retiredFor is how long a file that was replaced still stands for questions that began before.
	retiredFor = 10 * time.Minute
)

// ColdFile is one year of a table in the cold tier.
type ColdFile struct {
	Table     string    `json:"table"`
	Year      int       `json:"year"`
	Path      string    `json:"path"` // below the directory of the tier
	Seq       int64     `json:"-"`
	Rows      int64     `json:"rows"`
	Bytes     int64     `json:"bytes"`
	SHA256    string    `json:"sha256"`
	First     time.Time `json:"-"`
	Last      time.Time `json:"-"`
	WrittenAt time.Time `json:"written_at"`
}

func (w *Warehouse) isAged(t warehouse.Table) bool { return w.opts.ColdDir != "" && t.Aged != "" }

// rowsOf is the table that rows are written to.
func (w *Warehouse) rowsOf(t warehouse.Table) string {
	if w.isAged(t) {
		return hotPrefix + t.Name
	}
	return t.Name
}

// prepareTier makes what an aged table needs; it is false when the table has to be loaded anew.
func (w *Warehouse) prepareTier(ctx context.Context, t warehouse.Table) (bool, error) {
	if !w.isAged(t) {
		if _, has := w.Column(hotPrefix+t.Name, t.Key); !has {
			return true, nil
		}
		_, err := w.db.ExecContext(ctx, "DROP VIEW IF EXISTS "+quote(t.Name)) // the tier was taken out of the settings
		return false, err
	}
	if !w.fits(hotPrefix+t.Name, t.Columns) {
		return false, nil
	}
	files, err := coldFiles(ctx, w.db, t.Name)
	if err != nil {
		return false, err
	}
	for _, f := range files {
		info, err := os.Stat(filepath.Join(w.opts.ColdDir, f.Path))
		if err != nil || info.Size() != f.Bytes {
			return false, nil
		}
	}
	return true, w.sweepOrphans(t, files)
}

// makeEmpty creates a table anew, with its tier.
func (w *Warehouse) makeEmpty(ctx context.Context, t warehouse.Table, columns []warehouse.Column) error {
	if !w.isAged(t) {
		return w.replaceEmpty(ctx, t.Name, columns)
	}
	return w.within(ctx, func(conn *sql.Conn) error {
		kind := ""
		err := conn.QueryRowContext(ctx, "SELECT table_type FROM information_schema.tables WHERE table_schema = 'main' AND table_name = ?", t.Name).Scan(&kind)
		if err == nil && kind == "BASE TABLE" {
			_, err = conn.ExecContext(ctx, "DROP TABLE "+quote(t.Name))
		}
		if err != nil && err != sql.ErrNoRows { //nolint:errorlint // the driver gives it as it is
			return err
		}
		if _, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+quote(w.rowsOf(t))+" ("+columnList(columns)+")"); err != nil {
			return err
		}
		return w.emptyCold(ctx, conn, t)
	})
}

// beginCold makes the empty tiers of all aged tables.
func (w *Warehouse) beginCold(ctx context.Context, conn *sql.Conn) error {
	for _, t := range w.tables {
		if !w.isAged(t) {
			continue
		}
		if err := w.emptyCold(ctx, conn, t); err != nil {
			return err
		}
	}
	return nil
}

// emptyCold lets go of all files of a table; the hot table holds everything.
func (w *Warehouse) emptyCold(ctx context.Context, conn *sql.Conn, t warehouse.Table) error {
	if !w.isAged(t) {
		return nil
	}
	for _, q := range []string{
		"CREATE TABLE IF NOT EXISTS " + coldTable + " (table_name VARCHAR, year INTEGER, path VARCHAR, seq BIGINT, rows BIGINT, bytes BIGINT," +
			" sha256 VARCHAR, first_at TIMESTAMP, last_at TIMESTAMP, written_at TIMESTAMP)",
		"CREATE OR REPLACE TABLE " + quote(hiddenPrefix+t.Name) + " (id BIGINT, seq BIGINT)",
	} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	if err := w.retire(ctx, conn, t); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "DELETE FROM "+coldTable+" WHERE table_name = ?", t.Name); err != nil {
		return err
	}
	return w.makeView(ctx, conn, t, nil, false)
}

func (w *Warehouse) retire(ctx context.Context, conn *sql.Conn, t warehouse.Table) error {
	files, err := coldFiles(ctx, conn, t.Name)
	for _, f := range files {
		w.retired[f.Path] = time.Now()
	}
	return err
}

func (w *Warehouse) retireAll(ctx context.Context, conn *sql.Conn) error {
	for _, t := range w.tables {
		if err := w.retire(ctx, conn, t); err != nil {
			return err
		}
	}
	return nil
}

// makeView lets the name of the table read both tiers.
func (w *Warehouse) makeView(ctx context.Context, conn *sql.Conn, t warehouse.Table, files []ColdFile, hasHidden bool) error {
	names := nameList(t.Columns)
	q := "CREATE OR REPLACE VIEW " + quote(t.Name) + " AS SELECT " + names + " FROM " + quote(w.rowsOf(t))
	if len(files) > 0 {
		q += " UNION ALL SELECT " + names + " FROM " + w.reading(files) + " AS cold"
		if hasHidden {
			q += " WHERE NOT EXISTS (SELECT 1 FROM " + quote(hiddenPrefix+t.Name) + " AS gone WHERE gone.id = cold." + quote(t.Key) + " AND gone.seq > cold." + coldSeq + ")"
		}
	}
	_, err := conn.ExecContext(ctx, q)
	return err
}

func (w *Warehouse) reading(files []ColdFile) string {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = literal(filepath.Join(w.opts.ColdDir, f.Path))
	}
	return "read_parquet([" + strings.Join(paths, ", ") + "], hive_partitioning = false)"
}

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// hideCold hides what the files hold of the touched keys; their rows go to the hot table.
func (w *Warehouse) hideCold(ctx context.Context, conn *sql.Conn, t warehouse.Table) error {
	if !w.isAged(t) {
		return nil
	}
	files, err := coldFiles(ctx, conn, t.Name)
	if err != nil || len(files) == 0 {
		return err
	}
	hidden := quote(hiddenPrefix + t.Name)
	had, err := number(ctx, conn, "SELECT count(*) FROM "+hidden)
	if err != nil {
		return err
	}
	seq, err := w.nextCold(ctx, conn, t)
	if err != nil {
		return err
	}
	for _, q := range []string{
		"DELETE FROM " + hidden + " WHERE id IN (SELECT id FROM " + touched + ")",
		fmt.Sprintf("INSERT INTO %s SELECT id, %d FROM %s", hidden, seq, touched),
	} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	if had > 0 {
		return nil
	}
	return w.makeView(ctx, conn, t, files, true)
}

// nextCold is a number above those of all files and hidden keys of a table.
func (w *Warehouse) nextCold(ctx context.Context, conn *sql.Conn, t warehouse.Table) (int64, error) {
	return number(ctx, conn, "SELECT 1 + greatest((SELECT coalesce(max(seq), 0) FROM "+coldTable+" WHERE table_name = "+literal(t.Name)+
		"), (SELECT coalesce(max(seq), 0) FROM "+quote(hiddenPrefix+t.Name)+"))")
}

type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func number(ctx context.Context, conn asker, query string, args ...any) (n int64, err error) {
	err = conn.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// coldFiles lists the files of a table; an older warehouse has none.
func coldFiles(ctx context.Context, conn asker, table string) (list []ColdFile, err error) {
	has, err := number(ctx, conn, "SELECT count(*) FROM duckdb_tables() WHERE table_name = '"+coldTable+"'")
	if err != nil || has == 0 {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, "SELECT table_name, year, path, seq, rows, bytes, sha256, first_at, last_at, written_at FROM "+coldTable+
		" WHERE table_name = ? ORDER BY year", table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var f ColdFile
		if err := rows.Scan(&f.Table, &f.Year, &f.Path, &f.Seq, &f.Rows, &f.Bytes, &f.SHA256, &f.First, &f.Last, &f.WrittenAt); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}
