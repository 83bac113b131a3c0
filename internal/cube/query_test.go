// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// reference answers questions by looping over the shop.
type reference struct {
	shop *store
	keep func(l *line, p *person, pr *product) bool
	from time.Time
	to   time.Time
}

func (s *store) person(id int64) *person {
	if id >= 1 && int(id) <= len(s.people) {
		return &s.people[id-1]
	}
	return nil
}

func (s *store) product(id int64) *product {
	if id >= 1 && int(id) <= len(s.products) {
		return &s.products[id-1]
	}
	return nil
}

var dimensions = map[string]func(l *line, p *person, pr *product) any{
	"customer.sido": func(_ *line, p *person, _ *product) any {
		if p == nil {
			return nil
		}
		return orNil(p.sido)
	},
	"customer.sex": func(_ *line, p *person, _ *product) any {
		if p == nil {
			return nil
		}
		return orNil(p.sex)
	},
	"customer.age": func(_ *line, p *person, _ *product) any {
		if p == nil || p.birth.IsZero() {
			return nil
		}
		switch a := age(p.birth); {
		case a < 30:
			return "0-29"
		case a < 60:
			return "30-59"
		}
		return "60+"
	},
	"order.month": func(l *line, _ *person, _ *product) any { return l.at.Format("2006-01") },
	"order.year":  func(l *line, _ *person, _ *product) any { return l.at.Format("2006") },
	"order.quarter": func(l *line, _ *person, _ *product) any {
		return fmt.Sprintf("%d-Q%d", l.at.Year(), (l.at.Month()+2)/3)
	},
	"order.day":     func(l *line, _ *person, _ *product) any { return l.at.Format("2006-01-02") },
	"order.weekday": func(l *line, _ *person, _ *product) any { return int64((int(l.at.Weekday())+6)%7 + 1) },
	"order.hour":    func(l *line, _ *person, _ *product) any { return int64(l.at.Hour()) },
	"order.channel": func(l *line, _ *person, _ *product) any { return orNil(l.channel) },
	"product.category": func(_ *line, _ *person, pr *product) any {
		if pr == nil {
			return nil
		}
		return orNil(pr.category)
	},
	"product.name": func(l *line, _ *person, _ *product) any { return idOrNil(l.product) },
}

func age(birth time.Time) int {
	a := now.Year() - birth.Year()
	if now.YearDay() < birth.YearDay() {
		a--
	}
	return a
}

// tally collects what measures need of one cell.
type tally struct {
	revenue, sales, returned, quantity, lines, firsts int64
	orders, customers, products                       map[int64]bool
}

func (c *tally) value(measure string) any {
	n := func(set map[int64]bool) int64 { return int64(len(set)) }
	switch measure {
	case "order.revenue":
		return c.revenue
	case "order.count":
		return n(c.orders)
	case "order.customers":
		return n(c.customers)
	case "order.new_customers":
		return c.firsts
	case "order.lines":
		return c.lines
	case "order.quantity":
		return c.quantity
	case "order.products":
		return n(c.products)
	case "order.returned":
		return c.returned
	case "order.sales":
		return c.sales
	case "order.average":
		if len(c.orders) == 0 {
			return nil
		}
		return int64(math.Round(float64(c.revenue) / float64(len(c.orders))))
	case "order.orders_each":
		if len(c.customers) == 0 {
			return nil
		}
		return float64(len(c.orders)) / float64(len(c.customers))
	}
	panic(measure)
}

// cells answers the tallies by key of the dimensions in set.
func (ref reference) cells(names []string) map[string]*tally {
	out := map[string]*tally{}
	s := ref.shop
	for i := range s.lines {
		l := &s.lines[i]
		p, pr := s.person(l.customer), s.product(l.product)
		if ref.keep != nil && !ref.keep(l, p, pr) {
			continue
		}
		if !ref.from.IsZero() && (l.at.Format("2006-01-02") < ref.from.Format("2006-01-02") || l.at.Format("2006-01-02") > ref.to.Format("2006-01-02")) {
			continue
		}
		keys := make([]any, len(names))
		for k, name := range names {
			keys[k] = dimensions[name](l, p, pr)
		}
		key := fmt.Sprint(keys...)
		c := out[key]
		if c == nil {
			c = &tally{orders: map[int64]bool{}, customers: map[int64]bool{}, products: map[int64]bool{}}
			out[key] = c
		}
		c.add(l)
	}
	return out
}

func (c *tally) add(l *line) {
	c.returned += l.returned
	if l.counts > 0 {
		c.revenue += l.amount
		c.quantity += l.quantity
	}
	if l.counts == 2 {
		c.sales += l.amount
		c.lines++
		c.orders[l.order] = true
		c.customers[l.customer] = true
		c.firsts += l.firstSale
		if l.product != 0 {
			c.products[l.product] = true
		}
	}
}

// check compares rows of an answer with the reference.
func check(t *testing.T, name string, result *cube.Result, rows [][]any, names []string, keep []int, measures []string, ref reference) {
	t.Helper()
	want := ref.cells(names)
	seen := map[string]bool{}
	offset := len(result.Columns) - len(measures)
	for _, row := range rows {
		keys := make([]any, len(keep))
		for i, k := range keep {
			keys[i] = row[k]
		}
		key := fmt.Sprint(keys...)
		seen[key] = true
		c := want[key]
		if c == nil && len(names) == 0 {
			c = &tally{}
		}
		if c == nil {
			t.Fatalf("%s: unexpected cell %v", name, row)
		}
		for i, m := range measures {
			if got := row[offset+i]; !equal(got, c.value(m)) {
				t.Fatalf("%s: cell %s: %s is %v, should be %v", name, key, m, got, c.value(m))
			}
		}
	}
	for key, c := range want {
		if !seen[key] && slices.ContainsFunc(measures, func(m string) bool { v := c.value(m); return v != nil && v != int64(0) }) {
			t.Fatalf("%s: cell %s is missing", name, key)
		}
	}
}

func equal(a, b any) bool {
	x, isX := a.(float64)
	y, isY := b.(float64)
	if isX && isY {
		return math.Abs(x-y) < 1e-9
	}
	return reflect.DeepEqual(a, b)
}

func all(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

var measures = []string{
	"order.revenue", "order.count", "order.customers", "order.new_customers", "order.lines", "order.quantity", "order.products",
	"order.returned", "order.sales", "order.average", "order.orders_each",
}

// TestAnswersEqualALoop asks random questions and compares every cell and
// every total with a loop over the rows.
func TestAnswersEqualALoop(t *testing.T) {
	t.Parallel()
	s := newShop(3, 300, 4000)
	service := s.open(t)
	r := rand.New(rand.NewPCG(5, 8))
	var names []string
	for name := range dimensions {
		names = append(names, name)
	}
	slices.Sort(names)
	for i := range 250 {
		q, ref := randomQuestion(r, s, names)
		text, _ := json.Marshal(q)
		name := fmt.Sprintf("question %d %s", i, text)
		result, err := service.Query(boss(), q)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if result.Truncated {
			t.Fatalf("%s: truncated", name)
		}
		dims := slices.Concat(q.Dimensions, q.Columns)
		check(t, name, result, result.Rows, dims, all(len(dims)), q.Measures, ref)
		check(t, name+" grand", result, [][]any{result.Totals.Grand}, nil, nil, q.Measures, ref)
		if len(q.Columns) > 0 {
			check(t, name+" rows", result, result.Totals.Rows, q.Dimensions, all(len(q.Dimensions)), q.Measures, ref)
			if len(q.Dimensions) > 0 {
				check(t, name+" columns", result, result.Totals.Columns, q.Columns, all(len(dims))[len(q.Dimensions):], q.Measures, ref)
			}
		}
	}
}

func randomQuestion(r *rand.Rand, s *store, names []string) (cube.Query, reference) {
	q := cube.Query{Totals: []string{"rows", "columns", "grand"}, Limit: 40_000}
	for _, i := range r.Perm(len(names))[:r.IntN(4)] {
		if r.IntN(3) == 0 {
			q.Columns = append(q.Columns, names[i])
		} else {
			q.Dimensions = append(q.Dimensions, names[i])
		}
	}
	for _, i := range r.Perm(len(measures))[:1+r.IntN(4)] {
		q.Measures = append(q.Measures, measures[i])
	}
	ref := reference{shop: s}
	if r.IntN(3) == 0 {
		from := time.Date(2025, time.Month(1+r.IntN(12)), 1, 0, 0, 0, 0, time.UTC)
		to := from.AddDate(0, 3, -1)
		if r.IntN(2) == 0 {
			from, to = from.AddDate(0, 0, 5), to.AddDate(0, 0, 9)
		}
		q.Period = &cube.Period{From: from.Format("2006-01-02"), To: to.Format("2006-01-02")}
		ref.from, ref.to = from, to
	}
	q.Filters, ref.keep = randomFilter(r)
	return q, ref
}

type keeper = func(l *line, p *person, pr *product) bool

func randomFilter(r *rand.Rand) (*cube.Filter, keeper) {
	raw := func(v any) json.RawMessage { text, _ := json.Marshal(v); return text }
	seoul := cube.Filter{Field: "customer.sido", Is: "eq", Value: raw("서울특별시")}
	isSeoul := func(_ *line, p *person, _ *product) bool { return p != nil && p.sido == "서울특별시" }
	adult := cube.Filter{Field: "customer.age", Is: "gte", Value: raw(40)}
	isAdult := func(_ *line, p *person, _ *product) bool { return p != nil && !p.birth.IsZero() && age(p.birth) >= 40 }
	online := cube.Filter{Field: "order.channel", Is: "ne", Value: raw("온라인")}
	isOnline := func(l *line, _ *person, _ *product) bool { return l.channel != "온라인" }
	snack := cube.Filter{Field: "product.category", Is: "in", Value: raw([]string{"과자", "음료"})}
	isSnack := func(_ *line, _ *person, pr *product) bool { return pr != nil && pr.category != "" }
	spring := cube.Filter{Field: "order.month", Is: "between", Value: raw([]string{"2025-03", "2025-05"})}
	isSpring := func(l *line, _ *person, _ *product) bool {
		m := l.at.Format("2006-01")
		return m >= "2025-03" && m <= "2025-05"
	}
	group := func(op string, rules ...cube.Filter) *cube.Filter { return &cube.Filter{Op: op, Rules: rules} }
	switch r.IntN(9) {
	case 0:
		return &seoul, isSeoul
	case 1:
		return group("and", seoul, online), func(l *line, p *person, pr *product) bool { return isSeoul(l, p, pr) && isOnline(l, p, pr) }
	case 2:
		return group("or", seoul, snack), func(l *line, p *person, pr *product) bool { return isSeoul(l, p, pr) || isSnack(l, p, pr) }
	case 3:
		return group("not", snack), func(l *line, p *person, pr *product) bool { return !isSnack(l, p, pr) }
	case 4:
		return group("and", adult, *group("not", *group("or", online, seoul)), snack),
			func(l *line, p *person, pr *product) bool {
				return isAdult(l, p, pr) && !isOnline(l, p, pr) && !isSeoul(l, p, pr) && isSnack(l, p, pr)
			}
	case 5:
		return group("and", spring, adult), func(l *line, p *person, pr *product) bool { return isSpring(l, p, pr) && isAdult(l, p, pr) }
	}
	return nil, nil
}

func TestLimitsAreTold(t *testing.T) {
	t.Parallel()
	s := newShop(4, 200, 3000)
	service := s.open(t)
	result, err := service.Query(boss(), cube.Query{
		Measures: []string{"order.revenue"}, Dimensions: []string{"product.name"}, Columns: []string{"order.quarter"}, Limit: 3,
		Order: []cube.Order{{By: "order.revenue", Desc: true}}, Totals: []string{"rows", "columns", "grand"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !result.Truncated || result.RowCount != 14 || len(result.Totals.Rows) != 3 || len(result.Notes) == 0 {
		t.Errorf("truncated %v, %d rows, %d totals, notes %v", result.Truncated, result.RowCount, len(result.Totals.Rows), result.Notes)
	}
	for i := 1; i < len(result.Totals.Rows); i++ {
		if result.Totals.Rows[i][2].(int64) > result.Totals.Rows[i-1][2].(int64) {
			t.Error("rows are not in the order of their totals")
		}
	}
	check(t, "grand over all", result, [][]any{result.Totals.Grand}, nil, nil, []string{"order.revenue"}, reference{shop: s})
	if len(result.Columns[0].Values) == 0 || !strings.HasPrefix(result.Columns[0].Values[0].Label.Ko, "상품") {
		t.Errorf("product names: %+v", result.Columns[0].Values)
	}
}

func TestCompareAndShare(t *testing.T) {
	t.Parallel()
	s := newShop(5, 200, 5000)
	service := s.open(t)
	day := func(text string) time.Time { d, _ := time.Parse("2006-01-02", text); return d }
	for _, c := range []struct{ compare, from, to, before, beforeTo string }{
		{"previous_year", "2025-10-01", "2025-12-31", "2024-10-01", "2024-12-31"},
		{"previous_period", "2025-04-01", "2025-06-30", "2025-01-01", "2025-03-31"},
	} {
		result, err := service.Query(boss(), cube.Query{
			Measures: []string{"order.revenue", "order.customers", "order.revenue.share"}, Dimensions: []string{"order.month", "customer.sido"},
			Period: &cube.Period{From: c.from, To: c.to}, Compare: c.compare, Totals: []string{"grand"},
		})
		if err != nil {
			t.Fatal(err)
		}
		now := reference{shop: s, from: day(c.from), to: day(c.to)}
		before := reference{shop: s, from: day(c.before), to: day(c.beforeTo)}
		if g := result.Totals.Grand; g[2] != now.cells(nil)[""].revenue || g[3] != before.cells(nil)[""].revenue {
			t.Errorf("%s: grand total %v", c.compare, g)
		}
		if result.PreviousFrom != c.before || result.PreviousTo != c.beforeTo {
			t.Errorf("%s: compared with %s to %s", c.compare, result.PreviousFrom, result.PreviousTo)
		}
		shares := 0.0
		cells, old := now.cells([]string{"order.month", "customer.sido"}), before.cells([]string{"order.month", "customer.sido"})
		for _, row := range result.Rows {
			month, _ := time.Parse("2006-01", row[0].(string))
			back := month.AddDate(-1, 0, 0)
			if c.compare == "previous_period" {
				back = month.AddDate(0, -3, 0)
			}
			if was := old[fmt.Sprint(back.Format("2006-01"), row[1])]; was != nil && row[3] != was.revenue {
				t.Errorf("%s %v: before %v, should be %v", c.compare, row[:2], row[3], was.revenue)
			}
			if is := cells[fmt.Sprint(row[0], row[1])]; is != nil && row[5] != int64(len(is.customers)) {
				t.Errorf("%s %v: customers %v", c.compare, row[:2], row[5])
			}
			if share, ok := row[8].(float64); ok {
				shares += share
			}
		}
		if math.Abs(shares-1) > 1e-9 {
			t.Errorf("shares add up to %v", shares)
		}
	}
}

func TestSeveralCubesAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(6, 300, 2000)
	service := s.open(t)
	result, err := service.Query(boss(), cube.Query{
		Measures: []string{"customer.count", "order.revenue"}, Dimensions: []string{"customer.sido"}, Totals: []string{"grand"},
		Order: []cube.Order{{By: "customer.count", Desc: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	count := map[any]int64{}
	for _, p := range s.people {
		count[orNil(p.sido)]++
	}
	last := int64(math.MaxInt64)
	for _, row := range result.Rows {
		if row[1] != count[row[0]] {
			t.Errorf("%v: %v customers, should be %d", row[0], row[1], count[row[0]])
		}
		if row[1].(int64) > last {
			t.Error("not in the order asked for")
		}
		last = row[1].(int64)
	}
	if g := result.Totals.Grand; g[1] != int64(len(s.people)) {
		t.Errorf("grand total %v", g)
	}
}

func TestScopeAndPermission(t *testing.T) {
	t.Parallel()
	s := newShop(7, 300, 3000)
	service := s.open(t)
	ctx := func(scope auth.Scope, permissions ...string) context.Context {
		return auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit(permissions...), Scope: scope})
	}
	q := cube.Query{Measures: []string{"order.revenue", "order.customers"}, Dimensions: []string{"order.channel"}, Totals: []string{"grand"}}
	if _, err := service.Query(boss(), q); err != nil { // the answer for all lies in the cache now
		t.Fatal(err)
	}
	narrow := ctx(auth.Scope{Branch: "강남"}, "cube:read", "order:read", "customer:read")
	result, err := service.Query(narrow, q)
	if err != nil {
		t.Fatal(err)
	}
	ref := reference{shop: s, keep: func(_ *line, p *person, _ *product) bool { return p != nil && p.branch == "강남" }}
	check(t, "branch", result, [][]any{result.Totals.Grand}, nil, nil, q.Measures, ref)
	nobody, err := service.Query(ctx(auth.Scope{}, "cube:read", "order:read", "customer:read"), q)
	if err != nil || nobody.Totals.Grand[1] != int64(0) {
		t.Errorf("without scope: %v, %v", nobody, err)
	}
	for name, c := range map[string]context.Context{
		"signed out":   context.Background(),
		"no cube":      ctx(auth.Scope{All: true}, "order:read", "customer:read"),
		"no orders":    ctx(auth.Scope{All: true}, "cube:read", "customer:read"),
		"no customers": ctx(auth.Scope{All: true}, "cube:read", "order:read"),
	} {
		_, err := service.Query(c, cube.Query{Measures: []string{"order.revenue"}, Dimensions: []string{"customer.sex"}})
		if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = service.Query(narrow, cube.Query{Measures: []string{"product.count"}})
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a cube without customers, asked by somebody with a scope: %v", err)
	}
}

func TestCacheAndCancel(t *testing.T) {
	t.Parallel()
	s := newShop(8, 200, 2000)
	service, w := s.openWith(t, nil)
	q := cube.Query{Measures: []string{"order.revenue"}, Dimensions: []string{"order.month"}}
	first, err := service.Query(boss(), q)
	if err != nil || first.IsCached || first.AsOf.Seq != 42 {
		t.Fatalf("first answer: %+v, %v", first, err)
	}
	again, err := service.Query(boss(), q)
	if err != nil || !again.IsCached || !reflect.DeepEqual(first.Rows, again.Rows) {
		t.Errorf("second answer: cached %v, %v", again.IsCached, err)
	}
	if err := w.Replace(boss(), "anything", "SELECT 1 AS one"); err != nil { // the data moves on
		t.Fatal(err)
	}
	if moved, err := service.Query(boss(), q); err != nil || moved.IsCached {
		t.Errorf("after a change: cached %v, %v", moved.IsCached, err)
	}
	gone, stop := context.WithCancel(boss())
	stop()
	q.Limit = 7
	if _, err := service.Query(gone, q); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := service.Query(boss(), q); err != nil {
		t.Errorf("after somebody else's cancellation: %v", err)
	}
}

func TestCurrenciesAreNeverAddedUp(t *testing.T) {
	t.Parallel()
	s := newShop(9, 100, 1000)
	for i := range s.lines {
		if i%10 == 0 {
			s.lines[i].currency = "USD"
		}
	}
	service := s.open(t)
	ask := func(q cube.Query) *cube.Result {
		t.Helper()
		result, err := service.Query(boss(), q)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	inKRW := reference{shop: s, keep: func(l *line, _ *person, _ *product) bool { return l.currency == "KRW" }}
	plain := ask(cube.Query{Measures: []string{"order.revenue"}})
	if plain.Currency != "KRW" || plain.Rows[0][0] != inKRW.cells(nil)[""].revenue || len(plain.Notes) != 1 || plain.Notes[0].Code != "cube.currency" {
		t.Errorf("narrowed to one currency: %+v", plain)
	}
	grouped := ask(cube.Query{Measures: []string{"order.revenue"}, Dimensions: []string{"order.currency"}})
	if len(grouped.Rows) != 2 || grouped.Currency != "" {
		t.Errorf("grouped by currency: %+v", grouped)
	}
	named := ask(cube.Query{Measures: []string{"order.revenue"}, Filters: &cube.Filter{Field: "order.currency", Is: "eq", Value: json.RawMessage(`"USD"`)}})
	if named.Currency != "USD" || len(named.Notes) != 0 {
		t.Errorf("named currency: %+v", named)
	}
	counted := ask(cube.Query{Measures: []string{"order.count"}})
	if counted.Rows[0][0] != (reference{shop: s}).cells(nil)[""].value("order.count") {
		t.Errorf("a count without money leaves nothing out: %+v", counted)
	}
}

func TestBadQuestions(t *testing.T) {
	t.Parallel()
	service := newShop(1, 10, 50).open(t)
	one := []string{"order.revenue"}
	for code, q := range map[string]cube.Query{
		"cube.measures":             {},
		"cube.unknown_name":         {Measures: []string{"order.profit"}},
		"cube.not_joined":           {Measures: []string{"customer.count"}, Dimensions: []string{"order.month"}},
		"cube.share_of_ratio":       {Measures: []string{"order.average.share"}},
		"cube.twice":                {Measures: []string{"order.revenue", "order.revenue"}},
		"cube.filter_only":          {Measures: one, Dimensions: []string{"order.at"}},
		"cube.bad_period":           {Measures: one, Period: &cube.Period{From: "2026-02-30", To: "2026-03-01"}},
		"cube.compare_needs_period": {Measures: one, Compare: "previous_year"},
		"cube.bad_order":            {Measures: one, Order: []cube.Order{{By: "order.count"}}},
		"cube.bad_totals":           {Measures: one, Totals: []string{"everything"}},
		"cube.cannot_align":         {Measures: one, Dimensions: []string{"order.month"}, Compare: "previous_period", Period: &cube.Period{From: "2025-01-05", To: "2025-02-09"}},
		"rule.bad_group":            {Measures: one, Filters: &cube.Filter{Op: "xor"}},
		"rule.bad_operator":         {Measures: one, Filters: &cube.Filter{Field: "order.channel", Is: "gte", Value: json.RawMessage(`"a"`)}},
		"rule.bad_value":            {Measures: one, Filters: &cube.Filter{Field: "order.month", Is: "eq", Value: json.RawMessage(`"März"`)}},
	} {
		_, err := service.Query(boss(), q)
		if f, ok := fault.As(err); !ok || f.Code != code || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", code, err)
		}
	}
}
