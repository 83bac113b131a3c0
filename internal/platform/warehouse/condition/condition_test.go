// SPDX-License-Identifier: Apache-2.0

package condition_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/platform/warehouse/duckdb"
)

var today = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

var fields = []condition.Field{
	{Name: "text", Kind: warehouse.KindText, Column: "t"},
	{Name: "whole", Kind: warehouse.KindInteger, Column: "n"},
	{Name: "decimal", Kind: warehouse.KindNumber, Column: "f"},
	{Name: "date", Kind: warehouse.KindDate, Column: "d"},
	{Name: "age", Kind: warehouse.KindInteger, Unit: warehouse.UnitAge, Column: "d"},
	{Name: "birthday", Kind: warehouse.KindDate, Column: "d", MonthDay: "md"},
	{Name: "at", Kind: warehouse.KindTime, Column: "ts"},
	{Name: "year", Kind: warehouse.KindTime, Unit: warehouse.UnitYear, Column: "ts"},
	{Name: "quarter", Kind: warehouse.KindTime, Unit: warehouse.UnitQuarter, Column: "ts", Month: "m"},
	{Name: "month", Kind: warehouse.KindTime, Unit: warehouse.UnitMonth, Column: "ts", Month: "m"},
	{Name: "month_of_date", Kind: warehouse.KindDate, Unit: warehouse.UnitMonth, Column: "d"},
	{Name: "week", Kind: warehouse.KindTime, Unit: warehouse.UnitWeek, Column: "ts"},
	{Name: "weekday", Kind: warehouse.KindTime, Unit: warehouse.UnitWeekday, Column: "ts"},
	{Name: "hour", Kind: warehouse.KindTime, Unit: warehouse.UnitHour, Column: "ts"},
	{Name: "boolean", Kind: warehouse.KindBoolean, Column: "b"},
	{Name: "flag", Kind: warehouse.KindBoolean, Column: "fl", Flag: true},
}

var columns = []warehouse.Column{
	{Name: "id", Type: warehouse.BigInt},
	{Name: "t", Type: warehouse.Varchar},
	{Name: "n", Type: warehouse.BigInt},
	{Name: "f", Type: warehouse.Double},
	{Name: "d", Type: warehouse.Date},
	{Name: "md", Type: warehouse.Integer},
	{Name: "ts", Type: warehouse.Timestamp},
	{Name: "m", Type: warehouse.Integer},
	{Name: "b", Type: warehouse.Boolean},
	{Name: "fl", Type: warehouse.Integer},
}

var texts = []string{
	"서울", "서울특별시", "경기", "", "abc", "ABC", "İstanbul", "ß", "Σ", "a'b", `a"b`, "%_", "ﬀ", "가나다", "\\", "K", "ǅ",
}

// row makes one random row: as it goes into the warehouse, and as values by column.
func row(r *rand.Rand, id int64, zone *time.Location) ([]any, map[string]condition.Value) {
	values := map[string]condition.Value{}
	out := []any{id}
	put := func(name string, raw any, v condition.Value) {
		if r.IntN(6) == 0 {
			raw, v = nil, condition.Value{}
		}
		values[name] = v
		out = append(out, raw)
	}
	s := texts[r.IntN(len(texts))]
	put("t", s, condition.Text(s))
	n := r.Int64N(9) - 3
	put("n", n, condition.Int(n))
	f := float64(r.IntN(9)) / 4
	put("f", f, condition.Dec(f))
	day := today.AddDate(-r.IntN(45), 0, r.IntN(800)-400)
	put("d", day.Format("2006-01-02"), condition.Date(day))
	code := int64(r.IntN(3))*10_000 + int64(day.Month())*100 + int64(day.Day())
	put("md", code, condition.Int(code))
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, zone).Add(-time.Duration(r.Int64N(int64(900 * 24 * time.Hour)))).Truncate(time.Microsecond)
	if r.IntN(4) == 0 {
		at = at.Truncate(time.Hour)
	}
	put("ts", at.UTC(), condition.Local(at))
	month := condition.MonthNumber(at)
	if out[len(out)-1] == nil {
		out, values["m"] = append(out, nil), condition.Value{}
	} else {
		out, values["m"] = append(out, month), condition.Int(month)
	}
	b := r.IntN(2) == 0
	put("b", b, condition.Bool(b))
	fl := r.Int64N(2)
	put("fl", fl, condition.Int(fl))
	return out, values
}

func randomValue(r *rand.Rand, f condition.Field) any {
	day := today.AddDate(0, 0, -r.IntN(1000)+50)
	switch {
	case f.Kind == warehouse.KindText:
		return texts[r.IntN(len(texts))]
	case f.Unit == warehouse.UnitAge:
		return json.Number(fmt.Sprint(r.IntN(50)))
	case f.Unit == warehouse.UnitYear:
		return json.Number(fmt.Sprint(2022 + r.IntN(6)))
	case f.Unit == warehouse.UnitQuarter:
		return fmt.Sprintf("%d-Q%d", 2023+r.IntN(4), 1+r.IntN(4))
	case f.Unit == warehouse.UnitMonth:
		return day.Format("2006-01")
	case f.Unit == warehouse.UnitWeekday, f.Unit == warehouse.UnitHour, f.Kind == warehouse.KindInteger:
		return json.Number(fmt.Sprint(r.IntN(9) - 2))
	case f.Kind == warehouse.KindNumber:
		return json.Number(fmt.Sprint(float64(r.IntN(9)) / 4))
	case f.Kind == warehouse.KindBoolean:
		return r.IntN(2) == 0
	case f.Kind == warehouse.KindTime && r.IntN(4) == 0:
		return day.Format("2006-01-02") + fmt.Sprintf("T%02d:00:00", r.IntN(24))
	}
	return day.Format("2006-01-02")
}

func randomTest(r *rand.Rand) (condition.Field, condition.Operator, any) {
	f := fields[r.IntN(len(fields))]
	allowed := f.Operators()
	is := allowed[r.IntN(len(allowed))]
	switch is {
	case condition.In, condition.NotIn:
		list := []any{}
		for range 1 + r.IntN(4) {
			list = append(list, randomValue(r, f))
		}
		return f, is, list
	case condition.Between:
		return f, is, []any{randomValue(r, f), randomValue(r, f)}
	case condition.InLastDays, condition.NotInLastDays:
		return f, is, json.Number(fmt.Sprint(1 + r.IntN(400)))
	case condition.AnniversaryInDays:
		if r.IntN(2) == 0 {
			return f, is, []any{json.Number(fmt.Sprint(r.IntN(10))), json.Number(fmt.Sprint(r.IntN(60)))}
		}
		return f, is, json.Number(fmt.Sprint(r.IntN(90)))
	}
	return f, is, randomValue(r, f)
}

// TestBothAnswersAgree asks random conditions of random rows, in Go and in DuckDB.
func TestBothAnswersAgree(t *testing.T) {
	t.Parallel()
	const rows, questions = 3000, 1500
	r := rand.New(rand.NewPCG(7, 11))
	zone, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	data := make([]map[string]condition.Value, rows)
	w, err := duckdb.Open(t.Context(), duckdb.Options{Zone: zone}, warehouse.Table{
		Name: "sample", Key: "id", Columns: columns,
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for i := range data {
				out, values := row(r, int64(i), zone)
				data[i] = values
				if err := emit(out...); err != nil {
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
	if err := w.Rebuild(t.Context(), func(context.Context) (int64, error) { return 0, nil }, nil); err != nil {
		t.Fatal(err)
	}
	hits := 0
	for range questions {
		f, is, value := randomTest(r)
		test, err := condition.Compile(f, is, value, condition.Moment{Today: today})
		if fault.KindOf(err) == fault.Invalid {
			continue // a value of 'contains' was empty, or an age out of range
		}
		if err != nil {
			t.Fatal(err)
		}
		hits += compare(t, w, data, test, fmt.Sprintf("%s %s %v", f.Name, is, value))
	}
	if hits < questions*rows/10 {
		t.Errorf("the questions are too narrow to prove anything: %d hits", hits)
	}
}

func compare(t *testing.T, w *duckdb.Warehouse, data []map[string]condition.Value, test *condition.Test, name string) int {
	t.Helper()
	text, args := test.SQL("s")
	list, err := w.Query(t.Context(), "SELECT id, "+text+" FROM sample s ORDER BY id", args...)
	if err != nil {
		t.Fatalf("%s: %s: %v", name, text, err)
	}
	defer func() { _ = list.Close() }()
	hits := 0
	for list.Next() {
		var id int64
		var got *bool
		if err := list.Scan(&id, &got); err != nil {
			t.Fatal(err)
		}
		want := test.Match(data[id][test.Column])
		if isTrue := got != nil && *got; isTrue != want {
			t.Fatalf("%s: row %d (%+v): Go says %v, DuckDB %v\n%s %v", name, id, data[id][test.Column], want, isTrue, text, args)
		}
		if want {
			hits++
		}
	}
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return hits
}

// TestFoldIsDuckDBs compares the folding of letters over all of Unicode.
func TestFoldIsDuckDBs(t *testing.T) {
	t.Parallel()
	w, err := duckdb.Open(t.Context(), duckdb.Options{}, warehouse.Table{
		Name: "letters", Key: "id", Columns: []warehouse.Column{{Name: "id", Type: warehouse.BigInt}, {Name: "s", Type: warehouse.Varchar}},
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for r := rune(1); r <= unicode.MaxRune; r++ {
				if r >= 0xd800 && r < 0xe000 {
					continue
				}
				if err := emit(int64(r), string(r)); err != nil {
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
	if err := w.Rebuild(t.Context(), func(context.Context) (int64, error) { return 0, nil }, nil); err != nil {
		t.Fatal(err)
	}
	rows, err := w.Query(t.Context(), "SELECT id, lower(s) FROM letters WHERE lower(s) <> s")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	theirs := map[rune]string{}
	for rows.Next() {
		var id int64
		var s string
		if err := rows.Scan(&id, &s); err != nil {
			t.Fatal(err)
		}
		theirs[rune(id)] = s
	}
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		want, ok := theirs[r]
		if !ok {
			want = string(r)
		}
		if got := condition.Fold(string(r)); got != want {
			t.Errorf("%U: Go %q, DuckDB %q", r, got, want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field string
		is    condition.Operator
		value any
		says  string
	}{
		{"text", condition.Less, "a", "cannot be compared"},
		{"text", condition.Equal, json.Number("3"), "must be a text"},
		{"text", condition.Contains, "", "at least one character"},
		{"text", condition.In, "a", "a list of 1"},
		{"text", condition.In, []any{}, "a list of 1"},
		{"text", condition.Equal, strings.Repeat("가", 400), "at most"},
		{"text", condition.Equal, "a\x00b", "must be a text"},
		{"whole", condition.Equal, "3", "a whole number"},
		{"whole", condition.Equal, json.Number("3.5"), "a whole number"},
		{"whole", condition.Equal, json.Number("1e300"), "a whole number"},
		{"whole", condition.Between, []any{json.Number("1")}, "two values"},
		{"decimal", condition.Equal, json.Number("1e999"), "a number"},
		{"date", condition.Equal, "2026-02-30", "a date like"},
		{"date", condition.Equal, "0000-01-01", "a date like"},
		{"date", condition.InLastDays, json.Number("0"), "between 1 and"},
		{"date", condition.InLastDays, json.Number("99999999"), "between 1 and"},
		{"age", condition.Equal, json.Number("-1"), "an age"},
		{"month", condition.Equal, "2026-13", "a month like"},
		{"quarter", condition.Equal, "2026-Q5", "a quarter like"},
		{"year", condition.Equal, "26", "a year like"},
		{"boolean", condition.Equal, "true", "true or false"},
	} {
		var field condition.Field
		for _, f := range fields {
			if f.Name == c.field {
				field = f
			}
		}
		_, err := condition.Compile(field, c.is, c.value, condition.Moment{Today: today})
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s %s %v: %v", c.field, c.is, c.value, err)
		}
	}
}

func TestAgeOfThoseBornOnLeapDay(t *testing.T) {
	t.Parallel()
	born := condition.Date(time.Date(2004, 2, 29, 0, 0, 0, 0, time.UTC))
	for day, want := range map[string]bool{"2026-02-28": false, "2026-03-01": true, "2024-02-29": false} {
		at, _ := time.Parse("2006-01-02", day)
		test, err := condition.Compile(fields[4], condition.Equal, json.Number("22"), condition.Moment{Today: at})
		if err != nil {
			t.Fatal(err)
		}
		if got := test.Match(born); got != want {
			t.Errorf("22 on %s: %v", day, got)
		}
	}
}
