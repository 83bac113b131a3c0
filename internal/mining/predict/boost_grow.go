// SPDX-License-Identifier: Apache-2.0

package predict

import "sync"

// open is a node that may still be divided.
type open struct {
	node     int32
	from, to int // its rows
	sum      pair
	sums     []pair // histogram of all columns
	parent   []pair // histogram of the parent, when this is its larger child
	sibling  *open
	best     cut
	left     int // rows that go left
}

// cut is the best way to divide a node.
type cut struct {
	gain        float64
	column      int32
	bin         uint16
	isCategory  bool
	missingLeft bool
	left        pair
}

// grow makes one tree, level by level.
func (b *booster) grow(sum pair) Tree {
	tree := Tree{b.leafNode(sum, len(b.rows))}
	b.leaves = b.leaves[:0]
	level := []*open{{from: 0, to: len(b.rows), sum: sum}}
	for depth := 0; depth < b.options.Depth && len(level) > 0; depth++ {
		b.histograms(level)
		b.search(level)
		b.part(level)
		var next []*open
		for _, node := range level {
			if node.best.gain > 0 {
				next = append(next, b.divide(&tree, node)...)
			} else {
				b.release(node.sums)
				b.leaves = append(b.leaves, leafRows{node.from, node.to, tree[node.node].Value})
			}
		}
		level = next
	}
	for _, node := range level {
		b.release(node.parent)
		b.leaves = append(b.leaves, leafRows{node.from, node.to, tree[node.node].Value})
	}
	return tree
}

func (b *booster) leafNode(sum pair, rows int) Node {
	return Node{Value: -b.options.Rate * sum.g / (sum.h + b.options.Lambda), Cover: float64(rows)}
}

// histograms counts the smaller child of every pair; the larger one is the
// parent less its sibling.
func (b *booster) histograms(level []*open) {
	type task struct {
		node     *open
		group    *rowGroup
		from, to int
	}
	var tasks []task
	for _, node := range level {
		if node.parent != nil {
			continue
		}
		node.sums = b.take()
		clear(node.sums)
		for g := range b.groups {
			for from := node.from; from < node.to; from += packedRows {
				tasks = append(tasks, task{node, &b.groups[g], from, min(node.to, from+packedRows)})
			}
		}
	}
	var adding sync.Mutex
	each(len(tasks), func(i int) {
		t := tasks[i]
		counts := countsPool.Get().(*[mostBins]int64) //nolint:forcetypeassert // only these are put there
		t.group.count(counts, b.rows[t.from:t.to], b.packed)
		adding.Lock()
		t.group.unpack(counts, t.node.sums)
		adding.Unlock()
		countsPool.Put(counts)
	})
	for _, node := range level {
		if node.parent != nil {
			node.sums, node.parent = node.parent, nil
			for i, p := range node.sibling.sums {
				node.sums[i].g -= p.g
				node.sums[i].h -= p.h
			}
		}
	}
}

func (b *booster) search(level []*open) {
	cuts := make([]cut, len(level)*len(b.binner.Columns))
	each(len(cuts), func(i int) {
		node, column := level[i/len(b.binner.Columns)], i%len(b.binner.Columns)
		sums := node.sums[b.offsets[column]:b.offsets[column+1]]
		if isCategory(&b.binner.Columns[column]) {
			cuts[i] = b.cutCategory(sums, node.sum)
		} else {
			cuts[i] = b.cutNumber(sums, node.sum)
		}
		cuts[i].column = int32(column) //nolint:gosec // a count of columns
	})
	for i, c := range cuts {
		if node := level[i/len(b.binner.Columns)]; c.gain > node.best.gain {
			node.best = c
		}
	}
}

func isCategory(b *Binning) bool { return b.Kind == "category" }

// leastGain is what a cut must bring beyond rounding noise.
const leastGain = 1e-6

func (b *booster) gain(left, all pair) float64 {
	right := pair{all.g - left.g, all.h - left.h}
	if left.h < b.options.Least || right.h < b.options.Least {
		return 0
	}
	l := b.options.Lambda
	gain := left.g*left.g/(left.h+l) + right.g*right.g/(right.h+l) - all.g*all.g/(all.h+l)
	if gain < leastGain {
		return 0
	}
	return gain
}

func (b *booster) cutNumber(sums []pair, all pair) cut {
	best := cut{}
	absent := sums[0]
	for _, missingLeft := range []bool{false, true} {
		left := pair{}
		if missingLeft {
			if absent.h == 0 {
				break
			}
			left = absent
		}
		for bin := 1; bin < len(sums)-1; bin++ {
			if sums[bin].h == 0 {
				continue
			}
			left.g, left.h = left.g+sums[bin].g, left.h+sums[bin].h
			if gain := b.gain(left, all); gain > best.gain {
				best = cut{gain: gain, bin: uint16(bin), missingLeft: missingLeft, left: left} //nolint:gosec // fewer than 65536
			}
		}
	}
	if absent.h > 0 { // everything that is there against missing
		left := pair{all.g - absent.g, all.h - absent.h}
		if gain := b.gain(left, all); gain > best.gain {
			best = cut{gain: gain, bin: uint16(len(sums) - 1), left: left} //nolint:gosec // fewer than 65536
		}
	}
	return best
}

func (b *booster) cutCategory(sums []pair, all pair) cut {
	best := cut{}
	for bin, left := range sums {
		if gain := b.gain(left, all); left.h > 0 && gain > best.gain {
			best = cut{gain: gain, bin: uint16(bin), isCategory: true, left: left} //nolint:gosec // fewer than 65536
		}
	}
	return best
}

// part parts the rows of all nodes that are divided, keeping their order.
func (b *booster) part(level []*open) {
	each(len(level), func(i int) {
		node := level[i]
		c := node.best
		if c.gain <= 0 {
			return
		}
		question := (&Node{Bin: c.bin, IsCategory: c.isCategory, MissingLeft: c.missingLeft, Left: 1}).flat(int(c.column), 0)
		bins, rows, other := b.table.bins[c.column], b.rows[node.from:node.to], b.other[node.from:node.to]
		shift, limit := question.shift(), question.limit()
		left := 0
		for place, row := range rows { // both are written, so that nothing is guessed
			right := int((limit - uint32(bins[row]+shift)) >> 31)
			rows[left], other[place-left] = row, row
			left += 1 - right
		}
		copy(rows[left:], other[:len(rows)-left])
		node.left = left
	})
}

// divide adds two children to the tree.
func (b *booster) divide(tree *Tree, node *open) []*open {
	c := node.best
	at := int32(len(*tree)) //nolint:gosec // a count of nodes
	n := &(*tree)[node.node]
	n.Column, n.Bin, n.IsCategory, n.MissingLeft, n.Left, n.Right = c.column, c.bin, c.isCategory, c.missingLeft, at, at+1
	middle := node.from + node.left
	small := &open{node: at, from: node.from, to: middle, sum: c.left}
	large := &open{node: at + 1, from: middle, to: node.to, sum: pair{node.sum.g - c.left.g, node.sum.h - c.left.h}}
	*tree = append(*tree, b.leafNode(small.sum, middle-node.from), b.leafNode(large.sum, node.to-middle))
	if middle-node.from > node.to-middle {
		small, large = large, small
	}
	large.parent, large.sibling = node.sums, small
	return []*open{small, large}
}

func (b *booster) take() []pair {
	if last := len(b.pool) - 1; last >= 0 {
		sums := b.pool[last]
		b.pool = b.pool[:last]
		return sums
	}
	return make([]pair, b.offsets[len(b.offsets)-1])
}

func (b *booster) release(sums []pair) {
	if sums != nil {
		b.pool = append(b.pool, sums)
	}
}
