// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"math"
	"slices"
)

const (
	// crossPairsSeen bounds the pairs looked at between two clusters.
	crossPairsSeen = 64
	// strongest bounds what one pair can say for or against joining two
	// clusters, in bits, so that one lucky pair does not outvote the rest.
	strongest = 12
	// priorBetween is how much of the prior each pair between two clusters
	// carries once their strongest pair is believed: that pair already makes
	// the others likelier than two random records.
	priorBetween = 0.7
	// largestCluster is where a cluster stops growing: no person has so many
	// records in one file.
	largestCluster = 500
)

// clusters joins records by the strongest pairs first, and joins two clusters
// only when the evidence between them, averaged over their pairs, speaks for
// it: transitive closure alone would chain strangers together. It is average
// linkage in the order of Kruskal's algorithm.
type clusters struct {
	parent  []uint32
	members map[uint32][]uint32
	worker  *worker
	prior   float32
	largest int
	most    int
	oneEach bool // at most one record of each source
	source  []uint8
	// birth and sex are the fields whose joint difference forbids, −1 for
	// none; keys are those of which a person has one.
	birth, sex int
	keys       []int
}

func newClusters(t *Table, w *worker, prior float32, options Options) *clusters {
	c := &clusters{
		parent: make([]uint32, t.Rows), members: map[uint32][]uint32{}, worker: w, prior: prior, largest: min(1, t.Rows), oneEach: options.LinkOnly,
		source: t.Source, birth: -1, sex: -1, most: options.LargestCluster,
	}
	if c.most == 0 {
		c.most = largestCluster
	}
	for i, f := range w.fields {
		switch {
		case f.kind == Date && isBirth(f.name):
			c.birth = i
		case f.kind == Sex:
			c.sex = i
		}
		if slices.ContainsFunc(f.columns, func(column string) bool { return isIgnored(column, options.OnePerPerson) }) {
			c.keys = append(c.keys, i)
		}
	}
	for i := range c.parent {
		c.parent[i] = uint32(i)
	}
	return c
}

func (c *clusters) find(a uint32) uint32 {
	for c.parent[a] != a {
		c.parent[a] = c.parent[c.parent[a]]
		a = c.parent[a]
	}
	return a
}

func (c *clusters) of(root uint32) []uint32 {
	if m := c.members[root]; m != nil {
		return m
	}
	return []uint32{root}
}

func strongestFirst(pairs []Pair) {
	slices.SortFunc(pairs, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(y.Bits, x.Bits), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
}

// joinAll goes through the pairs from the strongest; threshold is in bits with
// the prior included.
func (c *clusters) joinAll(pairs []Pair, threshold float32) {
	strongestFirst(pairs)
	for _, p := range pairs {
		if p.Bits+c.prior < threshold {
			return
		}
		a, b := c.find(p.A), c.find(p.B)
		if a == b || c.isConflict(p.Pattern) {
			continue
		}
		x, y := c.of(a), c.of(b)
		if len(x)+len(y) > c.most || c.oneEach && c.overlap(x, y) {
			continue
		}
		if len(x)*len(y) > 1 && c.between(x, y) < threshold {
			continue
		}
		if len(x) < len(y) {
			a, b, x, y = b, a, y, x
		}
		c.parent[b] = a
		c.members[a] = append(slices.Clip(x), y...)
		delete(c.members, b)
		c.largest = max(c.largest, len(x)+len(y))
	}
}

func (c *clusters) overlap(x, y []uint32) bool {
	for _, a := range x {
		for _, b := range y {
			if c.source[a] == c.source[b] {
				return true
			}
		}
	}
	return false
}

// isConflict: another birth date and another sex, or two keys of which a
// person has one.
func (c *clusters) isConflict(pattern uint64) bool {
	differs := func(i int) bool { return levelAt(pattern, i) == c.worker.fields[i].measure.other() }
	if c.birth >= 0 && c.sex >= 0 && differs(c.birth) && differs(c.sex) {
		return true
	}
	return slices.ContainsFunc(c.keys, differs)
}

// between is the mean of the bounded weights over pairs of the two clusters;
// of many pairs an even sample.
func (c *clusters) between(x, y []uint32) float32 {
	all := len(x) * len(y)
	step := max(1, all/crossPairsSeen)
	sum, n := float32(0), 0
	for k := 0; k < all; k += step {
		bits, pattern, _ := c.worker.score(c.worker.row(x[k/len(y)]), c.worker.row(y[k%len(y)]), float32(math.Inf(-1)))
		if c.isConflict(pattern) {
			return float32(math.Inf(-1))
		}
		sum += min(max(bits+c.prior*priorBetween, -strongest), strongest)
		n++
	}
	return sum / float32(n)
}
