// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"errors"
)

// sum adds up the rows of some subjects.
func (n *nodeDeed) sum(f *frame, subjects []int32) int64 {
	if numbers := n.everybodys(f, len(subjects)); numbers != nil {
		total := int64(0)
		for _, i := range subjects {
			total += numbers[i]
		}
		return total
	}
	p := &f.u.tables[n.table]
	parts := p.stretches(subjects)
	if len(parts) == 0 || n.column < 0 {
		return 0
	}
	mask := f.mask(p.rows)
	fill(mask, parts, 1)
	n.where.apply(f, p, parts, mask)
	total := int64(0)
	for _, s := range parts {
		total += p.columns[n.column].sum(mask, s.from, s.to)
	}
	f.give(mask)
	return total
}

// mostRules bounds how many rules are laid over one another.
const mostRules = 8

// Overlap counts the subjects by which of the rules they answer: the answer's
// place is the sum of 1<<i for every rule i. who limits the subjects.
func (s *Snapshot) Overlap(ctx context.Context, who *Rule, rules []*Rule) ([]int64, error) {
	if len(rules) > mostRules {
		return nil, unsupported("more than %d rules", mostRules)
	}
	limit, err := s.compile(who)
	if err != nil {
		return nil, err
	}
	nodes := make([]node, len(rules))
	for i, r := range rules {
		if nodes[i], err = s.compile(r); err != nil {
			return nil, err
		}
	}
	units := s.all()
	results := make([][]int64, len(units))
	err = s.sweep(ctx, units, 0, func(f *frame, i int) error {
		all := f.subjects(Want{})
		if len(all) > 0 {
			all = limit.keep(f, all)
		}
		marks := make([]uint8, f.u.subjects)
		for k, n := range nodes {
			if len(all) == 0 {
				break
			}
			for _, place := range n.keep(f, append([]int32(nil), all...)) {
				marks[place] |= 1 << k
			}
		}
		counts := make([]int64, 1<<len(rules))
		for _, place := range all {
			counts[marks[place]]++
		}
		results[i] = counts
		return nil
	})
	out := make([]int64, 1<<len(rules))
	for _, counts := range results {
		for i, n := range counts {
			out[i] += n
		}
	}
	return out, err
}

// Share is how many subjects have a value of a dimension, and how many of them answer a rule.
type Share struct {
	Key  int64  // value, number of a text, or Missing
	Text string // of a text
	All  int64
	Some int64
}

// Shares counts the values of attributes among the subjects who, and among
// those of them who answer a rule: one sweep for all dimensions. A dimension that
// the image cannot count by has nil.
func (s *Snapshot) Shares(ctx context.Context, who, rule *Rule, dims []Dim) ([][]Share, error) {
	limit, err := s.compile(who)
	if err != nil {
		return nil, err
	}
	root, err := s.compile(rule)
	if err != nil {
		return nil, err
	}
	list := make([]groupDim, len(dims))
	for i := range dims {
		t := s.spec.table(dims[i].Table)
		if t < 0 || s.spec[t].Role != Subjects && s.spec[t].Role != Profile {
			return nil, unsupported("the table %s is not kept", dims[i].Table)
		}
		list[i].table = t
		var cannot *Unsupported
		list[i].domain, list[i].column, err = s.domainOf(t, &dims[i])
		if err != nil && !errors.As(err, &cannot) {
			return nil, err
		}
	}
	begin := func() [][][2]int64 {
		counts := make([][][2]int64, len(list))
		for i := range list {
			if list[i].domain != nil {
				counts[i] = make([][2]int64, list[i].domain.size)
			}
		}
		return counts
	}
	workers := make([][][][2]int64, workersOf(0))
	err = sweepWith(ctx, s, s.all(), 0, func(worker int) func(*frame, int) error {
		counts := begin()
		workers[worker] = counts
		return func(f *frame, _ int) error {
			countShares(f, limit, root, list, counts)
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	total := begin()
	for _, counts := range workers {
		for i := range counts {
			for code, n := range counts[i] {
				total[i][code][0] += n[0]
				total[i][code][1] += n[1]
			}
		}
	}
	return sharesOf(list, total), nil
}

func countShares(f *frame, limit, root node, list []groupDim, counts [][][2]int64) {
	all := f.subjects(Want{})
	if len(all) > 0 {
		all = limit.keep(f, all)
	}
	if len(all) == 0 {
		return
	}
	in := f.mask(f.u.subjects)
	clear(in)
	for _, place := range root.keep(f, append([]int32(nil), all...)) {
		in[place] = 1
	}
	for i := range list {
		if list[i].domain == nil {
			continue
		}
		p := &f.u.tables[list[i].table]
		for _, place := range all {
			code := uint32(0)
			if from, to := p.span(int(place)); from < to {
				code = list[i].domain.code(p.columns[list[i].column].at(from))
			}
			counts[i][code][0]++
			counts[i][code][1] += int64(in[place])
		}
	}
	f.give(in)
}

func sharesOf(list []groupDim, counts [][][2]int64) [][]Share {
	out := make([][]Share, len(list))
	for i := range list {
		d := list[i].domain
		if d == nil {
			continue
		}
		out[i] = []Share{}
		for code, n := range counts[i] {
			if n[0] == 0 {
				continue
			}
			one := Share{Key: missing, All: n[0], Some: n[1]}
			if code > 0 {
				one.Key = d.value(code)
			}
			if d.texts != nil && one.Key >= 0 && one.Key < int64(len(d.texts)) {
				one.Text = d.texts[one.Key]
			}
			out[i] = append(out[i], one)
		}
	}
	return out
}
