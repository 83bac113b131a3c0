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
	case n.isList:
		s.add(customerAlias + "." + quote(p.Reads[0].Key) + " IN (")
		renderKeys(s, n.keys)
		s.add(")")
	default:
		text, args := n.test.SQL(n.alias)
		s.add(text, args...)
	}
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
