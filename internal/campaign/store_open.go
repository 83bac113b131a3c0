// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// insertOpen notes that a mail was shown.
func (s *store) insertOpen(ctx context.Context, a addressee, isMachine bool) error {
	id, err := s.db.NextID(ctx, "opens")
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO opens (id, campaign_id, recipient_id, at, is_machine) VALUES (?, ?, ?, ?, ?)`,
		id, a.campaignID, a.id, database.Time(ctx).UnixMicro(), isMachine)
	return err
}

// trap turns the clicks and opens of a recipient since a moment into a machine's, and takes
// back what they had counted when nothing of a person is left.
func (s *store) trap(ctx context.Context, a addressee, since time.Time) error {
	now := database.Time(ctx).UnixMicro()
	if _, err := s.db.Exec(ctx, `UPDATE recipients SET trapped_at = ? WHERE id = ?`, now, a.id); err != nil {
		return fmt.Errorf("note trap: %w", err)
	}
	for _, what := range []struct{ table, column, counter string }{{"clicks", "clicked_at", countClicked}, {"opens", "opened_at", countOpened}} {
		if _, err := s.db.Exec(ctx, "UPDATE "+what.table+" SET is_machine = ? WHERE recipient_id = ? AND at >= ?", true, a.id, since.UnixMicro()); err != nil {
			return fmt.Errorf("note trap: %w", err)
		}
		result, err := s.db.Exec(ctx, "UPDATE recipients SET "+what.column+" = NULL WHERE id = ? AND "+what.column+" >= ? AND NOT EXISTS (SELECT 1 FROM "+
			what.table+" x WHERE x.recipient_id = recipients.id AND x.is_machine = ?)", a.id, since.UnixMicro(), false)
		if err != nil {
			return fmt.Errorf("note trap: %w", err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if n > 0 {
			if err := s.addToCounts(ctx, a.campaignID, map[countKey]int64{{what.counter, "", ""}: -1}); err != nil {
				return err
			}
		}
	}
	return nil
}
