// SPDX-License-Identifier: Apache-2.0

package segment

import "dangol/internal/platform/warehouse/image"

// Rule is the program for the customer image: the same tests, over another
// source of slices.
func (p *Program) Rule() *image.Rule { return p.ruleOf(p.root) }

func (p *Program) ruleOf(n *node) *image.Rule {
	switch {
	case n.op != "":
		out := &image.Rule{Op: n.op}
		for _, child := range n.nodes {
			out.Rules = append(out.Rules, p.ruleOf(child))
		}
		return out
	case n.deed != nil:
		return &image.Rule{Deed: p.deedOf(n.deed)}
	case n.isList:
		return &image.Rule{IsList: true, Keys: n.keys}
	}
	return &image.Rule{Table: p.Reads[n.read].Table, Column: n.test.Column, Test: n.test}
}

func (p *Program) deedOf(d *deed) *image.Deed {
	out := &image.Deed{
		Table: p.Reads[d.read].Table, Where: d.where(), Column: d.byName, Test: d.test, Days: d.days, Time: d.timeName,
	}
	if d.byJoin != nil {
		out.Via, out.Lookup = d.byJoin.Via, d.byJoin.Table
	}
	if d.then != nil {
		out.Then = &image.Then{Table: p.Reads[d.then.read].Table, Where: d.then.where(), Time: d.then.timeName, Within: d.thenDays}
	}
	switch d.kind {
	case bySum:
		out.Aggregate = image.Sum
	case byAverage:
		out.Aggregate = image.Mean
		out.Per = &image.Per{Where: rowOf(d.per.rows), Column: d.per.byName}
		if d.per.flag != "" && !d.hasLines && d.then == nil {
			out.Per.Column, out.Per.IsFlag = d.per.flag, true
		}
	case byDistinct:
		out.Aggregate = image.Distinct
	case byLast:
		out.Aggregate, out.Column = image.Last, d.timeName
	case byFirst:
		out.Aggregate, out.Column = image.First, d.timeName
	default:
		switch {
		case d.value < 0:
			out.Aggregate = image.Count
		case d.isFlagged() && !d.isEver:
			out.Aggregate, out.Column = image.Sum, d.flag
		default:
			out.Aggregate = image.Distinct
		}
	}
	return out
}

// where is the condition on a row: its time, then the rest.
func (d *deed) where() *image.Row {
	where := &image.Row{Op: "and"}
	for _, test := range d.within {
		where.Rows = append(where.Rows, &image.Row{Column: d.timeName, Test: test})
	}
	where.Rows = append(where.Rows, rowOf(d.rows))
	return where
}

func rowOf(n *node) *image.Row {
	if n.op != "" {
		out := &image.Row{Op: n.op}
		for _, child := range n.nodes {
			out.Rows = append(out.Rows, rowOf(child))
		}
		return out
	}
	out := &image.Row{Column: n.test.Column, Test: n.test}
	if n.join != nil {
		out.Via, out.Lookup = n.join.Via, n.join.Table
	}
	return out
}
