// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/database"
)

// totalsSize is how many customers one statement names.
const totalsSize = 400

func (s *store) totalsOf(ctx context.Context, customerIDs []int64, currency string) (map[int64]Total, error) {
	totals := map[int64]Total{}
	for part := range slices.Chunk(customerIDs, totalsSize) {
		args := []any{currency}
		for _, id := range part {
			args = append(args, id)
		}
		_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
			var id, last int64
			t := Total{Currency: currency}
			err := rows.Scan(&id, &t.Revenue, &t.Orders, &last)
			if last > 0 {
				t.LastAt = time.UnixMicro(last).UTC()
			}
			totals[id] = t
			return struct{}{}, err
		}, `SELECT k.customer_id, CAST(SUM(o.amount) AS BIGINT), SUM(CASE WHEN o.status = 'paid' THEN 1 ELSE 0 END),
			COALESCE(MAX(CASE WHEN o.status = 'paid' THEN o.ordered_at END), 0)
			FROM record_links k JOIN orders o ON o.record_id = k.record_id
			WHERE o.currency = ? AND o.status IN ('paid', 'refunded') AND o.withdrawn_at IS NULL AND k.customer_id IN (`+
			database.Marks(len(part))+`) GROUP BY k.customer_id`, args...)
		if err != nil {
			return nil, fmt.Errorf("sum orders of customers: %w", err)
		}
	}
	return totals, nil
}
