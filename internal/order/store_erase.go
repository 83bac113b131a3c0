// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Erase leaves the orders of a person whose data is destroyed without what may name them; amounts, goods and days stay
// for five years (Enforcement Decree of the E-Commerce Act, article 6).
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	return s.store.erase(ctx, e)
}

func (s *store) erase(ctx context.Context, e *customer.Erasure) error {
	for _, statement := range []string{
		"UPDATE orders SET contact = '' WHERE record_id IN ({ids})",
		"UPDATE promotion_targets SET extra = NULL WHERE record_id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, e.RecordIDs); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	return nil
}
