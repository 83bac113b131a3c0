// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"slices"
	"strings"
)

// The aliases of tables in a rendered program.
const (
	customerAlias = "c"
	eventAlias    = "l"
)

func profileAlias(table string) string { return "p_" + table }
func joinAlias(table string) string    { return "j_" + table }

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

// from writes the customers table with the profiles that the program reads.
func (p *Program) from(s *statement) {
	s.add(quote(p.Reads[0].Table) + " " + customerAlias)
	for _, table := range p.profiles() {
		i := slices.IndexFunc(p.Reads, func(r Read) bool { return r.Table == table })
		s.add(" LEFT JOIN " + quote(table) + " " + profileAlias(table) + " ON " + profileAlias(table) + "." + quote(p.Reads[i].Key) +
			" = " + customerAlias + "." + quote(p.Reads[0].Key))
	}
}

// profiles lists the profile tables that conditions read.
func (p *Program) profiles() []string {
	var list []string
	var walk func(n *node)
	walk = func(n *node) {
		for _, child := range n.nodes {
			walk(child)
		}
		if n.test != nil && n.read > 0 && n.alias == profileAlias(p.Reads[n.read].Table) && !slices.Contains(list, p.Reads[n.read].Table) {
			list = append(list, p.Reads[n.read].Table)
		}
	}
	walk(p.root)
	return list
}

// where writes the program as a condition on a row of the customers table.
func (p *Program) where(s *statement) { p.root.render(s, p) }

func (n *node) render(s *statement, p *Program) {
	switch {
	case n.op == "not":
		s.add("((")
		n.nodes[0].render(s, p)
		s.add(") IS NOT TRUE)")
	case n.op != "" && len(n.nodes) == 0: // an empty and is everybody, an empty or nobody
		s.add(map[string]string{"and": "true", "or": "false"}[n.op])
	case n.op != "":
		s.add("(")
		for i, child := range n.nodes {
			if i > 0 {
				s.add(" " + strings.ToUpper(n.op) + " ")
			}
			child.render(s, p)
		}
		s.add(")")
	case n.deed != nil:
		n.deed.render(s, p)
	default:
		text, args := n.test.SQL(n.alias)
		s.add(text, args...)
	}
}

// render writes behaviour as membership of a set of customers. A test that
// holds for those who did nothing is turned round: they are in no table.
func (d *deed) render(s *statement, p *Program) {
	r := p.Reads[d.read]
	id := customerAlias + "." + quote(p.Reads[0].Key)
	key := eventAlias + "." + quote(r.Key)
	word := " IN ("
	if d.isEmpty {
		word = " NOT IN ("
	}
	s.add(id + word + "SELECT " + key + " FROM " + quote(r.Table) + " " + eventAlias)
	for _, j := range d.joins() {
		s.add(" LEFT JOIN " + quote(j.Table) + " " + joinAlias(j.Table) + " ON " + joinAlias(j.Table) + "." + quote(j.Key) + " = " +
			eventAlias + "." + quote(j.Via))
	}
	s.add(" WHERE " + key + " IS NOT NULL")
	if d.within != nil {
		text, args := d.within.SQL(eventAlias)
		s.add(" AND "+text, args...)
	}
	for _, n := range d.rows.nodes {
		s.add(" AND ")
		n.render(s, p)
	}
	if d.isEver && !d.isEmpty { // a plain semi-join needs no groups
		s.add(")")
		return
	}
	text, args := d.test.On(d.aggregate())
	s.add(" GROUP BY 1 HAVING ")
	if d.isEmpty {
		s.add("(("+text+") IS NOT TRUE))", args...)
		return
	}
	s.add(text+")", args...)
}

func (d *deed) aggregate() string {
	column := func(name string) string { return eventAlias + "." + quote(name) }
	switch d.kind {
	case byLast:
		return "max(" + column(d.timeName) + ")"
	case byFirst:
		return "min(" + column(d.timeName) + ")"
	case bySum:
		return "COALESCE(sum(" + column(d.byName) + "), 0)"
	}
	switch {
	case d.value < 0:
		return "count(*)"
	case d.flag != "" && !d.hasLines:
		return "sum(" + column(d.flag) + ")"
	}
	return "count(DISTINCT " + column(d.byName) + ")"
}

// joins lists the tables that the conditions of a row reach.
func (d *deed) joins() []Column {
	var list []Column
	var walk func(n *node)
	walk = func(n *node) {
		for _, child := range n.nodes {
			walk(child)
		}
		if n.join != nil && !slices.ContainsFunc(list, func(c Column) bool { return c.Table == n.join.Table }) {
			list = append(list, *n.join)
		}
	}
	walk(d.rows)
	return list
}

// Select renders the program as a query for the ids of the customers who
// answer it.
func (p *Program) Select() (string, []any) {
	s := &statement{}
	s.add("SELECT " + customerAlias + "." + quote(p.Reads[0].Key) + " FROM ")
	p.from(s)
	s.add(" WHERE ")
	p.where(s)
	return s.String(), s.args
}
