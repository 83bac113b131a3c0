// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// store keeps the schedule.
type store struct{ db *database.DB }

// Hour is the hour of the day at which an edition is written, or Never.
func (s *store) Hour(ctx context.Context) (int, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (int, error) {
		var hour int
		err := rows.Scan(&hour)
		return hour, err
	}, `SELECT hour FROM parquet_schedule WHERE id = 1`)
	if err != nil {
		return Never, fmt.Errorf("find schedule of parquet files: %w", err)
	}
	if len(list) == 0 {
		return Never, nil
	}
	return list[0], nil
}

// SetHour stores the hour.
func (s *store) SetHour(ctx context.Context, hour int) error {
	_, err := s.db.Exec(ctx, `INSERT INTO parquet_schedule (id, hour, updated_at) VALUES (1, ?, ?)
		ON CONFLICT (id) DO UPDATE SET hour = excluded.hour, updated_at = excluded.updated_at`, hour, database.Time(ctx))
	if err != nil {
		return fmt.Errorf("plan parquet files: %w", err)
	}
	return nil
}
