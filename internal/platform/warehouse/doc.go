// SPDX-License-Identifier: Apache-2.0

// Package warehouse is the analytic side of the house: tables derived from the
// system of record, and the cubes, dimensions and measures that are asked of them.
//
// Words: a Table is fed by re-reading the current rows of touched subjects; a
// Cube is a table with dimensions and measures; a Position says how far the
// journal has been taken in ("as of").
// Uses: nothing but the standard library; engines live in sub-folders (duckdb).
// Offers: the types that each capability declares in its facts.go, and Reader,
// through which cube, segment and mining ask. It holds no business word.
package warehouse
