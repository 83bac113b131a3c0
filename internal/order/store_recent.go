// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// listRecent reads the orders of customers since a moment, and their lines.
func (s *store) listRecent(ctx context.Context, customerIDs []int64, since time.Time) ([]Order, error) {
	args := make([]any, 0, len(customerIDs)+1)
	for _, id := range customerIDs {
		args = append(args, id)
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Order, error) {
		var o Order
		var at int64
		err := rows.Scan(&o.ID, &o.CustomerID, &o.RecordID, &o.OrderKey, &at, &o.Status, &o.Amount, &o.Currency)
		o.OrderedAt = time.UnixMicro(at).UTC()
		return o, err
	}, `SELECT o.id, k.customer_id, o.record_id, o.order_key, o.ordered_at, o.status, o.amount, o.currency FROM orders o
		JOIN record_links k ON k.record_id = o.record_id WHERE o.withdrawn_at IS NULL AND k.customer_id IN (`+database.Marks(len(customerIDs))+`)
		AND o.ordered_at >= ? ORDER BY o.id`, append(args, since.UnixMicro())...)
	if err != nil {
		return nil, fmt.Errorf("list recent orders: %w", err)
	}
	for i := range list {
		if list[i].Lines, err = s.recentLines(ctx, list[i].ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *store) recentLines(ctx context.Context, orderID int64) ([]Line, error) {
	lines, err := database.List(ctx, s.db, func(rows *sql.Rows) (Line, error) {
		var l Line
		return l, rows.Scan(&l.ID, &l.ProductKey, &l.ProductName, &l.Quantity, &l.Amount)
	}, `SELECT l.id, COALESCE(p.product_key, ''), COALESCE(p.name, ''), l.quantity, l.amount FROM order_lines l
		LEFT JOIN products p ON p.id = l.product_id WHERE l.order_id = ? AND l.replaced_by IS NULL AND l.withdrawn_at IS NULL ORDER BY l.id`, orderID)
	if err != nil {
		return nil, fmt.Errorf("lines of order %d: %w", orderID, err)
	}
	return lines, nil
}
