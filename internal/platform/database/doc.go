// SPDX-License-Identifier: Apache-2.0

// Package database is the system of record: SQLite in one file or PostgreSQL by URL, one SQL for both.
//
// Words: a transaction is what Within opens and everything called with its ctx joins; people are callers
// of Within (small work, first in the queue); bulk is WithinBulk (slices of long work, yields to people);
// a group is many small SQLite transactions, one savepoint each, made durable by one COMMIT.
// It uses fault. It offers Open, Migrate, Within, WithinBulk, Exec, Query, QueryRow, Prepare, NextIDs,
// Time, AfterCommit, Backup and Restore.
// Rules: pass on the ctx that Within gives (a call with an outer ctx waits for itself and ends as Busy);
// read all rows before the next statement inside a transaction (PostgreSQL allows one at a time; Rows
// does it); never wait for the network inside Within; after a failed statement return its error, or run
// it inside Attempt, because PostgreSQL refuses everything after it.
package database
