// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Erase forgets a person whose data is destroyed: their keys of the live index, and the pairs that wait for a decision.
// A run that has them in memory leaves them out when it writes. What people decided stays, as numbers.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	if err := s.Forget(ctx, e.Records); err != nil {
		return err
	}
	return s.store.erase(ctx, e)
}

func (s *store) erase(ctx context.Context, e *customer.Erasure) error {
	for _, statement := range []string{
		"DELETE FROM match_pairs WHERE low_id IN ({ids})",
		"DELETE FROM match_pairs WHERE high_id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, e.Customers); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	return nil
}
