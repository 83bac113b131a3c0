// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"fmt"
	"slices"
	"strings"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// The question becomes one statement:
//
//	who    the customers that may count, with the dimensions that come from them,
//	       computed once per customer and not once per line
//	parts  the rows grouped by the other dimensions; by customer as well when
//	       customers are counted, so that no set of distinct values is needed
//	cells  the parts put together; totals are put together of the same parts
//
// and each total is one more arm of a UNION ALL, marked by its number z.

// arms of the union.
const (
	armCells = iota
	armRows
	armColumns
	armGrand
)

// statement is SQL under construction, with its arguments in order.
type statement struct {
	strings.Builder
	args []any
}

func (s *statement) add(text string, args ...any) {
	s.WriteString(text)
	s.args = append(s.args, args...)
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func column(alias, name string) string { return alias + "." + quote(name) }

// render makes the statement of a plan.
func (p *plan) render() (string, []any) {
	s := &statement{}
	s.add("WITH ")
	if p.usesWho() {
		p.renderWho(s)
		s.add(", ")
	}
	direct := p.isDirect()
	if !direct {
		s.add("parts AS " + p.materialized() + "(")
		p.renderParts(s)
		s.add("), ")
	}
	s.add("cells AS MATERIALIZED (")
	p.renderArm(s, direct, all(len(p.dims)))
	s.add(")")
	if p.columns() > 0 {
		s.add(", picked AS MATERIALIZED (")
		p.renderArm(s, direct, all(p.rows))
		s.add(")")
	}
	p.renderShown(s)
	p.renderUnion(s, direct)
	return s.String(), s.args
}

func (p *plan) columns() int { return len(p.dims) - p.rows }

func (p *plan) materialized() string {
	if len(p.totals) > 0 || p.columns() > 0 {
		return "MATERIALIZED "
	}
	return ""
}

func all(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// usesWho says whether the customers table takes part beside a fact table.
func (p *plan) usesWho() bool {
	if p.base == p.model.customer {
		return false
	}
	return p.isNarrowed() || slices.ContainsFunc(p.dims, func(d *dimension) bool { return d.side == sideCustomer })
}

// isNarrowed says that not all customers count.
func (p *plan) isNarrowed() bool { return p.scope != "" || len(p.people) > 0 }

func (p *plan) renderWho(s *statement) {
	s.add("who AS (SELECT " + column(customerAlias, p.model.customer.Key) + " AS id")
	for i, d := range p.dims {
		if d.side == sideCustomer {
			s.add(fmt.Sprintf(", %s AS d%d", p.expression(d), i))
		}
	}
	s.add(" FROM " + quote(p.model.customer.Table) + " " + customerAlias)
	p.joinProfiles(s, slices.Concat(p.people), true)
	p.renderPeople(s, " WHERE ")
	s.add(")")
}

// joinProfiles adds the profile tables that the dimensions (when asked) or
// conditions read.
func (p *plan) joinProfiles(s *statement, conditions []*node, withDims bool) {
	need := map[*warehouse.Cube]string{}
	if withDims {
		for _, d := range p.dims {
			if d.side == sideCustomer && d.cube.Profile {
				need[d.cube] = d.alias
			}
		}
	}
	for _, n := range conditions {
		n.walk(func(leaf *node) {
			if leaf.dim.side == sideCustomer && leaf.dim.cube.Profile {
				need[leaf.dim.cube] = leaf.dim.alias
			}
		})
	}
	for i := range p.model.cubes {
		if alias, ok := need[&p.model.cubes[i]]; ok {
			c := &p.model.cubes[i]
			s.add(" LEFT JOIN " + quote(c.Table) + " " + alias + " ON " + column(alias, c.Customer) + " = " +
				column(customerAlias, p.model.customer.Key))
		}
	}
}

func (p *plan) renderPeople(s *statement, word string) {
	if p.scope != "" {
		s.add(word+p.scope, p.args...)
		word = " AND "
	}
	for _, n := range p.people {
		s.add(word)
		n.render(s)
		word = " AND "
	}
}

// render writes a filter; the negations are never NULL.
func (n *node) render(s *statement) {
	switch n.op {
	case "":
		text, args := n.test.SQL(n.dim.alias)
		s.add(text, args...)
		return
	case "not":
		s.add("((")
		n.nodes[0].render(s)
		s.add(") IS NOT TRUE)")
		return
	}
	if len(n.nodes) == 0 { // an empty and is true, an empty or false
		s.add(map[string]string{"and": "true", "or": "false"}[n.op])
		return
	}
	s.add("(")
	for i, child := range n.nodes {
		if i > 0 {
			s.add(" " + strings.ToUpper(n.op) + " ")
		}
		child.render(s)
	}
	s.add(")")
}

// renderParts groups the rows once.
func (p *plan) renderParts(s *statement) {
	s.add("SELECT ")
	keys := p.renderKeys(s, p.twoStage())
	for i, m := range p.basics {
		p.renderPartial(s, i, m)
	}
	p.renderFrom(s, p.twoStage())
	if keys > 0 {
		s.add(" GROUP BY " + ordinals(keys))
	}
}

func ordinals(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(list, ", ")
}

// twoStage says that parts are kept per customer.
func (p *plan) twoStage() bool { return p.base != p.model.customer && p.countsCustomers() }

// renderKeys writes the grouping columns and answers how many; in two stages
// the customer stands for all dimensions that come from him.
func (p *plan) renderKeys(s *statement, perCustomer bool) int {
	n := 0
	separate := func() {
		if n > 0 {
			s.add(", ")
		}
		n++
	}
	if perCustomer {
		separate()
		s.add(column(baseAlias, p.base.Customer) + " AS k")
	}
	for i, d := range p.dims {
		if perCustomer && d.side == sideCustomer {
			continue
		}
		separate()
		if d.side == sideCustomer && p.base != p.model.customer {
			s.add(fmt.Sprintf("who.d%d", i))
			continue
		}
		s.add(fmt.Sprintf("%s AS d%d", p.expression(d), i))
	}
	if n == 0 {
		s.add("1 AS one")
		return 0
	}
	return n
}

// renderFrom writes FROM and WHERE over the base rows.
func (p *plan) renderFrom(s *statement, perCustomer bool) {
	if p.base == p.model.customer {
		s.add(" FROM " + quote(p.base.Table) + " " + customerAlias)
		p.joinProfiles(s, slices.Concat(p.people, p.facts), true)
		word := " WHERE "
		if p.isNarrowed() {
			p.renderPeople(s, word)
			word = " AND "
		}
		p.renderRows(s, word)
		return
	}
	s.add(" FROM " + quote(p.base.Table) + " " + baseAlias)
	if p.usesWho() && !perCustomer {
		kind := " LEFT JOIN "
		if p.isNarrowed() {
			kind = " JOIN "
		}
		s.add(kind + "who ON who.id = " + column(baseAlias, p.base.Customer))
	}
	if slices.ContainsFunc(p.facts, func(n *node) bool { return n.sides()[sideCustomer] }) {
		s.add(" LEFT JOIN " + quote(p.model.customer.Table) + " " + customerAlias + " ON " +
			column(customerAlias, p.model.customer.Key) + " = " + column(baseAlias, p.base.Customer))
		p.joinProfiles(s, p.facts, false)
	}
	p.joinOthers(s)
	word := " WHERE "
	if p.isNarrowed() && perCustomer {
		s.add(word + column(baseAlias, p.base.Customer) + " IN (SELECT id FROM who)")
		word = " AND "
	}
	p.renderRows(s, word)
}

func (p *plan) joinOthers(s *statement) {
	need := map[string]*dimension{}
	for _, d := range p.dims {
		if d.side == sideJoined {
			need[d.alias] = d
		}
	}
	for _, n := range p.facts {
		n.walk(func(leaf *node) {
			if leaf.dim.side == sideJoined {
				need[leaf.dim.alias] = leaf.dim
			}
		})
	}
	for _, j := range p.base.Joins {
		if d, ok := need["j_"+j.Cube]; ok {
			s.add(" LEFT JOIN " + quote(d.cube.Table) + " " + d.alias + " ON " + column(d.alias, d.cube.Key) + " = " + column(baseAlias, j.Column))
		}
	}
}

// renderRows writes the conditions on base rows.
func (p *plan) renderRows(s *statement, word string) {
	and := func(text string, args ...any) {
		s.add(word+text, args...)
		word = " AND "
	}
	if c := p.shared(); c != nil {
		and(conditionSQL(p.alias(), *c))
	}
	if p.period != nil {
		and(p.periodSQL())
	}
	if p.money != "" {
		and(column(baseAlias, p.moneyColumn())+" = ?", p.money)
	}
	for _, n := range p.facts {
		s.add(word)
		n.render(s)
		word = " AND "
	}
}

func (p *plan) alias() string {
	if p.base == p.model.customer {
		return customerAlias
	}
	return baseAlias
}

func (p *plan) moneyColumn() string {
	for _, m := range p.basics {
		if m.Currency != "" {
			return m.Currency
		}
	}
	return ""
}

// periodSQL compares month numbers where the period is made of whole months.
func (p *plan) periodSQL() string {
	if p.period.months() > 0 {
		for _, d := range p.base.Dimensions {
			if d.Column == p.base.Time && d.Month != "" {
				return fmt.Sprintf("%s BETWEEN %d AND %d", column(p.alias(), d.Month),
					condition.MonthNumber(p.period.from), condition.MonthNumber(p.period.to))
			}
		}
	}
	return fmt.Sprintf("%s >= TIMESTAMP '%s' AND %[1]s < TIMESTAMP '%[3]s'", column(p.alias(), p.base.Time),
		p.period.from.Format(isoDate), p.period.to.AddDate(0, 0, 1).Format(isoDate))
}

// expression is the key of a dimension: a number wherever there is one, made
// readable in Go after grouping.
func (p *plan) expression(d *dimension) string {
	col := column(d.alias, d.Column)
	switch d.Unit {
	case warehouse.UnitYear, warehouse.UnitQuarter, warehouse.UnitMonth:
		month := "(year(" + col + ") * 12 + month(" + col + ") - 1)"
		if d.Month != "" {
			month = column(d.alias, d.Month)
		}
		return month + map[warehouse.Unit]string{warehouse.UnitYear: " // 12", warehouse.UnitQuarter: " // 3", warehouse.UnitMonth: ""}[d.Unit]
	case warehouse.UnitFiscalYear, warehouse.UnitFiscalQuarter:
		size := map[warehouse.Unit]int{warehouse.UnitFiscalYear: 12, warehouse.UnitFiscalQuarter: 3}[d.Unit]
		return fmt.Sprintf("(%s - %d) // %d", column(d.alias, d.Month), d.Offset, size)
	case warehouse.UnitDayKind:
		return p.dayKind(col)
	case warehouse.UnitWeek:
		return "CAST(date_trunc('week', " + col + ") AS DATE)"
	case warehouse.UnitDay:
		return "CAST(" + col + " AS DATE)"
	case warehouse.UnitWeekday:
		return "isodow(" + col + ")"
	case warehouse.UnitHour:
		return "hour(" + col + ")"
	case warehouse.UnitAge:
		return p.ageBands(d, col)
	}
	if len(d.Bands) > 0 {
		return bandsSQL(d.Bands, col)
	}
	return col
}

// dayKind tells working days, weekends and public holidays apart.
func (p *plan) dayKind(col string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "CASE WHEN %s IS NULL THEN NULL", col)
	for _, s := range p.holidays() {
		fmt.Fprintf(&text, " WHEN CAST(%s AS DATE) BETWEEN DATE '%s' AND DATE '%s' THEN 2", col, s.from.Format(isoDate), s.to.Format(isoDate))
	}
	fmt.Fprintf(&text, " WHEN isodow(%s) >= 6 THEN 1 ELSE 0 END", col)
	return text.String()
}

// ageBands compares birth dates with the days that part the bands, instead of
// computing an age for everyone.
func (p *plan) ageBands(d *dimension, col string) string {
	born := func(years int64) string {
		return "DATE '" + condition.LatestBirth(p.today, years).Format(isoDate) + "'"
	}
	text := "CASE WHEN " + col + " IS NULL OR " + col + " > " + born(d.Bands[0].From) + " THEN NULL"
	for i, b := range d.Bands {
		if b.To == 0 {
			text += fmt.Sprintf(" ELSE %d", i)
			continue
		}
		text += fmt.Sprintf(" WHEN %s > %s THEN %d", col, born(b.To), i)
	}
	return text + " END"
}

func bandsSQL(bands []warehouse.Band, col string) string {
	text := fmt.Sprintf("CASE WHEN %s IS NULL OR %[1]s < %d THEN NULL", col, bands[0].From)
	for i, b := range bands {
		if b.To == 0 {
			text += fmt.Sprintf(" ELSE %d", i)
			continue
		}
		text += fmt.Sprintf(" WHEN %s < %d THEN %d", col, b.To, i)
	}
	return text + " END"
}
