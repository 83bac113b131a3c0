// SPDX-License-Identifier: Apache-2.0

package uplift

import (
	"math"
	"slices"

	"dangol/internal/mining/frame"
)

const (
	// leastArm is how many people of each arm a leaf must hold, so that its
	// uplift is more than chance.
	leastArm = 200
	treeDeep = 3
)

// node of an uplift tree, or a leaf when left is nil.
type node struct {
	column      string
	limit       float64 // numbers up to it go left
	level       string  // the level that goes left
	isCategory  bool
	uplift      float64
	left, right *node
}

// grow divides people so that uplift differs as much as possible between the
// parts (Rzepakowski and Jaroszewicz 2012, squared Euclidean distance).
func grow(f *frame.Frame, rows []int, treated []bool, outcome []float64, depth int) *node {
	var all arms
	for _, row := range rows {
		all.add(treated[row], outcome[row], 1)
	}
	n := &node{uplift: all.uplift()}
	if depth == 0 {
		return n
	}
	best := 0.0
	for _, c := range f.Columns {
		for _, q := range questions(c, rows) {
			var left, right arms
			for _, row := range rows {
				if q.goesLeft(c, row) {
					left.add(treated[row], outcome[row], 1)
				} else {
					right.add(treated[row], outcome[row], 1)
				}
			}
			if min(left.nt, left.nc, right.nt, right.nc) < leastArm {
				continue
			}
			share := (left.nt + left.nc) / (all.nt + all.nc)
			d := left.uplift() - right.uplift()
			if gain := share * (1 - share) * d * d; gain > best {
				best = gain
				q.uplift = n.uplift
				*n = q
			}
		}
	}
	if best == 0 {
		return n
	}
	c := f.Find(n.column)
	var left, right []int
	for _, row := range rows {
		if n.goesLeft(c, row) {
			left = append(left, row)
		} else {
			right = append(right, row)
		}
	}
	n.left, n.right = grow(f, left, treated, outcome, depth-1), grow(f, right, treated, outcome, depth-1)
	return n
}

func (n *node) goesLeft(c *frame.Column, row int) bool {
	if n.isCategory {
		return !c.IsMissing(row) && c.Levels[c.Codes[row]] == n.level
	}
	return c.Numbers[row] <= n.limit
}

// questions are the cuts worth trying: tenths of numbers, each level of a category.
func questions(c *frame.Column, rows []int) []node {
	var out []node
	if c.Kind == frame.Category {
		for _, level := range c.Levels[:min(len(c.Levels), 100)] {
			out = append(out, node{column: c.Name, level: level, isCategory: true})
		}
		return out
	}
	values := make([]float64, 0, len(rows))
	for _, row := range rows {
		if x := c.Numbers[row]; !math.IsNaN(x) {
			values = append(values, x)
		}
	}
	slices.Sort(values)
	last := math.NaN()
	for i := 1; i < 10 && len(values) > 0; i++ {
		limit := values[i*len(values)/10]
		if limit != last && limit < values[len(values)-1] {
			out = append(out, node{column: c.Name, limit: limit})
			last = limit
		}
	}
	if len(values) > 0 && len(out) == 0 && values[0] < values[len(values)-1] { // few people have another value
		out = append(out, node{column: c.Name, limit: values[0]})
	}
	return out
}

func (n *node) score(f *frame.Frame) []float64 {
	out := make([]float64, f.Rows)
	columns := map[string]*frame.Column{}
	for _, c := range f.Columns {
		columns[c.Name] = c
	}
	for row := range out {
		at := n
		for at.left != nil {
			c := columns[at.column]
			if c != nil && at.goesLeft(c, row) {
				at = at.left
			} else {
				at = at.right
			}
		}
		out[row] = at.uplift
	}
	return out
}
