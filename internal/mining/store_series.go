// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const seriesColumns = `id, name, count, first_at, last_at, step, is_level, person_id, created_at`

// CreateSeries stores a series and gives it its id.
func (s *store) CreateSeries(ctx context.Context, o *OwnSeries) error {
	id, err := s.db.NextID(ctx, "mining_series")
	if err != nil {
		return err
	}
	o.ID, o.CreatedAt = id, database.Time(ctx)
	pairs := make([][2]float64, len(o.points))
	for i, p := range o.points {
		pairs[i] = [2]float64{float64(p.at), p.value} // microseconds of our days are whole numbers below 2^53
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	level := 0
	if o.IsLevel {
		level = 1
	}
	_, err = s.db.Exec(ctx, `INSERT INTO mining_series (`+seriesColumns+`, points) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, o.Name, o.Count, o.FirstAt, o.LastAt, o.Step, level, o.PersonID, o.CreatedAt, string(text))
	if err != nil {
		return fmt.Errorf("create series: %w", err)
	}
	return nil
}

// FindSeries returns a series with its points, or fault.NotFound.
func (s *store) FindSeries(ctx context.Context, id int64) (*OwnSeries, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (OwnSeries, error) { return scanSeries(rows, true) },
		`SELECT `+seriesColumns+`, points FROM mining_series WHERE id = ?`, id)
	if err != nil {
		return nil, fmt.Errorf("find series %d: %w", id, err)
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "mining.no_own_series", "There is no series {id}.", "id", id)
	}
	return &list[0], nil
}

// ListSeries returns all series without their points, newest first.
func (s *store) ListSeries(ctx context.Context) ([]OwnSeries, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (OwnSeries, error) { return scanSeries(rows, false) },
		`SELECT `+seriesColumns+` FROM mining_series ORDER BY id DESC`)
	if err != nil {
		return nil, fmt.Errorf("list series: %w", err)
	}
	return list, nil
}

// DeleteSeries removes a series.
func (s *store) DeleteSeries(ctx context.Context, id int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM mining_series WHERE id = ?`, id); err != nil {
		return fmt.Errorf("delete series %d: %w", id, err)
	}
	return nil
}

func scanSeries(rows *sql.Rows, withPoints bool) (OwnSeries, error) {
	var o OwnSeries
	var first, last, created, level int64
	var text string
	dest := []any{&o.ID, &o.Name, &o.Count, &first, &last, &o.Step, &level, &o.PersonID, &created}
	if withPoints {
		dest = append(dest, &text)
	}
	if err := rows.Scan(dest...); err != nil {
		return o, err
	}
	o.IsLevel = level != 0
	o.FirstAt, o.LastAt, o.CreatedAt = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC(), time.UnixMicro(created).UTC()
	if !withPoints {
		return o, nil
	}
	var pairs [][2]float64
	if err := json.Unmarshal([]byte(text), &pairs); err != nil {
		return o, fmt.Errorf("points of series %d: %w", o.ID, err)
	}
	for _, p := range pairs {
		o.points = append(o.points, moment{int64(p[0]), p[1]})
	}
	return o, nil
}
