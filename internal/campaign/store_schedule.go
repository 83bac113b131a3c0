// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// setStart keeps when a planned campaign starts, nil for not by itself.
func (s *store) setStart(ctx context.Context, id int64, at *time.Time) error {
	result, err := s.db.Exec(ctx, `UPDATE campaigns SET start_at = ?, note = '', updated_at = ?, version = version + 1 WHERE id = ? AND state = 'planned'`,
		micro(at), database.Time(ctx), id)
	if err != nil {
		return fmt.Errorf("set the start of campaign %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "campaign.moved_meanwhile", "The campaign is no longer {state}; look at it again.", "state", string(Planned))
	}
	return nil
}

// clearStarts takes back all scheduled starts.
func (s *store) clearStarts(ctx context.Context, note string) error {
	_, err := s.db.Exec(ctx, `UPDATE campaigns SET start_at = NULL, note = ?, version = version + 1 WHERE start_at IS NOT NULL`, note)
	return err
}

func micro(at *time.Time) any {
	if at == nil {
		return nil
	}
	return at.UnixMicro()
}
