// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps costs and results in the system of record.
type store struct {
	db *database.DB
}

func (s *store) listCosts(ctx context.Context, campaignID int64) ([]Cost, error) {
	scan := func(rows *sql.Rows) (Cost, error) {
		var c Cost
		var created int64
		err := rows.Scan(&c.ID, &c.CampaignID, &c.Component, &c.Amount, &c.Currency, &c.Note, &created)
		c.CreatedAt = time.UnixMicro(created).UTC()
		return c, err
	}
	list, err := database.List(ctx, s.db, scan, `SELECT id, campaign_id, component, amount, currency, note, created_at FROM costs
		WHERE campaign_id = ? ORDER BY id`, campaignID)
	if err != nil {
		return nil, fmt.Errorf("list costs: %w", err)
	}
	if list == nil {
		list = []Cost{}
	}
	return list, nil
}

func (s *store) insertCost(ctx context.Context, c *Cost, personID int64) error {
	var err error
	if c.ID, err = s.db.NextID(ctx, "costs"); err != nil {
		return err
	}
	c.CreatedAt = database.Time(ctx)
	_, err = s.db.Exec(ctx, `INSERT INTO costs (id, campaign_id, component, amount, currency, note, person_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.CampaignID, c.Component, c.Amount, c.Currency, c.Note, personID, c.CreatedAt)
	if err != nil {
		return fmt.Errorf("add cost: %w", err)
	}
	return nil
}

func (s *store) deleteCost(ctx context.Context, campaignID, id int64) error {
	result, err := s.db.Exec(ctx, `DELETE FROM costs WHERE id = ? AND campaign_id = ?`, id, campaignID)
	if err != nil {
		return fmt.Errorf("remove cost: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.NotFound, "performance.no_cost", "There is no cost {id}.", "id", id)
	}
	return nil
}

func (s *store) insertResult(ctx context.Context, campaignID int64, content string) error {
	id, err := s.db.NextID(ctx, "results")
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO results (id, campaign_id, evaluated_at, content) VALUES (?, ?, ?, ?)`, id, campaignID, database.Time(ctx), content)
	if err != nil {
		return fmt.Errorf("keep result: %w", err)
	}
	return nil
}
