// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"fmt"
	"slices"
	"testing"

	"dangol/internal/platform/warehouse"
)

func load(t testing.TB, table warehouse.Table, ids []int64) []string {
	t.Helper()
	var rows []string
	err := table.Load(t.Context(), ids, func(row ...any) error {
		if len(row) != len(table.Columns) {
			t.Fatalf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
		}
		rows = append(rows, fmt.Sprint(row...))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(rows)
	return rows
}

func TestFacts(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(60)
		c := r.plan(r.campaign(nil).ID)
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		var ids []int64
		for id := int64(1); id <= 60; id++ {
			ids = append(ids, id)
		}
		for i, table := range Tables(r.db) {
			if err := table.Validate(); err != nil {
				r.t.Fatal(err)
			}
			all, some := load(r.t, table, nil), load(r.t, table, ids)
			if want := []int{60, 54}[i]; len(all) != want || !slices.Equal(all, some) {
				r.t.Errorf("%s: %d rows at once, %d by customer, want %d", table.Name, len(all), len(some), want)
			}
			// A merge moves the rows.
			r.exec(`UPDATE record_links SET customer_id = 2 WHERE record_id = 1001`)
			if one, two := load(r.t, table, []int64{1}), load(r.t, table, []int64{2}); len(one) != 0 || len(two) < 1 {
				r.t.Errorf("%s after a merge: %v %v", table.Name, one, two)
			}
			r.exec(`UPDATE record_links SET customer_id = 1 WHERE record_id = 1001`)
		}
	})
}
