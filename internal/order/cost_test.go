// SPDX-License-Identifier: Apache-2.0

package order

import "testing"

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
