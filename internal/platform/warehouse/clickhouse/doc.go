// SPDX-License-Identifier: Apache-2.0

// Package clickhouse answers questions in a ClickHouse server or cluster that
// mirrors the warehouse; everything else works without it.
//
// Words: the mirror follows the warehouse and holds the same rows, ordered by
// customer and time, on one server or on shards by customer; it is level when
// it holds exactly what the warehouse does, and only then it is asked. Rows are
// never changed: a customer's newer rows carry a higher version and the older
// pairs of key and version are listed as gone.
// Uses: image (the form of questions, and reading the warehouse column by
// column), condition (tests), the HTTP interface of ClickHouse.
// Offers: Open, Mirror with Follow, Group and Status. Versions tried: 18.16.1
// (Debian), on one server and on two shards with a Distributed table.
package clickhouse
