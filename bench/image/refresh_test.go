// SPDX-License-Identifier: Apache-2.0

package image

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"dangol/bench/shop"
	"dangol/internal/cube"
	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/image"
	"dangol/internal/segment"
)

// newest gives the newest snapshot even though the warehouse of the benchmark
// does not know of the changes that are played to the image alone.
type newest struct{ *image.Image }

func (n newest) Current() (*image.Snapshot, string) { return n.Snapshot() }

func service(b testing.TB, db *database.DB, m *image.Image) *segment.Service {
	b.Helper()
	w := shop.Open(b)
	c, err := cube.New(nil, w, shop.Cubes(), cube.Options{Clock: func() time.Time { return shop.Today }})
	if err != nil {
		b.Fatal(err)
	}
	s := segment.New(db, nil, w, c, segment.Options{})
	s.UseImage(newest{m})
	return s
}

const fiveConditions = `{"op":"and","rules":[{"field":"sido","is":"in","value":["서울특별시","경기도","부산광역시"]},{"field":"sex","is":"eq","value":"female"},
	{"event":"order","sum":{"of":"amount","is":"gte","value":500000},"within":{"last_days":365}},{"event":"order","within":{"last_days":90}},
	{"op":"not","rules":[{"event":"order","where":{"field":"product.category","is":"eq","value":"분류 8"}}]}]}`

// BenchmarkRefresh compares the refresh of a saved segment after 1 % of the
// customers have changed with one of everybody, each with the writing of
// members and state into SQLite. Reading the changed customers out of the
// warehouse is reported by itself: it happens once for all segments.
func BenchmarkRefresh(b *testing.B) {
	m, _ := open(b)
	w := shop.Open(b)
	ctx := context.Background()
	db, err := database.Open(ctx, "sqlite:"+b.TempDir()+"/refresh.db", database.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	s := service(b, db, m)
	saved, err := s.Create(shop.Boss(), segment.Segment{Name: "five", Rules: json.RawMessage(fiveConditions)})
	if err != nil {
		b.Fatal(err)
	}
	evaluate := func() time.Duration {
		started := time.Now()
		if asked, err := s.Evaluate(ctx, saved.ID); err != nil || !asked {
			b.Fatalf("%v, %v", asked, err)
		}
		return time.Since(started)
	}
	position := w.Position()
	if snapshot, _ := m.Snapshot(); snapshot != nil {
		position = snapshot.Position()
	}
	first := evaluate()
	var full, part, delta time.Duration
	rounds := 0
	for b.Loop() {
		rounds++
		var ids []int64
		for id := int64(1 + rounds); id <= int64(shop.Customers()); id += 100 {
			ids = append(ids, id)
		}
		position.Version++
		position.Seq++
		started := time.Now()
		m.Changed(ctx, w.Columns(), position, []image.Change{{Table: "customers", IDs: ids}, {Table: "order_lines", IDs: ids}})
		delta += time.Since(started)
		part += evaluate()
		if _, err := db.Exec(ctx, "UPDATE segment_states SET rules_key = 'x' || rules_key"); err != nil { // as if the rules were others
			b.Fatal(err)
		}
		full += evaluate()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(first.Seconds()*1000, "first-ms")
	b.ReportMetric(full.Seconds()*1000/float64(rounds), "full-ms")
	b.ReportMetric(part.Seconds()*1000/float64(rounds), "touched-ms")
	b.ReportMetric(delta.Seconds()*1000/float64(rounds), "delta-ms")
	b.ReportMetric(float64(full)/float64(part), "times")
}

// BenchmarkPreview types a rule: each keystroke is a request over HTTP on the
// loopback, decoded, counted with a sample, and answered. Sessions and rights
// are not part of it.
func BenchmarkPreview(b *testing.B) {
	m, _ := open(b)
	s := service(b, nil, m)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rules, err := io.ReadAll(r.Body)
		if err == nil {
			var p segment.Preview
			if p, err = s.Preview(shop.Boss(), rules); err == nil && p.Explain.Engine == "image" {
				err = json.NewEncoder(w).Encode(p)
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	}))
	defer server.Close()
	var rules []string
	for amount := 1; amount <= 1_000_000; amount *= 10 {
		rules = append(rules,
			fmt.Sprintf(`{"op":"and","rules":[{"event":"order","sum":{"of":"amount","is":"gte","value":%d},"within":{"last_days":365}}]}`, amount),
			fmt.Sprintf(`{"op":"and","rules":[{"event":"order","sum":{"of":"amount","is":"gte","value":%d}},{"event":"order","last":{"is":"not_in_last_days","value":60}}]}`, amount))
	}
	rules = append(rules, fiveConditions, `{"field":"sido","is":"eq","value":"서울특별시"}`,
		`{"op":"and","rules":[{"event":"order","where":{"field":"product.category","is":"eq","value":"분류 7"},"count":{"is":"gte","value":2}},{"op":"not","rules":[{"event":"order","where":{"field":"product.category","is":"eq","value":"분류 8"}}]}]}`)
	var took []time.Duration
	for b.Loop() {
		for _, rule := range rules {
			started := time.Now()
			answer, err := http.Post(server.URL, "application/json", bytes.NewReader([]byte(rule))) //nolint:noctx // a benchmark
			if err != nil {
				b.Fatal(err)
			}
			text, _ := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			if answer.StatusCode != http.StatusOK || len(text) == 0 {
				b.Fatalf("%s: %d %s", rule, answer.StatusCode, text)
			}
			took = append(took, time.Since(started))
		}
	}
	slices.Sort(took)
	at := func(share float64) float64 { return took[int(float64(len(took)-1)*share)].Seconds() * 1000 }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(at(.5), "p50-ms")
	b.ReportMetric(at(.99), "p99-ms")
}

// TestAgainstSQL compares cohorts and baskets with SQL, to the last number.
func TestAgainstSQL(t *testing.T) {
	_, s := open(t)
	w := shop.Open(t)
	cohorts, err := s.Cohorts(context.Background(), &image.CohortQuestion{Table: "order_lines", Where: sale(t), Period: "ordered_month"})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	each(t, w, `WITH f AS (SELECT customer_id, min(ordered_month) AS m FROM order_lines WHERE counts = 2 GROUP BY 1)
		SELECT CAST(f.m AS BIGINT), CAST(l.ordered_month - f.m AS BIGINT), count(DISTINCT l.customer_id) FROM order_lines l JOIN f ON f.customer_id = l.customer_id
		WHERE l.counts = 2 GROUP BY ALL`, func(m, age, customers int64) {
		n++
		if got := cohorts.Back[m-cohorts.First][age]; got != customers {
			t.Errorf("month %d + %d: %d, not %d", m, age, got, customers)
		}
	})
	pairs, err := s.Pairs(context.Background(), &image.Baskets{
		Table: "order_lines", Where: sale(t), Basket: "order_id", Item: image.Dim{Via: "product_id", Lookup: "products", Column: "category"},
	})
	if err != nil {
		t.Fatal(err)
	}
	place := map[string]int{}
	for i := range pairs.Items {
		text, _ := pairs.Text(i)
		place[text] = i
	}
	each(t, w, `WITH b AS (SELECT DISTINCT l.order_id, CAST(substr(p.category, 4) AS BIGINT) AS c FROM order_lines l JOIN products p ON p.id = l.product_id WHERE l.counts = 2)
		SELECT x.c, y.c, count(*) FROM b x JOIN b y ON y.order_id = x.order_id AND x.c < y.c GROUP BY ALL`, func(a, b, baskets int64) {
		n++
		i, j := place[fmt.Sprint("분류 ", a)], place[fmt.Sprint("분류 ", b)]
		if got := pairs.Together[min(i, j)*len(pairs.Items)+max(i, j)]; got != baskets {
			t.Errorf("%d and %d: %d, not %d", a, b, got, baskets)
		}
	})
	if n < 1000 {
		t.Errorf("only %d numbers compared", n)
	}
}

func each(t *testing.T, w warehouse.Reader, query string, fn func(a, b, n int64)) {
	t.Helper()
	rows, err := w.Query(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a, b, n int64
		if err := rows.Scan(&a, &b, &n); err != nil {
			t.Fatal(err)
		}
		fn(a, b, n)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
