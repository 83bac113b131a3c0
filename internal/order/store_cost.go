// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
)

// cost is what one piece of a product costs the company.
type cost struct {
	each     int64
	currency string
}

// of is the cost of a line: of a sale what its pieces cost, of a refund the
// same taken back.
func (c cost) of(quantity, amount int64) int64 {
	if quantity < 0 {
		quantity = -quantity
	}
	total := (c.each*quantity + 500) / 1000 // quantities are thousandths
	if amount < 0 {
		return -total
	}
	return total
}

// costs are the costs of products; one known by its number only borrows what
// the one source says that describes it, like its name.
func (s *store) costs(ctx context.Context) (map[int64]cost, error) {
	out := map[int64]cost{}
	rows, err := s.db.Query(ctx, `SELECT p.id, COALESCE(p.cost, m.cost), COALESCE(NULLIF(p.currency, ''), m.currency, '')
		FROM products p LEFT JOIN products m ON p.is_described = 0 AND m.is_described = 1 AND m.product_key = p.product_key
		AND NOT EXISTS (SELECT 1 FROM products o WHERE o.is_described = 1 AND o.product_key = p.product_key AND o.id <> m.id)
		WHERE p.cost IS NOT NULL OR m.cost IS NOT NULL`)
	if err != nil {
		return nil, fmt.Errorf("read costs of products: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var c cost
		if err := rows.Scan(&id, &c.each, &c.currency); err != nil {
			return nil, fmt.Errorf("read cost of product: %w", err)
		}
		out[id] = c
	}
	return out, rows.Err()
}

// costState tells costs apart from those of another time.
func (s *store) costState(ctx context.Context) ([2]int64, error) {
	var count int64
	var sum sql.NullInt64
	err := s.db.Scan(ctx, []any{&count, &sum}, `SELECT COUNT(*), CAST(SUM((cost + 1) * (id % 1009 + 1)) AS BIGINT) FROM products WHERE cost IS NOT NULL`)
	if err != nil {
		return [2]int64{}, fmt.Errorf("state of costs: %w", err)
	}
	return [2]int64{count, sum.Int64}, nil
}
