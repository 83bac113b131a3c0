// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// dayKinds are the kinds of days for business, by their number.
var dayKinds = []warehouse.Value{
	{Value: "workday", Label: warehouse.Text{Ko: "영업일", En: "Working day"}},
	{Value: "weekend", Label: warehouse.Text{Ko: "주말", En: "Weekend"}},
	{Value: "holiday", Label: warehouse.Text{Ko: "공휴일·휴무일", En: "Holiday or day off"}},
}

// calendarOperators are what the calendar dimensions can be filtered by.
var calendarOperators = []condition.Operator{condition.Equal, condition.In}

func isCalendar(unit warehouse.Unit) bool {
	return unit == warehouse.UnitFiscalYear || unit == warehouse.UnitFiscalQuarter || unit == warehouse.UnitDayKind
}

// calendarDimensions adds to a cube with months the kinds of days, and the
// fiscal year and quarter where the company's year is not the calendar's.
func calendarDimensions(c *warehouse.Cube, fiscal int) []warehouse.Dimension {
	var list []warehouse.Dimension
	for _, d := range c.Dimensions {
		if d.Unit != warehouse.UnitMonth || d.Column != c.Time || d.Month == "" {
			continue
		}
		prefix := strings.TrimSuffix(d.Name, string(warehouse.UnitMonth))
		what := warehouse.Text{Ko: strings.TrimSuffix(d.Label.Ko, "월"), En: strings.TrimSuffix(d.Label.En, "Month")}
		add := func(unit warehouse.Unit, ko, en string) {
			one := d
			one.Name, one.Unit, one.Parent, one.Offset = prefix+string(unit), unit, "", fiscal-1
			one.Label = warehouse.Text{Ko: what.Ko + ko, En: what.En + en}
			if unit == warehouse.UnitDayKind {
				one.Values = dayKinds
			}
			list = append(list, one)
		}
		add(warehouse.UnitDayKind, "영업일 구분", "Kind of day")
		if fiscal > 1 {
			add(warehouse.UnitFiscalYear, "회계연도", "Fiscal year")
			add(warehouse.UnitFiscalQuarter, "회계분기", "Fiscal quarter")
		}
	}
	return list
}

// openHolidays is how many years back holidays are known for a question without a period.
const openHolidays = 12

// holidays are the public holidays and the company's days off of the years of the question, as spans.
func (p *plan) holidays() []span { return holidaySpans(p.period, p.today, p.model.closed) }

func holidaySpans(period *span, today time.Time, closed map[time.Time]bool) []span {
	from, to := today.Year()-openHolidays, today.Year()+1
	if period != nil {
		from, to = max(from, period.from.Year()-1), min(to, period.to.Year())
	}
	var days []time.Time
	for year := from; year <= to; year++ {
		for day := range dataquality.Holidays(year) {
			days = append(days, day)
		}
	}
	for day := range closed {
		if day.Year() >= from && day.Year() <= to {
			days = append(days, day)
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	var list []span
	for _, day := range slices.Compact(days) {
		if n := len(list); n > 0 && list[n-1].to.AddDate(0, 0, 1).Equal(day) {
			list[n-1].to = day
			continue
		}
		list = append(list, span{day, day})
	}
	return list
}

// spelled writes conditions on fiscal years and kinds of days as conditions on
// months and days, which every engine and every segment knows.
func (m *Model) spelled(q *Query, f Filter, today time.Time) (Filter, error) {
	out := f
	out.Rules = nil
	for _, child := range f.Rules {
		one, err := m.spelled(q, child, today)
		if err != nil {
			return f, err
		}
		out.Rules = append(out.Rules, one)
	}
	cubeName, local, ok := strings.Cut(f.Field, ".")
	if f.Op != "" || !ok || m.byName[cubeName] == nil {
		return out, nil
	}
	d := findDimension(m.byName[cubeName], local)
	if d == nil || !isCalendar(d.Unit) {
		return out, nil
	}
	values, err := calendarValues(f)
	if err != nil {
		return f, err
	}
	prefix := cubeName + "." + strings.TrimSuffix(local, string(d.Unit))
	either := Filter{Op: "or"}
	for _, v := range values {
		if d.Unit == warehouse.UnitDayKind {
			either.Rules = append(either.Rules, m.dayKindFilter(prefix, v, q, today))
			continue
		}
		one, err := fiscalFilter(prefix, d, v)
		if err != nil {
			return f, err
		}
		either.Rules = append(either.Rules, one)
	}
	if len(either.Rules) == 1 {
		return either.Rules[0], nil
	}
	return either, nil
}

func calendarValues(f Filter) ([]string, error) {
	var one any
	if err := json.Unmarshal(f.Value, &one); err == nil {
		if list, isList := one.([]any); isList && f.Is == "in" {
			values := make([]string, len(list))
			for i, v := range list {
				values[i] = fmt.Sprint(v)
			}
			return values, nil
		}
		if f.Is == "eq" {
			return []string{fmt.Sprint(one)}, nil
		}
	}
	return nil, fault.New(fault.Invalid, "cube.calendar_filter", "{name} can be compared with eq and in only.", "name", f.Field)
}

// fiscalFilter is a fiscal year or quarter as months.
func fiscalFilter(prefix string, d *warehouse.Dimension, shown string) (Filter, error) {
	if n, err := strconv.ParseFloat(shown, 64); err == nil { // years may come as numbers
		shown = strconv.FormatInt(int64(n), 10)
	}
	s, ok := spanOf(d.Unit, int64(d.Offset), shown)
	if !ok {
		return Filter{}, fault.New(fault.Invalid, "cube.bad_fiscal", "{value} is no fiscal year or quarter; write 2026 or 2026-Q1.", "value", shown)
	}
	value, err := json.Marshal([]string{s.from.Format("2006-01"), s.to.Format("2006-01")})
	return Filter{Field: prefix + "month", Is: string(condition.Between), Value: value}, err
}

func (m *Model) dayKindFilter(prefix, kind string, q *Query, today time.Time) Filter {
	var period *span
	if q.Period != nil {
		if s, err := q.Period.resolve(today); err == nil {
			period = &s
		}
	}
	holidays := Filter{Op: "or"}
	for _, s := range holidaySpans(period, today, m.closed) {
		value, _ := json.Marshal([]string{s.from.Format(isoDate), s.to.Format(isoDate)}) // texts always have JSON
		holidays.Rules = append(holidays.Rules, Filter{Field: prefix + "day", Is: string(condition.Between), Value: value})
	}
	weekend := Filter{Field: prefix + "weekday", Is: string(condition.In), Value: json.RawMessage("[6,7]")}
	not := func(f Filter) Filter { return Filter{Op: "not", Rules: []Filter{f}} }
	switch kind {
	case "holiday":
		return holidays
	case "weekend":
		return Filter{Op: "and", Rules: []Filter{weekend, not(holidays)}}
	}
	return Filter{Op: "and", Rules: []Filter{not(weekend), not(holidays)}}
}
