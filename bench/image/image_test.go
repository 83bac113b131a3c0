// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"sync"
	"testing"
	"time"

	"dangol/bench/shop"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/platform/warehouse/image"
)

// TestMain removes what the benchmarks have made.
func TestMain(m *testing.M) {
	code := m.Run()
	if dir != "" {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

var (
	dir   string
	once  sync.Once
	built *image.Image
)

func open(b testing.TB) (*image.Image, *image.Snapshot) {
	b.Helper()
	w := shop.Open(b)
	once.Do(func() {
		var err error
		dir, err = os.MkdirTemp("", "dangol-image-")
		if err != nil {
			b.Fatal(err)
		}
		built, err = image.Open(w.Columns(), image.Options{
			Dir: dir, Spec: func(ctx context.Context) image.Spec { return image.SpecOf(ctx, shop.Cubes(), w.Column) },
		})
		if err != nil {
			b.Fatal(err)
		}
		if err := built.Build(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
	})
	s, why := built.Snapshot()
	if s == nil {
		b.Fatal(why)
	}
	return built, s
}

func test(b testing.TB, column string, kind warehouse.Kind, is condition.Operator, value any) *condition.Test {
	b.Helper()
	t, err := condition.Compile(condition.Field{Name: column, Column: column, Kind: kind}, is, value, condition.Moment{Today: shop.Today})
	if err != nil {
		b.Fatal(err)
	}
	return t
}

func row(b testing.TB, column string, kind warehouse.Kind, is condition.Operator, value any) *image.Row {
	b.Helper()
	return &image.Row{Column: column, Test: test(b, column, kind, is, value)}
}

func sold(b testing.TB) *image.Row {
	return row(b, "counts", warehouse.KindInteger, condition.Greater, int64(0))
}

func sale(b testing.TB) *image.Row {
	return row(b, "counts", warehouse.KindInteger, condition.Equal, int64(2))
}

// ageBands are the days of birth that part under 20, tens, and 70 and over.
func ageBands() [][2]int64 {
	var list [][2]int64
	from := func(years int64) int64 { return condition.Days(condition.LatestBirth(shop.Today, years)) }
	for _, band := range [][2]int64{{0, 20}, {20, 30}, {30, 40}, {40, 50}, {50, 60}, {60, 70}, {70, 900}} {
		list = append(list, [2]int64{from(band[1]) + 1, from(band[0])})
	}
	return list
}

func BenchmarkPivot(b *testing.B) {
	_, s := open(b)
	w := shop.Open(b)
	q := &image.Question{
		Table: "order_lines", Where: sold(b),
		Dims: []image.Dim{
			{Table: "customers", Column: "sido"}, {Table: "customers", Column: "birth_on", Bands: ageBands()}, {Column: "ordered_month"},
		},
		Measures: []image.Measure{{Kind: image.SumOf, Column: "amount"}, {Kind: image.CountSubjects}},
	}
	shop.Against(b, func() error {
		_, err := s.Group(context.Background(), q)
		return err
	}, func() error {
		return shop.Drain(w, `SELECT c.sido, CASE WHEN age < 20 THEN 0 WHEN age >= 70 THEN 70 ELSE age // 10 * 10 END, date_trunc('month', l.ordered_at) AS m,
			sum(l.amount), count(DISTINCT l.customer_id)
		FROM order_lines l LEFT JOIN (SELECT *, date_sub('year', birth_on, DATE '2026-01-01') AS age FROM customers) c ON c.id = l.customer_id
		WHERE l.counts > 0 GROUP BY ALL`)
	})
}

func BenchmarkRFM(b *testing.B) {
	_, s := open(b)
	w := shop.Open(b)
	shop.Against(b, func() error { return rfm(b, s) }, func() error {
		return shop.Drain(w, `WITH b AS (SELECT customer_id, date_diff('day', max(ordered_at)::DATE, DATE '2026-01-01') r, count(DISTINCT order_id) f, sum(amount) m
				FROM order_lines WHERE counts = 2 GROUP BY 1),
			q AS (SELECT quantile_cont(r, [.2, .4, .6, .8]) r, quantile_cont(f, [.2, .4, .6, .8]) f, quantile_cont(m, [.2, .4, .6, .8]) m FROM b),
			s AS (SELECT b.m, 5 - len(list_filter(q.r, lambda x: b.r > x)) rs, 1 + len(list_filter(q.f, lambda x: b.f > x)) fs, 1 + len(list_filter(q.m, lambda x: b.m > x)) ms FROM b, q)
			SELECT rs, fs, ms, count(*), sum(m) FROM s GROUP BY ALL`)
	})
}

// rfm counts orders by themselves, without the help of a column that marks one
// line of each, as the hand-written SQL does.
func rfm(b testing.TB, s *image.Snapshot) error {
	c, err := s.Measure(context.Background(), &image.Figures{
		Table: "order_lines", Where: sale(b),
		Figures: []image.Figure{{Aggregate: image.Last, Column: "ordered_at"}, {Aggregate: image.Distinct, Column: "order_id"}, {Aggregate: image.Sum, Column: "amount"}},
	})
	if err != nil {
		return err
	}
	today := condition.Days(shop.Today)
	for i, at := range c.Values[0] {
		c.Values[0][i] = today - at/86_400_000_000
	}
	var limits [3][4]int64
	var group sync.WaitGroup
	for k := range limits {
		group.Go(func() {
			for i, q := range image.Quantiles(c.Values[k], .2, .4, .6, .8) {
				limits[k][i] = int64(math.Floor(q))
			}
		})
	}
	group.Wait()
	half := len(c.Values[0]) / 2
	var parts [2]struct{ count, sum [125]int64 }
	for part, span := range [2][2]int{{0, half}, {half, len(c.Values[0])}} {
		group.Go(func() {
			boxes := &parts[part]
			for i := span[0]; i < span[1]; i++ {
				box := 0
				for k := range limits {
					passed := 0
					for _, l := range limits[k] {
						if c.Values[k][i] > l {
							passed++
						}
					}
					box = box*5 + passed
				}
				boxes.count[box]++
				boxes.sum[box] += c.Values[2][i]
			}
		})
	}
	group.Wait()
	for box := range parts[0].count {
		parts[0].count[box] += parts[1].count[box]
		parts[0].sum[box] += parts[1].sum[box]
	}
	return nil
}

func BenchmarkCohort(b *testing.B) {
	_, s := open(b)
	w := shop.Open(b)
	shop.Against(b, func() error {
		_, err := s.Cohorts(context.Background(), &image.CohortQuestion{Table: "order_lines", Where: sale(b), Period: "ordered_month"})
		return err
	}, func() error {
		return shop.Drain(w, `WITH f AS (SELECT customer_id, min(ordered_month) AS m FROM order_lines WHERE counts = 2 GROUP BY 1)
			SELECT f.m, l.ordered_month - f.m AS age, count(DISTINCT l.customer_id) FROM order_lines l JOIN f ON f.customer_id = l.customer_id
			WHERE l.counts = 2 GROUP BY ALL`)
	})
}

func BenchmarkPareto(b *testing.B) {
	_, s := open(b)
	w := shop.Open(b)
	shop.Against(b, func() error {
		c, err := s.Measure(context.Background(), &image.Figures{
			Table: "order_lines", Where: sold(b), Figures: []image.Figure{{Aggregate: image.Sum, Column: "amount"}},
		})
		if err != nil {
			return err
		}
		sorted := image.Sorted(c.Values[0])
		var parts [100]int64
		for i, v := range sorted {
			parts[(len(sorted)-1-i)*100/len(sorted)] += v
		}
		return nil
	}, func() error {
		return shop.Drain(w, `WITH v AS (SELECT customer_id, sum(amount) v FROM order_lines WHERE counts > 0 GROUP BY 1),
			t AS (SELECT ntile(100) OVER (ORDER BY v DESC) p, v FROM v) SELECT p, count(*), sum(v) FROM t GROUP BY 1 ORDER BY 1`)
	})
}

// BenchmarkSegment asks five conditions: region, age, sum and recency of
// purchases, and none of a category.
func BenchmarkSegment(b *testing.B) {
	_, s := open(b)
	w := shop.Open(b)
	rule := image.And(
		&image.Rule{Table: "customers", Column: "sido", Test: test(b, "sido", warehouse.KindChoice, condition.In, []any{"서울특별시", "경기도", "부산광역시"})},
		&image.Rule{Table: "customers", Column: "sex", Test: test(b, "sex", warehouse.KindChoice, condition.Equal, "female")},
		&image.Rule{Deed: &image.Deed{
			Table: "order_lines", Aggregate: image.Sum, Column: "amount", Test: test(b, "sum", warehouse.KindInteger, condition.AtLeast, int64(500_000)),
			Where: &image.Row{Op: "and", Rows: []*image.Row{sold(b), row(b, "ordered_at", warehouse.KindTime, condition.InLastDays, int64(365))}},
		}},
		&image.Rule{Deed: &image.Deed{
			Table: "order_lines", Aggregate: image.Count, Test: test(b, "count", warehouse.KindInteger, condition.AtLeast, int64(1)),
			Where: &image.Row{Op: "and", Rows: []*image.Row{sale(b), row(b, "ordered_at", warehouse.KindTime, condition.InLastDays, int64(90))}},
		}},
		&image.Rule{Op: "not", Rules: []*image.Rule{{Deed: &image.Deed{
			Table: "order_lines", Aggregate: image.Count, Test: test(b, "count", warehouse.KindInteger, condition.AtLeast, int64(1)),
			Where: &image.Row{Op: "and", Rows: []*image.Row{sale(b), {
				Column: "category", Via: "product_id", Lookup: "products", Test: test(b, "category", warehouse.KindChoice, condition.Equal, "분류 8"),
			}}},
		}}}},
	)
	shop.Against(b, func() error {
		_, err := s.Select(context.Background(), rule, image.Want{})
		return err
	}, func() error {
		return shop.Drain(w, `SELECT count(*) FROM customers c WHERE c.sido IN ('서울특별시', '경기도', '부산광역시') AND c.sex = 'female'
			AND c.id IN (SELECT customer_id FROM order_lines WHERE counts > 0 AND ordered_at >= TIMESTAMP '2025-01-02' AND ordered_at < TIMESTAMP '2026-01-02' GROUP BY 1 HAVING sum(amount) >= 500000)
			AND c.id IN (SELECT customer_id FROM order_lines WHERE counts = 2 AND ordered_at >= TIMESTAMP '2025-10-04' AND ordered_at < TIMESTAMP '2026-01-02')
			AND c.id NOT IN (SELECT l.customer_id FROM order_lines l JOIN products p ON p.id = l.product_id WHERE l.counts = 2 AND p.category = '분류 8')`)
	})
}

func BenchmarkBaskets(b *testing.B) {
	_, s := open(b)
	w := shop.Open(b)
	shop.Against(b, func() error {
		_, err := s.Pairs(context.Background(), &image.Baskets{
			Table: "order_lines", Where: sale(b), Basket: "order_id", Item: image.Dim{Via: "product_id", Lookup: "products", Column: "category"},
		})
		return err
	}, func() error {
		return shop.Drain(w, `WITH b AS (SELECT DISTINCT l.order_id, p.category FROM order_lines l JOIN products p ON p.id = l.product_id WHERE l.counts = 2)
			SELECT x.category, y.category, count(*) FROM b x JOIN b y ON y.order_id = x.order_id AND x.category < y.category GROUP BY ALL`)
	})
}

func BenchmarkBuild(b *testing.B) {
	m, _ := open(b)
	for b.Loop() {
		if err := m.Build(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
	}
	state := m.Status()
	b.ReportMetric(float64(state.Rows)/1e6/(float64(state.BuildMillis)/1000), "Mlines/s")
	b.ReportMetric(float64(state.Bytes)/float64(state.Rows), "bytes/line")
	text, _ := json.Marshal(state)
	b.Log(string(text), time.Now().Format(time.TimeOnly))
}
