// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// eachPaid emits every paid order of a window.
func (s *store) eachPaid(ctx context.Context, from, to time.Time, currency string, emit func(customerID, orderedAt, amount int64) error) error {
	return s.eachThree(ctx, emit, `SELECT k.customer_id, o.ordered_at, o.amount FROM orders o JOIN record_links k ON k.record_id = o.record_id
		WHERE o.ordered_at >= ? AND o.ordered_at < ? AND o.status = 'paid' AND o.withdrawn_at IS NULL AND o.currency = ?`,
		from.UnixMicro(), to.UnixMicro(), currency)
}

// eachHistory emits of each customer the last order before a moment and how many there were.
func (s *store) eachHistory(ctx context.Context, before time.Time, currency string, emit func(customerID, lastAt, orders int64) error) error {
	return s.eachThree(ctx, emit, `SELECT k.customer_id, MAX(o.ordered_at), COUNT(*) FROM orders o JOIN record_links k ON k.record_id = o.record_id
		WHERE o.ordered_at < ? AND o.status = 'paid' AND o.withdrawn_at IS NULL AND o.currency = ? GROUP BY k.customer_id`, before.UnixMicro(), currency)
}

// eachThree emits rows of three numbers.
func (s *store) eachThree(ctx context.Context, emit func(a, b, c int64) error, query string, args ...any) error {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("list purchases: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a, b, c int64
		if err := rows.Scan(&a, &b, &c); err != nil {
			return fmt.Errorf("read purchase: %w", err)
		}
		if err := emit(a, b, c); err != nil {
			return err
		}
	}
	return database.Fault(rows.Err())
}
