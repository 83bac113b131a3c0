// SPDX-License-Identifier: Apache-2.0

package predict

import "dangol/internal/mining/frame"

// Node is a question of a tree, or a leaf when Left is 0 (no question leads
// back to the root).
type Node struct {
	Column int32 `json:"column"`
	// Bin divides numbers: bins up to it go left. Of categories the one with
	// this bin goes left, all others right.
	Bin         uint16 `json:"bin"`
	IsCategory  bool   `json:"is_category,omitempty"`
	MissingLeft bool   `json:"missing_left,omitempty"`
	Left        int32  `json:"left,omitempty"`
	Right       int32  `json:"right,omitempty"`
	// Value is what a leaf adds; Cover is how many training rows came by.
	Value float64 `json:"value"`
	Cover float64 `json:"cover"`
}

// Tree is a list of nodes, the root first.
type Tree []Node

// goesLeft answers the question of the node.
func (n *Node) goesLeft(bin uint16) bool {
	switch {
	case n.IsCategory:
		return bin == n.Bin
	case bin == 0:
		return n.MissingLeft
	}
	return bin <= n.Bin
}

// leaf is the place of the leaf of a row of bins by column.
func (t Tree) leaf(bins [][]uint16, row int) int32 {
	at := int32(0)
	for t[at].Left != 0 {
		n := &t[at]
		if n.goesLeft(bins[n.Column][row]) {
			at = n.Left
		} else {
			at = n.Right
		}
	}
	return at
}

// Ensemble is many trees whose values are added. Of a forest the values are
// shares, of boosting log odds.
type Ensemble struct {
	Binner *Binner `json:"binner"`
	Trees  []Tree  `json:"trees"`
	Start  float64 `json:"start"`
	// IsShare is true when the sum is a probability already.
	IsShare bool `json:"is_share,omitempty"`
}

// sums adds the values of all trees for every row.
func (e *Ensemble) sums(f *frame.Frame) []float64 {
	t := e.Binner.encode(f)
	flat := e.flatten()
	out := make([]float64, f.Rows)
	parallel(f.Rows, func(from, to int) {
		if flat == nil {
			e.walk(out[from:to], t, from)
		} else {
			flat.add(out[from:to], t, from)
		}
	})
	return out
}

// flat is an ensemble laid out for speed: every question is one comparison of
// an unsigned number whose sign bit is the step, so that the processor has
// nothing to guess; leaves lead to themselves, so that all rows of a tree take
// the same number of steps and several of them are under way at once.
type flat struct {
	start  float64
	width  int
	trees  []flatTree
	values []float64
}

type flatTree struct {
	nodes []flatNode
	first int // of its values
	depth int
}

// flatNode asks whether (bin + shift) mod 65536 is at most limit, and goes to
// left, or else to the place after it. From the top: 16 bits of the column, of
// the shift, of the limit, and of left. A number with missing on the right
// shifts bin 0 to the top; a category is a range of one.
type flatNode uint64

func (n flatNode) shift() uint16 { return uint16(n >> 32) } //nolint:gosec // 16 bits of it

func (n flatNode) limit() uint32 { return uint32(n>>16) & 0xffff } //nolint:gosec // 16 bits of it

// flat is the question of the node; a leaf always goes to left, itself.
func (n *Node) flat(column, left int) flatNode {
	shift, limit := uint16(0), n.Bin
	switch {
	case n.Left == 0:
		column, limit = 0, ^uint16(0)
	case n.IsCategory:
		shift, limit = -n.Bin, 0
	case !n.MissingLeft:
		shift, limit = ^uint16(0), n.Bin-1
	}
	return flatNode(column)<<48 | flatNode(shift)<<32 | flatNode(limit)<<16 | flatNode(left) //nolint:gosec // each of 16 bits, see flatten
}

// mostFlat is how many nodes and columns 16 bits can name.
const mostFlat = 1 << 16

// flatten lays the trees out, or returns nil when one is too large for it.
func (e *Ensemble) flatten() *flat {
	f := &flat{start: e.Start, width: len(e.Binner.Columns)}
	if f.width > mostFlat {
		return nil
	}
	for _, t := range e.Trees {
		if len(t) > mostFlat {
			return nil
		}
		flat := flatTree{nodes: make([]flatNode, len(t)), first: len(f.values), depth: t.depth(0)}
		f.values = append(f.values, make([]float64, len(t))...)
		places, next := make([]int, len(t)), 1 // of the nodes; children stand side by side
		for i := range t {
			n := &t[i]
			left := places[i]
			if n.Left != 0 {
				left, places[n.Left], places[n.Right] = next, next, next+1
				next += 2
			}
			flat.nodes[places[i]] = n.flat(int(n.Column), left)
			f.values[flat.first+places[i]] = n.Value
		}
		f.trees = append(f.trees, flat)
	}
	return f
}

func (t Tree) depth(at int32) int {
	if t[at].Left == 0 {
		return 0
	}
	return 1 + max(t.depth(t[at].Left), t.depth(t[at].Right))
}

// rowsAtOnce fit into the fast memory together with a tree.
const rowsAtOnce = 512

func (f *flat) add(out []float64, t *table, from int) {
	bins := make([]uint16, rowsAtOnce*f.width)
	for begin := 0; begin < len(out); begin += rowsAtOnce {
		part := out[begin:min(len(out), begin+rowsAtOnce)]
		for c, column := range t.bins {
			for i, bin := range column[from+begin : from+begin+len(part)] {
				bins[i*f.width+c] = bin
			}
		}
		for i := range part {
			part[i] = f.start
		}
		for i := range f.trees {
			f.addTree(part, bins, &f.trees[i])
		}
	}
}

func (f *flat) addTree(part []float64, bins []uint16, t *flatTree) {
	width, nodes, values := f.width, t.nodes, f.values[t.first:t.first+len(t.nodes)]
	i := 0
	for ; i+4 <= len(part); i += 4 {
		var a, b, c, d uint64
		r0, r1, r2, r3 := bins[i*width:(i+1)*width], bins[(i+1)*width:(i+2)*width], bins[(i+2)*width:(i+3)*width], bins[(i+3)*width:(i+4)*width]
		for range t.depth {
			a, b, c, d = nodes[a].next(r0), nodes[b].next(r1), nodes[c].next(r2), nodes[d].next(r3)
		}
		part[i] += values[a]
		part[i+1] += values[b]
		part[i+2] += values[c]
		part[i+3] += values[d]
	}
	for ; i < len(part); i++ {
		at := uint64(0)
		for range t.depth {
			at = nodes[at].next(bins[i*width : (i+1)*width])
		}
		part[i] += values[at]
	}
}

func (n flatNode) next(row []uint16) uint64 {
	value := uint32(row[n>>48] + n.shift())
	return uint64(n&0xffff) + uint64((n.limit()-value)>>31)
}

// walk adds the trees by their own nodes.
func (e *Ensemble) walk(out []float64, t *table, from int) {
	for i := range out {
		out[i] = e.Start
		for _, tree := range e.Trees {
			out[i] += tree[tree.leaf(t.bins, from+i)].Value
		}
	}
}
