// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/warehouse/duckdb"
)

func rowsOf(t *testing.T, w *duckdb.Warehouse, table string) (n int64) {
	t.Helper()
	rows, err := w.Query(t.Context(), "SELECT count(*) FROM "+table)
	if err != nil {
		return -1 // the warehouse is being built
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// A rebuild throws the tables of findings away; they come back by themselves.
func TestFindingsComeBackAfterARebuild(t *testing.T) {
	t.Parallel()
	w := mailed(t, 8000, 0.2)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := withQueue(t, db, w, "2025-06-05")
		if err := s.AfterRebuild(boss()); err != nil {
			t.Fatal(err)
		}
		found[mining.Uplift](t, s, "uplift", `{"of":"promotion","id":7}`)
		found[mining.Shares](t, s, "share", `{}`)
		rules := mining.GradeRules{Months: 12, NoticeDays: 30, Levels: []mining.GradeLevel{{Name: "골드", Revenue: 20000}, {Name: "일반"}}}
		moves, err := s.SimulateGrades(boss(), rules)
		if err != nil {
			t.Fatal(err, moves)
		}
		tables := []string{mining.UpliftTable, mining.SharesTable, mining.GradeSimulationTable}
		before := map[string]int64{}
		for _, table := range tables {
			if before[table] = rowsOf(t, w, table); before[table] == 0 {
				t.Fatalf("%s is empty", table)
			}
			if err := w.Replace(t.Context(), table, "SELECT * FROM "+table+" WHERE false"); err != nil { // as a rebuild leaves it
				t.Fatal(err)
			}
		}
		if err := s.AfterRebuild(boss()); err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			for deadline := time.Now().Add(time.Minute); rowsOf(t, w, table) != before[table]; {
				if time.Now().After(deadline) {
					t.Fatalf("%s has %d rows, had %d", table, rowsOf(t, w, table), before[table])
				}
				select {
				case <-t.Context().Done():
				case <-time.After(20 * time.Millisecond):
				}
			}
		}
	})
}
