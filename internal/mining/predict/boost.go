// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math"
	"math/rand/v2"

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
	if o.Rounds == 0 {
		rounds, err := findRounds(ctx, binner, t, yes, o, seed)
		if err != nil {
			return nil, err
		}
		o.Rounds = rounds
	}
	b := newBooster(binner, t, yes, everyRow(t.rows), o, seed)
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
func findRounds(ctx context.Context, binner *Binner, t *table, yes []bool, o BoostOptions, seed uint64) (int, error) {
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
		boosters[k] = newBooster(binner, t, yes, learn, o, seed)
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
	yes     []bool
	learn   []int32 // rows that are learned from
	start   float64
	trees   []Tree
	margins []float64
	pairs   []pair
	random  *rand.Rand

	offsets []int // of the bins of each column in a histogram
	rows    []int32
	other   []int32
	ordered []pair // of rows, in their order
	pool    [][]pair
}

func newBooster(binner *Binner, t *table, yes []bool, learn []int32, o BoostOptions, seed uint64) *booster {
	b := &booster{
		options: o, binner: binner, table: t, yes: yes, learn: learn, random: rand.New(rand.NewPCG(seed, 1)), //nolint:gosec // no secret
		margins: make([]float64, t.rows), pairs: make([]pair, t.rows), rows: make([]int32, 0, len(learn)),
		other: make([]int32, len(learn)), ordered: make([]pair, len(learn)), offsets: make([]int, len(binner.Columns)+1),
	}
	for i := range binner.Columns {
		b.offsets[i+1] = b.offsets[i] + binner.Columns[i].bins()
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

// watch is the log loss of some rows.
func (b *booster) watch(rows []int32) float64 {
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

// round adds one tree.
func (b *booster) round() {
	parallel(len(b.learn), func(from, to int) {
		for _, row := range b.learn[from:to] {
			q := sigmoid(b.margins[row])
			y := 0.0
			if b.yes[row] {
				y = 1
			}
			b.pairs[row] = pair{q - y, max(q*(1-q), 1e-16)}
		}
	})
	b.rows = append(b.rows[:0], b.learn...)
	if b.options.Share < 1 {
		kept := b.rows[:0]
		for _, row := range b.learn {
			if b.random.Float64() < b.options.Share {
				kept = append(kept, row)
			}
		}
		b.rows = kept
	}
	if len(b.rows) == 0 {
		b.rows = append(b.rows, b.learn...)
	}
	tree := b.grow()
	b.trees = append(b.trees, tree)
	parallel(b.table.rows, func(from, to int) {
		for row := from; row < to; row++ {
			b.margins[row] += tree[tree.leaf(b.table.bins, row)].Value
		}
	})
}
