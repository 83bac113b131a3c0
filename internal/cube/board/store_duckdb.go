// SPDX-License-Identifier: Apache-2.0

package board

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/auth"
)

// buyers asks once what each customer spent in each of the three spans, and counts them by the key of a split over
// the customer c. Money is of the company's currency alone, as everywhere in the cube.
func (s *Service) buyers(ctx context.Context, spans []window, split string) ([]*buyers, error) {
	var b strings.Builder
	b.WriteString("WITH each AS (SELECT l.customer_id AS id")
	for i, w := range spans {
		inside := fmt.Sprintf("l.ordered_at >= TIMESTAMP '%s' AND l.ordered_at < TIMESTAMP '%s'", w.from.Format(time.DateOnly), w.to.AddDate(0, 0, 1).Format(time.DateOnly))
		fmt.Fprintf(&b, ", max(CASE WHEN l.counts = 2 AND %s THEN 1 ELSE 0 END) AS d%d, CAST(COALESCE(sum(l.amount) FILTER (WHERE %s AND l.currency = ?), 0) AS BIGINT) AS m%d", inside, i, inside, i)
	}
	first, last := spans[len(spans)-1].from, spans[0].to.AddDate(0, 0, 1)
	fmt.Fprintf(&b, " FROM order_lines l WHERE l.counts > 0 AND l.ordered_at >= TIMESTAMP '%s' AND l.ordered_at < TIMESTAMP '%s'", first.Format(time.DateOnly), last.Format(time.DateOnly))
	args := []any{}
	for range spans {
		args = append(args, s.cubes.Currency())
	}
	if !auth.ScopeOf(ctx).All {
		condition, more := auth.ScopeSQL(ctx, "c")
		b.WriteString(" AND l.customer_id IN (SELECT c.id FROM customers c WHERE " + condition + ")")
		args = append(args, more...)
	}
	b.WriteString(" GROUP BY 1), best AS (SELECT *")
	for i := range 2 {
		fmt.Fprintf(&b, ", row_number() OVER (ORDER BY d%d DESC, m%d DESC, id) AS r%d, sum(d%d) OVER () AS n%d", i, i, i, i, i)
	}
	b.WriteString(" FROM each) SELECT " + split + " AS key")
	for i := range 2 {
		b.WriteString(", ")
		fmt.Fprintf(&b, "COALESCE(sum(d%d), 0)::BIGINT, COALESCE(sum(d%d * d%d), 0)::BIGINT, COALESCE(sum(d%d * (1 - d%d)), 0)::BIGINT, COALESCE(sum(d%d), 0)::BIGINT", i, i, i+1, i+1, i, i+1)
		fmt.Fprintf(&b, ", COALESCE(sum(m%d) FILTER (WHERE d%d = 1 AND r%d <= ceil(n%d / 5.0)), 0)::BIGINT, COALESCE(sum(m%d) FILTER (WHERE d%d = 1), 0)::BIGINT", i, i, i, i, i, i)
	}
	b.WriteString(" FROM best LEFT JOIN customers c ON c.id = best.id GROUP BY 1 ORDER BY 1")
	rows, err := s.reader.Query(ctx, b.String(), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []*buyers
	for rows.Next() {
		out := &buyers{}
		into := []any{&out.key}
		for i := range 2 {
			into = append(into, &out.active[i], &out.kept[i], &out.lost[i], &out.before[i], &out.top[i], &out.all[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		list = append(list, out)
	}
	return list, rows.Err()
}
