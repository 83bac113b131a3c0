// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"dangol/internal/cube/reckon"
	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// axisUnits are the units of time that follow one another.
var axisUnits = []warehouse.Unit{warehouse.UnitYear, warehouse.UnitQuarter, warehouse.UnitMonth, warehouse.UnitWeek, warehouse.UnitDay, warehouse.UnitFiscalYear, warehouse.UnitFiscalQuarter}

// findAxis finds the time that running and moving numbers go along: the first
// of the columns, else the last of the rows.
func (d *derivation) findAxis(r *Result, dims int) error {
	for i := range dims {
		c := r.Columns[i]
		if !slices.Contains(axisUnits, c.Unit) {
			continue
		}
		d.axis = i
		if c.Role == "column" {
			break
		}
	}
	for _, l := range d.looks {
		if l.needsAxis() && d.axis < 0 {
			return errNoAxis(l.name)
		}
	}
	return nil
}

func errNoAxis(name string) error {
	return fault.New(fault.Invalid, "cube.needs_time",
		"{name} goes along time: put a time such as order.month into the rows or columns.", "name", name)
}

// stepOf numbers a shown time so that following steps follow as numbers.
func stepOf(unit warehouse.Unit, shown any) (int64, bool) {
	text, ok := shown.(string)
	if !ok {
		return 0, false
	}
	switch unit {
	case warehouse.UnitYear, warehouse.UnitFiscalYear:
		n, err := strconv.ParseInt(text, 10, 64)
		return n, err == nil
	case warehouse.UnitQuarter, warehouse.UnitFiscalQuarter:
		var y, q int64
		_, err := fmt.Sscanf(text, "%d-Q%d", &y, &q)
		return y*4 + q - 1, err == nil
	case warehouse.UnitMonth:
		var y, m int64
		_, err := fmt.Sscanf(text, "%d-%d", &y, &m)
		return y*12 + m - 1, err == nil
	}
	day, err := time.Parse(isoDate, text)
	if err != nil {
		return 0, false
	}
	if unit == warehouse.UnitWeek {
		return int64(math.Floor(float64(condition.Days(day)+3) / 7)), true // 1970-01-01 was a Thursday
	}
	return condition.Days(day), true
}

// spanOf is the days of a shown time.
func spanOf(unit warehouse.Unit, offset int64, shown any) (span, bool) {
	n, ok := stepOf(unit, shown)
	if !ok {
		return span{}, false
	}
	first := func(year, month int64) time.Time {
		return time.Date(int(year), time.Month(month+1), 1, 0, 0, 0, 0, time.UTC)
	}
	if !isCalendar(unit) {
		offset = 0
	}
	switch unit {
	case warehouse.UnitYear, warehouse.UnitFiscalYear:
		return span{first(n, offset), first(n+1, offset).AddDate(0, 0, -1)}, true
	case warehouse.UnitQuarter, warehouse.UnitFiscalQuarter:
		return span{first(n/4, n%4*3+offset), first(n/4, n%4*3+3+offset).AddDate(0, 0, -1)}, true
	case warehouse.UnitMonth:
		return span{first(n/12, n%12), first(n/12, n%12+1).AddDate(0, 0, -1)}, true
	}
	day, err := time.Parse(isoDate, shown.(string))
	if unit == warehouse.UnitWeek {
		return span{day, day.AddDate(0, 0, 6)}, err == nil
	}
	return span{day, day}, err == nil
}

// along computes a series for each group of rows that differ in time alone.
func (d *derivation) along(t *tables, base *grids, compute func([]reckon.Point) []any) *grids {
	unit := t.result.Columns[d.axis].Unit
	g := &grids{}
	for p, list := range t.lists {
		g.lists[p] = make([][]any, len(list))
		groups := map[string][]int{}
		points := map[string][]reckon.Point{}
		for i, row := range list {
			g.lists[p][i] = []any{nil}
			step, ok := stepOf(unit, row[d.axis])
			if !ok {
				continue
			}
			rest := slices.Concat(row[:d.axis], row[d.axis+1:t.dims])
			key := keyOf(rest)
			groups[key] = append(groups[key], i)
			points[key] = append(points[key], reckon.Point{Step: step, Value: base.lists[p][i][0]})
		}
		for key, group := range groups {
			for k, v := range compute(points[key]) {
				g.lists[p][group[k]] = []any{v}
			}
		}
	}
	return g
}

// firstStep is the first step that there is data or a period for.
func (d *derivation) firstStep(t *tables) int64 {
	unit := t.result.Columns[d.axis].Unit
	first := int64(math.MaxInt64)
	for _, list := range t.lists {
		for _, row := range list {
			if step, ok := stepOf(unit, row[d.axis]); ok {
				first = min(first, step)
			}
		}
	}
	if t.result.From != "" {
		if s, ok := stepOf(warehouse.UnitDay, t.result.From); ok {
			day := time.Unix(s*24*60*60, 0).UTC()
			first = min(first, stepOfDay(unit, int64(d.service.fiscal-1), day))
		}
	}
	return first
}

func stepOfDay(unit warehouse.Unit, offset int64, day time.Time) int64 {
	month := condition.MonthNumber(day)
	switch unit {
	case warehouse.UnitYear:
		return month / 12
	case warehouse.UnitFiscalYear:
		return (month - offset) / 12
	case warehouse.UnitQuarter:
		return month / 3
	case warehouse.UnitFiscalQuarter:
		return (month - offset) / 3
	case warehouse.UnitMonth:
		return month
	case warehouse.UnitWeek:
		return int64(math.Floor(float64(condition.Days(day)+3) / 7))
	}
	return condition.Days(day)
}

// addPeriod asks for earlier data too, so that the first windows of a moving
// average are whole; what was not asked for is taken away afterwards.
func (d *derivation) addPeriod() error {
	if d.asked.Period == nil {
		return nil
	}
	asked, err := d.asked.Period.resolve(d.service.Today())
	if err != nil {
		return err
	}
	d.today = asked
	back := int64(0)
	for _, l := range d.looks {
		switch l.suffix {
		case movingSuffix:
			back = max(back, l.window-1)
		case stepSuffix:
			back = max(back, 1)
		}
	}
	unit := d.axisUnit()
	if back == 0 || unit == "" || d.asked.Compare != "" || slices.ContainsFunc(d.looks, func(l look) bool { return l.suffix == runningSuffix }) {
		return nil
	}
	from := asked.from
	n := int(back)
	switch unit {
	case warehouse.UnitFiscalYear:
		from = from.AddDate(-n-1, 0, 0)
	case warehouse.UnitFiscalQuarter:
		from = from.AddDate(0, -3*n-3, 0)
	case warehouse.UnitYear:
		from = time.Date(from.Year()-n, 1, 1, 0, 0, 0, 0, time.UTC)
	case warehouse.UnitQuarter:
		from = time.Date(from.Year(), (from.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, -3*n, 0)
	case warehouse.UnitMonth:
		from = time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -n, 0)
	case warehouse.UnitWeek:
		from = from.AddDate(0, 0, -7*n-6)
	default:
		from = from.AddDate(0, 0, -n)
	}
	d.inner.Period = &Period{From: from.Format(isoDate), To: asked.to.Format(isoDate)}
	return nil
}

// axisUnit guesses the unit of the axis before the answer is there, by the
// name of the dimension.
func (d *derivation) axisUnit() warehouse.Unit {
	model := newModel(context.Background(), d.service.cubes, d.service.fiscal).cubes
	for _, names := range [][]string{d.asked.Columns, d.asked.Dimensions} {
		for _, name := range names {
			for i := range model {
				for j := range model[i].Dimensions {
					dim := &model[i].Dimensions[j]
					if model[i].Name+"."+dim.Name == name && slices.Contains(axisUnits, dim.Unit) {
						return dim.Unit
					}
				}
			}
		}
	}
	return ""
}

// cutEarly takes away the steps before the asked period, and tells the period that was asked.
func (d *derivation) cutEarly(r *Result, dims int) {
	if d.inner.Period == nil || d.asked.Period == nil || *d.inner.Period == *d.asked.Period {
		return
	}
	r.From = d.today.from.Format(isoDate)
	if d.axis < 0 || d.axis >= dims {
		return
	}
	unit := r.Columns[d.axis].Unit
	first := stepOfDay(unit, int64(d.service.fiscal-1), d.today.from)
	isEarly := func(row []any) bool {
		step, ok := stepOf(unit, row[d.axis])
		return ok && step < first
	}
	before := len(r.Rows)
	r.Rows = slices.DeleteFunc(r.Rows, isEarly)
	r.Totals.Columns = slices.DeleteFunc(r.Totals.Columns, isEarly)
	r.Totals.Rows = slices.DeleteFunc(r.Totals.Rows, isEarly)
	if r.Columns[d.axis].Role == "row" {
		r.RowCount -= int64(before - len(r.Rows))
	}
}

// sortLate sorts by what was computed and cuts to the rows asked for.
func (d *derivation) sortLate(r *Result, dims int) {
	rows := 0
	for rows < dims && r.Columns[rows].Role == "row" {
		rows++
	}
	key := func(row []any) string { return keyOf(row[:rows]) }
	weights := map[string][]any{}
	weigh := r.Totals.Rows
	if rows == dims {
		weigh = r.Rows
	}
	for _, row := range weigh {
		weights[key(row)] = row
	}
	for _, o := range slices.Backward(d.asked.Order) {
		i := slices.IndexFunc(d.looks, func(l look) bool { return l.name == o.By })
		if i < 0 || d.looks[i].suffix == "" && d.looks[i].formula == nil {
			continue
		}
		at := slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == o.By })
		slices.SortStableFunc(r.Rows, func(a, b []any) int {
			x, okX := valueAt(weights[key(a)], at)
			y, okY := valueAt(weights[key(b)], at)
			switch {
			case okX != okY:
				return map[bool]int{true: -1, false: 1}[okX]
			case o.Desc:
				return cmp.Compare(y, x)
			}
			return cmp.Compare(x, y)
		})
	}
	d.cutLate(r, key)
}

func valueAt(row []any, at int) (float64, bool) {
	if row == nil {
		return 0, false
	}
	return asFloat(row[at])
}

// cutLate keeps the rows of the limit when more had to be asked for.
func (d *derivation) cutLate(r *Result, key func([]any) string) {
	limit := d.asked.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	if d.inner.Limit == d.asked.Limit || d.inner.Limit < limit {
		return
	}
	seen := map[string]bool{}
	for i, row := range r.Rows {
		k := key(row)
		if !seen[k] && len(seen) == limit {
			r.Rows, r.Truncated = r.Rows[:i], true
			r.Notes = append(slices.DeleteFunc(slices.Clone(r.Notes), func(n Note) bool { return n.Code == "cube.truncated" }), noteTruncated(limit, r.RowCount))
			break
		}
		seen[k] = true
	}
	r.Totals.Rows = slices.DeleteFunc(r.Totals.Rows, func(row []any) bool { return !seen[key(row)] })
}

// perWorkday divides by the working days that a cell's time has inside the period.
func (d *derivation) perWorkday(t *tables, base *grids) *grids {
	return t.each2(base, func(row []any, v any) any {
		s, ok := d.today, d.asked.Period != nil
		if d.axis >= 0 && row[d.axis] != nil {
			own, isTime := spanOf(t.result.Columns[d.axis].Unit, int64(d.service.fiscal-1), row[d.axis])
			if isTime && ok {
				own = span{latest(own.from, s.from), earliest(own.to, s.to)}
			}
			s, ok = own, isTime
		}
		if !ok {
			return nil
		}
		today := d.service.Today()
		s.to = earliest(s.to, time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC))
		n, isNumber := asFloat(v)
		days := workdays(s, d.service.lastClosed())
		if !isNumber || days == 0 {
			return nil
		}
		return n / float64(days)
	})
}

func (t *tables) each2(base *grids, value func(row []any, v any) any) *grids {
	g := &grids{}
	for p, list := range t.lists {
		for i, row := range list {
			g.lists[p] = append(g.lists[p], []any{value(row, base.lists[p][i][0])})
		}
	}
	return g
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// longestWorkdays bounds the days that are counted one by one.
const longestWorkdays = 36_600

// workdays counts the days that are neither Saturday, Sunday, a public holiday of Korea nor a day off of the company.
func workdays(s span, closed map[time.Time]bool) int {
	n := 0
	if s.days() > longestWorkdays {
		return 0
	}
	var holidays map[time.Time]string
	year := 0
	for day := s.from; !day.After(s.to); day = day.AddDate(0, 0, 1) {
		if day.Year() != year {
			year = day.Year()
			holidays = dataquality.Holidays(year)
		}
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && holidays[day] == "" && !closed[day] {
			n++
		}
	}
	return n
}
