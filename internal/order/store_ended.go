// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// listEnded reads one chunk of ListEnded.
func (s *store) listEnded(ctx context.Context, customerIDs []int64, since time.Time) ([]Ended, error) {
	args := make([]any, 0, len(customerIDs)+1)
	for _, id := range customerIDs {
		args = append(args, id)
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Ended, error) {
		var e Ended
		var at int64
		err := rows.Scan(&e.OrderID, &e.CustomerID, &e.SourceID, &at, &e.Contact, &e.IsDirect, &e.Category)
		e.EndedAt = time.UnixMicro(at).UTC()
		return e, err
	}, `SELECT DISTINCT o.id, k.customer_id, o.source_id, COALESCE(o.ended_at, o.ordered_at), o.contact, o.is_direct, p.category
		FROM record_links k JOIN orders o ON o.record_id = k.record_id JOIN order_lines l ON l.order_id = o.id JOIN products p ON p.id = l.product_id
		WHERE k.customer_id IN (`+database.Marks(len(customerIDs))+`) AND o.withdrawn_at IS NULL AND l.withdrawn_at IS NULL AND l.replaced_by IS NULL
		AND o.status = 'paid' AND l.amount > 0 AND p.category <> '' AND COALESCE(o.ended_at, o.ordered_at) >= ?`, append(args, since.UnixMicro())...)
	if err != nil {
		return nil, fmt.Errorf("list ended transactions: %w", err)
	}
	return list, nil
}
