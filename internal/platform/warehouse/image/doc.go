// SPDX-License-Identifier: Apache-2.0

// Package image answers questions that are loops over one subject after
// another, out of columns clustered by subject in a memory-mapped file.
//
// Words: a subject is what facts belong to, named by its key; a chunk is some
// hundreds of neighbouring subjects with all their rows, sorted by time; a vec
// is one column of a chunk in narrow codes; the delta is chunks in memory that
// stand in for subjects changed since the file was written; a snapshot is file
// and delta as of one position.
// Uses: warehouse (cubes, conditions); a Source that reads its rows.
// Offers: Image (build, follow, compact, check), Rule (who), Question (groups),
// Measures (one number per subject), Pairs (baskets). No business word, no cgo.
package image
