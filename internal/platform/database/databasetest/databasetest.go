// SPDX-License-Identifier: Apache-2.0

// Package databasetest runs one test on every engine, each on a fresh migrated database of its own.
//
// SQLite always; PostgreSQL when DANGOL_TEST_POSTGRES holds an address that may create databases.
package databasetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"

	"dangol/internal/platform/database"
)

// Environment is the variable with the address of a PostgreSQL for tests.
const Environment = "DANGOL_TEST_POSTGRES"

// Each runs test on every engine, in parallel.
func Each(t *testing.T, test func(t *testing.T, db *database.DB)) {
	t.Helper()
	EachWith(t, database.Options{}, test)
}

// EachWith is Each with options; both engines share what is in them, a clock for example.
func EachWith(t *testing.T, opts database.Options, test func(t *testing.T, db *database.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t, opts))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t, opts))
	})
}

// SQLite opens a fresh migrated SQLite database that ends with the test.
func SQLite(t testing.TB, opts database.Options) *database.DB {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "dangol.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	opts.Unsynced = true
	return open(t, "sqlite:"+path, opts)
}

// Postgres opens a fresh migrated PostgreSQL database that ends with the test, or skips.
func Postgres(t testing.TB, opts database.Options) *database.DB {
	t.Helper()
	return open(t, PostgresURL(t), opts)
}

// EmptyPostgresURL makes a PostgreSQL database without tables that ends with the test, or skips.
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	return createPostgres(t, func() (string, error) {
		return "template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", nil
	})
}

// PostgresURL makes a fresh migrated PostgreSQL database that ends with the test, or skips.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return createPostgres(t, postgresTemplate)
}

func createPostgres(t testing.TB, templateOf func() (string, error)) string {
	t.Helper()
	admin := os.Getenv(Environment)
	if admin == "" {
		t.Skip(Environment + " is not set")
	}
	template, err := templateOf()
	if err != nil {
		t.Fatal(err)
	}
	name := "dangol_test_" + random()
	if err := adminExec(admin, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = adminExec(admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return withDatabase(admin, name)
}

func open(t testing.TB, address string, opts database.Options) *database.DB {
	t.Helper()
	if opts.Patience == 0 {
		opts.Patience = 10 * time.Second
	}
	db, err := database.Open(context.Background(), address, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "dangol-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

var postgresTemplate = sync.OnceValues(func() (string, error) {
	admin := os.Getenv(Environment)
	schema := fnv.New64a()
	err := fs.WalkDir(database.Migrations(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(database.Migrations(), path)
		_, _ = schema.Write(text)
		return err
	})
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("dangol_template_%x", schema.Sum64())
	return name, makeTemplate(admin, name)
})

// makeTemplate makes the migrated template once for all test processes.
func makeTemplate(admin, name string) error {
	db, err := sql.Open("pgx", admin)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(4711)"); err != nil {
		return err
	}
	defer func() { _, _ = conn.ExecContext(ctx, "SELECT pg_advisory_unlock(4711)") }()
	var exists bool
	row := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name)
	if err := row.Scan(&exists); err != nil || exists {
		return err
	}
	making := name + "_" + random()
	_, err = conn.ExecContext(ctx, "CREATE DATABASE "+making+
		" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
	if err != nil {
		return err
	}
	if err := migrate(withDatabase(admin, making)); err != nil {
		return err
	}
	// Renamed last, so that a template cut off in the middle is never used.
	_, err = conn.ExecContext(ctx, "ALTER DATABASE "+making+" RENAME TO "+name)
	return err
}

func migrate(address string) error {
	ctx := context.Background()
	db, err := database.Open(ctx, address, database.Options{Unsynced: true})
	if err != nil {
		return err
	}
	err = db.Migrate(ctx)
	if closeErr := db.Close(); err == nil {
		err = closeErr
	}
	return err
}

func adminExec(admin, statement string) error {
	db, err := sql.Open("pgx", admin)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

func withDatabase(admin, name string) string {
	u, err := url.Parse(admin)
	if err != nil {
		return admin
	}
	u.Path = "/" + name
	return u.String()
}

func random() string {
	var b [6]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// The driver registers itself as "pgx".
var _ = stdlib.GetDefaultDriver
