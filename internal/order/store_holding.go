// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// countSize is how many customers are counted in one question.
const countSize = 300

// countOf returns how many orders hang on each customer; those without any are missing.
func (s *store) countOf(ctx context.Context, customerIDs []int64) (map[int64]int64, error) {
	counts := map[int64]int64{}
	for len(customerIDs) > 0 {
		part := customerIDs[:min(countSize, len(customerIDs))]
		customerIDs = customerIDs[len(part):]
		list, err := database.List(ctx, s.db, func(rows *sql.Rows) ([2]int64, error) {
			var pair [2]int64
			err := rows.Scan(&pair[0], &pair[1])
			return pair, err
		}, "SELECT l.customer_id, COUNT(*) FROM record_links l JOIN orders o ON o.record_id = l.record_id AND o.withdrawn_at IS NULL "+
			"WHERE l.customer_id IN ("+database.Marks(len(part))+") GROUP BY l.customer_id", arguments(part)...)
		if err != nil {
			return nil, fmt.Errorf("count orders of customers: %w", err)
		}
		for _, pair := range list {
			counts[pair[0]] = pair[1]
		}
	}
	return counts, nil
}
