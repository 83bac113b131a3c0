// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// listSteps lists the campaigns of a journey's mail steps.
func (s *store) listSteps(ctx context.Context, journeyID int64) ([]Campaign, error) {
	list, err := database.List(ctx, s.db, scanCampaign, "SELECT "+campaignColumns+" FROM campaigns WHERE journey_id = ? AND journey_id <> 0 ORDER BY id", journeyID)
	if err != nil {
		return nil, fmt.Errorf("list steps of journey %d: %w", journeyID, err)
	}
	return list, s.addCounts(ctx, list)
}

// listDueSteps lists running campaigns of journeys that have somebody to send to.
func (s *store) listDueSteps(ctx context.Context) ([]Campaign, error) {
	now := s.db.Now(ctx).UnixMicro()
	return database.List(ctx, s.db, scanCampaign, "SELECT "+campaignColumns+` FROM campaigns WHERE journey_id <> 0 AND state = 'running' AND EXISTS (
		SELECT 1 FROM recipients r WHERE r.campaign_id = campaigns.id AND r.state IN ('planned', 'leased') AND r.retry_at <= ?)`, now)
}

// clickedRuns answers which of the runs have a click in a campaign.
func (s *store) clickedRuns(ctx context.Context, campaignID int64, runIDs []int64) (map[int64]bool, error) {
	args := []any{campaignID}
	for _, id := range runIDs {
		args = append(args, id)
	}
	scan := func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) }
	list, err := database.List(ctx, s.db, scan, `SELECT run_id FROM recipients WHERE campaign_id = ? AND clicked_at IS NOT NULL
		AND run_id IN (`+database.Marks(len(runIDs))+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("read clicks: %w", err)
	}
	found := make(map[int64]bool, len(list))
	for _, id := range list {
		found[id] = true
	}
	return found, nil
}
