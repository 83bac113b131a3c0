// SPDX-License-Identifier: Apache-2.0

package saved

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

const columns = `id, name, owner_id, is_shared, content, created_at, updated_at, version`

func (s *Shelf[C]) scan(rows *sql.Rows) (Document[C], error) {
	var d Document[C]
	var content string
	var created, updated int64
	if err := rows.Scan(&d.ID, &d.Name, &d.OwnerID, &d.IsShared, &content, &created, &updated, &d.Version); err != nil {
		return d, err
	}
	d.CreatedAt, d.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if text, ok := any(&d.Content).(*string); ok {
		*text = content
		return d, nil
	}
	if err := json.Unmarshal([]byte(content), &d.Content); err != nil {
		return d, fmt.Errorf("content of %s %d: %w", s.kind, d.ID, err)
	}
	return d, nil
}

// written is the content as it is kept: text as it is, the rest as JSON.
func (s *Shelf[C]) written(d Document[C]) (string, error) {
	if text, ok := any(d.Content).(string); ok {
		return text, nil
	}
	raw, err := json.Marshal(d.Content)
	if err != nil {
		return "", fmt.Errorf("save %s %s: %w", s.kind, d.Name, err)
	}
	return string(raw), nil
}

func (s *Shelf[C]) list(ctx context.Context, ownerID int64) ([]Document[C], error) {
	list, err := database.List(ctx, s.db, s.scan, `SELECT `+columns+` FROM `+s.table+` WHERE owner_id = ? OR is_shared = 1 ORDER BY name, id`, ownerID)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", s.table, err)
	}
	return list, nil
}

func (s *Shelf[C]) find(ctx context.Context, id int64) (Document[C], error) {
	list, err := database.List(ctx, s.db, s.scan, `SELECT `+columns+` FROM `+s.table+` WHERE id = ?`, id)
	if err != nil {
		return Document[C]{}, fmt.Errorf("find %s %d: %w", s.kind, id, err)
	}
	if len(list) == 0 {
		return Document[C]{}, s.errNone(id)
	}
	return list[0], nil
}

func (s *Shelf[C]) create(ctx context.Context, d Document[C]) (int64, error) {
	content, err := s.written(d)
	if err != nil {
		return 0, err
	}
	id, err := s.db.NextID(ctx, s.table)
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO `+s.table+` (`+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, d.Name, d.OwnerID, d.IsShared, content, d.CreatedAt, d.UpdatedAt, d.Version)
	if err != nil {
		return 0, fmt.Errorf("save %s %s: %w", s.kind, d.Name, err)
	}
	return id, nil
}

func (s *Shelf[C]) update(ctx context.Context, d Document[C]) error {
	content, err := s.written(d)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `UPDATE `+s.table+` SET name = ?, is_shared = ?, content = ?, updated_at = ?, version = ? WHERE id = ?`,
		d.Name, d.IsShared, content, d.UpdatedAt, d.Version, d.ID)
	if err != nil {
		return fmt.Errorf("save %s %d: %w", s.kind, d.ID, err)
	}
	return nil
}

func (s *Shelf[C]) delete(ctx context.Context, id int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM `+s.table+` WHERE id = ?`, id); err != nil {
		return fmt.Errorf("delete %s %d: %w", s.kind, id, err)
	}
	return nil
}
