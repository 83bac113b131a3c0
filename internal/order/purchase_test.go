// SPDX-License-Identifier: Apache-2.0

package order_test

import (
	"context"
	"testing"
	"time"

	"dangol/internal/order"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

// TestLinesByCategory adds up the lines of paid orders: refunds, returns, replaced
// and withdrawn lines are left out, lines without a product are not.
func TestLinesByCategory(t *testing.T) {
	t.Parallel()
	databasetest.EachWith(t, database.Options{}, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		if err := fillFacts(ctx, db, 200, 900); err != nil {
			t.Fatal(err)
		}
		from, to := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
		got := map[string][2]int64{}
		s := order.New(db, order.Options{})
		err := s.EachPaidCategory(ctx, from, to, "KRW", func(customerID int64, category string, amount int64) error {
			c := got[category]
			got[category] = [2]int64{c[0] + 1, c[1] + amount}
			if customerID < 1 || customerID > 200 {
				t.Errorf("customer %d", customerID)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][2]int64{}
		for i := int64(1); i <= 3600; i++ { // as fillFacts writes them
			of := 1 + (i-1)/4
			at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(of*7%700) * 24 * time.Hour)
			if of%97 == 0 || at.Before(from) || !at.Before(to) || i%20 == 3 || i%20 == 9 || i%33 == 0 {
				continue
			}
			category := ""
			if i%9 > 0 {
				category = "분류" + string(rune('0'+(1+i%50)%5))
			}
			c := want[category]
			want[category] = [2]int64{c[0] + 1, c[1] + 100 + i%7}
		}
		if len(got) != len(want) || len(want) != 6 {
			t.Errorf("%d categories, not %d", len(got), len(want))
		}
		for category, c := range want {
			if got[category] != c {
				t.Errorf("%q: %v, not %v", category, got[category], c)
			}
		}
	})
}
