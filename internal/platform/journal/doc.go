// SPDX-License-Identifier: Apache-2.0

// Package journal is the append-only log of every change of business data: audit trail, feed of the
// warehouse, source of webhooks and live screens, trigger of journeys. Beside it stands the access log.
//
// Words: an entry is one change; a bulk entry owns chunks of row changes; the sequencer numbers entries
// after commit (Seq) and chains their hashes; a consumer reads numbered entries and keeps a position;
// personal values (Before, After) are sealed with the key of their source record, kept in a file apart,
// so that destroying the key erases them everywhere without touching the chain.
// It uses database and fault. It offers Append, AppendBulk, Consume, ListBySubject, LogAccess, Verify.
package journal
