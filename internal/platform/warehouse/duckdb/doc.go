// SPDX-License-Identifier: Apache-2.0

// Package duckdb is the warehouse in process: DuckDB in one disposable file.
//
// Words: the feed takes journal entries, re-reads the current rows of the
// touched subjects and replaces them together with the position, in one
// transaction; a rebuild loads everything anew beside the readers and swaps.
// Uses: warehouse (types), the DuckDB driver and Arrow batches (the only place
// with cgo beside the SQLite driver).
// Offers: Open, Apply, Rebuild, Check, Compact and the warehouse.Writer that
// cube, segment and mining ask. One writer, many readers; a missing, older or
// damaged file is never an error: Stale says that a rebuild is due.
package duckdb
