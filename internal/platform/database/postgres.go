// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"dangol/internal/platform/fault"
)

// connectTimeout keeps a vanished server from holding a person for the kernel's two minutes.
const connectTimeout = 5 * time.Second

func openPostgres(ctx context.Context, url string, opts Options) (*DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The cause holds the URL with its password: leave it out.
		return nil, fault.New(fault.Invalid, "database.bad_url", "The PostgreSQL address cannot be read.")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	config.RuntimeParams["timezone"] = "UTC"
	if _, isSet := config.RuntimeParams["client_connection_check_interval"]; !isSet {
		// A killed process must not leave a long statement working behind it: its transaction would hold rows
		// and locks that the next start waits for.
		config.RuntimeParams["client_connection_check_interval"] = "1s"
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "dangol"
	}
	db := &DB{opts: opts, url: url, read: stdlib.OpenDB(*config)}
	db.read.SetMaxOpenConns(opts.Readers)
	db.read.SetMaxIdleConns(opts.Readers)
	db.read.SetConnMaxIdleTime(5 * time.Minute)
	if err := db.Ping(ctx); err != nil {
		_ = db.read.Close()
		return nil, err
	}
	return db, nil
}
