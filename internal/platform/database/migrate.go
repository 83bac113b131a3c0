// SPDX-License-Identifier: Apache-2.0

package database

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"

	"github.com/pressly/goose/v3"

	"dangol/internal/platform/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the migration files as written, before the words of an engine are filled in.
func Migrations() fs.FS { return migrations }

// Migrate brings the schema to the version of this program, and refuses one that is newer.
func (db *DB) Migrate(ctx context.Context) error {
	if db.IsPostgres() {
		return db.migrate(ctx, db.read, goose.DialectPostgres)
	}
	pool := writerPool(db.path, db.opts)
	defer func() { _ = pool.Close() }()
	return db.writer.alone(ctx, func() error { return db.migrate(ctx, pool, goose.DialectSQLite3) })
}

func (db *DB) migrate(ctx context.Context, pool *sql.DB, dialect goose.Dialect) error {
	files, err := rendered(db.IsPostgres())
	if err != nil {
		return err
	}
	provider, err := newProvider(dialect, pool, files)
	if err != nil {
		return err
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", Fault(err))
	}
	sources := provider.ListSources()
	if newest := sources[len(sources)-1].Version; version > newest {
		return fault.New(fault.Unavailable, "database.newer_schema",
			"The database was made by a newer version of Dangol (schema {found}, this program knows {known}). "+
				"Start the newer version.", "found", version, "known", newest)
	}
	if db.IsPostgres() {
		unlock, err := lockMigrations(ctx, pool)
		if err != nil {
			return err
		}
		defer unlock()
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", Fault(err))
	}
	return nil
}

func newProvider(dialect goose.Dialect, pool *sql.DB, files fs.FS) (*goose.Provider, error) {
	// Out of order, because every capability has its own range of numbers.
	provider, err := goose.NewProvider(dialect, pool, files, goose.WithTableName("schema_versions"),
		goose.WithAllowOutofOrder(true), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

// migrationLock keeps two app nodes from migrating at once.
const migrationLock = 0x64616e676f6c02

func lockMigrations(ctx context.Context, pool *sql.DB) (func(), error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, Fault(err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		_ = conn.Close()
		return nil, Fault(err)
	}
	return func() {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
		logProblem("unlock migrations", err)
		_ = conn.Close()
	}, nil
}

// words are the template words of migration files.
type words struct{ SQLite, Postgres bool }

// rendered returns the migrations of one engine as a file system, which goose wants.
func rendered(postgres bool) (fs.FS, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	for _, name := range names {
		text, err := render(name, postgres)
		if err != nil {
			return nil, fmt.Errorf("render %s: %w", name, err)
		}
		file, err := archive.Create(path.Base(name))
		if err != nil {
			return nil, err
		}
		if _, err := file.Write([]byte(text)); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
}

func render(name string, postgres bool) (string, error) {
	source, err := fs.ReadFile(migrations, name)
	if err != nil {
		return "", err
	}
	types := map[bool]map[string]string{
		false: {"id": "INTEGER PRIMARY KEY", "bigint": "INTEGER", "blob": "BLOB", "real": "REAL"},
		true:  {"id": "BIGINT PRIMARY KEY", "bigint": "BIGINT", "blob": "BYTEA", "real": "DOUBLE PRECISION"},
	}[postgres]
	functions := template.FuncMap{}
	for word, sqlType := range types {
		functions[word] = func() string { return sqlType }
	}
	t, err := template.New(name).Funcs(functions).Parse(string(source))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, words{SQLite: !postgres, Postgres: postgres})
	return out.String(), err
}
