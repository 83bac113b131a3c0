// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Erase takes a person whose data is destroyed out of households; a suggestion that loses its second member goes.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	list, err := s.store.memberships(ctx, e.Customers)
	if err != nil {
		return err
	}
	var households []int64
	for _, m := range list {
		households = append(households, m.household)
	}
	if err := s.store.erase(ctx, e, households); err != nil {
		return err
	}
	_, err = s.store.refresh(ctx, households, e.Customers)
	return err
}

func (s *store) erase(ctx context.Context, e *customer.Erasure, households []int64) error {
	for _, statement := range []string{
		"DELETE FROM household_members WHERE customer_id IN ({ids})", "DELETE FROM household_partings WHERE low_id IN ({ids})",
		"DELETE FROM household_partings WHERE high_id IN ({ids})", "UPDATE households SET head_id = NULL WHERE head_id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, e.Customers); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	const alone = "(SELECT COUNT(*) FROM household_members m WHERE m.household_id = households.id) < 2"
	for _, statement := range []string{
		"DELETE FROM household_members WHERE household_id IN (SELECT id FROM households WHERE state = 'suggested' AND " + alone + " AND id IN ({ids}))",
		"DELETE FROM households WHERE state = 'suggested' AND " + alone + " AND id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, households); err != nil {
			return fmt.Errorf("end households of customer %d: %w", e.CustomerID, err)
		}
	}
	return nil
}
