// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/warehouse"
)

// result turns the entries into the answer that people see.
func (a *answer) result(ctx context.Context) (*Result, error) {
	p := a.plans[0]
	r := &Result{Notes: a.notes, RowCount: a.count, Currency: a.currency(), Explain: a.explain}
	cells := a.arms[armCells].list
	if a.isMerged {
		r.RowCount = a.countRows(cells)
	}
	a.sort(cells)
	if a.isMerged && !a.isExport {
		cells = a.cut(cells)
	}
	labels, err := a.service.labels(ctx, p, cells, a.arms[armColumns].list)
	if err != nil {
		return nil, err
	}
	a.describe(r, labels)
	r.Rows = a.rows(cells)
	shown := a.countRows(cells)
	if p.rows == 0 { // a pivot without rows has the one row of its totals
		r.RowCount = shown
	}
	if shown < r.RowCount || a.isCut {
		r.Truncated = true
		r.Notes = append(r.Notes, noteTruncated(int(shown), r.RowCount))
	}
	a.sort(a.arms[armRows].list)
	a.sort(a.arms[armColumns].list)
	wanted := map[string]bool{}
	for _, t := range a.query.Totals {
		wanted[t] = true
	}
	if wanted[TotalsOfRows] {
		r.Totals.Rows = a.rows(a.arms[armRows].list)
	}
	if wanted[TotalsOfColumns] {
		r.Totals.Columns = a.rows(a.arms[armColumns].list)
	}
	if grand := a.rows(a.arms[armGrand].list); wanted[TotalsGrand] && len(grand) == 1 {
		r.Totals.Grand = grand[0]
	}
	a.tellPeriod(r)
	return r, nil
}

func (a *answer) currency() string {
	for _, p := range a.plans {
		if c := p.currencyShown(); c != "" {
			return c
		}
	}
	return ""
}

func (a *answer) tellPeriod(r *Result) {
	for _, p := range a.plans {
		if p.leftOut > 0 {
			r.Notes = append(r.Notes, Note{
				Code: "cube.currency", Fields: map[string]any{"currency": p.money, "left_out": p.leftOut},
				Message: fmt.Sprintf("Money is shown in %s only; %d rows in other currencies are left out.", p.money, p.leftOut),
			})
		}
		if a.query.Period != nil && p.base.Time == "" {
			r.Notes = append(r.Notes, Note{
				Code: "cube.no_period", Fields: map[string]any{"cube": p.base.Name},
				Message: "The period does not apply to measures of " + p.base.Name + ": they have no time.",
			})
		}
		if p.period == nil {
			continue
		}
		r.From, r.To = p.period.from.Format(isoDate), p.period.to.Format(isoDate)
		if a.query.Compare != "" {
			before, _ := p.period.before(a.query.Compare)
			r.PreviousFrom, r.PreviousTo = before.from.Format(isoDate), before.to.Format(isoDate)
		}
	}
}

func (a *answer) countRows(cells []*entry) int64 {
	rows := a.plans[0].rows
	set := map[string]struct{}{}
	for _, e := range cells {
		set[keyOf(e.keys[:rows])] = struct{}{}
	}
	return int64(len(set))
}

// cut keeps the first rows with all their columns.
func (a *answer) cut(cells []*entry) []*entry {
	rows := a.plans[0].rows
	limit := a.query.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	set := map[string]struct{}{}
	for i, e := range cells {
		key := keyOf(e.keys[:rows])
		if _, ok := set[key]; !ok && len(set) == min(limit, MaxLimit) {
			return cells[:i]
		}
		set[key] = struct{}{}
	}
	return cells
}

// sort puts entries in the order asked for, or in the order of the dimensions:
// provinces as officials list them, bands by their limits.
func (a *answer) sort(list []*entry) {
	p := a.plans[0]
	ranks := make([]map[any]int, len(p.dims))
	for i, d := range p.dims {
		ranks[i] = rankOf(d)
	}
	weights := a.rowWeights()
	if a.isPlaced && len(list) > 0 && list[0] == a.arms[armColumns].first() {
		weights = func(_, _ *entry) int { return 0 } // totals of columns have no place among rows
	}
	byKeys := func(x, y *entry, from, to int) int {
		for i := from; i < to; i++ {
			if c := compareKeys(ranks[i], x.keys[i], y.keys[i]); c != 0 {
				return c
			}
		}
		return 0
	}
	slices.SortStableFunc(list, func(x, y *entry) int {
		if c := weights(x, y); c != 0 {
			return c
		}
		if c := byKeys(x, y, 0, p.rows); c != 0 {
			return c
		}
		return byKeys(x, y, p.rows, len(p.dims))
	})
}

// rowWeights compares rows by the order asked for. The engine has placed them
// already unless rows were merged here.
func (a *answer) rowWeights() func(x, y *entry) int {
	p := a.plans[0]
	if a.isPlaced {
		return a.placed()
	}
	if !a.isMerged {
		if len(p.order) == 0 && a.count <= int64(p.limit) || len(p.order) == 0 && p.limit == 0 {
			return func(_, _ *entry) int { return 0 }
		}
		return func(x, y *entry) int { return cmp.Compare(x.place, y.place) }
	}
	totals := a.arms[armRows].byKey
	if totals == nil || len(p.dims) == p.rows {
		totals = a.arms[armCells].byKey
	}
	return func(x, y *entry) int {
		for _, o := range a.query.Order {
			if c := a.compareBy(o, totals, x, y); c != 0 {
				return c
			}
		}
		return 0
	}
}

// placed compares rows as the ORDER BY of the engine's SQL does: by the wishes,
// then by the keys as they are, with what is missing last in either direction.
func (a *answer) placed() func(x, y *entry) int {
	p := a.plans[0]
	if len(p.order) == 0 {
		return func(_, _ *entry) int { return 0 }
	}
	totals := a.arms[armCells].byKey
	if len(p.dims) > p.rows {
		totals = a.arms[armRows].byKey
	}
	weigh := func(name string, e *entry) any {
		row := make([]any, len(e.keys))
		copy(row, e.keys[:p.rows])
		if total, ok := totals[keyOf(row)]; ok {
			e = total
		}
		return a.value(name, e.values)
	}
	return func(x, y *entry) int {
		for _, o := range p.order {
			var c int
			if o.measure >= 0 {
				name := p.asked[o.measure].name
				left, hasLeft := asFloat(weigh(name, x))
				right, hasRight := asFloat(weigh(name, y))
				if hasLeft != hasRight {
					return map[bool]int{true: -1, false: 1}[hasLeft]
				}
				c = cmp.Compare(left, right)
			} else {
				if l, r := x.keys[o.dim], y.keys[o.dim]; (l == nil) != (r == nil) {
					return map[bool]int{true: 1, false: -1}[l == nil]
				}
				c = compareKeys(nil, x.keys[o.dim], y.keys[o.dim])
			}
			if o.desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		for i := range p.rows {
			if c := compareKeys(nil, x.keys[i], y.keys[i]); c != 0 {
				return c
			}
		}
		return 0
	}
}

func (g *grid) first() *entry {
	if len(g.list) == 0 {
		return nil
	}
	return g.list[0]
}

func (a *answer) compareBy(o Order, totals map[string]*entry, x, y *entry) int {
	p := a.plans[0]
	var c int
	if i := slices.IndexFunc(p.dims[:p.rows], func(d *dimension) bool { return d.name == o.By }); i >= 0 {
		c = compareKeys(rankOf(p.dims[i]), x.keys[i], y.keys[i])
	} else {
		weigh := func(e *entry) (float64, bool) {
			row := make([]any, len(e.keys))
			copy(row, e.keys[:p.rows])
			if total, ok := totals[keyOf(row)]; ok {
				e = total
			}
			return asFloat(a.value(o.By, e.values))
		}
		left, hasLeft := weigh(x)
		right, hasRight := weigh(y)
		switch { // what has no value comes last in either direction
		case !hasLeft && !hasRight:
			return 0
		case !hasLeft:
			return 1
		case !hasRight:
			return -1
		}
		c = cmp.Compare(left, right)
	}
	if o.Desc {
		return -c
	}
	return c
}

func rankOf(d *dimension) map[any]int {
	if len(d.Values) == 0 {
		return nil
	}
	rank := make(map[any]int, len(d.Values))
	for i, v := range d.Values {
		rank[v.Value] = i
	}
	return rank
}

// compareKeys orders keys; what is missing comes last.
func compareKeys(rank map[any]int, x, y any) int {
	switch {
	case x == nil && y == nil:
		return 0
	case x == nil:
		return 1
	case y == nil:
		return -1
	}
	if rank != nil {
		i, okX := rank[x]
		j, okY := rank[y]
		switch {
		case okX && okY:
			return cmp.Compare(i, j)
		case okX:
			return -1
		case okY:
			return 1
		}
	}
	switch a := x.(type) {
	case string:
		b, _ := y.(string)
		return strings.Compare(a, b)
	case int64:
		b, _ := y.(int64)
		return cmp.Compare(a, b)
	case time.Time:
		b, _ := y.(time.Time)
		return a.Compare(b)
	case bool:
		b, _ := y.(bool)
		return cmp.Compare(fmt.Sprint(b), fmt.Sprint(a)) // true first
	}
	return 0
}

// describe lists the columns of the answer.
func (a *answer) describe(r *Result, labels map[string][]warehouse.Value) {
	p := a.plans[0]
	for i, d := range p.dims {
		c := Column{Name: d.name, Role: "row", Label: d.Label, Kind: d.Kind, Unit: d.Unit, Values: d.Values}
		if i >= p.rows {
			c.Role = "column"
		}
		for _, b := range d.Bands {
			c.Values = append(c.Values, warehouse.Value{Value: b.Name, Label: b.Label})
		}
		if d.Unit == warehouse.UnitWeekday {
			c.Values = weekdays
		}
		if named, ok := labels[d.name]; ok {
			c.Values = named
		}
		r.Columns = append(r.Columns, c)
	}
	for _, name := range a.query.Measures {
		_, asked := a.find(name)
		suffix := ""
		kind := asked.measure.Kind
		if asked.isShare {
			suffix, kind = shareSuffix, warehouse.KindPercent
		}
		c := Column{Name: name, Role: "measure", Label: labelOf(asked.measure, suffix), Kind: kind}
		if kind == warehouse.KindMoney {
			c.Currency = r.Currency
		}
		r.Columns = append(r.Columns, c)
		if a.query.Compare != "" {
			before, change := c, c
			before.Name, before.Label = name+".previous", labelOf(asked.measure, ".previous")
			change.Name, change.Label, change.Kind, change.Currency = name+".change", labelOf(asked.measure, ".change"), warehouse.KindPercent, ""
			r.Columns = append(r.Columns, before, change)
		}
	}
}

var weekdays = []warehouse.Value{
	{Value: "1", Label: warehouse.Text{Ko: "월", En: "Mon"}},
	{Value: "2", Label: warehouse.Text{Ko: "화", En: "Tue"}},
	{Value: "3", Label: warehouse.Text{Ko: "수", En: "Wed"}},
	{Value: "4", Label: warehouse.Text{Ko: "목", En: "Thu"}},
	{Value: "5", Label: warehouse.Text{Ko: "금", En: "Fri"}},
	{Value: "6", Label: warehouse.Text{Ko: "토", En: "Sat"}},
	{Value: "7", Label: warehouse.Text{Ko: "일", En: "Sun"}},
}

// find returns where the basics of a measure's plan begin, and the measure.
func (a *answer) find(name string) (int, *askedMeasure) {
	offset := 0
	for _, p := range a.plans {
		for i := range p.asked {
			if p.asked[i].name == name {
				return offset, &p.asked[i]
			}
		}
		offset += len(p.basics)
	}
	return 0, nil
}

func (a *answer) rows(list []*entry) [][]any {
	out := make([][]any, 0, len(list))
	p := a.plans[0]
	for _, e := range list {
		row := make([]any, 0, len(p.dims)+len(a.query.Measures)*3)
		for i, d := range p.dims {
			row = append(row, shownKey(d, e.keys[i]))
		}
		for _, name := range a.query.Measures {
			now := a.value(name, e.values)
			row = append(row, now)
			if a.query.Compare != "" {
				before := a.value(name, e.previous)
				row = append(row, before, change(now, before))
			}
		}
		out = append(out, row)
	}
	return out
}

// value computes an asked measure out of the basics of an entry.
func (a *answer) value(name string, values []any) any {
	offset, m := a.find(name)
	if m == nil {
		return nil
	}
	over := values[offset+m.over]
	if m.isShare {
		g := a.arms[armGrand].list
		if len(g) != 1 {
			return nil
		}
		return ratio(over, g[0].values[offset+m.over])
	}
	if m.under < 0 {
		if over == nil && m.measure.Aggregate != warehouse.Average && m.measure.Aggregate != warehouse.Median {
			return int64(0)
		}
		return over
	}
	r := ratio(over, values[offset+m.under])
	if f, ok := r.(float64); ok && m.measure.Kind == warehouse.KindMoney {
		return int64(math.Round(f))
	}
	return r
}

func ratio(over, under any) any {
	x, okX := asFloat(over)
	y, okY := asFloat(under)
	if !okX || !okY || y == 0 {
		return nil
	}
	return x / y
}

func change(now, before any) any {
	x, _ := asFloat(now)
	y, ok := asFloat(before)
	if !ok || y == 0 {
		return nil
	}
	return (x - y) / math.Abs(y)
}

func asFloat(v any) (float64, bool) {
	switch n := v.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// shownKey makes a key readable: the same text that a filter takes.
func shownKey(d *dimension, key any) any {
	if key == nil {
		return nil
	}
	switch d.Unit {
	case warehouse.UnitYear:
		return strconv.FormatInt(key.(int64), 10)
	case warehouse.UnitFiscalYear:
		return strconv.FormatInt(key.(int64), 10)
	case warehouse.UnitQuarter, warehouse.UnitFiscalQuarter:
		n := key.(int64)
		return fmt.Sprintf("%04d-Q%d", n/4, n%4+1)
	case warehouse.UnitDayKind:
		return dayKinds[key.(int64)].Value
	case warehouse.UnitMonth:
		n := key.(int64)
		return fmt.Sprintf("%04d-%02d", n/12, n%12+1)
	case warehouse.UnitDay, warehouse.UnitWeek:
		if day, ok := key.(time.Time); ok {
			return day.Format(isoDate)
		}
	}
	if n, ok := key.(int64); ok && len(d.Bands) > 0 && n >= 0 && int(n) < len(d.Bands) {
		return d.Bands[n].Name
	}
	if day, ok := key.(time.Time); ok {
		return day.Format(isoDate)
	}
	return key
}
