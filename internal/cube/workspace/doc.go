// SPDX-License-Identifier: Apache-2.0

// Package workspace lets analysts ask the warehouse in SQL, within the same
// policy as everything else.
//
// Words: a statement is one SELECT; a view is a table as the asker may see it,
// without personal columns and without customers outside the row scope.
// Uses: cube (which tables and columns mean what), warehouse (to ask), journal
// (exports), database (saved statements).
// Offers: Schema, Run, Export and saved statements. DuckDB parses a statement,
// the parse tree is checked, and the text made of the checked tree is run, so
// that what was checked is what runs. The engine itself is shut in as well: no
// files, no network, no settings (warehouse/duckdb).
package workspace
