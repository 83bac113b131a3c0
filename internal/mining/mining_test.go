// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// shared finds a file of the data that is shared beside the repository.
func shared(t *testing.T, name string) string {
	t.Helper()
	if root := os.Getenv("DANGOL_SHARED"); root != "" {
		return filepath.Join(root, "data", name)
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		path := filepath.Join(dir, "..", "shared", "data", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		if dir == filepath.Dir(dir) {
			t.Skipf("shared data %s is absent", name)
		}
		dir = filepath.Dir(dir)
	}
}

// purchase is a line of a test, in the local time of its shop.
type purchase struct {
	customer, order, amount, counts int64
	at                              time.Time
}

func records(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var r io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func cents(t *testing.T, text string) int64 {
	t.Helper()
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return int64(math.Round(f * 100))
}

func open(t *testing.T, lines []purchase) *duckdb.Warehouse {
	t.Helper()
	columns := func(list ...string) (out []warehouse.Column) {
		for _, c := range list {
			name, kind, _ := strings.Cut(c, " ")
			out = append(out, warehouse.Column{Name: name, Type: kind})
		}
		return out
	}
	first := map[int64]bool{}
	w, err := duckdb.Open(t.Context(), duckdb.Options{Zone: time.UTC}, warehouse.Table{
		Name: "customers", Key: "id", Columns: columns("id BIGINT", "branch VARCHAR", "owner_id BIGINT"),
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			set := map[int64]bool{}
			for _, l := range lines {
				if !set[l.customer] {
					set[l.customer] = true
					if err := emit(l.customer, []string{"강남", "서면"}[l.customer%2], nil); err != nil {
						return err
					}
				}
			}
			return emit(int64(1)<<40, "강남", nil) // bought nothing
		},
	}, warehouse.Table{
		Name: "order_lines", Key: "customer_id", Cluster: "customer_id, ordered_at", Columns: columns(
			"customer_id BIGINT", "order_id BIGINT", "ordered_at TIMESTAMP", "counts INTEGER", "first_line INTEGER", "quantity BIGINT", "amount BIGINT", "currency VARCHAR"),
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			clear(first)
			for _, l := range lines {
				flag := int64(0)
				if l.counts == 2 && !first[l.order] {
					first[l.order], flag = true, 1
				}
				if err := emit(l.customer, l.order, l.at, l.counts, flag, int64(1000), l.amount, "USD"); err != nil {
					return err
				}
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Rebuild(t.Context(), func(context.Context) (int64, error) { return 3, nil }, nil); err != nil {
		t.Fatal(err)
	}
	return w
}

func boss() context.Context {
	return auth.With(context.Background(), auth.Person{ID: 1, Permissions: auth.Permit("*"), Scope: auth.Scope{All: true}})
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6*math.Max(1, math.Abs(b)) }

// TestCDNOW compares with figures computed by R (shared/data/FIGURES.md).
func TestCDNOW(t *testing.T) {
	t.Parallel()
	var lines []purchase
	for i, r := range records(t, "cdnow/cdnow_sample.csv") {
		id, _ := strconv.ParseInt(r[1], 10, 64)
		at, err := time.Parse("20060102", r[2])
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, purchase{id, int64(i + 1), cents(t, r[4]), 2, at})
	}
	s := mining.New(nil, nil, open(t, lines), mining.Options{Currency: "USD", Zone: time.UTC})
	got, err := s.RFM(boss(), mining.RFMSettings{At: "1998-07-01", PeriodMonths: -1, CountBy: mining.CountDays})
	if err != nil {
		t.Fatal(err)
	}
	if got.Buyers != 2357 || got.NonBuyers != 1 || got.Sums.Recency != 878_133 || got.Sums.Frequency != 6_696 || got.Sums.Monetary != 24_409_194 {
		t.Errorf("buyers %d, sums %+v", got.Buyers, got.Sums)
	}
	if got.Sums.MedianR != 474 || got.Sums.MedianF != 1 || !near(got.Sums.MedianM, 4306) {
		t.Errorf("medians %+v", got.Sums)
	}
	for name, c := range map[string][2][]float64{
		"r": {got.Limits.R, {153, 443, 487, 513}},
		"f": {got.Limits.F, {1, 1, 2, 4}},
		"m": {got.Limits.M, {1536, 3195.8, 5925, 13043.6}},
	} {
		for i := range c[1] {
			if math.Abs(c[0][i]-c[1][i]) > 0.051 { // R prints three decimals of dollars
				t.Errorf("limits of %s: %v, should be %v", name, c[0], c[1])
				break
			}
		}
	}
	var customers, revenue int64
	for _, b := range got.Boxes {
		customers, revenue = customers+b.Customers, revenue+b.Revenue
	}
	if customers != got.Buyers || revenue != got.Revenue {
		t.Errorf("boxes hold %d customers and %d", customers, revenue)
	}
}

// TestCompleteJourney compares medians with FIGURES.md.
func TestCompleteJourney(t *testing.T) {
	t.Parallel()
	var lines []purchase
	var sales int64
	for _, r := range records(t, "completejourney/transactions_sample.csv.gz") {
		id, _ := strconv.ParseInt(r[0], 10, 64)
		basket, _ := strconv.ParseInt(r[2], 10, 64)
		at, err := time.Parse("2006-01-02 15:04:05", r[10])
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, purchase{id, basket, cents(t, r[5]), 2, at})
		sales += cents(t, r[5])
	}
	if sales != 23_393_524 { // R prints seven digits of it: 233,935.2
		t.Errorf("sales are %d", sales)
	}
	s := mining.New(nil, nil, open(t, lines), mining.Options{Currency: "USD", Zone: time.UTC})
	got, err := s.RFM(boss(), mining.RFMSettings{At: "2018-01-01", PeriodMonths: -1})
	if err != nil {
		t.Fatal(err)
	}
	if got.Buyers != 2377 || got.Sums.Frequency != 47_243 || got.Sums.MedianR != 18 || got.Sums.MedianF != 15 || !near(got.Sums.MedianM, 6411) || got.Revenue != sales {
		t.Errorf("%d buyers, %+v", got.Buyers, got.Sums)
	}
}

func randomLines(r *rand.Rand, customers, orders int) []purchase {
	var lines []purchase
	day := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	for id := int64(1); id <= int64(orders); id++ {
		customer := 1 + int64(float64(customers)*r.Float64()*r.Float64())
		at := day.Add(-time.Duration(r.IntN(700*24)) * time.Hour)
		for range 1 + r.IntN(3) {
			l := purchase{customer, id, int64(r.IntN(200)) * 100, 2, at}
			if r.IntN(15) == 0 {
				l.counts, l.amount = 1, -l.amount
			}
			lines = append(lines, l)
		}
	}
	return lines
}

// buyer is RFM of one customer, computed by a loop.
type buyer struct{ r, f, m int64 }

func buyers(lines []purchase, from, at time.Time) map[int64]*buyer {
	out := map[int64]*buyer{}
	orders := map[int64]map[int64]bool{}
	for _, l := range lines {
		if l.at.Before(from) || !l.at.Before(at.AddDate(0, 0, 1)) {
			continue
		}
		b := out[l.customer]
		if b == nil {
			b = &buyer{r: math.MaxInt64}
			out[l.customer], orders[l.customer] = b, map[int64]bool{}
		}
		b.m += l.amount
		if l.counts == 2 {
			day := time.Date(l.at.Year(), l.at.Month(), l.at.Day(), 0, 0, 0, 0, time.UTC)
			b.r = min(b.r, int64(at.Sub(day).Hours()/24))
			orders[l.customer][l.order] = true
			b.f = int64(len(orders[l.customer]))
		}
	}
	for id, b := range out {
		if b.f == 0 {
			delete(out, id)
		}
	}
	return out
}

// quantile of type 7.
func quantile(values []float64, p float64) float64 {
	sort.Float64s(values)
	h := float64(len(values)-1) * p
	i := int(math.Floor(h))
	if i+1 >= len(values) {
		return values[len(values)-1]
	}
	return values[i] + (h-float64(i))*(values[i+1]-values[i])
}

func cuts(values []float64) (out []float64) {
	for _, p := range []float64{.2, .4, .6, .8} {
		out = append(out, quantile(values, p))
	}
	return out
}

func passed(v float64, limits []float64) int {
	n := 0
	for _, l := range limits {
		if v > l {
			n++
		}
	}
	return n
}

func TestScoresEqualALoop(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 9))
	lines := randomLines(r, 400, 2500)
	s := mining.New(nil, nil, open(t, lines), mining.Options{Currency: "USD", Zone: time.UTC, Clock: func() time.Time {
		return time.Date(2026, 3, 15, 9, 0, 0, 0, time.UTC)
	}})
	at := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	want := buyers(lines, at.AddDate(0, -12, 1), at)
	var rs, fs, ms []float64
	for _, b := range want {
		rs, fs, ms = append(rs, float64(b.r)), append(fs, float64(b.f)), append(ms, float64(b.m))
	}
	lr, lf, lm := cuts(rs), cuts(fs), cuts(ms)
	boxes := map[string]int64{}
	for _, b := range want {
		boxes[fmt.Sprint(5-passed(float64(b.r), lr), 1+passed(float64(b.f), lf), 1+passed(float64(b.m), lm))]++
	}
	got, err := s.RFM(boss(), mining.RFMSettings{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Buyers != int64(len(want)) || len(got.Boxes) != len(boxes) {
		t.Fatalf("%d buyers in %d boxes, should be %d in %d", got.Buyers, len(got.Boxes), len(want), len(boxes))
	}
	var inGroups int64
	for _, b := range got.Boxes {
		if boxes[fmt.Sprint(b.R, b.F, b.M)] != b.Customers {
			t.Errorf("box %d%d%d holds %d, should hold %d", b.R, b.F, b.M, b.Customers, boxes[fmt.Sprint(b.R, b.F, b.M)])
		}
	}
	for _, g := range got.Groups {
		inGroups += g.Customers
	}
	if inGroups != got.Buyers {
		t.Errorf("groups hold %d of %d buyers", inGroups, got.Buyers)
	}
	if got.From != "2025-03-16" || got.Settings.Weights.R != .5 {
		t.Errorf("defaults: %s, %+v", got.From, got.Settings.Weights)
	}
	narrow := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("*"), Scope: auth.Scope{Branch: "강남"}})
	own, err := s.RFM(narrow, mining.RFMSettings{})
	if err != nil || own.Buyers >= got.Buyers || own.Buyers == 0 {
		t.Errorf("of one branch: %d buyers, %v", own.Buyers, err)
	}
	cut, err := s.RFM(boss(), mining.RFMSettings{Cuts: &mining.Cuts{R: []float64{60, 120, 180, 240}}})
	if err != nil || !slices.Equal(cut.Limits.R, []float64{60, 120, 180, 240}) || cut.Limits.F[3] != lf[3] {
		t.Errorf("hand-set limits: %+v, %v", cut.Limits, err)
	}
	nested, err := s.RFM(boss(), mining.RFMSettings{Method: mining.Nested})
	if err != nil || nested.Buyers != got.Buyers {
		t.Fatalf("nested: %v", err)
	}
	for _, part := range nested.Quintiles["m"] { // within each box of R and F, so all are filled
		if part.Customers == 0 {
			t.Errorf("nested quintiles of M: %+v", nested.Quintiles["m"])
		}
	}
}

func TestParetoEqualsALoop(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	lines := randomLines(r, 250, 2000)
	s := mining.New(nil, nil, open(t, lines), mining.Options{Currency: "USD", Zone: time.UTC})
	got, err := s.Pareto(boss(), mining.ParetoSettings{})
	if err != nil {
		t.Fatal(err)
	}
	by := map[int64]int64{}
	for _, l := range lines {
		by[l.customer] += l.amount
	}
	var values []float64
	total := 0.0
	for _, v := range by {
		if v > 0 {
			values = append(values, float64(v))
			total += float64(v)
		}
	}
	sort.Sort(sort.Reverse(sort.Float64Slice(values)))
	gini, n := 0.0, float64(len(values))
	for i := range values { // mean difference, by definition
		for j := range values {
			gini += math.Abs(values[i] - values[j])
		}
	}
	gini /= 2 * n * total
	if got.Buyers != int64(len(values)) || float64(got.Total) != total || !near(got.Gini, gini) {
		t.Errorf("%d buyers, total %d, gini %v, should be %d, %v, %v", got.Buyers, got.Total, got.Gini, len(values), total, gini)
	}
	for name, part := range map[string]float64{"10": .1, "20": .2, "30": .3} {
		sum := 0.0
		for i, v := range values {
			if float64(i) < n*part-1e-9 {
				sum += v
			}
		}
		if !near(got.Top[name], sum/total) {
			t.Errorf("top %s %%: %v, should be %v", name, got.Top[name], sum/total)
		}
	}
	var customers, value int64
	for _, d := range got.Deciles {
		customers, value = customers+d.Customers, value+d.Value
	}
	last := got.Curve[len(got.Curve)-1]
	if len(got.Deciles) != 10 || customers != got.Buyers || value != got.Total || last.Customers != 1 || last.Share != 1 {
		t.Errorf("deciles %+v, curve ends at %+v", got.Deciles, last)
	}
	if got.CustomersFor80 <= 0 || got.CustomersFor80 >= .8 {
		t.Errorf("80 %% comes from %v", got.CustomersFor80)
	}
	few, err := s.Pareto(boss(), mining.ParetoSettings{From: "2090-01-01"})
	if err != nil || few.Buyers != 0 || len(few.Curve) != 1 {
		t.Errorf("of nobody: %+v, %v", few, err)
	}
}

func TestScoresAreSaved(t *testing.T) {
	t.Parallel()
	lines := randomLines(rand.New(rand.NewPCG(6, 6)), 100, 600)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := open(t, lines)
		s := mining.New(db, nil, w, mining.Options{Currency: "USD", Zone: time.UTC, Clock: func() time.Time { return time.Date(2026, 3, 15, 9, 0, 0, 0, time.UTC) }})
		saved, err := s.SaveRFM(boss(), mining.RFMSettings{PeriodMonths: 24, Weights: &mining.Weights{R: .2, F: .3, M: .5}})
		if err != nil || saved.Buyers == 0 || saved.ComputedAt == nil {
			t.Fatalf("%+v, %v", saved, err)
		}
		live, err := s.RFM(boss(), saved.Settings)
		if err != nil || live.Buyers != saved.Buyers {
			t.Fatalf("live %d, saved %d, %v", live.Buyers, saved.Buyers, err)
		}
		counts := map[string]int64{}
		rows, err := w.Query(t.Context(), "SELECT r, f, m, score, segment, count(*) FROM rfm_scores GROUP BY ALL")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r, f, m int
			var score float64
			var group string
			var n int64
			if err := rows.Scan(&r, &f, &m, &score, &group, &n); err != nil {
				t.Fatal(err)
			}
			counts[fmt.Sprint(r, f, m)] += n
			if group != mining.GroupOf(r, f, m) || !near(score, .2*float64(r)+.3*float64(f)+.5*float64(m)) {
				t.Errorf("box %d%d%d: group %s, score %v", r, f, m, group, score)
			}
		}
		for _, b := range live.Boxes {
			if counts[fmt.Sprint(b.R, b.F, b.M)] != b.Customers {
				t.Errorf("box %d%d%d: %d saved, %d live", b.R, b.F, b.M, counts[fmt.Sprint(b.R, b.F, b.M)], b.Customers)
			}
		}
		if again, err := s.FindRFM(boss()); err != nil || again.Settings.PeriodMonths != 24 {
			t.Errorf("saved settings: %+v, %v", again, err)
		}
	})
}

func TestEveryBoxHasOneGroup(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for r := 1; r <= 5; r++ {
		for f := 1; f <= 5; f++ {
			for m := 1; m <= 5; m++ {
				name := mining.GroupOf(r, f, m)
				if name == "" {
					t.Errorf("box %d%d%d has no group", r, f, m)
				}
				seen[name] = true
			}
		}
	}
	if len(seen) != 8 {
		t.Errorf("only %d groups are used", len(seen))
	}
}

func TestBadSettings(t *testing.T) {
	t.Parallel()
	s := mining.New(nil, nil, open(t, randomLines(rand.New(rand.NewPCG(1, 1)), 5, 5)), mining.Options{})
	for name, settings := range map[string]mining.RFMSettings{
		"at":      {At: "2026-02-30"},
		"months":  {PeriodMonths: -2},
		"method":  {Method: "sideways"},
		"weights": {Weights: &mining.Weights{R: .5, F: .5, M: .5}},
		"nan":     {Weights: &mining.Weights{R: math.NaN(), F: .5, M: .5}},
		"cuts":    {Cuts: &mining.Cuts{R: []float64{1, 2, 2, 3}}},
	} {
		if _, err := s.RFM(boss(), settings); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.RFM(context.Background(), mining.RFMSettings{}); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("signed out: %v", err)
	}
	if _, err := s.Pareto(boss(), mining.ParetoSettings{Measure: "x'; DROP"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("measure: %v", err)
	}
}
