// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"

	"dangol/internal/platform/fault"
)

const (
	// readerCacheKB is small because readers share the file through the memory map.
	readerCacheKB = 8 << 10
	// readerMmapBytes bounds what the readers' map can add to the resident size.
	readerMmapBytes = 256 << 20
	// statementCache is per connection; the driver finds statements by text.
	statementCache = 128
)

// connector opens connections with pragmas that the driver has no DSN word for.
type connector struct {
	dsn    string
	driver *sqlite3.SQLiteDriver
}

func newConnector(dsn string, pragmas ...string) *connector {
	return &connector{dsn: dsn, driver: &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		for _, p := range pragmas {
			if _, err := c.Exec("PRAGMA "+p, nil); err != nil {
				return fmt.Errorf("pragma %s: %w", p, err)
			}
		}
		return nil
	}}}
}

// Connect opens one connection.
func (c *connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver returns the SQLite driver.
func (c *connector) Driver() driver.Driver { return c.driver }

func dsn(path string, words url.Values) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs // in a URL, the first folder of a relative path would be the name of a host
	}
	if !words.Has("_busy_timeout") {
		words.Set("_busy_timeout", "10000")
	}
	words.Set("_foreign_keys", "1")
	words.Set("_stmt_cache_size", fmt.Sprint(statementCache))
	return (&url.URL{Scheme: "file", Path: path}).String() + "?" + words.Encode()
}

func openSQLite(ctx context.Context, path string, opts Options) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find database file: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "database.no_folder",
			"The folder of the database {path} cannot be made.", "path", abs)
	}
	db := &DB{opts: opts, url: "sqlite:" + abs, path: abs}
	if db.writer, err = openWriter(ctx, db); err != nil {
		return nil, fmt.Errorf("open %s: %w", abs, Fault(err))
	}
	read := newConnector(dsn(abs, url.Values{
		"_query_only": {"1"}, "_cache_size": {fmt.Sprint(-readerCacheKB)},
		"_mutex": {"no"}, // the pool lends a connection to one caller at a time
	}), fmt.Sprintf("mmap_size=%d", readerMmapBytes))
	db.read = sql.OpenDB(read)
	db.read.SetMaxOpenConns(opts.Readers)
	db.read.SetMaxIdleConns(opts.Readers)
	return db, nil
}

// writerPool is a pool of exactly one connection, for the writer and for migrations.
func writerPool(path string, opts Options) *sql.DB {
	synchronous := "FULL"
	if opts.Unsynced {
		synchronous = "OFF"
	}
	pragmas := []string{fmt.Sprintf("wal_autocheckpoint=%d", emergencyPages)}
	if opts.MaxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count=%d", opts.MaxPages))
	}
	pool := sql.OpenDB(newConnector(dsn(path, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {synchronous}, "_txlock": {"immediate"},
		"_cache_size": {fmt.Sprint(-opts.CacheMB << 10)},
	}), pragmas...))
	pool.SetMaxOpenConns(1)
	pool.SetMaxIdleConns(1)
	return pool
}

// SQLiteVersion is the version of the SQLite engine inside the program.
func SQLiteVersion() string {
	version, _, _ := sqlite3.Version()
	return version
}
