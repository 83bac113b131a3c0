// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// backupSQLite copies by VACUUM INTO: one read transaction, no waste in the copy, writers go on.
func (db *DB) backupSQLite(ctx context.Context, dir string, m *Manifest) error {
	source := sql.OpenDB(newConnector(dsn(db.path, url.Values{})))
	defer func() { _ = source.Close() }()
	target := filepath.Join(dir, sqliteName)
	if _, err := source.ExecContext(ctx, "VACUUM INTO ?", target); err != nil {
		return err
	}
	return describe(ctx, target, m)
}

// describe lists migrations and tables of the copy, and with them checks that it can be read.
func describe(ctx context.Context, path string, m *Manifest) error {
	copied := sql.OpenDB(newConnector(dsn(path, url.Values{"immutable": {"1"}, "mode": {"ro"}})))
	defer func() { _ = copied.Close() }()
	var err error
	if m.Migrations, err = appliedMigrations(ctx, copied); err != nil {
		return err
	}
	rows, err := copied.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	tables, err := Rows(rows, err, func(r *sql.Rows) (TableBackup, error) {
		var t TableBackup
		return t, r.Scan(&t.Name)
	})
	if err != nil {
		return err
	}
	for i := range tables {
		row := copied.QueryRowContext(ctx, `SELECT COUNT(*) FROM "`+tables[i].Name+`"`)
		if err := row.Scan(&tables[i].Rows); err != nil {
			return fmt.Errorf("count %s: %w", tables[i].Name, err)
		}
	}
	m.Tables = tables
	return nil
}

func appliedMigrations(ctx context.Context, pool *sql.DB) ([]int64, error) {
	rows, err := pool.QueryContext(ctx, "SELECT DISTINCT version_id FROM schema_versions WHERE version_id > 0 ORDER BY version_id")
	return Rows(rows, err, ScanInt)
}

// restoreSQLite copies beside the final name, checks the copy and renames it, so that a restore cut off
// in the middle leaves no database.
func restoreSQLite(ctx context.Context, dir, path string, m Manifest) error {
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(notEmpty(), err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	part := path + ".part"
	defer func() { _ = os.Remove(part) }()
	if err := copyFile(filepath.Join(dir, sqliteName), part); err != nil {
		return err
	}
	if err := checkCopy(ctx, part, m); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Sync(), target.Close())
}

func checkCopy(ctx context.Context, path string, m Manifest) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	copied := sql.OpenDB(newConnector(dsn(abs, url.Values{"immutable": {"1"}, "mode": {"ro"}})))
	var state string
	err = copied.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&state)
	if err := errors.Join(err, copied.Close()); err != nil {
		return err
	}
	if state != "ok" {
		return damagedBackup(filepath.Dir(path), sqliteName)
	}
	var got Manifest
	if err := describe(ctx, abs, &got); err != nil {
		return err
	}
	for i, t := range got.Tables {
		if i >= len(m.Tables) || m.Tables[i].Name != t.Name {
			return damagedBackup(filepath.Dir(path), manifestName)
		}
		if err := compareRows(t.Name, t.Rows, m.Tables[i].Rows); err != nil {
			return err
		}
	}
	return nil
}
