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
	parallel(f.Rows, func(from, to int) { flat.add(out[from:to], t, from) })
	return out
}

// flat is an ensemble laid out for speed: every question is one comparison of
// an unsigned number, leaves lead to themselves, so that all rows of a tree take
// the same number of steps and several of them are under way at once.
type flat struct {
	start  float64
	width  int
	depths []int
	roots  []int32
	nodes  []flatNode
	values []float64
}

// flatNode asks whether (bin + shift) mod 65536 is at most limit. A number with
// missing on the right shifts bin 0 to the top; a category is a range of one.
type flatNode struct {
	column       int32
	shift, limit uint16
	left, right  int32
}

func (e *Ensemble) flatten() *flat {
	f := &flat{start: e.Start, width: len(e.Binner.Columns)}
	for _, t := range e.Trees {
		root := int32(len(f.nodes)) //nolint:gosec // a count of nodes
		f.roots = append(f.roots, root)
		f.depths = append(f.depths, t.depth(0))
		for i, n := range t {
			flat := flatNode{column: n.Column, limit: n.Bin, left: root + n.Left, right: root + n.Right}
			switch {
			case n.Left == 0:
				flat.left, flat.right = root+int32(i), root+int32(i) //nolint:gosec // a count of nodes
			case n.IsCategory:
				flat.shift, flat.limit = -n.Bin, 0
			case !n.MissingLeft:
				flat.shift, flat.limit = ^uint16(0), n.Bin-1
			}
			f.nodes = append(f.nodes, flat)
			f.values = append(f.values, n.Value)
		}
	}
	return f
}

func (t Tree) depth(at int32) int {
	if t[at].Left == 0 {
		return 0
	}
	return 1 + max(t.depth(t[at].Left), t.depth(t[at].Right))
}

// rowsAtOnce fit into the fast memory together with the trees.
const rowsAtOnce = 256

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
		for tree, root := range f.roots {
			f.addTree(part, bins, root, f.depths[tree])
		}
	}
}

func (f *flat) addTree(part []float64, bins []uint16, root int32, depth int) {
	i := 0
	for ; i+4 <= len(part); i += 4 {
		a, b, c, d := root, root, root, root
		r0, r1, r2, r3 := bins[i*f.width:], bins[(i+1)*f.width:], bins[(i+2)*f.width:], bins[(i+3)*f.width:]
		for range depth {
			a, b, c, d = f.next(a, r0), f.next(b, r1), f.next(c, r2), f.next(d, r3)
		}
		part[i] += f.values[a]
		part[i+1] += f.values[b]
		part[i+2] += f.values[c]
		part[i+3] += f.values[d]
	}
	for ; i < len(part); i++ {
		at := root
		for range depth {
			at = f.next(at, bins[i*f.width:])
		}
		part[i] += f.values[at]
	}
}

func (f *flat) next(at int32, row []uint16) int32 {
	n := &f.nodes[at]
	to := n.right
	if row[n.column]+n.shift <= n.limit {
		to = n.left
	}
	return to
}
