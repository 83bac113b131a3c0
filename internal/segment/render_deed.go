// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"fmt"
	"slices"
	"strconv"
)

// nextAlias is the table of what follows.
const nextAlias = "n"

// renderKeys writes a list of customers as one argument, however long it is.
func renderKeys(s *statement, keys []int64) {
	text := make([]byte, 0, len(keys)*8)
	for i, key := range keys {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, key, 10)
	}
	if len(text) == 0 {
		s.add("SELECT CAST(NULL AS BIGINT) WHERE false")
		return
	}
	s.add("SELECT CAST(unnest(string_split(?, ',')) AS BIGINT)", string(text))
}

// render writes behaviour as membership of a set of customers. A test that
// holds for those who did nothing is turned round: they are in no table.
func (d *deed) render(s *statement, p *Program) {
	word := " IN ("
	if d.isEmpty {
		word = " NOT IN ("
	}
	s.add(customerAlias + "." + quote(p.Reads[0].Key) + word)
	switch {
	case d.days > 0:
		d.renderWindow(s, p)
	case d.kind == byAverage:
		d.renderAverage(s, p)
	default:
		s.add("SELECT " + d.key(p))
		d.renderRows(s, p)
		if d.isEver && !d.isEmpty { // a plain semi-join needs no groups
			s.add(")")
			return
		}
		s.add(" GROUP BY 1")
		d.renderTest(s, " HAVING ", d.aggregate())
	}
	s.add(")")
}

func (d *deed) key(p *Program) string { return eventAlias + "." + quote(p.Reads[d.read].Key) }

func (d *deed) renderTest(s *statement, word, expression string) {
	text, args := d.test.On(expression)
	if d.isEmpty {
		s.add(word+"(("+text+") IS NOT TRUE)", args...)
		return
	}
	s.add(word+text, args...)
}

// renderRows writes the rows that take part: FROM and WHERE.
func (d *deed) renderRows(s *statement, p *Program) {
	r := p.Reads[d.read]
	s.add(" FROM " + quote(r.Table) + " " + eventAlias)
	for _, j := range d.joins() {
		s.add(" LEFT JOIN " + quote(j.Table) + " " + joinAlias(j.Table) + " ON " + joinAlias(j.Table) + "." + quote(j.Key) + " = " +
			eventAlias + "." + quote(j.Via))
	}
	at := eventAlias + "." + quote(d.timeName)
	if d.then != nil {
		// The nearest later row of what has to follow; none makes no row here.
		s.add(" ASOF JOIN (SELECT " + d.then.key(p) + " AS k, " + eventAlias + "." + quote(d.then.timeName) + " AS t")
		d.then.renderRows(s, p)
		s.add(" AND " + eventAlias + "." + quote(d.then.timeName) + " IS NOT NULL) " + nextAlias +
			" ON " + d.key(p) + " = " + nextAlias + ".k AND " + at + " < " + nextAlias + ".t")
	}
	s.add(" WHERE " + d.key(p) + " IS NOT NULL")
	if d.then != nil {
		s.add(fmt.Sprintf(" AND date_diff('day', CAST(%s AS DATE), CAST(%s.t AS DATE)) <= %d", at, nextAlias, d.thenDays))
	}
	for _, test := range d.within {
		text, args := test.SQL(eventAlias)
		s.add(" AND "+text, args...)
	}
	for _, n := range d.rows.nodes {
		s.add(" AND ")
		n.render(s, p)
	}
}

// renderAverage divides the sum by the number of things, rounded down.
func (d *deed) renderAverage(s *statement, p *Program) {
	s.add("SELECT k FROM (SELECT " + d.key(p) + " AS k, COALESCE(sum(" + d.by() + "), 0) AS s, " + d.per.things() + " FILTER (WHERE ")
	d.per.rows.render(s, p)
	s.add(") AS n")
	d.renderRows(s, p)
	s.add(" GROUP BY 1) a")
	d.renderTest(s, " WHERE ", "CASE WHEN a.n > 0 THEN CAST((a.s - ((a.s % a.n) + a.n) % a.n) // a.n AS BIGINT) END")
}

// renderWindow finds the most within some days in a row that end with a day on
// which something happened.
func (d *deed) renderWindow(s *statement, p *Program) {
	at := eventAlias + "." + quote(d.timeName)
	s.add("SELECT k FROM (SELECT " + d.key(p) + " AS k, " + d.aggregate() + " OVER (PARTITION BY " + d.key(p) +
		" ORDER BY date_diff('day', DATE '1970-01-01', CAST(" + at + " AS DATE)) RANGE BETWEEN " +
		fmt.Sprint(d.days-1) + " PRECEDING AND CURRENT ROW) AS v")
	d.renderRows(s, p)
	s.add(" AND " + at + " IS NOT NULL) w GROUP BY 1")
	d.renderTest(s, " HAVING ", "COALESCE(max(w.v), 0)")
}

// by is the column that is summed or counted.
func (d *deed) by() string {
	if d.byJoin != nil {
		return joinAlias(d.byJoin.Table) + "." + quote(d.byName)
	}
	return eventAlias + "." + quote(d.byName)
}

// things counts what behaviour counts.
func (d *deed) things() string {
	switch {
	case d.value < 0:
		return "count(*)"
	case d.kind == byCount && d.isFlagged():
		return "sum(" + eventAlias + "." + quote(d.flag) + ")"
	}
	return "count(DISTINCT " + d.by() + ")"
}

func (d *deed) aggregate() string {
	at := eventAlias + "." + quote(d.timeName)
	switch d.kind {
	case byLast:
		return "max(" + at + ")"
	case byFirst:
		return "min(" + at + ")"
	case bySum:
		if d.days > 0 {
			return "sum(" + d.by() + ")"
		}
		return "COALESCE(sum(" + d.by() + "), 0)"
	}
	return d.things()
}

// joins lists the tables that the conditions of a row reach.
func (d *deed) joins() []Column {
	var list []Column
	add := func(c *Column) {
		if c != nil && !slices.ContainsFunc(list, func(have Column) bool { return have.Table == c.Table }) {
			list = append(list, *c)
		}
	}
	var walk func(n *node)
	walk = func(n *node) {
		for _, child := range n.nodes {
			walk(child)
		}
		add(n.join)
	}
	walk(d.rows)
	add(d.byJoin)
	return list
}
