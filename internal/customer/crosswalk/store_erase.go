// SPDX-License-Identifier: Apache-2.0

package crosswalk

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Eraser tells what the report of conflicts keeps of a person. Conflicts of other people about the same key name the
// person too; the next check writes them anew.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{
		Traces: []customer.Trace{{What: "key_conflicts", Table: "key_conflicts", By: "customer_id"}},
		Around: func(ctx context.Context, e *customer.Erasure, rows func() error) error {
			if err := rows(); err != nil {
				return err
			}
			return s.store.eraseConflicts(ctx, e)
		},
	}
}

func (s *store) eraseConflicts(ctx context.Context, e *customer.Erasure) error {
	for _, r := range e.Records {
		for _, key := range r.Keys {
			if _, err := s.db.Exec(ctx, "DELETE FROM key_conflicts WHERE scheme_id = ? AND value = ?", key.SchemeID, key.Value); err != nil {
				return fmt.Errorf("erase conflicts of record %d: %w", r.ID, err)
			}
		}
	}
	return nil
}
