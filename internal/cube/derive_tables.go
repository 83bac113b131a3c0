// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"math"
	"slices"
	"strings"

	"dangol/internal/cube/reckon"
	"dangol/internal/platform/warehouse"
)

// The parts of an answer, in a fixed order.
const (
	partCells = iota
	partRows
	partColumns
	partGrand
	parts
)

// tables are the cells and totals of the engine's answer.
type tables struct {
	result *Result
	dims   int // positions of dimensions
	rows   int // of them, those of rows
	lists  [parts][][]any
}

// grids are the values of one look: for each part, each row, one or more columns.
type grids struct{ lists [parts][][]any }

func newTables(r *Result, dims int) *tables {
	t := &tables{result: r, dims: dims}
	for t.rows < dims && r.Columns[t.rows].Role == "row" {
		t.rows++
	}
	t.lists = [parts][][]any{r.Rows, r.Totals.Rows, r.Totals.Columns, nil}
	if r.Totals.Grand != nil {
		t.lists[partGrand] = [][]any{r.Totals.Grand}
	}
	return t
}

// columnsOf finds the columns of a measure: one, or three in a comparison.
func (t *tables) columnsOf(name string) (at, width int) {
	at = slices.IndexFunc(t.result.Columns, func(c Column) bool { return c.Name == name })
	width = 1
	for at+width < len(t.result.Columns) && strings.HasPrefix(t.result.Columns[at+width].Name, name+".") &&
		slices.Contains([]string{".previous", ".change"}, strings.TrimPrefix(t.result.Columns[at+width].Name, name)) {
		width++
	}
	return at, width
}

// each computes one value for every row of every part.
func (t *tables) each(value func(part int, row []any) any) *grids {
	g := &grids{}
	for part, list := range t.lists {
		g.lists[part] = make([][]any, len(list))
		for i, row := range list {
			g.lists[part][i] = []any{value(part, row)}
		}
	}
	return g
}

func (t *tables) copied(at, width int) *grids {
	g := &grids{}
	for part, list := range t.lists {
		g.lists[part] = make([][]any, len(list))
		for i, row := range list {
			g.lists[part][i] = row[at : at+width]
		}
	}
	return g
}

// plain are the values behind a look.
func (t *tables) plain(l *look) *grids {
	if l.formula != nil {
		return t.computed(l, 0)
	}
	at, _ := t.columnsOf(l.base)
	return t.copied(at, 1)
}

// computed runs a formula over every row; offset 1 takes the values of the
// earlier period.
func (t *tables) computed(l *look, offset int) *grids {
	place := map[string]int{}
	scale := map[string]float64{}
	for _, name := range l.formula.Names() {
		at, _ := t.columnsOf(name)
		place[name] = at + offset
		scale[name] = 1
		if t.result.Columns[at].Kind == warehouse.KindQuantity {
			scale[name] = 1000 // formulas calculate with pieces, not with thousandths
		}
	}
	return t.each(func(_ int, row []any) any {
		v := l.formula.Value(func(name string) any {
			if n, ok := asFloat(row[place[name]]); ok {
				return n / scale[name]
			}
			return nil
		})
		n, ok := v.(float64)
		switch {
		case !ok:
			return nil
		case l.calc.Kind == warehouse.KindMoney, l.calc.Kind == warehouse.KindInteger:
			return int64(math.Round(n))
		case l.calc.Kind == warehouse.KindQuantity:
			return int64(math.Round(n * 1000))
		}
		return n
	})
}

func (t *tables) described(l *look, kind warehouse.Kind) Column {
	c := Column{Name: l.name, Role: "measure", Kind: kind}
	switch {
	case l.calc != nil:
		label := l.calc.Label
		if label == "" {
			label = l.calc.Name
		}
		c.Label = lookLabel(l, warehouse.Text{Ko: label, En: label})
	default:
		at, _ := t.columnsOf(l.base)
		c.Label = lookLabel(l, t.result.Columns[at].Label)
	}
	if kind == warehouse.KindMoney {
		c.Currency = t.result.Currency
	}
	return c
}

func (t *tables) rowKey(row []any) string    { return keyOf(row[:t.rows]) }
func (t *tables) columnKey(row []any) string { return keyOf(row[t.rows:t.dims]) }

// share divides by the total with the same key.
func (t *tables) share(base *grids, key func(row []any) string, totals [][]any) *grids {
	whole := map[string]any{}
	part := partRows
	if len(totals) == 0 {
		part = partCells // nothing is laid across: each row is its own total
	}
	for i, row := range t.lists[part] {
		whole[key(row)] = base.lists[part][i][0]
	}
	g := &grids{}
	for p, list := range t.lists {
		for i, row := range list {
			under := whole[key(row)]
			if p == partColumns || p == partGrand { // the row of totals has the grand total
				under = base.grand()
			}
			g.lists[p] = append(g.lists[p], []any{ratio(base.lists[p][i][0], under)})
		}
	}
	return g
}

func (g *grids) grand() any {
	if len(g.lists[partGrand]) == 1 {
		return g.lists[partGrand][0][0]
	}
	return nil
}

// columnShare divides by the total of the column; rows without columns by the grand total.
func (t *tables) columnShare(base *grids) *grids {
	whole := map[string]any{}
	for i, row := range t.lists[partColumns] {
		whole[t.columnKey(row)] = base.lists[partColumns][i][0]
	}
	hasColumns := t.rows < t.dims
	g := &grids{}
	for p, list := range t.lists {
		for i, row := range list {
			under := base.grand()
			if hasColumns && (p == partCells || p == partColumns) {
				under = whole[t.columnKey(row)]
			}
			g.lists[p] = append(g.lists[p], []any{ratio(base.lists[p][i][0], under)})
		}
	}
	return g
}

// ranked numbers the rows of each column; totals of columns have no place among rows.
func (t *tables) ranked(base *grids) *grids {
	g := &grids{}
	for p, list := range t.lists {
		g.lists[p] = make([][]any, len(list))
		groups := map[string][]int{}
		for i, row := range list {
			g.lists[p][i] = []any{nil}
			if p == partCells || p == partRows {
				key := t.columnKey(row)
				groups[key] = append(groups[key], i)
			}
		}
		for _, group := range groups {
			values := make([]any, len(group))
			for k, i := range group {
				values[k] = base.lists[p][i][0]
			}
			for k, rank := range reckon.Ranks(values) {
				g.lists[p][group[k]] = []any{rank}
			}
		}
	}
	return g
}

// beside puts two looks and what is computed of both beside each other.
func (g *grids) beside(other *grids, third func(a, b any) any) *grids {
	out := &grids{}
	for p, list := range g.lists {
		for i, values := range list {
			a, b := values[0], other.lists[p][i][0]
			out.lists[p] = append(out.lists[p], []any{a, b, third(a, b)})
		}
	}
	return out
}

// assemble lays the dimensions and all looks beside each other again.
func (t *tables) assemble(made []*grids, wanted []string) ([][]any, Totals) {
	list := func(part int) [][]any {
		out := make([][]any, len(t.lists[part]))
		for i, row := range t.lists[part] {
			out[i] = slices.Clone(row[:t.dims])
			for _, g := range made {
				out[i] = append(out[i], g.lists[part][i]...)
			}
		}
		return out
	}
	var totals Totals
	if slices.Contains(wanted, TotalsOfRows) {
		totals.Rows = list(partRows)
	}
	if slices.Contains(wanted, TotalsOfColumns) {
		totals.Columns = list(partColumns)
	}
	if grand := list(partGrand); slices.Contains(wanted, TotalsGrand) && len(grand) == 1 {
		totals.Grand = grand[0]
	}
	return list(partCells), totals
}
