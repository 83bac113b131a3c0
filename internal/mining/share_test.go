// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"encoding/json"
	"math"
	"testing"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

// Declared totals come first, those of people alike fill the gaps; nobody has more than all.
func TestShareRun(t *testing.T) {
	t.Parallel()
	house := newCompany()
	w := house.open(t)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := withQueueKRW(t, db, w)
		run := computed(t, s, "share", `{"months":12,"declared":"spending"}`)
		if run.State != mining.RunDone {
			t.Fatalf("%s: %s", run.State, run.Problem)
		}
		var got mining.Shares
		if err := json.Unmarshal(run.Result, &got); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, b := range got.Bands {
			n += b.Customers
		}
		if n != got.Customers || got.Declared == 0 || got.Declared == n || math.Abs(got.Share-got.Spent/got.Total) > 1e-12 || got.Share <= 0 || got.Share > 1 {
			t.Errorf("%+v", got)
		}
		rows, err := w.Query(t.Context(), "SELECT count(*), min(share), max(share), count(*) FILTER (WHERE customer_id % 2 = 1 AND total < 3000000) FROM customer_shares")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var all, below int
			var least, most float64
			if err := rows.Scan(&all, &least, &most, &below); err != nil {
				t.Fatal(err)
			}
			if all != n || least <= 0 || most > 1 || below > 0 { // odd customers declare 3,000,000
				t.Errorf("%d rows from %g to %g, %d below what they declared", all, least, most, below)
			}
		}
		if run := computed(t, s, "share", `{"declared":"nothing"}`); run.State != mining.RunFailed {
			t.Error("an attribute that does not exist is taken")
		}
	})
}
