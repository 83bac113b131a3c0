// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"dangol/internal/mining/frame"
)

// people is a table of customers as models learn from them, with their numbers.
type people struct {
	ids   []int64
	frame *frame.Frame
}

// peopleAt is what was known of every buyer when the day began: purchases
// before it, and what does not change (sex, age, region). Grades and other
// attributes are left out: they are as of today, and may tell what came later.
func peopleAt(day time.Time) string {
	at := "DATE '" + day.Format(isoDate) + "'"
	recent := "l.ordered_at >= " + at + " - 90"
	return `WITH b AS (SELECT l.customer_id AS id,
		CAST(date_diff('day', CAST(max(CASE WHEN l.counts = 2 THEN l.ordered_at END) AS DATE), ` + at + `) AS DOUBLE) AS recency_days,
		CAST(date_diff('day', CAST(min(CASE WHEN l.counts = 2 THEN l.ordered_at END) AS DATE), ` + at + `) AS DOUBLE) AS known_days,
		CAST(sum(l.first_line) AS DOUBLE) AS orders,
		CAST(sum(l.amount) AS DOUBLE) AS revenue,
		CAST(sum(CASE WHEN ` + recent + ` THEN l.first_line ELSE 0 END) AS DOUBLE) AS orders_90_days,
		CAST(sum(CASE WHEN ` + recent + ` THEN l.amount ELSE 0 END) AS DOUBLE) AS revenue_90_days,
		CAST(count(DISTINCT p.category) AS DOUBLE) AS categories,
		CAST(sum(l.quantity) AS DOUBLE) / 1000 AS pieces,
		CAST(sum(l.discount + l.coupon_discount) AS DOUBLE) AS discounts,
		mode(l.channel) AS channel, mode(p.category) AS top_category
		FROM ` + linesTable + ` l LEFT JOIN products p ON p.id = l.product_id
		WHERE l.counts > 0 AND l.currency = ? AND l.ordered_at < ` + at + ` GROUP BY 1 HAVING sum(l.first_line) > 0)
	SELECT c.id, CAST(c.sex AS VARCHAR) AS sex, CAST(c.sido AS VARCHAR) AS sido,
		CAST(date_diff('year', c.birth_on, ` + at + `) AS DOUBLE) AS age,
		b.recency_days, b.known_days, b.orders, b.revenue, b.revenue / b.orders AS per_order, b.known_days / b.orders AS days_between,
		b.orders_90_days, b.revenue_90_days, b.categories, b.pieces, b.discounts, b.channel, b.top_category
	FROM b JOIN ` + customersTable + ` c ON c.id = b.id ORDER BY c.id`
}

// readPeople asks for such a table: the first column is the number of the
// customer, the others are numbers or words.
func (s *Service) readPeople(ctx context.Context, query string, args ...any) (*people, error) {
	rows, err := s.warehouse.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read customers: %w", err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	out := &people{frame: &frame.Frame{}}
	numbers, words, isWord := make([][]float64, len(names)), make([][]string, len(names)), make([]bool, len(names))
	values, dest := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		dest[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		id, _ := values[0].(int64)
		out.ids = append(out.ids, id)
		for i, value := range values[1:] {
			number, word, isText := cell(value)
			numbers[i+1], words[i+1] = append(numbers[i+1], number), append(words[i+1], word)
			isWord[i+1] = isWord[i+1] || isText
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out.frame.Rows = len(out.ids)
	for i, name := range names[1:] {
		if isWord[i+1] {
			out.frame.Columns = append(out.frame.Columns, frame.Categories(name, words[i+1]))
		} else {
			out.frame.Columns = append(out.frame.Columns, frame.Numeric(name, numbers[i+1]))
		}
	}
	return out, nil
}

// cell reads one value of the engine.
func cell(value any) (number float64, word string, isText bool) {
	switch v := value.(type) {
	case float64:
		return v, strconv.FormatFloat(v, 'g', -1, 64), false
	case int64:
		return float64(v), strconv.FormatInt(v, 10), false
	case int32:
		return float64(v), strconv.FormatInt(int64(v), 10), false
	case bool:
		if v {
			return 1, "true", false
		}
		return 0, "false", false
	case string:
		return math.NaN(), v, true
	case nil:
		return math.NaN(), "", false
	}
	return math.NaN(), fmt.Sprint(value), true
}

// idsOf asks for numbers of customers.
func (s *Service) idsOf(ctx context.Context, query string, args ...any) (map[int64]bool, error) {
	rows, err := s.warehouse.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

// take returns some of the people.
func (p *people) take(rows []int) *people {
	out := &people{frame: p.frame.Take(rows)}
	for _, row := range rows {
		out.ids = append(out.ids, p.ids[row])
	}
	return out
}
