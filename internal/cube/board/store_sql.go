// SPDX-License-Identifier: Apache-2.0

package board

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// store keeps boards.
type store struct{ db *database.DB }

const boardColumns = `id, name, owner_id, is_shared, content, created_at, updated_at, version`

func scanBoard(rows *sql.Rows) (Board, error) {
	var b Board
	var content string
	var created, updated int64
	if err := rows.Scan(&b.ID, &b.Name, &b.OwnerID, &b.IsShared, &content, &created, &updated, &b.Version); err != nil {
		return b, err
	}
	b.CreatedAt, b.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if err := json.Unmarshal([]byte(content), &b.Content); err != nil {
		return b, fmt.Errorf("content of board %d: %w", b.ID, err)
	}
	return b, nil
}

// List returns the boards of an owner and the shared ones, by name.
func (s *store) List(ctx context.Context, ownerID int64) ([]Board, error) {
	list, err := database.List(ctx, s.db, scanBoard, `SELECT `+boardColumns+` FROM boards WHERE owner_id = ? OR is_shared = 1 ORDER BY name, id`, ownerID)
	if err != nil {
		return nil, fmt.Errorf("list boards: %w", err)
	}
	return list, nil
}

// Find returns a board or fault.NotFound.
func (s *store) Find(ctx context.Context, id int64) (Board, error) {
	list, err := database.List(ctx, s.db, scanBoard, `SELECT `+boardColumns+` FROM boards WHERE id = ?`, id)
	if err != nil {
		return Board{}, fmt.Errorf("find board %d: %w", id, err)
	}
	if len(list) == 0 {
		return Board{}, errNone(id)
	}
	return list[0], nil
}

// Create inserts a board and returns its id.
func (s *store) Create(ctx context.Context, b Board) (int64, error) {
	content, err := b.Content.bytes()
	if err != nil {
		return 0, fmt.Errorf("save board %s: %w", b.Name, err)
	}
	id, err := s.db.NextID(ctx, "boards")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO boards (`+boardColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, b.Name, b.OwnerID, b.IsShared, content, b.CreatedAt, b.UpdatedAt, b.Version)
	if err != nil {
		return 0, fmt.Errorf("save board %s: %w", b.Name, err)
	}
	return id, nil
}

// Update stores a board.
func (s *store) Update(ctx context.Context, b Board) error {
	content, err := b.Content.bytes()
	if err != nil {
		return fmt.Errorf("save board %d: %w", b.ID, err)
	}
	_, err = s.db.Exec(ctx, `UPDATE boards SET name = ?, is_shared = ?, content = ?, updated_at = ?, version = ? WHERE id = ?`,
		b.Name, b.IsShared, content, b.UpdatedAt, b.Version, b.ID)
	if err != nil {
		return fmt.Errorf("save board %d: %w", b.ID, err)
	}
	return nil
}

// Delete deletes a board.
func (s *store) Delete(ctx context.Context, id int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM boards WHERE id = ?`, id); err != nil {
		return fmt.Errorf("delete board %d: %w", id, err)
	}
	return nil
}
