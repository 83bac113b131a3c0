// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"dangol/internal/cube"
	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// sumBy adds up the revenue of the shop by hand.
func (s *store) sumBy(key func(*line) string, keep func(*line) bool) map[string]int64 {
	out := map[string]int64{}
	for i := range s.lines {
		l := &s.lines[i]
		if l.counts > 0 && (keep == nil || keep(l)) {
			out[key(l)] += l.amount
		}
	}
	return out
}

func ask(t *testing.T, s *cube.Service, q cube.Query) *cube.Result {
	t.Helper()
	r, err := s.Query(boss(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return r
}

func monthOf(l *line) string { return l.at.Format("2006-01") }

func TestRunningMovingAndStepsGoAlongTime(t *testing.T) {
	t.Parallel()
	shop := newShop(11, 60, 4000)
	s := shop.open(t)
	byMonth := shop.sumBy(monthOf, nil)
	r := ask(t, s, cube.Query{
		Measures:   []string{"order.revenue", "order.revenue.running", "order.revenue.moving3", "order.revenue.step", "order.count.moving2"},
		Dimensions: []string{"order.month"}, Period: &cube.Period{From: "2025-03-01", To: "2025-08-31"},
	})
	if len(r.Rows) != 6 || r.From != "2025-03-01" {
		t.Fatalf("%d rows from %s", len(r.Rows), r.From)
	}
	var sum int64
	for _, row := range r.Rows {
		month, _ := time.Parse("2006-01", row[0].(string))
		before := func(n int) int64 { return byMonth[month.AddDate(0, -n, 0).Format("2006-01")] }
		sum += before(0)
		if row[1] != before(0) || row[2] != sum {
			t.Errorf("%v: revenue %v, running %v, want %v and %v", row[0], row[1], row[2], before(0), sum)
		}
	}
	// Without a running number beside it the moving window reaches before the period.
	r = ask(t, s, cube.Query{
		Measures: []string{"order.revenue.moving3", "order.revenue.step"}, Dimensions: []string{"order.month"},
		Period: &cube.Period{From: "2025-03-01", To: "2025-08-31"}, Totals: []string{"grand"},
	})
	if len(r.Rows) != 6 || r.From != "2025-03-01" || r.RowCount != 6 {
		t.Fatalf("%d rows (%d) from %s", len(r.Rows), r.RowCount, r.From)
	}
	for _, row := range r.Rows {
		month, _ := time.Parse("2006-01", row[0].(string))
		before := func(n int) float64 { return float64(byMonth[month.AddDate(0, -n, 0).Format("2006-01")]) }
		moving := int64(math.Round((before(0) + before(1) + before(2)) / 3))
		step := (before(0) - before(1)) / before(1)
		if row[1] != moving || math.Abs(row[2].(float64)-step) > 1e-12 {
			t.Errorf("%v: moving %v want %v, step %v want %v", row[0], row[1], moving, row[2], step)
		}
	}
}

func TestFormulasAreComputedForTotalsToo(t *testing.T) {
	t.Parallel()
	shop := newShop(12, 60, 3000)
	s := shop.open(t)
	r := ask(t, s, cube.Query{
		Measures: []string{"order.revenue", "order.customers", "calc.each"}, Dimensions: []string{"order.channel"}, Columns: []string{"order.year"},
		Calculate: []cube.Calculation{{Name: "each", Label: "고객당", Formula: "order.revenue / order.customers", Kind: "number"}},
		Totals:    []string{"rows", "columns", "grand"}, Compare: "previous_year", Period: &cube.Period{From: "2025-01-01", To: "2025-12-31"},
	})
	if len(r.Columns) != 2+9 || r.Columns[8].Name != "calc.each" || r.Columns[10].Kind != "percent" {
		t.Fatalf("%+v", r.Columns)
	}
	check := func(row []any) {
		revenue, customers := row[2].(int64), row[5].(int64)
		if customers > 0 && math.Abs(row[8].(float64)-float64(revenue)/float64(customers)) > 1e-9 {
			t.Errorf("%v", row)
		}
		before, buyers := row[3].(int64), row[6].(int64)
		if buyers > 0 && math.Abs(row[9].(float64)-float64(before)/float64(buyers)) > 1e-9 {
			t.Errorf("before: %v", row)
		}
	}
	for _, list := range [][][]any{r.Rows, r.Totals.Rows, r.Totals.Columns, {r.Totals.Grand}} {
		if len(list) == 0 {
			t.Fatal("a total is missing")
		}
		for _, row := range list {
			check(row)
		}
	}
}

func TestSharesOfRowsAndColumns(t *testing.T) {
	t.Parallel()
	s := newShop(13, 60, 3000).open(t)
	r := ask(t, s, cube.Query{
		Measures: []string{"order.revenue.row_share", "order.revenue.column_share", "order.revenue.rank"}, Dimensions: []string{"customer.sido"}, Columns: []string{"order.channel"},
		Totals: []string{"rows", "columns", "grand"},
	})
	rows, columns := map[string]float64{}, map[string]float64{}
	for _, row := range r.Rows {
		rows[fmt.Sprint(row[0])] += row[2].(float64)
		columns[fmt.Sprint(row[1])] += row[3].(float64)
	}
	for _, sums := range []map[string]float64{rows, columns} {
		for key, sum := range sums {
			if math.Abs(sum-1) > 1e-9 {
				t.Errorf("the shares of %s add up to %v", key, sum)
			}
		}
	}
	if g := r.Totals.Grand; g[2] != 1.0 || g[3] != 1.0 || g[4] != nil {
		t.Errorf("grand total %v", g)
	}
}

func TestTopPutsTheOthersTogether(t *testing.T) {
	t.Parallel()
	shop := newShop(14, 80, 4000)
	s := shop.open(t)
	q := cube.Query{
		Measures: []string{"order.revenue", "order.customers"}, Dimensions: []string{"product.name", "customer.sex"}, Columns: []string{"order.channel"},
		Totals: []string{"rows", "columns", "grand"}, Top: &cube.Top{N: 3, Others: true},
	}
	r := ask(t, s, q)
	plain := q
	plain.Top = nil
	whole := ask(t, s, plain)
	members := map[string]bool{}
	var sum int64
	for _, row := range r.Rows {
		members[fmt.Sprint(row[0])] = true
		sum += row[3].(int64)
	}
	if len(members) != 4 || !members[cube.OthersKey] {
		t.Fatalf("members %v", members)
	}
	if fmt.Sprint(r.Totals.Grand) != fmt.Sprint(whole.Totals.Grand) || sum != whole.Totals.Grand[3] {
		t.Errorf("sum %d, grand %v, without top %v", sum, r.Totals.Grand, whole.Totals.Grand)
	}
	if fmt.Sprint(r.Totals.Columns) != fmt.Sprint(whole.Totals.Columns) {
		t.Errorf("columns %v\nwithout top %v", r.Totals.Columns, whole.Totals.Columns)
	}
	var others int64
	for _, row := range r.Totals.Rows {
		if row[0] == cube.OthersKey {
			others += row[3].(int64)
		}
	}
	if others == 0 {
		t.Error("the others have no totals")
	}
}

func TestSubtotalsAreAskedAndNotAddedUp(t *testing.T) {
	t.Parallel()
	s := newShop(15, 80, 4000).open(t)
	r := ask(t, s, cube.Query{
		Measures: []string{"order.customers"}, Dimensions: []string{"customer.sex", "order.channel", "order.year"}, Subtotals: true, Totals: []string{"grand"},
	})
	if len(r.Totals.Subtotals) != 2 {
		t.Fatalf("%d levels", len(r.Totals.Subtotals))
	}
	sexes := ask(t, s, cube.Query{Measures: []string{"order.customers"}, Dimensions: []string{"customer.sex"}})
	for i, row := range r.Totals.Subtotals[0].Rows {
		if row[0] != sexes.Rows[i][0] || row[3] != sexes.Rows[i][1] || row[1] != nil {
			t.Errorf("subtotal %v, asked alone %v", row, sexes.Rows[i])
		}
	}
}

func TestKindsOfDaysAndFiscalYears(t *testing.T) {
	t.Parallel()
	shop := newShop(16, 80, 4000)
	service := shop.openFiscal(t, 3)
	q := cube.Query{Measures: []string{"order.revenue"}, Dimensions: []string{"order.day_kind", "order.fiscal_year"}, Period: &cube.Period{From: "2025-01-01", To: "2025-12-31"}}
	r := ask(t, service, q)
	key := func(l *line) string {
		day := time.Date(l.at.Year(), l.at.Month(), l.at.Day(), 0, 0, 0, 0, time.UTC)
		kind := "workday"
		switch {
		case dataquality.Holidays(day.Year())[day] != "":
			kind = "holiday"
		case day.Weekday() == time.Saturday || day.Weekday() == time.Sunday:
			kind = "weekend"
		}
		year := day.Year()
		if day.Month() < 3 {
			year--
		}
		return fmt.Sprintf("%s %d", kind, year)
	}
	want := shop.sumBy(key, func(l *line) bool { return l.at.Year() == 2025 })
	if len(r.Rows) != len(want) {
		t.Fatalf("%d rows, want %v", len(r.Rows), want)
	}
	for _, row := range r.Rows {
		name := fmt.Sprint(row[0], " ", row[1])
		if row[2] != want[name] {
			t.Errorf("%s: %v, want %v", name, row[2], want[name])
		}
		raw := func(v any) json.RawMessage { b, _ := json.Marshal(v); return b }
		people, err := service.People(boss(), cube.Cell{
			Query: q, Measure: "order.revenue.rank", Values: map[string]json.RawMessage{"order.day_kind": raw(row[0]), "order.fiscal_year": raw(row[1])},
		})
		if err != nil || people.Count == 0 {
			t.Errorf("people of %s: %+v %v", name, people, err)
		}
		filtered := ask(t, service, cube.Query{
			Measures: []string{"order.revenue"}, Period: q.Period,
			Filters: &cube.Filter{Op: "and", Rules: []cube.Filter{{Field: "order.day_kind", Is: "eq", Value: raw(row[0])}, {Field: "order.fiscal_year", Is: "in", Value: raw([]any{row[1]})}}},
		})
		if filtered.Rows[0][0] != row[2] {
			t.Errorf("filtered to %s: %v, want %v", name, filtered.Rows[0][0], row[2])
		}
	}
	perDay := ask(t, service, cube.Query{Measures: []string{"order.revenue", "order.revenue.per_workday"}, Period: &cube.Period{From: "2025-09-01", To: "2025-09-30"}})
	if n := float64(perDay.Rows[0][0].(int64)) / 22; math.Abs(float64(perDay.Rows[0][1].(int64))-n) > 1 { // September 2025 has 22 working days
		t.Errorf("per working day %v, want %v", perDay.Rows[0][1], n)
	}
}

func TestWrongLooksAreRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	s := newShop(17, 20, 200).open(t)
	for _, c := range []struct {
		q    cube.Query
		code string
	}{
		{cube.Query{Measures: []string{"order.customers.running"}, Dimensions: []string{"order.month"}}, "cube.running_not_additive"},
		{cube.Query{Measures: []string{"order.revenue.moving1"}, Dimensions: []string{"order.month"}}, "cube.bad_window"},
		{cube.Query{Measures: []string{"order.revenue.moving3"}, Dimensions: []string{"customer.sido"}}, "cube.needs_time"},
		{cube.Query{Measures: []string{"calc.x"}, Calculate: []cube.Calculation{{Name: "x", Formula: "order.revenue +"}}}, "cube.bad_formula"},
		{cube.Query{Measures: []string{"calc.x"}, Calculate: []cube.Calculation{{Name: "x", Formula: "order.nothing + 1"}}}, "cube.unknown_name"},
		{cube.Query{Measures: []string{"calc.nowhere"}}, "cube.no_metric"},
		{cube.Query{Measures: []string{"order.revenue.rank", "order.revenue.rank"}}, "cube.twice"},
		{cube.Query{Measures: []string{"order.revenue"}, Top: &cube.Top{N: 3}}, "cube.bad_top"},
	} {
		if _, err := s.Query(boss(), c.q); fault.CodeOf(err) != c.code {
			t.Errorf("%v: %v, want %s", c.q.Measures, err, c.code)
		}
	}
}

// Somebody without the right to a cube must not get its numbers out of memory
// after somebody with the right has asked.
func TestRememberedAnswersKeepToTheRightsOfTheAsker(t *testing.T) {
	t.Parallel()
	s := newShop(18, 20, 200).open(t)
	q := cube.Query{Measures: []string{"order.revenue"}}
	ask(t, s, q)
	if r := ask(t, s, q); !r.IsCached {
		t.Error("the same question was computed twice")
	}
	poor := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("cube:read", "customer:read"), Scope: auth.Scope{All: true}})
	if r, err := s.Query(poor, q); err == nil {
		t.Errorf("got %v without order:read", r.Rows)
	}
	narrow := auth.With(context.Background(), auth.Person{ID: 3, Permissions: auth.Permit("*"), Scope: auth.Scope{Branch: "강남"}})
	if r, err := s.Query(narrow, q); err != nil || r.IsCached {
		t.Errorf("another scope got a remembered answer: %v %v", r, err)
	}
}

func TestArrowHoldsTheAnswerAndItsVersion(t *testing.T) {
	t.Parallel()
	s := newShop(19, 40, 900).open(t)
	r := ask(t, s, cube.Query{Measures: []string{"order.revenue", "order.average"}, Dimensions: []string{"customer.sido"}})
	var out bytes.Buffer
	if err := r.WriteArrow(&out); err != nil {
		t.Fatal(err)
	}
	reader, err := ipc.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Release()
	rows := int64(0)
	for reader.Next() {
		rows += reader.RecordBatch().NumRows()
	}
	about := reader.Schema().Metadata()
	if seq, ok := about.GetValue("as_of_seq"); !ok || seq != "42" || rows != int64(len(r.Rows)) {
		t.Errorf("seq %s, %d rows, want %d", seq, rows, len(r.Rows))
	}
	var file bytes.Buffer
	e, err := s.Export(boss(), cube.Query{Measures: []string{"order.revenue"}, Dimensions: []string{"customer.sido"}}, cube.FormatParquet, "시험")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Write(t.Context(), &file); err != nil || !bytes.HasPrefix(file.Bytes(), []byte("PAR1")) {
		t.Errorf("parquet: %v", err)
	}
}

func TestWhyAddsUpToTheDifference(t *testing.T) {
	t.Parallel()
	s := newShop(20, 80, 4000).open(t)
	why, err := s.Why(boss(), cube.WhyQuery{
		Measure: "order.revenue", Period: &cube.Period{From: "2025-07-01", To: "2025-12-31"}, Compare: "previous_period",
		Dimensions: []string{"customer.sido", "order.channel", "product.category"},
	})
	if err != nil || len(why.Parts) != 3 {
		t.Fatalf("%+v %v", why, err)
	}
	for _, part := range why.Parts {
		var sum float64
		for _, m := range part.Members {
			sum += m.Delta
		}
		if math.Abs(sum-(why.Now-why.Before)) > 0.5 {
			t.Errorf("%s: %v, want %v", part.Column.Name, sum, why.Now-why.Before)
		}
	}
	counts, err := s.Why(boss(), cube.WhyQuery{Measure: "order.customers", Period: &cube.Period{From: "2025-07-01", To: "2025-12-31"}, Compare: "previous_year"})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range counts.Parts {
		if part.Column.Name == "order.channel" || part.Column.Name == "product.category" {
			t.Errorf("buyers do not add up over %s", part.Column.Name)
		}
	}
}

func TestARangeOfCellsIsTheirPeopleTogether(t *testing.T) {
	t.Parallel()
	shop := newShop(21, 80, 4000)
	s := shop.open(t)
	raw := func(v any) json.RawMessage { b, _ := json.Marshal(v); return b }
	people, err := s.People(boss(), cube.Cell{
		Query: cube.Query{Measures: []string{"order.revenue"}}, Measure: "order.revenue",
		Any: [][]map[string]json.RawMessage{
			{{"customer.sido": raw("서울특별시")}, {"customer.sido": raw("경기도")}},
			{{"order.month": raw("2025-03")}, {"order.month": raw("2025-05")}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64]bool{}
	for i := range shop.lines {
		l := &shop.lines[i]
		p := shop.person(l.customer)
		if l.counts == 2 && p != nil && (p.sido == "서울특별시" || p.sido == "경기도") && (monthOf(l) == "2025-03" || monthOf(l) == "2025-05") {
			want[l.customer] = true
		}
	}
	if people.Count != int64(len(want)) || len(want) == 0 {
		t.Errorf("%d people, want %d", people.Count, len(want))
	}
}
