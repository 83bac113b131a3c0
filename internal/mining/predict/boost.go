// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math"
	"math/rand/v2"
	"sync/atomic"

	"dangol/internal/mining/frame"
)

// BoostOptions are the settings of gradient boosting.
type BoostOptions struct {
	Rounds int     // 0: as many as hold-out loss asks for
	Depth  int     // of every tree
	Rate   float64 // by which each tree is shrunk
	Lambda float64 // penalty on leaf values (Chen and Guestrin 2016, formula 5)
	Least  float64 // hessian that each child must have
	Share  float64 // of the rows that each tree sees
}

// boostDefaults are slow steps with early stopping: more rounds when the data
// carry them, fewer when they do not.
var boostDefaults = BoostOptions{Depth: 4, Rate: 0.05, Lambda: 1, Least: 1, Share: 1}

const (
	mostRounds = 1500
	// patience is after how many rounds without a better hold-out loss
	// boosting stops.
	patience = 60
	// crossRows is up to which size the number of rounds is found by five
	// folds; above it one hold-out part of a fifth tells enough.
	crossRows = 20_000
)

// fitBoost learns trees by gradient boosting with histograms.
func fitBoost(ctx context.Context, f *frame.Frame, yes []bool, o BoostOptions, seed uint64) (*Ensemble, error) {
	binner := newBinner(f, fewBins)
	t := binner.encode(f)
	groups := groupRows(binner, t)
	if o.Rounds == 0 {
		rounds, err := findRounds(ctx, binner, t, groups, yes, o, seed)
		if err != nil {
			return nil, err
		}
		o.Rounds = rounds
	}
	b := newBooster(binner, t, groups, yes, everyRow(t.rows), o, seed)
	for range o.Rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.round()
	}
	return &Ensemble{Binner: binner, Trees: b.trees, Start: b.start}, nil
}

func everyRow(n int) []int32 {
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i) //nolint:gosec // rows in memory
	}
	return rows
}

// findRounds watches the loss of rows that were held out.
func findRounds(ctx context.Context, binner *Binner, t *table, groups []rowGroup, yes []bool, o BoostOptions, seed uint64) (int, error) {
	const parts = 5
	folds := parts
	if t.rows > crossRows {
		folds = 1
	}
	fold := foldsOf(yes, parts, seed)
	boosters, held := make([]*booster, folds), make([][]int32, folds)
	for k := range folds {
		var learn []int32
		for row, part := range fold {
			if part == k {
				held[k] = append(held[k], int32(row)) //nolint:gosec // rows in memory
			} else {
				learn = append(learn, int32(row)) //nolint:gosec // rows in memory
			}
		}
		boosters[k] = newBooster(binner, t, groups, yes, learn, o, seed)
	}
	best, bestLoss := 1, math.Inf(1)
	for round := 1; round <= mostRounds && round-best <= patience; round++ {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		losses := make([]float64, folds)
		step := func(k int) {
			boosters[k].round()
			losses[k] = boosters[k].watch(held[k])
		}
		if folds == 1 {
			step(0)
		} else {
			each(folds, step)
		}
		loss := 0.0
		for _, l := range losses {
			loss += l
		}
		if loss < bestLoss*(1-1e-5) {
			best, bestLoss = round, loss
		}
	}
	return best, nil
}

// pair is gradient and hessian of the log loss.
type pair struct{ g, h float64 }

// booster is the state between rounds.
type booster struct {
	options BoostOptions
	binner  *Binner
	table   *table
	groups  []rowGroup
	yes     []bool
	learn   []int32 // rows that are learned from
	start   float64
	trees   []Tree
	margins []float64
	packed  []int64 // gradient and hessian of each row, see pack
	random  *rand.Rand

	offsets []int // of the bins of each column in a histogram
	rows    []int32
	other   []int32
	leaves  []leafRows
	pool    [][]pair
}

// leafRows are the rows that came to a leaf of the last tree.
type leafRows struct {
	from, to int
	value    float64
}

func newBooster(binner *Binner, t *table, groups []rowGroup, yes []bool, learn []int32, o BoostOptions, seed uint64) *booster {
	b := &booster{
		options: o, binner: binner, table: t, groups: groups, yes: yes, learn: learn, random: rand.New(rand.NewPCG(seed, 1)), //nolint:gosec // no secret
		margins: make([]float64, t.rows), packed: make([]int64, t.rows), rows: make([]int32, 0, len(learn)),
		other: make([]int32, len(learn)), offsets: binner.offsets(),
	}
	count := 0
	for _, row := range learn {
		if yes[row] {
			count++
		}
	}
	b.start = logit(float64(count) / math.Max(1, float64(len(learn))))
	for i := range b.margins {
		b.margins[i] = b.start
	}
	return b
}

// watch adds the last tree to rows that are not learned from, and returns their
// log loss.
func (b *booster) watch(rows []int32) float64 {
	b.add(rows)
	loss := 0.0
	for _, row := range rows {
		m := b.margins[row]
		loss += softplus(m)
		if b.yes[row] {
			loss -= m
		}
	}
	return loss
}

// add walks rows through the last tree.
func (b *booster) add(rows []int32) {
	tree := b.trees[len(b.trees)-1]
	parallel(len(rows), func(from, to int) {
		for _, row := range rows[from:to] {
			b.margins[row] += tree[tree.leaf(b.table.bins, int(row))].Value
		}
	})
}

// round adds one tree.
func (b *booster) round() {
	var g, h atomic.Int64
	parallel(len(b.learn), func(from, to int) {
		var sumG, sumH int64
		for _, row := range b.learn[from:to] {
			q := 1 / (1 + math.Exp(-b.margins[row])) // exact at both ends, and no branch
			y := 0.0
			if b.yes[row] {
				y = 1
			}
			packed := pack(q-y, q*(1-q))
			b.packed[row] = packed
			sumG, sumH = sumG+gradientOf(packed), sumH+hessianOf(packed)
		}
		g.Add(sumG)
		h.Add(sumH)
	})
	sum := pair{float64(g.Load()) * gradientUnit, float64(h.Load()) * hessianUnit}
	b.rows = append(b.rows[:0], b.learn...)
	if b.options.Share < 1 {
		sum = b.sample()
	}
	tree := b.grow(sum)
	b.trees = append(b.trees, tree)
	if len(b.rows) < len(b.learn) {
		b.add(b.learn)
		return
	}
	for _, leaf := range b.leaves { // the rows stand there already
		rows := b.rows[leaf.from:leaf.to]
		parallel(len(rows), func(from, to int) {
			for _, row := range rows[from:to] {
				b.margins[row] += leaf.value
			}
		})
	}
}

// sample keeps a share of the rows for the next tree.
func (b *booster) sample() pair {
	kept := b.rows[:0]
	for _, row := range b.learn {
		if b.random.Float64() < b.options.Share {
			kept = append(kept, row)
		}
	}
	b.rows = kept
	if len(b.rows) == 0 {
		b.rows = append(b.rows, b.learn...)
	}
	var g, h int64
	for _, row := range b.rows {
		g, h = g+gradientOf(b.packed[row]), h+hessianOf(b.packed[row])
	}
	return pair{float64(g) * gradientUnit, float64(h) * hessianUnit}
}
