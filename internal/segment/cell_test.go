// SPDX-License-Identifier: Apache-2.0

package segment_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"dangol/internal/cube"
	"dangol/internal/segment"
)

// TestCellsBecomeSegments clicks cells of random pivots: the rules that come
// out must choose exactly the customers that the cell counts.
func TestCellsBecomeSegments(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(23, 5))
	data := populate(r, 120, 900)
	customers := data["customers"]
	for _, row := range customers.rows { // sources give no empty texts
		for i, v := range row {
			if v == "" {
				row[i] = nil
			}
		}
	}
	lines := data["order_lines"]
	lines.rows = slices.DeleteFunc(lines.rows, func(row []any) bool { return row[1].(int64) > 120 }) // nobody hidden here
	w := openWorld(t, data)
	dims := []string{
		"customer.sido", "customer.sex", "customer.attr.hobby", "customer.created_month", "customer.rfm_segment",
		"order.month", "order.first_month", "order.first_quarter", "order.quarter", "order.weekday", "order.channel", "order.day", "product.category", "product.name", "order.currency",
	}
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	filters := []*cube.Filter{
		nil,
		{Field: "customer.sex", Is: "ne", Value: raw(`"male"`)},
		{Field: "product.category", Is: "in", Value: raw(`["과자"]`)},
		{Op: "or", Rules: []cube.Filter{{Field: "customer.sido", Is: "eq", Value: raw(`"경기도"`)}, {Field: "order.channel", Is: "eq", Value: raw(`"매장"`)}}},
		{Op: "not", Rules: []cube.Filter{{Op: "and", Rules: []cube.Filter{
			{Field: "customer.age", Is: "lt", Value: raw(`40`)}, {Field: "order.channel", Is: "is_set"},
		}}}},
	}
	clicked := 0
	for range 60 {
		q := cube.Query{Measures: []string{"order.customers"}, Filters: filters[r.IntN(len(filters))], Limit: 10_000}
		for _, i := range r.Perm(len(dims))[:1+r.IntN(2)] {
			q.Dimensions = append(q.Dimensions, dims[i])
		}
		if r.IntN(3) == 0 {
			q.Period = &cube.Period{From: "2025-01-01", To: "2025-09-30"}
		}
		result, err := w.cubes.Query(boss(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range r.Perm(len(result.Rows))[:min(4, len(result.Rows))] {
			row := result.Rows[i]
			cell := cube.Cell{Query: q, Measure: "order.customers", Values: map[string]json.RawMessage{}}
			for k, name := range q.Dimensions {
				cell.Values[name], _ = json.Marshal(row[k])
			}
			w.click(t, cell, row[len(row)-1].(int64))
			clicked++
		}
	}
	if clicked < 150 {
		t.Errorf("only %d cells clicked", clicked)
	}
	w.click(t, cube.Cell{Measure: "customer.count", Values: map[string]json.RawMessage{"customer.sido": raw(`"서울특별시"`)}}, -1)
}

func (w *world) click(t *testing.T, cell cube.Cell, want int64) {
	t.Helper()
	name := fmt.Sprintf("%v %s %+v", cell.Query.Dimensions, cell.Values, cell.Query.Filters)
	people, err := w.cubes.People(boss(), cell)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	rules, err := segment.Parse(people.Rules)
	if err != nil {
		t.Fatalf("%s: %s: %v", name, people.Rules, err)
	}
	p, err := w.compile(rules, nil)
	if err != nil {
		t.Fatalf("%s: %s: %v", name, people.Rules, err)
	}
	members, err := w.inDuckDB(p)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(members)) != people.Count || want >= 0 && want != people.Count {
		t.Errorf("%s: the cell shows %d, %d people are behind it, the segment has %d: %s", name, want, people.Count, len(members), people.Rules)
	}
	if got := w.inGo(p); !slices.Equal(got, members) {
		t.Errorf("%s: Go and DuckDB differ: %s", name, people.Rules)
	}
}
