// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// CreateList keeps customers, who are in order.
func (s *store) CreateList(ctx context.Context, source string, from int64, ids []int64) (int64, error) {
	id, err := s.db.NextID(ctx, "segment_lists")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO segment_lists (id, source, from_id, customers, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
		id, source, sql.NullInt64{Int64: from, Valid: from != 0}, len(ids), auth.From(ctx).ID, database.Time(ctx))
	if err != nil {
		return 0, fmt.Errorf("keep a list: %w", err)
	}
	for part, members := range split(ids) {
		_, err := s.db.Exec(ctx, `INSERT INTO segment_list_members (list_id, part, ids) VALUES (?, ?, ?)`, id, part, pack(part, members))
		if err != nil {
			return 0, fmt.Errorf("keep a list: %w", err)
		}
	}
	return id, nil
}

// Listed returns the customers of a kept list in order, or fault.NotFound.
func (s *store) Listed(ctx context.Context, id int64) ([]int64, error) {
	var count int64
	err := s.db.Scan(ctx, []any{&count}, `SELECT customers FROM segment_lists WHERE id = ?`, id)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.NotFound, "segment.no_list", "There is no kept list {id}.", "id", id)
	}
	if err != nil {
		return nil, fmt.Errorf("find list %d: %w", id, err)
	}
	parts, err := s.parts(ctx, `SELECT part, ids FROM segment_list_members WHERE list_id = ?`, id)
	if err != nil {
		return nil, fmt.Errorf("read list %d: %w", id, err)
	}
	list := make([]int64, 0, count)
	for _, ids := range parts {
		list = append(list, ids...)
	}
	slices.Sort(list)
	return list, nil
}
