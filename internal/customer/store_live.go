// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"dangol/internal/platform/database"
)

// LiveAfter returns up to limit live records with higher ids that belong to customers in sight, in the
// order of their ids: the whole base, page by page.
func (s *Store) LiveAfter(ctx context.Context, after int64, limit int) ([]*Record, error) {
	list, err := database.List(ctx, s.db, scanRecord, "SELECT "+recordSelect+
		" FROM records r JOIN record_links l ON l.record_id = r.id "+
		"WHERE r.id > ? AND r.withdrawn_at IS NULL ORDER BY r.id LIMIT ?", after, limit)
	if err != nil {
		return nil, fmt.Errorf("load records after %d: %w", after, err)
	}
	return list, nil
}

// CountLive returns how many live records there are.
func (s *Store) CountLive(ctx context.Context) (int64, error) {
	var n int64
	err := s.db.Scan(ctx, []any{&n}, "SELECT COUNT(*) FROM records WHERE withdrawn_at IS NULL")
	return n, err
}

// LastRecord returns the highest id of a record, 0 when there is none.
func (s *Store) LastRecord(ctx context.Context) (int64, error) {
	var last int64
	err := s.db.Scan(ctx, []any{&last}, "SELECT COALESCE(MAX(id), 0) FROM records")
	return last, err
}

// LiveRecords returns those of the records that are live, in any order.
func (s *Store) LiveRecords(ctx context.Context, ids []int64) ([]*Record, error) {
	list, err := lookup(ctx, s, ids, scanRecord, func(in string) string {
		return "SELECT " + recordSelect + " FROM records r JOIN record_links l ON l.record_id = r.id " +
			"WHERE r.withdrawn_at IS NULL AND r.id IN (" + in + ")"
	})
	if err != nil {
		return nil, fmt.Errorf("load records: %w", err)
	}
	return list, nil
}

// WithdrawnSince returns the records of the customers that were withdrawn at the time or later.
func (s *Store) WithdrawnSince(ctx context.Context, customerIDs []int64, since time.Time) ([]*Record, error) {
	list, err := lookup(ctx, s, customerIDs, scanRecord, func(in string) string {
		return "SELECT " + recordSelect + " FROM record_links l JOIN records r ON r.id = l.record_id " +
			"WHERE r.withdrawn_at >= " + strconv.FormatInt(since.UnixMicro(), 10) + " AND l.customer_id IN (" + in + ")"
	})
	if err != nil {
		return nil, fmt.Errorf("load withdrawn records of customers: %w", err)
	}
	return list, nil
}
