// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"dangol/internal/platform/fault"
)

// Options tune a database; the zero value is right for production.
type Options struct {
	// Clock gives the time of transactions; nil means time.Now.
	Clock func() time.Time
	// Readers is the number of read connections on SQLite and of all connections on PostgreSQL.
	Readers int
	// CacheMB is the page cache of the SQLite writer.
	CacheMB int
	// Patience is how long a person waits for the SQLite writer before the call ends as fault.Busy.
	Patience time.Duration
	// Unsynced gives up durability of the last commits on power loss; for tests only.
	Unsynced bool
	// Inject is asked before every statement that writes or ends a transaction; its error takes the place
	// of the statement. For fault-injection tests only.
	Inject func(statement string) error
	// MaxPages limits the size of the SQLite file in pages of 4 KiB; 0 means no limit. A quota for tests.
	MaxPages int
}

const (
	defaultReaders  = 8
	defaultPool     = 20
	defaultCacheMB  = 96
	defaultPatience = 30 * time.Second
)

func (o Options) withDefaults(postgres bool) Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Readers == 0 {
		o.Readers = defaultReaders
		if postgres {
			o.Readers = defaultPool
		}
	}
	if o.CacheMB == 0 {
		o.CacheMB = defaultCacheMB
	}
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	return o
}

// DB is one open system of record, safe for use by many goroutines.
type DB struct {
	opts   Options
	url    string
	path   string // SQLite file
	read   *sql.DB
	writer *writer // nil on PostgreSQL
	rebind rebinder
	known  atomic.Pointer[map[string]bool] // tables that have an id sequence on PostgreSQL
}

// Open opens "sqlite:/path/dangol.db" (made when absent) or "postgres://…".
func Open(ctx context.Context, url string, opts Options) (*DB, error) {
	path, isSQLite := strings.CutPrefix(url, "sqlite:")
	if isSQLite {
		return openSQLite(ctx, path, opts.withDefaults(false))
	}
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url, opts.withDefaults(true))
	}
	return nil, fault.New(fault.Invalid, "database.bad_url",
		"The database address must start with sqlite: or postgres://.")
}

// IsPostgres reports whether the engine is PostgreSQL.
func (db *DB) IsPostgres() bool { return db.writer == nil }

// Path is the file of a SQLite database, "" on PostgreSQL.
func (db *DB) Path() string { return db.path }

// Close waits for the open transaction and closes all connections.
func (db *DB) Close() error {
	err := db.read.Close()
	if db.writer != nil { // last, because the last connection empties the WAL into the file
		err = errors.Join(err, db.writer.close())
	}
	return err
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	row := db.read.QueryRowContext(ctx, "SELECT 1")
	return Fault(row.Scan(&one))
}

// injected is the error that a test wants instead of the statement.
func (db *DB) injected(statement string) error {
	if db.opts.Inject == nil {
		return nil
	}
	return db.opts.Inject(statement)
}

func (db *DB) now() time.Time { return db.opts.Clock().UTC().Truncate(time.Microsecond) }

func logProblem(what string, err error) {
	if err != nil {
		slog.Warn("database: "+what, "error", err)
	}
}
