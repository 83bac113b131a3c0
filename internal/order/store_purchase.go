// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"time"

	"dangol/internal/platform/database"
)

// eachPaid emits every paid order of a window.
func (s *store) eachPaid(ctx context.Context, from, to time.Time, currency string, emit func(customerID, orderedAt, amount int64) error) error {
	return s.eachThree(ctx, emit, `SELECT k.customer_id, o.ordered_at, o.amount FROM orders o JOIN record_links k ON k.record_id = o.record_id
		WHERE o.ordered_at >= ? AND o.ordered_at < ? AND o.status = 'paid' AND o.withdrawn_at IS NULL AND o.currency = ?`,
		from.UnixMicro(), to.UnixMicro(), currency)
}

// eachPaidCategory emits every line of the paid orders of a window.
func (s *store) eachPaidCategory(ctx context.Context, from, to time.Time, currency string, emit func(customerID int64, category string, amount int64) error) error {
	type line struct {
		customerID, amount int64
		category           string
	}
	scan := func(rows *sql.Rows) (l line, err error) {
		err = rows.Scan(&l.customerID, &l.category, &l.amount)
		return l, err
	}
	return database.Stream(ctx, s.db, scan, func(l line) error { return emit(l.customerID, l.category, l.amount) },
		`SELECT k.customer_id, COALESCE(p.category, ''), l.amount FROM orders o
		JOIN order_lines l ON l.order_id = o.id AND l.withdrawn_at IS NULL AND l.replaced_by IS NULL AND l.status = 'paid'
		JOIN record_links k ON k.record_id = o.record_id LEFT JOIN products p ON p.id = l.product_id
		WHERE o.ordered_at >= ? AND o.ordered_at < ? AND o.status = 'paid' AND o.withdrawn_at IS NULL AND o.currency = ?`,
		from.UnixMicro(), to.UnixMicro(), currency)
}

// eachNewPaid emits paid orders since a moment whose id is above one.
func (s *store) eachNewPaid(ctx context.Context, afterID int64, since time.Time, emit func(orderID, customerID int64) error) error {
	return s.eachThree(ctx, func(orderID, customerID, _ int64) error { return emit(orderID, customerID) },
		`SELECT o.id, k.customer_id, o.ordered_at FROM orders o JOIN record_links k ON k.record_id = o.record_id
		WHERE o.ordered_at >= ? AND o.id > ? AND o.status = 'paid' AND o.withdrawn_at IS NULL`, since.UnixMicro(), afterID)
}

// eachHistory emits of each customer the last order before a moment and how many there were.
func (s *store) eachHistory(ctx context.Context, before time.Time, currency string, emit func(customerID, lastAt, orders int64) error) error {
	return s.eachThree(ctx, emit, `SELECT k.customer_id, MAX(o.ordered_at), COUNT(*) FROM orders o JOIN record_links k ON k.record_id = o.record_id
		WHERE o.ordered_at < ? AND o.status = 'paid' AND o.withdrawn_at IS NULL AND o.currency = ? GROUP BY k.customer_id`, before.UnixMicro(), currency)
}

// lastPaid answers when customers last bought.
func (s *store) lastPaid(ctx context.Context, ids []int64) (map[int64]int64, error) {
	args := make([]any, 0, len(ids))
	for _, id := range ids {
		args = append(args, id)
	}
	found := map[int64]int64{}
	err := s.eachThree(ctx, func(customerID, at, _ int64) error {
		found[customerID] = at
		return nil
	}, `SELECT k.customer_id, MAX(o.ordered_at), COUNT(*) FROM record_links k JOIN orders o ON o.record_id = k.record_id
		WHERE k.customer_id IN (`+database.Marks(len(ids))+`) AND o.status = 'paid' AND o.withdrawn_at IS NULL GROUP BY k.customer_id`, args...)
	return found, err
}

// eachThree emits rows of three numbers.
func (s *store) eachThree(ctx context.Context, emit func(a, b, c int64) error, query string, args ...any) error {
	scan := func(rows *sql.Rows) (three [3]int64, err error) {
		err = rows.Scan(&three[0], &three[1], &three[2])
		return three, err
	}
	return database.Stream(ctx, s.db, scan, func(three [3]int64) error { return emit(three[0], three[1], three[2]) }, query, args...)
}
