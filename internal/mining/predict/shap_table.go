// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math"
	"math/bits"
)

// shapTable holds the Shapley values of one small tree ready for look-up. What a
// leaf adds to a row depends only on which columns of its way the row agrees
// with: of a tree of depth four that is one of sixteen patterns (Yang 2021,
// "Fast TreeSHAP", version 2).
type shapTable struct {
	nodes  []int32 // that ask a question; node i is bit i of the answers
	leaves []shapLeaf
}

type shapLeaf struct {
	columns []int32
	left    []uint64 // by column: questions of the way that must be answered left
	right   []uint64 // … and right
	values  []float64
}

const (
	mostQuestions = 64 // answers fit into one word
	mostPatterns  = 6  // columns of a leaf: 64 patterns
	// tableRows are as many rows as pay for making the tables.
	tableRows = 100
)

// canTable tells whether a tree is small enough for a table.
func (t Tree) canTable() bool {
	leaves := (len(t) + 1) / 2
	return leaves-1 <= mostQuestions && t.depth(0) <= mostPatterns
}

func (t Tree) table() *shapTable {
	out := &shapTable{}
	var walk func(at int32, way shapLeaf, zeros []float64)
	walk = func(at int32, way shapLeaf, zeros []float64) {
		n := &t[at]
		if n.Left == 0 {
			way.values = patterns(way.columns, zeros, n.Value)
			out.leaves = append(out.leaves, way)
			return
		}
		bit := uint64(1) << len(out.nodes)
		out.nodes = append(out.nodes, at)
		cover := math.Max(t[n.Left].Cover+t[n.Right].Cover, 1e-300)
		for _, child := range []int32{n.Left, n.Right} {
			next, share, k := way.copied(), append([]float64(nil), zeros...), 0
			for k < len(next.columns) && next.columns[k] != n.Column {
				k++
			}
			if k == len(next.columns) {
				next.columns, next.left, next.right, share = append(next.columns, n.Column), append(next.left, 0), append(next.right, 0), append(share, 1)
			}
			if child == n.Left {
				next.left[k] |= bit
			} else {
				next.right[k] |= bit
			}
			share[k] *= t[child].Cover / cover
			walk(child, next, share)
		}
	}
	walk(0, shapLeaf{}, nil)
	return out
}

func (l shapLeaf) copied() shapLeaf {
	return shapLeaf{columns: append([]int32(nil), l.columns...), left: append([]uint64(nil), l.left...), right: append([]uint64(nil), l.right...)}
}

// patterns are the values of every column for each set of columns that a row
// agrees with (bit k: column k).
func patterns(columns []int32, zeros []float64, value float64) []float64 {
	count := len(columns)
	out := make([]float64, count<<count)
	for pattern := range 1 << count {
		path := extend(nil, 1, 1, -1)
		for k, column := range columns {
			path = extend(path, zeros[k], float64(pattern>>k&1), column)
		}
		for k := range columns {
			w := unwoundSum(path, k+1)
			out[pattern*count+k] = w * (path[k+1].one - path[k+1].zero) * value
		}
	}
	return out
}

// add looks the values of one row up.
func (s *shapTable) add(effects []float64, t Tree, bins [][]uint16, row int) {
	var answers uint64
	for i, at := range s.nodes {
		if n := &t[at]; n.goesLeft(bins[n.Column][row]) {
			answers |= 1 << i
		}
	}
	for i := range s.leaves {
		l := &s.leaves[i]
		pattern := 0
		for k, left := range l.left {
			if answers&left == left && answers&l.right[k] == 0 {
				pattern |= 1 << k
			}
		}
		values := l.values[pattern*len(l.columns):]
		for k, column := range l.columns {
			effects[column] += values[k]
		}
	}
}

// tables are made for the trees that are small enough; nil where one is not.
func (e *Ensemble) tables(rows int) []*shapTable {
	out := make([]*shapTable, len(e.Trees))
	if rows < tableRows {
		return out
	}
	each(len(e.Trees), func(i int) {
		if e.Trees[i].canTable() {
			out[i] = e.Trees[i].table()
		}
	})
	return out
}

// tableCost is about how many steps a row takes by look-up.
func (t Tree) tableCost() float64 {
	leaves := (len(t) + 1) / 2
	return float64(leaves * (1 + bits.Len(uint(leaves))))
}
