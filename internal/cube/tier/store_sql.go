// SPDX-License-Identifier: Apache-2.0

package tier

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// store keeps the setting.
type store struct{ db *database.DB }

// Find is the setting; a new installation keeps everything hot.
func (s *store) Find(ctx context.Context) (Setting, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Setting, error) {
		var one Setting
		err := rows.Scan(&one.Months, &one.HotPrice, &one.ColdPrice)
		return one, err
	}, `SELECT months, hot_price, cold_price FROM tier_setting WHERE id = 1`)
	if err != nil {
		return Setting{}, fmt.Errorf("find the setting of tiers: %w", err)
	}
	if len(list) == 0 {
		return Setting{}, nil
	}
	return list[0], nil
}

// Update stores the setting.
func (s *store) Update(ctx context.Context, one Setting) error {
	_, err := s.db.Exec(ctx, `INSERT INTO tier_setting (id, months, hot_price, cold_price, updated_at) VALUES (1, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET months = excluded.months, hot_price = excluded.hot_price, cold_price = excluded.cold_price,
		updated_at = excluded.updated_at`, one.Months, one.HotPrice, one.ColdPrice, database.Time(ctx))
	if err != nil {
		return fmt.Errorf("keep the setting of tiers: %w", err)
	}
	return nil
}
