// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// ClosedDays returns the company's own days off, in order.
func (s *store) ClosedDays(ctx context.Context) ([]ClosedDay, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (ClosedDay, error) {
		var d ClosedDay
		err := rows.Scan(&d.On, &d.Name)
		return d, err
	}, `SELECT on_day, name FROM closed_days ORDER BY on_day`)
	if err != nil {
		return nil, fmt.Errorf("list days off: %w", err)
	}
	return list, nil
}

// SaveClosedDays replaces the company's own days off.
func (s *store) SaveClosedDays(ctx context.Context, list []ClosedDay) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM closed_days`); err != nil {
		return fmt.Errorf("save days off: %w", err)
	}
	for _, d := range list {
		if _, err := s.db.Exec(ctx, `INSERT INTO closed_days (on_day, name) VALUES (?, ?)`, d.On, d.Name); err != nil {
			return fmt.Errorf("save day off %s: %w", d.On, err)
		}
	}
	return nil
}
