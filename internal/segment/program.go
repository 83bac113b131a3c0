// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"slices"

	"dangol/internal/platform/warehouse/condition"
)

// Column is a column that a program reads.
type Column struct {
	Name string
	// Via and Table say that the column lies in another table, whose Key has
	// the value of the column Via.
	Via, Table, Key string
}

// Read is a table that a program reads, with its columns. The first is always
// the customers table.
type Read struct {
	Table   string
	Key     string // the column with the customer
	Columns []Column
}

// Slice is what is known of one customer: the rows of each Read of a program.
type Slice interface {
	// Rows counts the customer's rows of a Read.
	Rows(read int) int
	// Value is one column of one of those rows.
	Value(read, row, column int) condition.Value
}

// Program is a compiled rule tree.
type Program struct {
	Reads []Read
	root  *node
}

// node is a compiled rule.
type node struct {
	op    string // "and", "or", "not"; "" is a test or behaviour
	path  string // of the rule that it was made of, "" for conditions on rows
	nodes []*node

	// a test of one column of a Read
	read   int
	column int
	test   *condition.Test
	alias  string
	join   *Column

	deed *deed

	// a kept list, in order; column is the customer's key
	isList bool
	keys   []int64
}

// kinds of what an event comes to.
const (
	byCount    = "count"
	bySum      = "sum"
	byAverage  = "average"
	byDistinct = "distinct"
	byLast     = "last"
	byFirst    = "first"
)

// deed is compiled behaviour: which rows take part, and what they must come to.
type deed struct {
	read     int
	kind     string
	rows     *node             // conditions on a row: base, counted, where, currency
	time     int               // column of the time
	within   []*condition.Test // on the time; none is ever
	value    int               // column that is counted distinctly or summed, -1 counts rows
	test     *condition.Test   // on the number or time
	hasLines bool              // a condition lies below what is counted
	flag     string            // column that makes a distinct count a sum, at flagColumn
	timeName string
	byName   string
	byJoin   *Column // the table in which byName lies, if another
	isEver   bool    // the plain "at least once"
	isEmpty  bool    // the test holds for a customer without such events

	flagColumn int
	per        *deed // of an average: the things by whose number the sum is divided
	days       int64 // the most within so many days in a row
	then       *deed // rows that have to follow within thenDays
	thenDays   int64
}

// isFlagged says that a distinct count is the sum of the flag: no condition
// takes away single lines of what is counted.
func (d *deed) isFlagged() bool { return d.flag != "" && !d.hasLines && d.then == nil }

// isNumberOfNothing says that customers without such events have the number 0,
// and not none at all.
func (d *deed) isNumberOfNothing() bool {
	return d.kind == byCount || d.kind == bySum || d.kind == byDistinct
}

// Matches answers the program for one customer.
func (p *Program) Matches(s Slice) bool {
	return p.root.matches(s, 0)
}

// matches answers a node; row is the row of the Read in hand.
func (n *node) matches(s Slice, row int) bool {
	switch n.op {
	case "and":
		for _, child := range n.nodes {
			if !child.matches(s, row) {
				return false
			}
		}
		return true
	case "or":
		for _, child := range n.nodes {
			if child.matches(s, row) {
				return true
			}
		}
		return false
	case "not":
		return !n.nodes[0].matches(s, row)
	}
	if n.deed != nil {
		return n.deed.matches(s)
	}
	if n.isList {
		_, found := slices.BinarySearch(n.keys, s.Value(0, 0, n.column).Int)
		return found
	}
	if s.Rows(n.read) <= row {
		return n.test.Match(condition.Value{})
	}
	return n.test.Match(s.Value(n.read, row, n.column))
}

func (d *deed) matches(s Slice) bool { return d.test.Match(d.number(s)) }
