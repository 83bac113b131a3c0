// SPDX-License-Identifier: Apache-2.0

package files

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/fault"
)

func (s *Store) insert(ctx context.Context, f File) error {
	_, err := s.db.Exec(ctx, "INSERT INTO files (id, size, sha256, created_at) VALUES (?, ?, ?, ?)",
		f.ID, f.Size, f.SHA256, f.CreatedAt)
	return err
}

func (s *Store) remove(ctx context.Context, id int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM files WHERE id = ?", id)
	return err
}

// Find returns what is known of a file or fault.NotFound.
func (s *Store) Find(ctx context.Context, id int64) (File, error) {
	f := File{ID: id}
	var at int64
	err := s.db.Scan(ctx, []any{&f.Size, &f.SHA256, &at}, "SELECT size, sha256, created_at FROM files WHERE id = ?", id)
	if fault.Is(err, fault.NotFound) {
		return f, notFound(id)
	}
	if err != nil {
		return f, fmt.Errorf("find file %d: %w", id, err)
	}
	f.CreatedAt = time.UnixMicro(at).UTC()
	return f, nil
}
