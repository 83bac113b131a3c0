// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Erase cancels what is still to be sent to a person whose data is destroyed, and takes their address out of the ledger.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	return s.store.erase(ctx, e)
}

func (s *store) erase(ctx context.Context, e *customer.Erasure) error {
	if err := s.db.ExecIDs(ctx, "UPDATE recipients SET state = 'cancelled', settled_at = ? WHERE state = 'planned' AND customer_id IN ({ids})",
		e.Customers, e.ErasedAt.UnixMicro()); err != nil {
		return fmt.Errorf("cancel mails to customer %d: %w", e.CustomerID, err)
	}
	for _, statement := range []string{
		"UPDATE recipients SET address = '', reply = '' WHERE customer_id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, e.Customers); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	return nil
}
