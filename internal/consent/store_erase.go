// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Erase takes out what proves the consents of a person whose data is destroyed. That they said yes or no, and when,
// stays as a number; so do the addresses that want nothing any more, or they would be written to again.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	return s.store.erase(ctx, e)
}

func (s *store) erase(ctx context.Context, e *customer.Erasure) error {
	for _, statement := range []string{
		"UPDATE consents SET evidence = NULL WHERE record_id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, e.RecordIDs); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	return nil
}
