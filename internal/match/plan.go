// SPDX-License-Identifier: Apache-2.0

package match

import (
	"cmp"
	"math"
	"slices"

	"dangol/internal/customer"
	"dangol/internal/match/linkage"
	"dangol/internal/match/weight"
)

// edge is the best evidence that two customers are one: their two most alike records.
type edge struct {
	low, high uint32 // customers, by index; low < high
	a, b      uint32 // rows
	weight    float64
	pattern   uint64
	remark    string
}

func (e *edge) key() uint64 { return uint64(e.low)<<32 | uint64(e.high) }

// edgesOf turns scored pairs of records into pairs of customers, the strongest first.
func edgesOf(b *base, pairs []linkage.Pair, prior, floor float64) []edge {
	var edges []edge
	for _, p := range pairs {
		low, high := b.owners[p.A], b.owners[p.B]
		if w := float64(p.Bits) + prior; low != high && w >= floor {
			e := edge{low: low, high: high, a: p.A, b: p.B, weight: w, pattern: p.Pattern}
			if low > high {
				e.low, e.high, e.a, e.b = high, low, p.B, p.A
			}
			edges = append(edges, e)
		}
	}
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(x.key(), y.key()), cmp.Compare(y.weight, x.weight), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	edges = slices.CompactFunc(edges, func(x, y edge) bool { return x.key() == y.key() })
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.key(), y.key()))
	})
	return edges
}

const (
	// binWidth is the resolution of the histogram and of thresholds, in bits.
	binWidth = 0.5
	// binFloor is the lowest weight that is counted.
	binFloor = -20.0
	// targetPrecision is what links made without asking are to reach by the model's own estimate.
	targetPrecision = 0.999
	// surest is the least probability of a single link made without asking: a mass of certain pairs must
	// not carry doubtful ones over the target.
	surest = 0.99
	// reviewFrom is the probability from which a pair is worth a person's look.
	reviewFrom = 0.25
)

func histogram(edges []edge) []Bin {
	counts := map[int]*Bin{}
	for i := range edges {
		at := int(math.Floor(edges[i].weight / binWidth))
		bin := counts[at]
		if bin == nil {
			bin = &Bin{Weight: float64(at) * binWidth}
			counts[at] = bin
		}
		bin.Pairs++
		bin.Expected += weight.Probability(edges[i].weight)
	}
	bins := make([]Bin, 0, len(counts))
	for _, bin := range counts {
		bin.Expected = math.Round(bin.Expected*1000) / 1000
		bins = append(bins, *bin)
	}
	slices.SortFunc(bins, func(x, y Bin) int { return cmp.Compare(x.Weight, y.Weight) })
	return bins
}

func weightOf(probability float64) float64 { return math.Log2(probability / (1 - probability)) }

// chooseThresholds finds the lowest weight at which links are expected to reach the target precision, and
// the one from which pairs are reviewed. rates, which may be nil, are the shares of true matches a bin
// that people's decisions show.
func chooseThresholds(bins []Bin) (linkAt, reviewAt float64) {
	linkAt = math.Ceil(weightOf(surest)/binWidth) * binWidth
	reviewAt = math.Floor(weightOf(reviewFrom)/binWidth) * binWidth
	pairs, expected := 0.0, 0.0
	for i := len(bins) - 1; i >= 0 && bins[i].Weight >= linkAt; i-- {
		pairs, expected = pairs+float64(bins[i].Pairs), expected+bins[i].Expected
		if expected < targetPrecision*pairs {
			linkAt = bins[i].Weight + binWidth
			break
		}
	}
	return linkAt, reviewAt
}

// expectation is the precision and recall that the model expects of linking from a weight on.
func expectation(bins []Bin, linkAt float64) (precision, recall float64) {
	var pairs, linked, all float64
	for _, bin := range bins {
		all += bin.Expected
		if bin.Weight >= linkAt {
			pairs, linked = pairs+float64(bin.Pairs), linked+bin.Expected
		}
	}
	precision, recall = 1, 1
	if pairs > 0 {
		precision = linked / pairs
	}
	if all > 0 {
		recall = linked / all
	}
	return precision, recall
}

// outcome is what a run decided.
type outcome struct {
	merges    []merge
	reviews   []edge
	conflicts int64
	largest   int
}

// cluster joins customers by the surest evidence first. Two groups are joined only when most pairs of
// their members are alike too: transitive closure alone would chain strangers together. What is sure but
// not joined, and what is doubtful, goes to people; what conflicts is left apart.
func cluster(b *base, edges []edge, linkAt, reviewAt float64, comparisons int) *outcome {
	c := newClustering(len(b.customers), edges, reviewAt)
	out := &outcome{largest: 1}
	for i := range edges {
		e := edges[i]
		if e.weight < reviewAt {
			break
		}
		x, y := c.find(e.low), c.find(e.high)
		if x == y {
			continue
		}
		if c.conflicts(b, x, y) {
			out.conflicts++
			continue
		}
		switch {
		case e.weight < linkAt:
			out.reviews = append(out.reviews, e)
		case e.remark != "":
			out.reviews = append(out.reviews, e)
		case !c.isSupported(x, y):
			e.remark = "group"
			out.reviews = append(out.reviews, e)
		default:
			c.join(b, x, y, e)
			out.largest = max(out.largest, len(c.members[c.find(x)]))
		}
	}
	out.merges = c.merges(b, comparisons)
	out.reviews = c.settle(b, out.reviews)
	return out
}

// clustering is the groups while they grow; members are lists of customers, nil for a group of one.
type clustering struct {
	parent  []uint32
	members map[uint32][]uint32
	alike   map[uint64]bool
	lost    []lost
}

// lost is a customer that was joined to an older one, and the evidence.
type lost struct {
	customer uint32
	by       edge
}

func newClustering(customers int, edges []edge, reviewAt float64) *clustering {
	c := &clustering{parent: make([]uint32, customers), members: map[uint32][]uint32{}, alike: map[uint64]bool{}}
	for i := range c.parent {
		c.parent[i] = uint32(i)
	}
	for i := range edges {
		if edges[i].weight < reviewAt {
			break
		}
		c.alike[edges[i].key()] = true
	}
	return c
}

func (c *clustering) find(x uint32) uint32 {
	for c.parent[x] != x {
		c.parent[x] = c.parent[c.parent[x]]
		x = c.parent[x]
	}
	return x
}

func (c *clustering) of(root uint32) []uint32 {
	if list := c.members[root]; list != nil {
		return list
	}
	return []uint32{root}
}

func (c *clustering) conflicts(b *base, x, y uint32) bool {
	for _, p := range c.of(x) {
		for _, q := range c.of(y) {
			if b.conflict(p, q) != "" {
				return true
			}
		}
	}
	return false
}

// isSupported reports whether at least half of the pairs between two groups are alike.
func (c *clustering) isSupported(x, y uint32) bool {
	one, other := c.of(x), c.of(y)
	alike := 0
	for _, p := range one {
		for _, q := range other {
			e := edge{low: min(p, q), high: max(p, q)}
			if c.alike[e.key()] {
				alike++
			}
		}
	}
	return 2*alike >= len(one)*len(other)
}

// join makes one group of two; the oldest customer (lowest id) keeps its number.
func (c *clustering) join(b *base, x, y uint32, e edge) {
	keeper, other := x, y
	if b.customers[other] < b.customers[keeper] {
		keeper, other = other, keeper
	}
	c.lost = append(c.lost, lost{other, e})
	c.members[keeper] = append(slices.Clone(c.of(keeper)), c.of(other)...)
	delete(c.members, other)
	c.parent[other] = keeper
}

// merges lists what is to be merged: every customer that lost its number, into the one that keeps it.
func (c *clustering) merges(b *base, comparisons int) []merge {
	list := make([]merge, len(c.lost))
	for i, l := range c.lost {
		list[i] = merge{
			Position: int64(i + 1), SurvivorID: b.customers[c.find(l.customer)], OtherID: b.customers[l.customer],
			LowRecord: b.records[l.by.a], HighRecord: b.records[l.by.b], Weight: l.by.weight,
			Pattern: patternText(l.by.pattern, comparisons), State: "planned",
		}
	}
	return list
}

// settle keeps one doubtful pair for any two groups, between the customers that keep their numbers.
func (c *clustering) settle(b *base, reviews []edge) []edge {
	seen := map[uint64]bool{}
	kept := reviews[:0]
	for _, e := range reviews {
		x, y := c.find(e.low), c.find(e.high)
		if x == y || c.conflicts(b, x, y) {
			continue
		}
		if x > y {
			x, y, e.a, e.b = y, x, e.b, e.a
		}
		e.low, e.high = x, y
		if !seen[e.key()] {
			seen[e.key()] = true
			kept = append(kept, e)
		}
	}
	return kept
}

// namesDiffer reports whether a pattern says that the two names are altogether different. People of one
// household share address, telephone and often the style of their e-mail: whatever the weight, a person decides.
func namesDiffer(spec *linkage.Spec, level func(comparison int) uint8) bool {
	for i, c := range spec.Model.Comparisons {
		if c.Name == customer.FullName.String() && len(c.Levels) > 2 {
			return int(level(i)) == len(c.Levels)-1
		}
	}
	return false
}

// remarkNames marks sure pairs with different names.
func remarkNames(spec *linkage.Spec, edges []edge, linkAt float64) {
	for i := range edges {
		if edges[i].weight < linkAt {
			return
		}
		pattern := edges[i].pattern
		if namesDiffer(spec, func(c int) uint8 { return uint8(pattern >> (c * levelBits) & (1<<levelBits - 1)) }) {
			edges[i].remark = "name"
		}
	}
}
