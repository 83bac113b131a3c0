// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"dangol/internal/mining/frame"
)

// ForestOptions are the settings of a random forest (Breiman 2001).
type ForestOptions struct {
	Trees int
	Least int // rows of a leaf
}

var forestDefaults = ForestOptions{Trees: 300, Least: 5}

// TreeOptions are the settings of a single tree (CART, gini).
type TreeOptions struct {
	Depth int
	Least int
}

var treeDefaults = TreeOptions{Depth: 5, Least: 50}

// fitForest grows trees on samples with replacement; each question chooses
// among √columns drawn anew.
func fitForest(ctx context.Context, f *frame.Frame, yes []bool, o ForestOptions, seed uint64) (*Ensemble, error) {
	binner := newBinner(f, fewBins)
	t := binner.encode(f)
	out := &Ensemble{Binner: binner, Trees: make([]Tree, o.Trees), IsShare: true}
	features := binner.features(t)
	tries := max(1, int(math.Sqrt(float64(len(features)))))
	each(o.Trees, func(k int) {
		if ctx.Err() != nil {
			return
		}
		random := rand.New(rand.NewPCG(seed, uint64(k))) //nolint:gosec // no secret
		times := make([]uint8, t.rows)
		for range t.rows {
			if at := random.IntN(t.rows); times[at] < 255 {
				times[at]++
			}
		}
		g := &grower{binner: binner, table: t, yes: yes, least: o.Least, depth: 64, features: slices.Clone(features), tries: tries, random: random, scale: 1 / float64(o.Trees)}
		out.Trees[k] = g.grow(times)
	})
	return out, ctx.Err()
}

// fitTree grows one tree that may cut between any two values.
func fitTree(f *frame.Frame, yes []bool, o TreeOptions) *Ensemble {
	binner := newBinner(f, exactBins)
	t := binner.encode(f)
	features := make([]feature, len(binner.Columns))
	for i := range features {
		features[i] = feature{int32(i), allLevels} //nolint:gosec // a count of columns
	}
	g := &grower{binner: binner, table: t, yes: yes, least: o.Least, depth: o.Depth, features: features, tries: len(features), scale: 1, base: rate(yes), weight: 2}
	return &Ensemble{Binner: binner, Trees: []Tree{g.grow(nil)}, IsShare: true}
}

// feature is what a question may be about: a number, one level of a category,
// or all levels of it.
type feature struct {
	column int32
	level  int32
}

const allLevels = -1

// features lists every number once and every level of every category that
// occurs, as if levels were columns of their own.
func (b *Binner) features(t *table) []feature {
	var out []feature
	for i := range b.Columns {
		column := int32(i) //nolint:gosec // a count of columns
		if b.Columns[i].Kind != frame.Category {
			out = append(out, feature{column, allLevels})
			continue
		}
		occurs := make([]bool, b.Columns[i].bins())
		for _, bin := range t.bins[i] {
			occurs[bin] = true
		}
		for level, yes := range occurs {
			if yes {
				out = append(out, feature{column, int32(level)}) //nolint:gosec // fewer than 65536
			}
		}
	}
	return out
}

// grower grows one tree by gini.
type grower struct {
	binner *Binner
	table  *table
	yes    []bool
	least  int
	depth  int
	tries  int
	random *rand.Rand
	scale  float64
	// base is the rate of all rows, which counts as much as weight rows in every
	// leaf, so that no leaf claims to be certain.
	base, weight float64

	tree     Tree
	features []feature
	counts   []uint64 // of one column: rows in the low half, yeses in the high half
	weights  []uint64 // of each row, alike
	ordered  []uint64 // weights of the rows of the node
	other    []int32
}

// grow grows a tree from rows that count as many times as given; nil is once.
func (g *grower) grow(times []uint8) Tree {
	most := 0
	for i := range g.binner.Columns {
		most = max(most, g.binner.Columns[i].bins())
	}
	g.weights = make([]uint64, g.table.rows)
	rows := make([]int32, 0, g.table.rows)
	for row := range g.weights {
		n := uint64(1)
		if times != nil {
			n = uint64(times[row])
		}
		if n == 0 {
			continue
		}
		rows = append(rows, int32(row)) //nolint:gosec // rows in memory
		g.weights[row] = n
		if g.yes[row] {
			g.weights[row] |= n << 32
		}
	}
	g.counts, g.other, g.ordered = make([]uint64, most), make([]int32, len(rows)), make([]uint64, len(rows))
	g.divide(rows, 0)
	return g.tree
}

// divide adds the node of these rows and those below it.
func (g *grower) divide(rows []int32, depth int) int32 {
	at := int32(len(g.tree)) //nolint:gosec // a count of nodes
	all := uint64(0)
	ordered := g.ordered[:len(rows)]
	for i, row := range rows {
		ordered[i] = g.weights[row]
		all += ordered[i]
	}
	count, yes := all&lowHalf, all>>32
	n := float64(count)
	g.tree = append(g.tree, Node{Value: g.scale * (float64(yes) + g.weight*g.base) / (n + g.weight), Cover: n})
	if depth >= g.depth || int(count) < 2*g.least || yes == 0 || yes == count { //nolint:gosec // a count of rows
		return at
	}
	best := g.best(rows, ordered, all)
	if best.gain <= 0 {
		return at
	}
	node := &g.tree[at]
	node.Column, node.Bin, node.IsCategory, node.MissingLeft = best.column, best.bin, best.isCategory, best.missingLeft
	bins := g.table.bins[best.column]
	left, right := 0, 0
	for _, row := range rows {
		if node.goesLeft(bins[row]) {
			rows[left] = row
			left++
		} else {
			g.other[right] = row
			right++
		}
	}
	copy(rows[left:], g.other[:right])
	a := g.divide(rows[:left], depth+1)
	b := g.divide(rows[left:], depth+1)
	g.tree[at].Left, g.tree[at].Right = a, b
	return at
}

// best looks at tries features, and at further ones as long as none divides the
// rows at all (as scikit-learn does).
func (g *grower) best(rows []int32, ordered []uint64, all uint64) cut {
	best, useful := cut{}, false
	for i := range g.features {
		if i >= g.tries && useful {
			break
		}
		if g.random != nil {
			j := i + g.random.IntN(len(g.features)-i)
			g.features[i], g.features[j] = g.features[j], g.features[i]
		}
		f := g.features[i]
		look := g.look
		if f.level != allLevels {
			look = g.lookAt
		}
		c, divides := look(f, rows, ordered, all)
		useful = useful || divides
		if c.gain > best.gain {
			best = c
			best.column = f.column
		}
	}
	return best
}

// lowHalf masks the number of rows in a count of rows and yeses.
const lowHalf = 1<<32 - 1

// look finds the best cut of one column; divides is false when all rows agree.
func (g *grower) look(f feature, rows []int32, ordered []uint64, all uint64) (best cut, divides bool) {
	binning := &g.binner.Columns[f.column]
	counts := g.counts[:binning.bins()]
	clear(counts)
	bins := g.table.bins[f.column]
	ordered = ordered[:len(rows)]
	for i, row := range rows {
		counts[bins[row]] += ordered[i]
	}
	if counts[bins[rows[0]]] == all {
		return best, false
	}
	if binning.Kind == frame.Category {
		for bin, left := range counts {
			if gain := g.gain(left, all); gain > best.gain {
				best = cut{gain: gain, bin: uint16(bin), isCategory: true} //nolint:gosec // fewer than 65536
			}
		}
		return best, true
	}
	for _, start := range []uint64{0, counts[0]} {
		left := start
		for bin := 1; bin < len(counts); bin++ {
			if counts[bin] == 0 {
				continue
			}
			left += counts[bin]
			if gain := g.gain(left, all); gain > best.gain {
				best = cut{gain: gain, bin: uint16(bin), missingLeft: start > 0} //nolint:gosec // fewer than 65536
			}
		}
		if counts[0] == 0 {
			break
		}
	}
	return best, true
}

// lookAt tries one level against all others, without a branch that nobody can
// foresee.
func (g *grower) lookAt(f feature, rows []int32, ordered []uint64, all uint64) (best cut, divides bool) {
	bins, level := g.table.bins[f.column], uint16(f.level) //nolint:gosec // fewer than 65536
	left := uint64(0)
	ordered = ordered[:len(rows)]
	for i, row := range rows {
		same := (uint64(bins[row]^level) - 1) >> 63 // 1 when equal
		left += ordered[i] & -same
	}
	if left&lowHalf == 0 || left == all {
		return best, false
	}
	return cut{gain: g.gain(left, all), bin: level, isCategory: true}, true
}

// gain is the decrease of gini impurity, in rows.
func (g *grower) gain(left, all uint64) float64 {
	nl, yl := float64(left&lowHalf), float64(left>>32)
	n, y := float64(all&lowHalf), float64(all>>32)
	nr, yr := n-nl, y-yl
	if nl < float64(g.least) || nr < float64(g.least) {
		return 0
	}
	gain := (yl*yl+(nl-yl)*(nl-yl))/nl + (yr*yr+(nr-yr)*(nr-yr))/nr - (y*y+(n-y)*(n-y))/n
	if gain < 1e-9*n {
		return 0
	}
	return gain
}
