// SPDX-License-Identifier: Apache-2.0

package segment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/segment"
)

// populate fills the sheets with people who miss things and orders of all kinds.
func populate(r *rand.Rand, people, orders int) map[string]*sheet {
	s := sheets()
	pick := func(list ...any) any { return list[r.IntN(len(list))] }
	maybe := func(v any) any {
		if r.IntN(6) == 0 {
			return nil
		}
		return v
	}
	for id := int64(1); id <= int64(people); id++ {
		birth := today.AddDate(-r.IntN(70), 0, -r.IntN(365))
		code := any(int64(r.IntN(3))*10_000 + int64(birth.Month())*100 + int64(birth.Day()))
		on := any(birth.Format("2006-01-02"))
		if r.IntN(6) == 0 {
			on, code = nil, nil
		}
		s["customers"].rows = append(s["customers"].rows, []any{
			id, maybe(pick("김철수", "Kim", "이영희", "")), maybe(pick("서울특별시", "부산광역시", "경기도")), maybe(pick("male", "female")),
			on, code, maybe(pick("VIP", "골드", "")), maybe(pick("강남", "서면")), maybe(int64(r.IntN(4))), maybe(r.IntN(2) == 0),
			today.AddDate(0, 0, -r.IntN(900)).UTC(), maybe(pick("낚시", "등산", "FISHING", "fishing trip")), maybe(int64(r.IntN(100))), maybe(float64(r.IntN(20)) / 8),
		})
		if r.IntN(3) > 0 {
			s["rfm_scores"].rows = append(s["rfm_scores"].rows, []any{id, int64(1 + r.IntN(5)), pick("champion", "lost")})
		}
	}
	for id := int64(1); id <= 8; id++ {
		s["products"].rows = append(s["products"].rows, []any{id, fmt.Sprint("상품", id), maybe(pick("과자", "음료")), "식품", maybe("단골")})
	}
	for id := int64(1); id <= int64(orders); id++ {
		at := maybe(today.Add(-time.Duration(r.IntN(600*24)) * time.Hour).UTC())
		s["clicks"].rows = append(s["clicks"].rows, []any{id, int64(1 + r.IntN(people)), at, maybe(pick("click", "open"))})
	}
	line := int64(0)
	for id := int64(1); id <= int64(orders); id++ {
		customer := int64(1 + r.IntN(people))
		if r.IntN(40) == 0 {
			customer = int64(people + 7) // hidden
		}
		at := today.Add(-time.Duration(r.IntN(600*24)) * time.Hour)
		channel, store := maybe(pick("매장", "온라인")), maybe(pick("본점", "분점"))
		first := int64(1)
		for range 1 + r.IntN(3) {
			line++
			status, counts, amount, lineAt := "paid", int64(2), int64(r.IntN(50))*100, at
			var returned int64
			switch r.IntN(8) {
			case 0:
				status, counts, returned, lineAt, amount = "refunded", 1, amount, at.AddDate(0, 0, r.IntN(30)), -amount
			case 1:
				status, counts, returned = "returned", 0, amount
			}
			flag := int64(0)
			if counts == 2 {
				flag, first = first, 0
			}
			local := lineAt.In(seoul)
			var bought any // the same on all lines of a customer
			if customer%5 > 0 {
				bought = time.Date(2024, time.Month(1+customer%24), 1+int(customer%20), 0, 0, 0, 0, time.UTC)
			}
			s["order_lines"].rows = append(s["order_lines"].rows, []any{
				line, customer, id, maybe(int64(1 + r.IntN(9))), lineAt.UTC(), int64(local.Year())*12 + int64(local.Month()) - 1,
				channel, store, status, counts, flag, int64(0), int64(1000 * (1 + r.IntN(3))), amount, returned, int64(r.IntN(3)), int64(0),
				[]string{"KRW", "KRW", "USD"}[id%3], int64(1), nil, bought,
			})
		}
	}
	return s
}

// ruleMaker makes random rule trees out of the catalogue.
type ruleMaker struct {
	r      *rand.Rand
	fields []segment.Field
	events []segment.Event
	texts  []string
}

func (m *ruleMaker) rule(depth int) segment.Rule {
	switch n := m.r.IntN(10); {
	case n < 3 && depth < 5:
		return m.group(func() segment.Rule { return m.rule(depth + 1) })
	case n < 6:
		return m.behaviour(depth)
	case n == 6:
		id := int64(1 + m.r.IntN(3))
		if m.r.IntN(3) == 0 {
			id = 1 + id%2
			return segment.Rule{List: &id}
		}
		return segment.Rule{ID: &id}
	}
	return m.condition(m.fields)
}

func (m *ruleMaker) group(child func() segment.Rule) segment.Rule {
	g := segment.Rule{Op: []string{"and", "or", "not"}[m.r.IntN(3)]}
	n := m.r.IntN(4)
	if g.Op == "not" {
		n = 1
	}
	for range n {
		g.Rules = append(g.Rules, child())
	}
	return g
}

func (m *ruleMaker) condition(fields []segment.Field) segment.Rule {
	f := fields[m.r.IntN(len(fields))]
	is := string(f.Operators[m.r.IntN(len(f.Operators))])
	return segment.Rule{Field: f.Name, Is: is, Value: m.value(f, is)}
}

func (m *ruleMaker) value(f segment.Field, is string) json.RawMessage {
	one := func() any {
		day := today.AddDate(0, 0, -m.r.IntN(900)+30)
		switch {
		case f.Unit == "age":
			return m.r.IntN(70)
		case f.Unit == "year":
			return fmt.Sprint(2024 + m.r.IntN(3))
		case f.Unit == "quarter":
			return fmt.Sprintf("%d-Q%d", 2024+m.r.IntN(3), 1+m.r.IntN(4))
		case f.Unit == "month":
			return day.Format("2006-01")
		case f.Unit == "weekday" || f.Unit == "hour":
			return m.r.IntN(8)
		}
		switch f.Kind {
		case "text", "choice":
			return m.texts[m.r.IntN(len(m.texts))]
		case "boolean":
			return m.r.IntN(2) == 0
		case "date", "time":
			return day.Format("2006-01-02")
		case "number":
			return float64(m.r.IntN(20)) / 8
		case "money":
			return m.r.IntN(60) * 100
		case "quantity":
			return m.r.IntN(4) * 1000
		}
		return m.r.IntN(6)
	}
	var v any
	switch is {
	case "is_set", "is_not_set":
		return nil
	case "in", "not_in":
		v = []any{one(), one(), one()}
	case "between":
		v = []any{one(), one()}
	case "in_last_days", "not_in_last_days":
		v = 1 + m.r.IntN(500)
	case "anniversary_in_days":
		v = m.r.IntN(60)
	default:
		v = one()
	}
	raw, _ := json.Marshal(v)
	return raw
}

func (m *ruleMaker) behaviour(depth int) segment.Rule {
	e := m.events[m.r.IntN(len(m.events))]
	rule := segment.Rule{Event: e.Name}
	rule.Where = m.where(e, depth)
	switch m.r.IntN(5) {
	case 0:
		rule.Within = &segment.Within{LastDays: int64(1 + m.r.IntN(400))}
	case 2:
		skip := int64(1 + m.r.IntN(100))
		rule.Within = &segment.Within{LastDays: skip + int64(1+m.r.IntN(300)), SkipDays: skip}
	case 1:
		from := today.AddDate(0, 0, -m.r.IntN(600))
		rule.Within = &segment.Within{From: from.Format("2006-01-02"), To: from.AddDate(0, 0, m.r.IntN(200)).Format("2006-01-02")}
	}
	number := []string{"gte", "lte", "eq", "ne", "lt", "gt"}[m.r.IntN(6)]
	if m.r.IntN(4) == 0 {
		next := m.events[m.r.IntN(len(m.events))]
		rule.Then = &segment.Then{Event: next.Name, Where: m.where(next, depth), WithinDays: int64(m.r.IntN(120))}
		if next.Name == e.Name {
			rule.Then.Event = ""
		}
	}
	inDays := int64(0)
	if m.r.IntN(3) == 0 {
		inDays = int64(1 + m.r.IntN(200))
	}
	aim := m.r.IntN(7)
	if len(e.Sums) == 0 && (aim == 1 || aim == 5) {
		aim = 0
	}
	switch aim {
	case 5:
		sum := e.Sums[m.r.IntN(len(e.Sums))]
		rule.Average = &segment.Compare{Of: sum.Name, Is: number, Value: m.value(sum, "eq")}
	case 6:
		of := e.Fields[m.r.IntN(len(e.Fields))]
		rule.Distinct = &segment.Compare{Of: of.Name, Is: number, Value: json.RawMessage(fmt.Sprint(m.r.IntN(4)))}
	case 0:
		rule.InDays = inDays
		rule.Count = &segment.Compare{Is: number, Value: json.RawMessage(fmt.Sprint(m.r.IntN(5)))}
	case 1:
		sum := e.Sums[m.r.IntN(len(e.Sums))]
		rule.InDays = inDays
		rule.Sum = &segment.Compare{Of: sum.Name, Is: number, Value: m.value(sum, "eq")}
	case 2, 3:
		f := segment.Field{Kind: "time"}
		is := []string{"in_last_days", "not_in_last_days", "gte", "lt", "is_set", "is_not_set"}[m.r.IntN(6)]
		c := &segment.Compare{Is: is, Value: m.value(f, is)}
		if m.r.IntN(2) == 0 {
			rule.Last = c
		} else {
			rule.First = c
		}
	}
	return rule
}

// where makes conditions on an event, or none.
func (m *ruleMaker) where(e segment.Event, depth int) *segment.Rule {
	if m.r.IntN(2) == 0 {
		return nil
	}
	where := m.condition(e.Fields)
	if m.r.IntN(2) == 0 {
		where = m.group(func() segment.Rule {
			if depth < 4 && m.r.IntN(4) == 0 {
				return m.group(func() segment.Rule { return m.condition(e.Fields) })
			}
			return m.condition(e.Fields)
		})
	}
	return &where
}

// savedRules resolves what the rules of a test name.
type savedRules struct {
	rules map[int64]segment.Rule
	lists map[int64][]int64
}

func (s savedRules) Rules(_ context.Context, id int64) (*segment.Rule, error) {
	rule := s.rules[id]
	return &rule, nil
}

func (s savedRules) Listed(_ context.Context, id int64) ([]int64, error) { return s.lists[id], nil }

// TestBothEvaluatorsAgree asks random trees of random people: Go and DuckDB
// must choose the same customers, every one of them.
func TestBothEvaluatorsAgree(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(17, 4))
	w := openWorld(t, populate(r, 150, 700))
	m := &ruleMaker{r: r, fields: w.catalogue.Fields(), events: w.catalogue.Events(), texts: []string{
		"서울특별시", "부산", "male", "VIP", "", "낚시", "fish", "강남", "김", "매장", "온라인", "KRW", "paid", "과자", "단골", "champion", "본점",
	}}
	saved := map[int64]segment.Rule{1: m.condition(m.fields), 2: m.behaviour(0), 3: {Op: "and", Rules: []segment.Rule{m.behaviour(0)}}}
	resolve := savedRules{rules: saved, lists: map[int64][]int64{1: {}, 2: {3, 5, 50, 90, 149, 7_000}}}
	asked, chosen := 0, 0
	for range 2500 {
		rule := m.rule(0)
		text, err := json.Marshal(rule)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := segment.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		p, err := w.compile(parsed, resolve)
		if fault.KindOf(err) == fault.Invalid {
			continue // such as an empty text under contains
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		want := w.inGo(p)
		got, err := w.inDuckDB(p)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !slices.Equal(got, want) {
			query, args := p.Select()
			t.Fatalf("%s\n%s %v\nGo     %v\nDuckDB %v", text, query, args, want, got)
		}
		if got, err = w.inImage(p); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%s\nGo    %v\nimage %v (%v)", text, want, got, err)
		}
		asked++
		if len(got) > 0 && len(got) < 150 {
			chosen++
		}
	}
	if asked < 1000 || chosen < asked/3 {
		t.Errorf("%d trees asked, %d chose some but not all: too dull to prove anything", asked, chosen)
	}
}
