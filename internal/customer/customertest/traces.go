// SPDX-License-Identifier: Apache-2.0

package customertest

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"dangol/internal/platform/database"
)

// Traces finds words in all columns of all tables of the system of record.
func Traces(t *testing.T, ctx context.Context, db *database.DB, words []string) map[string][]string {
	t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'customer_search%'"
	if db.IsPostgres() {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
	}
	tables, err := database.List(ctx, db, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) }, list)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, table := range tables {
		rows, err := db.Query(ctx, "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				places[i] = &cells[i]
			}
			if err := rows.Scan(places...); err != nil {
				t.Fatal(err)
			}
			for i, cell := range cells {
				text := fmt.Sprint(cell)
				if raw, isBytes := cell.([]byte); isBytes {
					text = string(raw) + hex.EncodeToString(raw)
				}
				for _, word := range words {
					if strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
						found[word] = append(found[word], table+"."+columns[i])
					}
				}
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return found
}
