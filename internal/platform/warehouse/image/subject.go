// SPDX-License-Identifier: Apache-2.0

package image

import (
	"slices"
)

// node is a compiled rule: it keeps those of the subjects (places in a chunk,
// in order) that pass, in the same slice.
type node interface {
	keep(f *frame, subjects []int32) []int32
}

type (
	nodeAnd  []node
	nodeOr   []node
	nodeNot  struct{ of node }
	nodeAttr struct {
		table, column int
		bound         *bound
	}
	nodeList struct{ keys []int64 }
)

func (n nodeAnd) keep(f *frame, subjects []int32) []int32 {
	for _, one := range n {
		if len(subjects) == 0 {
			break
		}
		subjects = one.keep(f, subjects)
	}
	return subjects
}

func (n nodeOr) keep(f *frame, subjects []int32) []int32 {
	marks := f.mask(f.u.subjects)
	clear(marks)
	rest := slices.Clone(subjects)
	for _, one := range n {
		for _, i := range one.keep(f, slices.Clone(rest)) {
			marks[i] = 1
		}
		rest = slices.DeleteFunc(rest, func(i int32) bool { return marks[i] != 0 })
	}
	subjects = slices.DeleteFunc(subjects, func(i int32) bool { return marks[i] == 0 })
	f.give(marks)
	return subjects
}

func (n nodeNot) keep(f *frame, subjects []int32) []int32 {
	marks := f.mask(f.u.subjects)
	clear(marks)
	for _, i := range n.of.keep(f, slices.Clone(subjects)) {
		marks[i] = 1
	}
	subjects = slices.DeleteFunc(subjects, func(i int32) bool { return marks[i] != 0 })
	f.give(marks)
	return subjects
}

func (n nodeList) keep(f *frame, subjects []int32) []int32 {
	return slices.DeleteFunc(subjects, func(i int32) bool {
		_, found := slices.BinarySearch(n.keys, f.u.keys.at(int(i)))
		return !found
	})
}

func (n nodeAttr) keep(f *frame, subjects []int32) []int32 {
	if n.column == keyColumn {
		return slices.DeleteFunc(subjects, func(i int32) bool { return !n.bound.holds(f.u.keys.at(int(i))) })
	}
	p := &f.u.tables[n.table]
	empty := n.bound.holds(missing)
	if p.rows == 0 {
		if empty {
			return subjects
		}
		return subjects[:0]
	}
	v := &p.columns[n.column]
	const few = 16 // of so many subjects or fewer, each is looked at alone
	if len(subjects)*few < f.u.subjects {
		return slices.DeleteFunc(subjects, func(i int32) bool {
			from, to := p.span(int(i))
			if from == to {
				return !empty
			}
			return !n.bound.holds(v.at(from))
		})
	}
	parts := []stretch{{0, p.rows}}
	mask := f.mask(p.rows)
	fill(mask, parts, 1)
	n.bound.apply(f, v, parts, mask)
	out := subjects[:0]
	if p.offsets == nil {
		for _, i := range subjects {
			if mask[i] != 0 {
				out = append(out, i)
			}
		}
	} else {
		for _, i := range subjects {
			from, to := p.offsets[i], p.offsets[i+1]
			if from < to && mask[from] != 0 || from == to && empty {
				out = append(out, i)
			}
		}
	}
	f.give(mask)
	return out
}

// stretches joins the rows of subjects into as few stretches as possible.
func (p *part) stretches(subjects []int32) []stretch {
	var list []stretch
	for _, i := range subjects {
		from, to := p.span(int(i))
		if from == to {
			continue
		}
		if n := len(list); n > 0 && list[n-1].to == from {
			list[n-1].to = to
			continue
		}
		list = append(list, stretch{from, to})
	}
	return list
}

// compile binds a rule to the snapshot.
func (s *Snapshot) compile(r *Rule) (node, error) {
	switch {
	case r == nil:
		return nodeAnd{}, nil
	case r.Deed != nil:
		return s.compileDeed(r.Deed)
	case r.IsList:
		return nodeList{r.Keys}, nil
	case r.Op == "":
		t := s.spec.table(r.Table)
		if t < 0 || s.spec[t].Role != Subjects && s.spec[t].Role != Profile {
			return nil, unsupported("the table %s is not kept", r.Table)
		}
		b, c, err := s.bind(t, r.Column, r.Test)
		return nodeAttr{t, c, b}, err
	}
	list := make([]node, 0, len(r.Rules))
	for _, child := range r.Rules {
		one, err := s.compile(child)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	switch r.Op {
	case "or":
		return nodeOr(list), nil
	case "not":
		return nodeNot{nodeAnd(list)}, nil
	}
	slices.SortStableFunc(list, func(a, b node) int { return weight(a) - weight(b) })
	return nodeAnd(list), nil
}

// weight orders what must all hold: attributes are cheap and leave few subjects
// for behaviour.
func weight(n node) int {
	const heavy = 1000
	switch x := n.(type) {
	case nodeAttr:
		return 0
	case nodeList:
		return 1
	case *nodeDeed:
		return heavy + x.cost
	case nodeAnd:
		return sum(x)
	case nodeOr:
		return sum(x)
	case nodeNot:
		return weight(x.of)
	}
	return 2
}

func sum(list []node) int {
	total := 2
	for _, n := range list {
		total += weight(n)
	}
	return total
}
