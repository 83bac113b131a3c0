// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// store keeps saved pivots.
type store struct{ db *database.DB }

const pivotColumns = `id, name, owner_id, is_shared, query, settings, created_at, updated_at, version`

func scanPivot(rows *sql.Rows) (Pivot, error) {
	var p Pivot
	var query, settings string
	var created, updated int64
	if err := rows.Scan(&p.ID, &p.Name, &p.OwnerID, &p.IsShared, &query, &settings, &created, &updated, &p.Version); err != nil {
		return p, err
	}
	p.Settings = json.RawMessage(settings)
	p.CreatedAt, p.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if err := json.Unmarshal([]byte(query), &p.Query); err != nil {
		return p, fmt.Errorf("query of pivot %d: %w", p.ID, err)
	}
	return p, nil
}

// List returns the pivots of an owner and the shared ones, by name.
func (s *store) List(ctx context.Context, ownerID int64) ([]Pivot, error) {
	list, err := database.List(ctx, s.db, scanPivot, `SELECT `+pivotColumns+` FROM pivots WHERE owner_id = ? OR is_shared = 1 ORDER BY name, id`, ownerID)
	if err != nil {
		return nil, fmt.Errorf("list pivots: %w", err)
	}
	return list, nil
}

// Find returns a pivot or fault.NotFound.
func (s *store) Find(ctx context.Context, id int64) (Pivot, error) {
	list, err := database.List(ctx, s.db, scanPivot, `SELECT `+pivotColumns+` FROM pivots WHERE id = ?`, id)
	if err != nil {
		return Pivot{}, fmt.Errorf("find pivot %d: %w", id, err)
	}
	if len(list) == 0 {
		return Pivot{}, errNoPivot(id)
	}
	return list[0], nil
}

// Create inserts a pivot and returns its id.
func (s *store) Create(ctx context.Context, p Pivot) (int64, error) {
	query, err := json.Marshal(p.Query)
	if err != nil {
		return 0, fmt.Errorf("save pivot %s: %w", p.Name, err)
	}
	id, err := s.db.NextID(ctx, "pivots")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO pivots (`+pivotColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, p.Name, p.OwnerID, p.IsShared, string(query), string(p.Settings), p.CreatedAt, p.UpdatedAt, p.Version)
	if err != nil {
		return 0, fmt.Errorf("save pivot %s: %w", p.Name, err)
	}
	return id, nil
}

// Update stores a pivot.
func (s *store) Update(ctx context.Context, p Pivot) error {
	query, err := json.Marshal(p.Query)
	if err != nil {
		return fmt.Errorf("save pivot %s: %w", p.Name, err)
	}
	_, err = s.db.Exec(ctx, `UPDATE pivots SET name = ?, is_shared = ?, query = ?, settings = ?, updated_at = ?, version = ? WHERE id = ?`,
		p.Name, p.IsShared, string(query), string(p.Settings), p.UpdatedAt, p.Version, p.ID)
	if err != nil {
		return fmt.Errorf("save pivot %d: %w", p.ID, err)
	}
	return nil
}

// Delete deletes a pivot.
func (s *store) Delete(ctx context.Context, id int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM pivots WHERE id = ?`, id); err != nil {
		return fmt.Errorf("delete pivot %d: %w", id, err)
	}
	return nil
}
