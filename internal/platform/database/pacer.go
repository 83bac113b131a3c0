// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql"
	"time"
)

const (
	// politeSlice is how long a slice of bulk work may hold the writer while people work; busySlice when
	// nobody has waited lately: longer slices share their sync among more rows.
	politeSlice = 15 * time.Millisecond
	busySlice   = 250 * time.Millisecond
	// politeFor is how long after a person waited bulk work stays polite.
	politeFor = 2 * time.Second

	smallestSlice = 50
	firstSlice    = 500
)

// Pacer tells bulk work how many rows to write in its next slice, so that people hardly wait.
type Pacer struct {
	db      *DB
	largest int
	perRow  time.Duration
}

// NewPacer makes a pacer that never asks for more than largest rows.
func (db *DB) NewPacer(largest int) *Pacer { return &Pacer{db: db, largest: largest} }

// Rows is the number of rows for the next slice.
func (p *Pacer) Rows() int {
	if p.perRow == 0 {
		return min(firstSlice, p.largest)
	}
	slice := busySlice
	if p.db.PeopleWaited(politeFor) {
		slice = politeSlice
	}
	return min(p.largest, max(smallestSlice, int(slice/p.perRow)))
}

// Done tells how long the last slice of n rows took inside its transaction.
func (p *Pacer) Done(n int, took time.Duration) {
	if n == 0 {
		return
	}
	now := max(1, took/time.Duration(n))
	if p.perRow == 0 {
		p.perRow = now
	}
	p.perRow = max(1, (p.perRow*3+now)/4) // smoothed: one slow sync must not shrink slices
}

// PeopleWaited reports whether a person had to wait for the writer within the last d; false on PostgreSQL.
func (db *DB) PeopleWaited(d time.Duration) bool {
	if db.writer == nil {
		return false
	}
	last := db.writer.queue.waited.Load()
	return last != 0 && time.Since(time.Unix(0, last)) < d
}

// PeopleWait reports whether a person waits for the writer now; false on PostgreSQL.
func (db *DB) PeopleWait() bool { return db.writer != nil && db.writer.queue.personWaits() }

// Waiting is how many callers wait for the writer now; 0 on PostgreSQL.
func (db *DB) Waiting() int {
	if db.writer == nil {
		return 0
	}
	return db.writer.queue.waiting()
}

// Stats are figures for the metrics page; on PostgreSQL only the connections are counted.
type Stats struct {
	// Commits are the groups made durable, Changes the transactions in them.
	Commits, Changes int64
	Waiting          int
	Connections      sql.DBStats
}

// Stats returns figures since the start.
func (db *DB) Stats() Stats {
	s := Stats{Waiting: db.Waiting(), Connections: db.read.Stats()}
	if db.writer != nil {
		s.Commits, s.Changes = db.writer.count.commits.Load(), db.writer.count.callers.Load()
	}
	return s
}
