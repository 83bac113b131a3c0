// SPDX-License-Identifier: Apache-2.0

// Package report writes what a model found as one page: pictures first, words, tables.
//
// Words: a page has parts in order; a picture is drawn as SVG without scripts; the same page is plain text for a
// terminal and one self-contained HTML file for everybody else.
// It uses nothing but the standard library.
// It offers New, the parts Words, Figures, Table, Lines, Bars, Heat and Points, and HTML and Text.
package report
