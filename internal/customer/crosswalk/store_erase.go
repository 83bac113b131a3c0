// SPDX-License-Identifier: Apache-2.0

package crosswalk

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Erase takes the keys of a person whose data is destroyed out of the report of conflicts.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	return s.store.erase(ctx, e)
}

func (s *store) erase(ctx context.Context, e *customer.Erasure) error {
	for _, statement := range []string{
		"DELETE FROM key_conflicts WHERE customer_id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, e.Customers); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	for _, r := range e.Records { // other people's conflicts about the same key name the person too; the next check writes them anew
		for _, key := range r.Keys {
			if _, err := s.db.Exec(ctx, "DELETE FROM key_conflicts WHERE scheme_id = ? AND value = ?", key.SchemeID, key.Value); err != nil {
				return fmt.Errorf("erase conflicts of record %d: %w", r.ID, err)
			}
		}
	}
	return nil
}
