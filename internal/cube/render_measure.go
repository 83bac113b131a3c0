// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"dangol/internal/platform/warehouse"
)

// shared is the condition that all measures have in common, widened to the
// union of their values when they ask the same column; it keeps the engine
// from reading rows that no measure counts.
func (p *plan) shared() *warehouse.Condition {
	var out *warehouse.Condition
	for _, m := range p.basics {
		if len(m.Where) != 1 || m.Where[0].Not {
			return nil
		}
		c := m.Where[0]
		if out == nil {
			out = &warehouse.Condition{Column: c.Column, Values: slices.Clone(c.Values)}
			continue
		}
		if out.Column != c.Column {
			return nil
		}
		for _, v := range c.Values {
			if !slices.Contains(out.Values, v) {
				out.Values = append(out.Values, v)
			}
		}
	}
	return out
}

// filterOf is the condition of a measure that shared does not already ensure.
func (p *plan) filterOf(m *warehouse.Measure) string {
	if len(m.Where) == 0 {
		return ""
	}
	if c := p.shared(); c != nil && sameValues(c.Values, m.Where[0].Values) {
		return ""
	}
	parts := make([]string, len(m.Where))
	for i, c := range m.Where {
		parts[i] = conditionSQL(p.alias(), c)
	}
	return strings.Join(parts, " AND ")
}

func sameValues(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for _, v := range a {
		if !slices.ContainsFunc(b, func(o any) bool { return reflect.DeepEqual(v, o) }) {
			return false
		}
	}
	return true
}

// conditionSQL writes a condition of a capability's facts; the values come
// from code, not from people.
func conditionSQL(alias string, c warehouse.Condition) string {
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		switch x := v.(type) {
		case string:
			values[i] = "'" + strings.ReplaceAll(x, "'", "''") + "'"
		default:
			values[i] = fmt.Sprint(x)
		}
	}
	word := " IN ("
	if c.Not {
		word = " NOT IN ("
	}
	col := column(alias, c.Column)
	if len(values) == 1 && !c.Not {
		return col + " = " + values[0]
	}
	return col + word + strings.Join(values, ", ") + ")"
}

// when wraps an aggregate in the measure's own condition.
func when(aggregate, filter string) string {
	if filter == "" {
		return aggregate
	}
	return aggregate + " FILTER (WHERE " + filter + ")"
}

// renderPartial writes what parts keep of a measure: m<i>, and n<i> for averages.
func (p *plan) renderPartial(s *statement, i int, m *warehouse.Measure) {
	filter := p.filterOf(m)
	col := column(p.alias(), m.Column)
	switch {
	case p.byCustomer(m) && p.twoStage():
		if filter != "" {
			s.add(fmt.Sprintf(", max(CASE WHEN %s THEN 1 ELSE 0 END) AS m%d", filter, i))
		}
	case p.byFlag(m):
		s.add(fmt.Sprintf(", CAST(%s AS BIGINT) AS m%d", when("sum("+column(p.alias(), m.Flag)+")", filter), i))
	case m.Aggregate == warehouse.Count:
		s.add(fmt.Sprintf(", %s AS m%d", when("count(*)", filter), i))
	case m.Aggregate == warehouse.Sum:
		s.add(fmt.Sprintf(", CAST(%s AS BIGINT) AS m%d", when("sum("+col+")", filter), i))
	case m.Aggregate == warehouse.Average:
		s.add(fmt.Sprintf(", CAST(%s AS DOUBLE) AS m%d, %s AS n%d", when("sum("+col+")", filter), i, when("count("+col+")", filter), i))
	default: // minimum, maximum
		s.add(fmt.Sprintf(", %s AS m%d", when(string(m.Aggregate)+"("+col+")", filter), i))
	}
}

// combined writes a measure out of parts for a set of dimensions.
func (p *plan) combined(i int, m *warehouse.Measure, set []int) string {
	name := fmt.Sprintf("m%d", i)
	switch {
	case p.byCustomer(m) && p.twoStage():
		return p.customersIn(name, m, set)
	case m.Aggregate == warehouse.Average:
		return fmt.Sprintf("sum(m%d) / NULLIF(sum(n%d), 0)", i, i)
	case m.Aggregate == warehouse.Minimum, m.Aggregate == warehouse.Maximum:
		return string(m.Aggregate) + "(" + name + ")"
	}
	return "CAST(COALESCE(sum(" + name + "), 0) AS BIGINT)"
}

// customersIn counts customers: with every dimension of the rows in the set,
// each part is one customer; a total over months must not count him twice.
func (p *plan) customersIn(name string, m *warehouse.Measure, set []int) string {
	isWhole := true
	for i, d := range p.dims {
		if d.side != sideCustomer && !slices.Contains(set, i) {
			isWhole = false
		}
	}
	hasOwn := p.filterOf(m) != ""
	switch {
	case isWhole && hasOwn:
		return "CAST(COALESCE(sum(" + name + "), 0) AS BIGINT)"
	case isWhole:
		return "count(k)"
	case hasOwn:
		return "count(DISTINCT k) FILTER (WHERE " + name + " = 1)"
	}
	return "count(DISTINCT k)"
}

// whole writes a measure straight from the rows.
func (p *plan) whole(m *warehouse.Measure) string {
	filter := p.filterOf(m)
	col := column(p.alias(), m.Column)
	switch m.Aggregate {
	case warehouse.Count:
		return when("count(*)", filter)
	case warehouse.Sum:
		return "CAST(COALESCE(" + when("sum("+col+")", filter) + ", 0) AS BIGINT)"
	case warehouse.Distinct:
		return when("count(DISTINCT "+col+")", filter)
	case warehouse.Median:
		return when("median("+col+")", filter)
	}
	return when(string(m.Aggregate)+"("+col+")", filter)
}

// renderArm writes cells or a total: the measures for a set of dimensions.
func (p *plan) renderArm(s *statement, direct bool, set []int) {
	s.add("SELECT ")
	for n, i := range set {
		if n > 0 {
			s.add(", ")
		}
		s.add(p.armKey(i, direct))
	}
	if len(set) == 0 {
		s.add("1 AS one")
	}
	for i, m := range p.basics {
		if direct {
			s.add(fmt.Sprintf(", %s AS m%d", p.whole(m), i))
			continue
		}
		s.add(fmt.Sprintf(", %s AS m%d", p.combined(i, m, set), i))
	}
	if direct {
		p.renderFrom(s, false)
	} else {
		s.add(" FROM parts")
		if p.twoStage() && p.usesWho() && slices.ContainsFunc(p.dims, func(d *dimension) bool { return d.side == sideCustomer }) {
			s.add(" LEFT JOIN who ON who.id = parts.k")
		}
	}
	if len(set) > 0 {
		s.add(" GROUP BY " + ordinals(len(set)))
	}
}

func (p *plan) armKey(i int, direct bool) string {
	d := p.dims[i]
	fromWho := d.side == sideCustomer && p.base != p.model.customer
	switch {
	case fromWho && (direct || p.twoStage()):
		return fmt.Sprintf("who.d%d", i)
	case direct:
		return fmt.Sprintf("%s AS d%d", p.expression(d), i)
	}
	return fmt.Sprintf("parts.d%d", i)
}

// renderShown writes the rows that are shown, in their order, with their number.
func (p *plan) renderShown(s *statement) {
	from := "cells"
	if p.columns() > 0 {
		from = "picked"
	}
	order := p.orderSQL()
	s.add(", shown AS (SELECT *, row_number() OVER (" + order + ") AS rn, (SELECT count(*) FROM " + from + ") AS n FROM ")
	if p.limit > 0 {
		s.add("(SELECT * FROM " + from + " " + order + fmt.Sprintf(" LIMIT %d) t)", p.limit))
		return
	}
	s.add(from + ")")
}

// renderUnion writes the cells that are shown and the totals.
func (p *plan) renderUnion(s *statement, direct bool) {
	s.add(" SELECT * FROM (")
	p.renderCells(s)
	if p.totals[TotalsOfRows] && p.columns() > 0 {
		s.add(" UNION ALL SELECT " + p.armColumns(armRows, all(p.rows)) + " FROM shown")
	}
	if p.totals[TotalsOfColumns] && p.columns() > 0 && p.rows > 0 {
		set := all(len(p.dims))[p.rows:]
		s.add(" UNION ALL SELECT " + p.armColumns(armColumns, set) + " FROM (")
		p.renderArm(s, direct, set)
		s.add(") t")
	}
	if p.totals[TotalsGrand] {
		s.add(" UNION ALL SELECT " + p.armColumns(armGrand, nil) + " FROM (")
		p.renderArm(s, direct, nil)
		s.add(") t")
	}
	s.add(") u ORDER BY z, rn")
}

// armColumns lists z, the dimensions (NULL when summed over), the measures, and
// the place and number of rows.
func (p *plan) armColumns(z int, set []int) string {
	parts := []string{fmt.Sprintf("%d AS z", z)}
	for i := range p.dims {
		if slices.Contains(set, i) {
			parts = append(parts, fmt.Sprintf("d%d", i))
		} else {
			parts = append(parts, fmt.Sprintf("NULL AS d%d", i))
		}
	}
	for i := range p.basics {
		parts = append(parts, fmt.Sprintf("m%d", i))
	}
	if z == armRows {
		return strings.Join(append(parts, "rn", "n"), ", ")
	}
	return strings.Join(append(parts, "0 AS rn", "0 AS n"), ", ")
}

// renderCells writes the cells of the rows that are shown.
func (p *plan) renderCells(s *statement) {
	from := "shown"
	if p.columns() > 0 {
		from = "cells"
	}
	s.add("SELECT 0 AS z")
	for i := range p.dims {
		s.add(fmt.Sprintf(", %s.d%d", from, i))
	}
	for i := range p.basics {
		s.add(fmt.Sprintf(", %s.m%d", from, i))
	}
	s.add(", shown.rn, shown.n FROM shown")
	if p.columns() == 0 {
		return
	}
	s.add(" JOIN cells ON true")
	for i := range p.rows {
		s.add(fmt.Sprintf(" AND cells.d%d IS NOT DISTINCT FROM shown.d%d", i, i))
	}
}

func (p *plan) orderSQL() string {
	var parts []string
	seen := map[int]bool{}
	for _, o := range p.order {
		text := fmt.Sprintf("d%d", max(o.dim, 0))
		if o.measure >= 0 {
			text = p.measureSQL(o.measure)
		} else {
			seen[o.dim] = true
		}
		if o.desc {
			text += " DESC"
		}
		parts = append(parts, text+" NULLS LAST")
	}
	for i := range p.rows {
		if !seen[i] {
			parts = append(parts, fmt.Sprintf("d%d NULLS LAST", i))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "ORDER BY " + strings.Join(parts, ", ")
}

func (p *plan) measureSQL(i int) string {
	a := p.asked[i]
	if a.under < 0 {
		return fmt.Sprintf("m%d", a.over)
	}
	return fmt.Sprintf("(CAST(m%d AS DOUBLE) / NULLIF(m%d, 0))", a.over, a.under)
}
