// SPDX-License-Identifier: Apache-2.0

// Package paper lays answers of the cube out on pages: PDF in A4 with tables
// whose first measure is drawn as bars beside the numbers.
//
// Words: a sheet is a table with a title; a page carries the title, the time of
// the data and its number.
// Uses: cube for sheets, a TrueType font that the program brings along.
// Offers: Write.
package paper
