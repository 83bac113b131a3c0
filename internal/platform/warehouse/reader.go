// SPDX-License-Identifier: Apache-2.0

package warehouse

import (
	"context"
	"time"
)

// Position says how far the journal has been taken into the warehouse.
type Position struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Version int64     `json:"version"` // grows with each change of the data
}

// Rows is the result of a question, read like sql.Rows.
type Rows interface {
	Columns() ([]string, error)
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// Reader answers read-only questions in the engine's SQL. Only the render and
// store files of cube, segment and mining use it.
type Reader interface {
	// Query runs one statement with ? parameters.
	Query(ctx context.Context, query string, args ...any) (Rows, error)
	// Position is what the next Query will at least include.
	Position() Position
	// Column says whether a table has a column at this moment, and its type.
	Column(table, column string) (kind string, ok bool)
	// Ready is false while the warehouse is being built for the first time.
	Ready() bool
}

// Writer stores tables that models derive inside the warehouse, such as RFM
// scores; they are dropped by a rebuild and computed anew.
type Writer interface {
	Reader
	// Replace creates or replaces a derived table by the rows of a SELECT.
	Replace(ctx context.Context, table, selectQuery string, args ...any) error
	// Session runs fn on one connection that may create temporary tables.
	Session(ctx context.Context, fn func(Session) error) error
}

// Session is one connection of the engine.
type Session interface {
	Exec(ctx context.Context, query string, args ...any) error
	Query(ctx context.Context, query string, args ...any) (Rows, error)
}
