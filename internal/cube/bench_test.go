// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"testing"
	"time"

	"dangol/bench/shop"
	"dangol/internal/cube"
)

func openShop(b *testing.B) *cube.Service {
	b.Helper()
	s, err := cube.New(nil, shop.Open(b), shop.Cubes(), cube.Options{Clock: func() time.Time { return shop.Today }})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// against asks without the cache: each time under another limit.
func against(b *testing.B, q cube.Query, hand string) {
	b.Helper()
	s, w := openShop(b), shop.Open(b)
	limit := cube.MaxLimit
	shop.Against(b, func() error {
		limit--
		q.Limit = limit
		_, err := s.Query(shop.Boss(), q)
		return err
	}, func() error { return shop.Drain(w, hand) })
}

func BenchmarkPivotRegionAgeMonth(b *testing.B) {
	against(b, cube.Query{
		Measures: []string{"order.revenue", "order.customers"}, Dimensions: []string{"customer.sido", "customer.age", "order.month"},
	}, `SELECT c.sido, CASE WHEN age < 20 THEN 0 WHEN age >= 70 THEN 70 ELSE age // 10 * 10 END, date_trunc('month', l.ordered_at) AS m,
			sum(l.amount), count(DISTINCT l.customer_id)
		FROM order_lines l LEFT JOIN (SELECT *, date_sub('year', birth_on, DATE '2026-01-01') AS age FROM customers) c ON c.id = l.customer_id
		WHERE l.counts > 0 GROUP BY ALL`)
}

func BenchmarkPivotSumOnly(b *testing.B) {
	against(b, cube.Query{
		Measures: []string{"order.revenue", "order.quantity"}, Dimensions: []string{"customer.sido", "order.month"},
	}, `SELECT c.sido, date_trunc('month', l.ordered_at) AS m, sum(l.amount), sum(l.quantity)
		FROM order_lines l LEFT JOIN customers c ON c.id = l.customer_id WHERE l.counts > 0 GROUP BY ALL`)
}

func BenchmarkPivotCategory(b *testing.B) {
	against(b, cube.Query{
		Measures: []string{"order.revenue", "order.count"}, Dimensions: []string{"product.category", "order.channel"},
	}, `SELECT p.category, l.channel, sum(l.amount), count(DISTINCT l.order_id)
		FROM order_lines l LEFT JOIN products p ON p.id = l.product_id WHERE l.counts > 0 GROUP BY ALL`)
}

func BenchmarkPivotOrdersByDay(b *testing.B) {
	against(b, cube.Query{
		Measures: []string{"order.revenue", "order.count", "order.average"}, Dimensions: []string{"order.day"},
	}, `SELECT CAST(l.ordered_at AS DATE) AS d, sum(l.amount), count(DISTINCT l.order_id), sum(l.amount) / count(DISTINCT l.order_id)
		FROM order_lines l WHERE l.counts > 0 GROUP BY ALL ORDER BY 1`)
}

func BenchmarkPivotWithTotalsAndFilter(b *testing.B) {
	against(b, cube.Query{
		Measures: []string{"order.revenue", "order.customers"}, Dimensions: []string{"customer.sido"}, Columns: []string{"order.month"},
		Totals: []string{"rows", "columns", "grand"}, Period: &cube.Period{From: "2025-01-01", To: "2025-12-31"},
		Filters: &cube.Filter{Field: "customer.sex", Is: "eq", Value: []byte(`"female"`)},
	}, `SELECT c.sido, date_trunc('month', l.ordered_at) AS m, sum(l.amount), count(DISTINCT l.customer_id)
		FROM order_lines l JOIN customers c ON c.id = l.customer_id
		WHERE l.counts > 0 AND c.sex = 'female' AND l.ordered_at >= '2025-01-01' AND l.ordered_at < '2026-01-01'
		GROUP BY GROUPING SETS ((1, 2), (1), (2), ())`)
}

func BenchmarkPivotCustomers(b *testing.B) {
	against(b, cube.Query{
		Measures: []string{"customer.count"}, Dimensions: []string{"customer.sido", "customer.age", "customer.grade"},
	}, `SELECT sido, CASE WHEN date_sub('year', birth_on, DATE '2026-01-01') < 20 THEN 0 ELSE date_sub('year', birth_on, DATE '2026-01-01') // 10 * 10 END, grade, count(*)
		FROM customers GROUP BY ALL`)
}
