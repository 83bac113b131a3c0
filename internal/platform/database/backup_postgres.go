// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pressly/goose/v3"

	"dangol/internal/platform/fault"
)

// schemaTable is filled by migrating, not by copying.
const schemaTable = "schema_versions"

// backupPostgres copies every table inside one snapshot.
func (db *DB) backupPostgres(ctx context.Context, dir string, m *Manifest) error {
	var err error
	if m.Migrations, err = appliedMigrations(ctx, db.read); err != nil {
		return err
	}
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if m.Tables, err = tablesInOrder(ctx, tx); err != nil {
		return err
	}
	if m.Sequences, err = sequences(ctx, tx); err != nil {
		return err
	}
	return conn.Raw(func(driver any) error {
		raw := driver.(*stdlib.Conn).Conn().PgConn()
		for i := range m.Tables {
			if err := copyOut(ctx, raw, dir, &m.Tables[i]); err != nil {
				return fmt.Errorf("copy %s: %w", m.Tables[i].Name, err)
			}
		}
		return nil
	})
}

func copyOut(ctx context.Context, conn *pgconn.PgConn, dir string, t *TableBackup) error {
	t.File = t.Name + ".copy.zst"
	file, err := os.OpenFile(filepath.Join(dir, t.File), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	packer, err := zstd.NewWriter(file, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return errors.Join(err, file.Close())
	}
	tag, err := conn.CopyTo(ctx, packer, "COPY "+quoted(t.Name)+" ("+quoted(t.Columns...)+") TO STDOUT (FORMAT binary)")
	t.Rows = tag.RowsAffected()
	return errors.Join(err, packer.Close(), file.Close())
}

func quoted(names ...string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	}
	return strings.Join(list, ", ")
}

// tablesInOrder lists tables with the columns to copy, each after those it refers to.
func tablesInOrder(ctx context.Context, tx *sql.Tx) ([]TableBackup, error) {
	rows, err := tx.QueryContext(ctx, `SELECT c.table_name, c.column_name FROM information_schema.columns c
		JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
		WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
		ORDER BY c.table_name, c.ordinal_position`)
	columns, err := Rows(rows, err, scanPair)
	if err != nil {
		return nil, err
	}
	rows, err = tx.QueryContext(ctx, `SELECT f.relname, t.relname FROM pg_constraint k
		JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
		WHERE k.contype = 'f' AND f.oid <> t.oid`)
	references, err := Rows(rows, err, scanPair)
	if err != nil {
		return nil, err
	}
	tables := map[string]*TableBackup{}
	var names []string
	for _, c := range columns {
		if c[0] == schemaTable {
			continue
		}
		if tables[c[0]] == nil {
			tables[c[0]] = &TableBackup{Name: c[0]}
			names = append(names, c[0])
		}
		tables[c[0]].Columns = append(tables[c[0]].Columns, c[1])
	}
	return sorted(names, tables, references)
}

// sorted puts every table after those it refers to.
func sorted(names []string, tables map[string]*TableBackup, references [][2]string) ([]TableBackup, error) {
	needs := map[string][]string{}
	for _, r := range references {
		needs[r[0]] = append(needs[r[0]], r[1])
	}
	var list []TableBackup
	done, open := map[string]bool{}, map[string]bool{}
	var visit func(name string) error
	visit = func(name string) error {
		if done[name] || tables[name] == nil {
			return nil
		}
		if open[name] {
			return fmt.Errorf("table %s refers to itself through others", name)
		}
		open[name] = true
		for _, need := range needs[name] {
			if err := visit(need); err != nil {
				return err
			}
		}
		done[name] = true
		list = append(list, *tables[name])
		return nil
	}
	for _, name := range names {
		if err := visit(name); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func scanPair(rows *sql.Rows) (p [2]string, err error) {
	err = rows.Scan(&p[0], &p[1])
	return p, err
}

func sequences(ctx context.Context, tx *sql.Tx) (map[string]int64, error) {
	type value struct {
		name string
		last int64
	}
	rows, err := tx.QueryContext(ctx, `SELECT sequencename, COALESCE(last_value, 0) FROM pg_sequences
		WHERE schemaname = current_schema() AND sequencename LIKE '%\_ids'`)
	list, err := Rows(rows, err, func(r *sql.Rows) (v value, err error) {
		err = r.Scan(&v.name, &v.last)
		return v, err
	})
	if err != nil {
		return nil, err
	}
	values := map[string]int64{}
	for _, v := range list {
		values[v.name] = v.last
	}
	return values, nil
}

// restorePostgres migrates an empty database to the schema of the backup and fills it in one transaction.
func restorePostgres(ctx context.Context, dir, url string, m Manifest, opts Options) error {
	db, err := Open(ctx, url, opts)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	var tables int
	err = db.Scan(ctx, []any{&tables}, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()")
	if err != nil {
		return err
	}
	if tables > 0 {
		return notEmpty()
	}
	if err := db.migrateTo(ctx, m.Migrations); err != nil {
		return err
	}
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := fill(ctx, conn, tx, dir, m); err != nil {
		return err
	}
	return tx.Commit()
}

func fill(ctx context.Context, conn *sql.Conn, tx *sql.Tx, dir string, m Manifest) error {
	names := make([]string, len(m.Tables))
	for i, t := range m.Tables {
		names[i] = t.Name
		// Triggers have done their work before the backup.
		if _, err := tx.ExecContext(ctx, "ALTER TABLE "+quoted(t.Name)+" DISABLE TRIGGER USER"); err != nil {
			return err
		}
	}
	// Migrations fill some tables: the backup has what became of those rows.
	if _, err := tx.ExecContext(ctx, "TRUNCATE "+quoted(names...)); err != nil {
		return err
	}
	err := conn.Raw(func(driver any) error {
		raw := driver.(*stdlib.Conn).Conn().PgConn()
		for _, t := range m.Tables {
			if err := copyIn(ctx, raw, dir, t); err != nil {
				return fmt.Errorf("fill %s: %w", t.Name, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := tx.ExecContext(ctx, "ALTER TABLE "+quoted(name)+" ENABLE TRIGGER USER"); err != nil {
			return err
		}
	}
	for name, last := range m.Sequences {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("CREATE SEQUENCE %s START %d", quoted(name), last+1)); err != nil {
			return err
		}
	}
	return nil
}

func copyIn(ctx context.Context, conn *pgconn.PgConn, dir string, t TableBackup) error {
	file, err := os.Open(filepath.Join(dir, filepath.Base(t.File)))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	unpacker, err := zstd.NewReader(file)
	if err != nil {
		return err
	}
	defer unpacker.Close()
	tag, err := conn.CopyFrom(ctx, io.Reader(unpacker),
		"COPY "+quoted(t.Name)+" ("+quoted(t.Columns...)+") FROM STDIN (FORMAT binary)")
	if err != nil {
		return err
	}
	return compareRows(t.Name, tag.RowsAffected(), t.Rows)
}

// migrateTo applies exactly the given migrations.
func (db *DB) migrateTo(ctx context.Context, versions []int64) error {
	files, err := rendered(true)
	if err != nil {
		return err
	}
	provider, err := newProvider(goose.DialectPostgres, db.read, files)
	if err != nil {
		return err
	}
	for _, version := range versions {
		if _, err := provider.ApplyVersion(ctx, version, true); err != nil {
			if errors.Is(err, goose.ErrVersionNotFound) {
				return fault.New(fault.Invalid, "database.newer_backup",
					"The backup has schema version {version}, which this version of Dangol does not know.", "version", version)
			}
			return err
		}
	}
	return nil
}
