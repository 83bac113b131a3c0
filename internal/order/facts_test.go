// SPDX-License-Identifier: Apache-2.0

package order_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/order"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// fillFacts writes customers with a record each and orders of four lines, some
// refunded, returned, replaced or withdrawn, by SQL alone.
func fillFacts(ctx context.Context, db *database.DB, customers, orders int) error {
	numbers := func(n int) string {
		return fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", n)
	}
	const second = 1_000_000
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	return db.Within(ctx, func(ctx context.Context) error {
		for _, q := range []string{
			`INSERT INTO customers (id, kind, full_name, name_key, mobile, email, birth_on, birth_calendar, sex, sido, sigungu, grade, branch,
				record_count, hidden, created_at, updated_at, attributes) ` + numbers(customers) +
				`SELECT i, 'person', '김' || i, '김' || i, CASE WHEN i % 3 > 0 THEN '+8210' || i END, 'user' || i || '@Naver.com', '1980-02-30', 'lunar',
				'female', '서울특별시', '중구', 'VIP', '강남', 1, CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END, ` + fmt.Sprint(start) + ` + i, ` + fmt.Sprint(start) + `, '{"hobby":"낚시","points":' || i || '}' FROM n`,
			`INSERT INTO record_links (record_id, customer_id, reason, linked_at) ` + numbers(customers) + `SELECT i, i, 'new', 0 FROM n`,
			`INSERT INTO promotions (id, source_id, promotion_key, name, start_on, created_at, updated_at) VALUES (1, 1, 'CP1', '설 선물', '2025-01-20', 0, 1), (2, 1, 'CP2', '', '', 0, 2)`,
			`INSERT INTO promotion_targets (id, promotion_id, record_id, batch_id, extra, withdrawn_at) ` + numbers(customers) +
				`SELECT i, 1 + i % 2, i, 1, CASE WHEN i % 5 = 0 THEN '{"구분":"대조군"}' ELSE '{"구분":"발송"}' END, CASE WHEN i % 40 = 0 THEN 1 END FROM n`,
			`INSERT INTO products (id, source_id, product_key, name, category, created_at, updated_at) ` + numbers(50) +
				`SELECT i, 1, 'P' || i, CASE WHEN i > 1 THEN '상품' || i ELSE '' END, '분류' || (i % 5), 0, i FROM n`,
			`INSERT INTO orders (id, record_id, source_id, batch_id, order_key, ordered_at, channel, store, status, amount, currency, line_count, withdrawn_at) ` +
				numbers(orders) + fmt.Sprintf(`SELECT i, 1 + (i * 7919) %% %d, 1, 1, 'O' || i, %d + (i * 7) %% 700 * 86400 * %d, CASE WHEN i %% 2 = 0 THEN '매장' ELSE '' END, '본점',
				'paid', 400, 'KRW', 4, CASE WHEN i %% 97 = 0 THEN 1 END FROM n`, customers, start, second),
			`INSERT INTO order_lines (id, order_id, record_id, line_no, product_id, quantity, amount, currency, ordered_at, status, batch_id, identity, content, replaced_by) ` +
				numbers(orders*4) + fmt.Sprintf(`SELECT i, 1 + (i - 1) / 4, 1 + ((1 + (i - 1) / 4) * 7919) %% %d, i %% 4, CASE WHEN i %% 9 > 0 THEN 1 + i %% 50 END, 1000,
				CASE WHEN i %% 20 = 3 THEN -100 ELSE 100 + i %% 7 END, 'KRW', %d + ((1 + (i - 1) / 4) * 7) %% 700 * 86400 * %d,
				CASE WHEN i %% 20 = 3 THEN 'refunded' WHEN i %% 20 = 9 THEN 'returned' ELSE 'paid' END, 1, i, i, CASE WHEN i %% 33 = 0 THEN i + 1 END FROM n`, customers, start, second),
		} {
			if _, err := db.Exec(ctx, q); err != nil {
				return fmt.Errorf("%.60s: %w", q, err)
			}
		}
		return nil
	})
}

func load(t *testing.T, table warehouse.Table, ids []int64) []string {
	t.Helper()
	var list []string
	err := table.Load(t.Context(), ids, func(row ...any) error {
		if len(row) < len(table.Columns) {
			return fmt.Errorf("%s: %d values for %d columns", table.Name, len(row), len(table.Columns))
		}
		list = append(list, fmt.Sprint(row...))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// TestFactsOfSomeAreThoseOfAll loads customer by customer and everything at
// once: the same rows must come out, and reach the warehouse unharmed.
func TestFactsOfSomeAreThoseOfAll(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		const customers, orders = 700, 12_000
		if err := fillFacts(t.Context(), db, customers, orders); err != nil {
			t.Fatal(err)
		}
		tables := append(order.Tables(db, nil), customer.Tables(db)...)
		for _, table := range tables {
			var ids []int64
			for id := int64(1); id <= customers; id++ {
				ids = append(ids, id)
			}
			all, some := load(t, table, nil), load(t, table, ids)
			if !slices.Equal(all, some) {
				t.Errorf("%s: %d rows at once, %d by customer", table.Name, len(all), len(some))
			}
			if len(all) == 0 {
				t.Errorf("%s is empty", table.Name)
			}
		}
		w, err := duckdb.Open(t.Context(), duckdb.Options{}, tables...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = w.Close() })
		if err := w.Rebuild(t.Context(), func(context.Context) (int64, error) { return 1, nil }, nil); err != nil {
			t.Fatal(err)
		}
		number := func(query string) int64 {
			t.Helper()
			rows, err := w.Query(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = rows.Close() }()
			var n int64
			for rows.Next() {
				if err := rows.Scan(&n); err != nil {
					t.Fatal(err)
				}
			}
			return n
		}
		// What the flags stand for must be what they count.
		for name, pair := range map[string][2]string{
			"orders": {"SELECT sum(first_line)::BIGINT FROM order_lines", "SELECT count(DISTINCT order_id) FROM order_lines WHERE counts = 2"},
			"days of first orders": {
				"SELECT count(*) FROM order_lines l LEFT JOIN (SELECT customer_id, CAST(min(ordered_at) AS DATE) AS d FROM order_lines WHERE counts = 2 GROUP BY 1) f ON f.customer_id = l.customer_id WHERE l.first_on IS NOT DISTINCT FROM f.d",
				"SELECT count(*) FROM order_lines",
			},
			"buyers": {"SELECT sum(first_sale)::BIGINT FROM order_lines", "SELECT count(DISTINCT customer_id) FROM order_lines WHERE counts = 2"},
			"firsts": {
				"SELECT count(*) FROM order_lines WHERE first_sale = 1",
				"SELECT count(*) FROM order_lines l JOIN (SELECT customer_id, min(ordered_at) AS first_at FROM order_lines WHERE counts = 2 GROUP BY 1) f ON f.customer_id = l.customer_id AND f.first_at = l.ordered_at WHERE l.first_sale = 1",
			},
			"months":  {"SELECT count(*) FROM order_lines", "SELECT count(*) FROM order_lines WHERE ordered_month = year(ordered_at) * 12 + month(ordered_at) - 1"},
			"lunar":   {"SELECT count(*) FROM customers", "SELECT count(*) FROM customers WHERE birth_md = 10230 AND birth_on = '1980-02-28' AND email_domain = 'naver.com'"},
			"revenue": {"SELECT sum(amount)::BIGINT FROM order_lines WHERE counts = 1", "SELECT -sum(returned)::BIGINT FROM order_lines WHERE counts = 1"},
		} {
			if a, b := number(pair[0]), number(pair[1]); a != b || a == 0 {
				t.Errorf("%s: %d and %d", name, a, b)
			}
		}
		checks, err := w.Check(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if !c.Agrees() {
				t.Errorf("%+v", c)
			}
		}
	})
}

// BenchmarkRebuild loads customers and order lines out of SQLite.
func BenchmarkRebuild(b *testing.B) {
	customers := 20_000
	if n, err := strconv.Atoi(os.Getenv("DANGOL_BENCH_SCALE")); err == nil {
		customers = n
	}
	db := databasetest.SQLite(b, database.Options{})
	if err := fillFacts(context.Background(), db, customers, customers*2); err != nil {
		b.Fatal(err)
	}
	for _, table := range append(order.Tables(db, nil), customer.Tables(db)...) {
		if table.Name == "products" {
			continue
		}
		b.Run(table.Name, func(b *testing.B) {
			w, err := duckdb.Open(context.Background(), duckdb.Options{Path: filepath.Join(b.TempDir(), "w.duckdb")}, table)
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = w.Close() }()
			var rows int64
			var before, after syscall.Rusage
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
			for b.Loop() {
				err := w.Rebuild(context.Background(), func(context.Context) (int64, error) { return 1, nil }, func(_ string, n int64) { rows = n })
				if err != nil {
					b.Fatal(err)
				}
			}
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
			// On a busy machine the processor time says more than the clock.
			cpu := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
			b.ReportMetric(float64(rows)*float64(b.N)/(float64(cpu)/1e9), "rows/cpu-s")
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
