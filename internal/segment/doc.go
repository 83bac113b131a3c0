// SPDX-License-Identifier: Apache-2.0

// Package segment is saved questions about customers and what they did.
//
// Words: a rule tree is the question (the one shape of list filters, segments,
// cube cells and the builder on screen); a field is an attribute of the
// customer; an event is behaviour; a program is a compiled tree; a slice is
// what is known of one customer.
// One program has two answers: Matches (Go, over a slice) and SQL (DuckDB, over
// everybody); property tests hold them equal, so a preview, a campaign and a
// live trigger agree by construction.
// Uses: cube (model of fields), warehouse (conditions, tables), journal, auth.
// Offers: saved segments, Preview, Members, the Finder of customer lists.
package segment
