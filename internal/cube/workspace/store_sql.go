// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// store keeps saved statements.
type store struct{ db *database.DB }

const statementColumns = `id, name, owner_id, is_shared, content, created_at, updated_at, version`

func scanStatement(rows *sql.Rows) (Statement, error) {
	var s Statement
	var created, updated int64
	err := rows.Scan(&s.ID, &s.Name, &s.OwnerID, &s.IsShared, &s.SQL, &created, &updated, &s.Version)
	s.CreatedAt, s.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return s, err
}

// List returns the statements of an owner and the shared ones, by name.
func (s *store) List(ctx context.Context, ownerID int64) ([]Statement, error) {
	list, err := database.List(ctx, s.db, scanStatement, `SELECT `+statementColumns+` FROM statements WHERE owner_id = ? OR is_shared = 1 ORDER BY name, id`, ownerID)
	if err != nil {
		return nil, fmt.Errorf("list statements: %w", err)
	}
	return list, nil
}

// Find returns a statement or fault.NotFound.
func (s *store) Find(ctx context.Context, id int64) (Statement, error) {
	list, err := database.List(ctx, s.db, scanStatement, `SELECT `+statementColumns+` FROM statements WHERE id = ?`, id)
	if err != nil {
		return Statement{}, fmt.Errorf("find statement %d: %w", id, err)
	}
	if len(list) == 0 {
		return Statement{}, errNone(id)
	}
	return list[0], nil
}

// Create inserts a statement and returns its id.
func (s *store) Create(ctx context.Context, v Statement) (int64, error) {
	id, err := s.db.NextID(ctx, "statements")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO statements (`+statementColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, v.Name, v.OwnerID, v.IsShared, v.SQL, v.CreatedAt, v.UpdatedAt, v.Version)
	if err != nil {
		return 0, fmt.Errorf("save statement %s: %w", v.Name, err)
	}
	return id, nil
}

// Update stores a statement.
func (s *store) Update(ctx context.Context, v Statement) error {
	_, err := s.db.Exec(ctx, `UPDATE statements SET name = ?, is_shared = ?, content = ?, updated_at = ?, version = ? WHERE id = ?`,
		v.Name, v.IsShared, v.SQL, v.UpdatedAt, v.Version, v.ID)
	if err != nil {
		return fmt.Errorf("save statement %d: %w", v.ID, err)
	}
	return nil
}

// Delete deletes a statement.
func (s *store) Delete(ctx context.Context, id int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM statements WHERE id = ?`, id); err != nil {
		return fmt.Errorf("delete statement %d: %w", id, err)
	}
	return nil
}
