// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"database/sql"

	"dangol/internal/platform/database"
)

// decideUnknown moves a slice of unknown recipients on.
func (s *store) decideUnknown(ctx context.Context, campaignID int64, to Step, limit int) ([]leased, error) {
	now := database.Time(ctx).UnixMicro()
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (leased, error) {
		var l leased
		return l, rows.Scan(&l.id, &l.customerID, &l.recordID)
	}, `UPDATE recipients SET state = ?, retry_at = ?, settled_at = CASE WHEN ? = 'planned' THEN NULL ELSE settled_at END,
		handed_over_at = CASE WHEN ? = 'planned' THEN NULL ELSE settled_at END
		WHERE id IN (SELECT id FROM recipients WHERE campaign_id = ? AND state = 'unknown' LIMIT ?)
		RETURNING id, customer_id, record_id`, string(to), now, string(to), string(to), campaignID, limit)
	if err != nil {
		return nil, err
	}
	n := int64(len(list))
	return list, s.addToCounts(ctx, campaignID, map[countKey]int64{{Treatment, StepUnknown, ""}: -n, {Treatment, to, ""}: n})
}
