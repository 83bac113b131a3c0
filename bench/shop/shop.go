// SPDX-License-Identifier: Apache-2.0

// Package shop makes a warehouse of any size for benchmarks: customers and
// twenty order lines for each, straight into DuckDB tables that have the
// columns of the capabilities' facts.
package shop

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/mining"
	"dangol/internal/order"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// Scale is the variable with the number of customers.
const Scale = "DANGOL_BENCH_SCALE"

const (
	defaultCustomers = 20_000
	linesEach        = 20
	linesPerOrder    = 4
)

// Today is the day on which benchmarks ask.
var Today = time.Date(2026, 1, 1, 12, 0, 0, 0, time.FixedZone("KST", 9*3600))

// Customers is how many customers the shop has.
func Customers() int {
	if n, err := strconv.Atoi(os.Getenv(Scale)); err == nil && n > 0 {
		return n
	}
	return defaultCustomers
}

var (
	mu     sync.Mutex
	opened *duckdb.Warehouse
)

// Open returns the warehouse of this process, made on first use. It lies in
// memory unless DANGOL_BENCH_WAREHOUSE names a folder to keep it in.
func Open(b testing.TB) *duckdb.Warehouse {
	b.Helper()
	mu.Lock()
	defer mu.Unlock()
	if opened != nil {
		return opened
	}
	dir := os.Getenv("DANGOL_BENCH_WAREHOUSE")
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "dangol-bench-"); err != nil {
			b.Fatal(err)
		}
	}
	ctx := context.Background()
	path := filepath.Join(dir, fmt.Sprintf("shop-%d.duckdb", Customers()))
	w, err := duckdb.Open(ctx, duckdb.Options{Path: path, MemoryMB: 4096, Threads: 2, Clock: func() time.Time { return Today }}, tables()...)
	if err != nil {
		b.Fatal(err)
	}
	if w.Stale() != "" {
		started := time.Now()
		if err := fill(ctx, w); err != nil {
			b.Fatal(err)
		}
		b.Logf("%d customers × %d order lines made in %.1f s", Customers(), Customers()*linesEach, time.Since(started).Seconds())
	}
	opened = w
	return w
}

// tables are the facts without their sources.
func tables() []warehouse.Table {
	list := append(customer.Tables(nil), order.Tables(nil, nil)...)
	for i := range list {
		list[i].Extra, list[i].Parts = nil, nil
		list[i].Load = func(context.Context, []int64, func(row ...any) error) error { return nil }
	}
	return list
}

// Cubes are the cubes of the shop.
func Cubes() []warehouse.Cube {
	customers := customer.Cubes(nil)
	customers[0].Extra = nil
	return append(append(customers, order.Cubes()...), mining.Cubes()...)
}

// Boss may see everything.
func Boss() context.Context {
	return auth.With(context.Background(), auth.Person{ID: 1, Permissions: auth.Permit("*"), Scope: auth.Scope{All: true}})
}

func fill(ctx context.Context, w *duckdb.Warehouse) error {
	if err := w.Rebuild(ctx, func(context.Context) (int64, error) { return 1, nil }, nil); err != nil {
		return err
	}
	n := Customers()
	err := w.Session(ctx, func(s warehouse.Session) error {
		for _, statement := range []string{
			fmt.Sprintf(customersSQL, n),
			productsSQL,
			fmt.Sprintf(linesSQL, n, n, n*linesEach/linesPerOrder, linesPerOrder),
		} {
			if err := s.Exec(ctx, statement); err != nil {
				return fmt.Errorf("make shop: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.Compact(ctx)
}

const customersSQL = `INSERT INTO customers BY NAME SELECT
	i AS id, 'person' AS kind,
	chr((44032 + hash(i * 5) %% 11172)::INTEGER) || chr((44032 + hash(i * 7) %% 11172)::INTEGER) || chr((44032 + hash(i * 9) %% 11172)::INTEGER) AS name_key,
	CASE WHEN hash(i * 3) %% 2 = 0 THEN 'female' ELSE 'male' END AS sex,
	CASE WHEN hash(i * 31) %% 10 > 0 THEN DATE '1940-01-01' + (hash(i * 11) %% 25000)::INTEGER END AS birth_on,
	['서울특별시', '부산광역시', '대구광역시', '인천광역시', '광주광역시', '대전광역시', '울산광역시', '세종특별자치시', '경기도', '강원특별자치도',
	 '충청북도', '충청남도', '전북특별자치도', '전라남도', '경상북도', '경상남도', '제주특별자치도'][1 + (hash(i) %% 17)::INTEGER] AS sido,
	'중구' AS sigungu,
	['VIP', '골드', '실버', '일반'][1 + (hash(i * 13) %% 4)::INTEGER] AS grade,
	['강남', '서면', '분당'][1 + (hash(i * 17) %% 3)::INTEGER] AS branch,
	true AS has_mobile, hash(i * 19) %% 3 > 0 AS has_email, 1 + (hash(i * 23) %% 4)::BIGINT AS record_count,
	TIMESTAMP '2023-01-01' + INTERVAL (hash(i * 29) %% 1500000) MINUTE AS created_at,
	TIMESTAMP '2025-01-01' + INTERVAL (hash(i * 37) %% 500000) MINUTE AS updated_at
	FROM range(1, %d + 1) r(i)`

const productsSQL = `INSERT INTO products BY NAME SELECT i AS id, 'P' || i AS product_key, '상품 ' || i AS name,
	'분류 ' || (hash(i) % 60) AS category, '부문 ' || (hash(i) % 60) // 10 AS department, '브랜드 ' || (hash(i * 3) % 200) AS brand
	FROM range(1, 20001) r(i)`

// Buyers are skewed, as they are: the best fifth brings most of the revenue.
const linesSQL = `INSERT INTO order_lines BY NAME
	WITH o AS (SELECT oid, 1 + ((floor(power((hash(oid * 11) %% 1000000) / 1e6, 1.7) * %d)::BIGINT * 7919) %% %d) AS customer_id,
		TIMESTAMP '2024-01-01' + INTERVAL (hash(oid * 13) %% (730 * 24 * 60)) MINUTE AS ordered_at FROM range(1, %d + 1) r(oid))
	SELECT oid * 4 + x AS id, customer_id, customer_id AS record_id, oid AS order_id, 1 AS source_id, ordered_at,
		year(ordered_at) * 12 + month(ordered_at) - 1 AS ordered_month, 1 + (hash(oid * 17 + x) %% 20000)::BIGINT AS product_id,
		['매장', '온라인', '전화'][1 + (hash(oid * 29) %% 3)::INTEGER] AS channel, '매장 ' || hash(oid * 41) %% 50 AS store,
		CASE WHEN hash(oid * 23 + x) %% 40 = 0 THEN 'returned' ELSE 'paid' END AS status,
		CASE WHEN hash(oid * 23 + x) %% 40 = 0 THEN 0 ELSE 2 END AS counts,
		CASE WHEN hash(oid * 23 + x) %% 40 > 0 AND (x = 0 OR x = 1 AND hash(oid * 23) %% 40 = 0) THEN 1 ELSE 0 END AS first_line, 0 AS first_sale,
		1000 * (1 + hash(oid + x) %% 3)::BIGINT AS quantity, 1000 + (hash(oid * 19 + x) %% 100000)::BIGINT AS amount, 0 AS returned,
		0 AS discount, 0 AS coupon_discount, 'KRW' AS currency
	FROM o, range(0, %d) r(x)`

// Against measures a question against hand-written SQL on the same data, turn
// by turn, so that both meet the same noise; it reports milliseconds of both
// and their ratio.
func Against(b *testing.B, ours, theirs func() error) {
	b.Helper()
	for _, fn := range []func() error{ours, theirs} { // once for nothing, to read the file
		if err := fn(); err != nil {
			b.Fatal(err)
		}
	}
	var mine, other time.Duration
	best := [2]time.Duration{time.Hour, time.Hour}
	for b.Loop() {
		for i, fn := range []func() error{ours, theirs} {
			started := time.Now()
			if err := fn(); err != nil {
				b.Fatal(err)
			}
			took := time.Since(started)
			best[i] = min(best[i], took)
			if i == 0 {
				mine += took
			} else {
				other += took
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(best[0].Microseconds())/1000, "ms")
	b.ReportMetric(float64(best[1].Microseconds())/1000, "hand-ms")
	b.ReportMetric(float64(mine)/float64(other), "ratio")
}

// Drain reads all rows of hand-written SQL.
func Drain(w *duckdb.Warehouse, query string, args ...any) error {
	rows, err := w.Query(context.Background(), query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(columns))
	dest := make([]any, len(columns))
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
	}
	return rows.Err()
}
