// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Erase takes the rows of a person whose data is destroyed out of the lists of rejected cells. The files themselves stay:
// they hold others too, and are deleted as a whole.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	return s.store.erase(ctx, e)
}

func (s *store) erase(ctx context.Context, e *customer.Erasure) error {
	for _, r := range e.Records {
		if r.BatchID == 0 {
			continue
		}
		if _, err := s.db.Exec(ctx, "DELETE FROM rejects WHERE batch_id = ? AND row_number = ?", r.BatchID, r.RowNumber); err != nil {
			return fmt.Errorf("erase rejected cells of record %d: %w", r.ID, err)
		}
	}
	return nil
}
