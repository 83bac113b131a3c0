// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Erase takes a person whose data is destroyed off the worklists.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	return s.store.erase(ctx, e)
}

func (s *store) erase(ctx context.Context, e *customer.Erasure) error {
	for _, statement := range []string{
		"DELETE FROM quality_issues WHERE customer_id IN ({ids})",
		"DELETE FROM quality_marks WHERE customer_id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, e.Customers); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	return nil
}
