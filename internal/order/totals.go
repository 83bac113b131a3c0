// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"time"
)

// Total is what a customer bought in the company's currency: refunds are taken off, orders in other
// currencies are left out.
type Total struct {
	Orders   int64
	Revenue  int64
	Currency string
	LastAt   time.Time
}

// TotalsOf returns what customers bought in all; those who bought nothing are left out.
func (s *Service) TotalsOf(ctx context.Context, customerIDs []int64) (map[int64]Total, error) {
	totals, err := s.store.totalsOf(ctx, customerIDs, s.currency)
	for id := range totals {
		if s.hides(ctx, id) {
			delete(totals, id)
		}
	}
	return totals, err
}
