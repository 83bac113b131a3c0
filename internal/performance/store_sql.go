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
		err := rows.Scan(&c.ID, &c.CampaignID, &c.Component, &c.Amount, &c.Currency, &c.Note, &created, &c.Minutes)
		c.CreatedAt = time.UnixMicro(created).UTC()
		return c, err
	}
	list, err := database.List(ctx, s.db, scan, `SELECT id, campaign_id, component, amount, currency, note, created_at, minutes FROM costs
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
	_, err = s.db.Exec(ctx, `INSERT INTO costs (id, campaign_id, component, amount, currency, note, person_id, created_at, minutes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.CampaignID, c.Component, c.Amount, c.Currency, c.Note, personID, c.CreatedAt, c.Minutes)
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

func (s *store) insertResult(ctx context.Context, campaignID int64, content string, isFinal bool) error {
	id, err := s.db.NextID(ctx, "results")
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO results (id, campaign_id, evaluated_at, content, is_final) VALUES (?, ?, ?, ?, ?)`, id, campaignID, database.Time(ctx), content, isFinal)
	if err != nil {
		return fmt.Errorf("keep result: %w", err)
	}
	return nil
}

// finals lists the campaigns that have a result of their whole window.
func (s *store) finals(ctx context.Context) (map[int64]bool, error) {
	scan := func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) }
	list, err := database.List(ctx, s.db, scan, `SELECT DISTINCT campaign_id FROM results WHERE is_final = 1`)
	if err != nil {
		return nil, fmt.Errorf("list results: %w", err)
	}
	found := make(map[int64]bool, len(list))
	for _, id := range list {
		found[id] = true
	}
	return found, nil
}

// latest lists the newest result of the whole window of each campaign.
func (s *store) latest(ctx context.Context) ([]string, error) {
	scan := func(rows *sql.Rows) (text string, err error) { return text, rows.Scan(&text) }
	list, err := database.List(ctx, s.db, scan, `SELECT content FROM results WHERE id IN (SELECT MAX(id) FROM results WHERE is_final = 1 GROUP BY campaign_id)`)
	if err != nil {
		return nil, fmt.Errorf("list results: %w", err)
	}
	return list, nil
}

func (s *store) listBudgets(ctx context.Context, from, to string) ([]Budget, error) {
	scan := func(rows *sql.Rows) (Budget, error) {
		var b Budget
		return b, rows.Scan(&b.Month, &b.Channel, &b.Amount)
	}
	list, err := database.List(ctx, s.db, scan, `SELECT month, channel, amount FROM budgets WHERE month >= ? AND month <= ? ORDER BY month, channel`, from, to)
	if err != nil {
		return nil, fmt.Errorf("list budgets: %w", err)
	}
	return list, nil
}

func (s *store) saveBudget(ctx context.Context, b Budget) error {
	_, err := s.db.Exec(ctx, `INSERT INTO budgets (month, channel, amount, currency, updated_at) VALUES (?, ?, ?, '', ?)
		ON CONFLICT (month, channel) DO UPDATE SET amount = excluded.amount, updated_at = excluded.updated_at`, b.Month, b.Channel, b.Amount, database.Time(ctx))
	return err
}
