// SPDX-License-Identifier: Apache-2.0

package order

import (
	"fmt"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/warehouse"
)

func TestCostOfALine(t *testing.T) {
	t.Parallel()
	c := cost{each: 700, currency: "KRW"}
	for _, want := range []struct{ quantity, amount, cost int64 }{
		{2000, 2000, 1400}, {1500, 900, 1050}, {1000, -1000, -700}, {-1000, -1000, -700}, {0, 0, 0}, {333, 10, 233},
	} {
		if got := c.of(want.quantity, want.amount); got != want.cost {
			t.Errorf("%d thousandths at %d cost %d, want %d", want.quantity, want.amount, got, want.cost)
		}
	}
}

// A product file with costs gives its sales a margin; undoing the file takes
// it away again, and lines of products without a cost have none.
func TestCostsReachTheFactsOfLines(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		b := newBench(t, db, 1)
		b.load(Batch{ID: 1, SourceID: 1, Kind: Products}, []Fact{{Row: 2, Values: map[string]string{FieldProductKey: "a", FieldPrice: "1000", FieldUnitCost: "700"}}}, 10)
		b.load(Batch{ID: 2, SourceID: 1}, []Fact{
			sold(1, 1, FieldOrderKey, "A", FieldProductKey, "a", FieldQuantity, "2", FieldAmount, "2000", FieldOrderedAt, "2026-01-01"),
			sold(2, 1, FieldOrderKey, "B", FieldProductKey, "b", FieldQuantity, "1", FieldAmount, "500", FieldOrderedAt, "2026-01-02"),
		}, 10)
		margins := func() string {
			table, out := Tables(db, nil)[0], ""
			err := table.Load(b.ctx, nil, func(row ...any) error {
				out += fmt.Sprint(row[len(lineFacts)-2:], " ")
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if got := margins(); got != "[600 2000] [<nil> <nil>] " {
			t.Errorf("margin and revenue with cost: %s", got)
		}
		watch := &costWatch{store: b.s.store}
		for i, want := range []bool{true, false} { // unknown costs may have changed; the same ones have not
			if changed, err := watch.changed(b.ctx, warehouse.Entry{Kind: "intake.batch_loaded"}); err != nil || changed != want {
				t.Errorf("look %d: %v %v", i, changed, err)
			}
		}
		b.load(Batch{ID: 3, SourceID: 1, Kind: Products}, []Fact{{Row: 2, Values: map[string]string{FieldProductKey: "a", FieldPrice: "1000", FieldUnitCost: "900"}}}, 10)
		if changed, err := watch.changed(b.ctx, warehouse.Entry{Kind: "intake.batch_loaded"}); err != nil || !changed {
			t.Errorf("a new cost: %v %v", changed, err)
		}
		if got := margins(); got != "[200 2000] [<nil> <nil>] " {
			t.Errorf("margin at the new cost: %s", got)
		}
	})
}
