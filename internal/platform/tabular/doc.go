// SPDX-License-Identifier: Apache-2.0

// Package tabular reads a whole file of rows into typed columns in memory.
//
// Words: a table is the columns of one file; a column has one kind: numbers (missing is NaN), text (codes into a
// dictionary of words, missing is -1) or dates (microseconds on the wall clock of the file, missing is NoDate).
// A note is something the reader decided or repaired and the person should know.
// It uses arrow for Parquet.
// It offers Read for CSV, gzip CSV and Parquet, Text for a file as UTF-8 text, and Column.As for another kind.
package tabular
