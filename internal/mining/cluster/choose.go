// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"math"
	"math/rand/v2"
)

// Trial is how well a number of groups fits.
type Trial struct {
	K      int     `json:"k"`
	Within float64 `json:"within"`
	// Silhouette is near 1 when points lie much nearer to their own group than
	// to the next (Rousseeuw 1987); from a sample of points.
	Silhouette float64 `json:"silhouette"`
	// Strength is how surely two points of one group are found together again
	// in another half of the data, in the worst group (Tibshirani and Walther
	// 2005).
	Strength   float64 `json:"prediction_strength"`
	IsProposed bool    `json:"is_proposed"`
}

// strong is the prediction strength from which on groups are there; the
// authors of the measure recommend .8 to .9.
const strong = 0.8

const (
	sampleSize = 1500 // of the silhouette: n² distances
	halves     = 4
)

// Choose tries 1 to most groups and proposes the largest number of them that
// is found again in other halves of the data; one group means that there are none.
func Choose(ctx context.Context, p *Points, most int, seed uint64, tell func(done, total int)) ([]Trial, error) {
	random := rand.New(rand.NewPCG(seed, 9)) //nolint:gosec // no secret
	sample := random.Perm(p.Len())[:min(sampleSize, p.Len())]
	most = min(most, p.Len()/2)
	trials := make([]Trial, 0, most)
	proposed := 0
	for k := 1; k <= most; k++ {
		g, err := KMeans(ctx, p, Options{K: k, Seed: seed})
		if err != nil {
			return nil, err
		}
		t := Trial{K: k, Within: g.Within, Strength: 1}
		if k > 1 {
			t.Silhouette = silhouette(p, g, sample)
			if t.Strength, err = strength(ctx, p, k, seed); err != nil {
				return nil, err
			}
		}
		if t.Strength >= strong {
			proposed = k - 1
		}
		trials = append(trials, t)
		if tell != nil {
			tell(k, most)
		}
	}
	if len(trials) > 0 {
		trials[proposed].IsProposed = true
	}
	return trials, nil
}

func silhouette(p *Points, g *Groups, sample []int) float64 {
	k := len(g.Sizes)
	sums, counts := make([]float64, k), make([]int, k)
	total, counted := 0.0, 0
	for _, i := range sample {
		clear(sums)
		clear(counts)
		for _, j := range sample {
			if i != j {
				sums[g.Of[j]] += math.Sqrt(squared(p.At(i), p.At(j)))
				counts[g.Of[j]]++
			}
		}
		own := g.Of[i]
		counted++
		if counts[own] == 0 {
			continue
		}
		a, b := sums[own]/float64(counts[own]), math.Inf(1)
		for c := range k {
			if c != int(own) && counts[c] > 0 {
				b = min(b, sums[c]/float64(counts[c]))
			}
		}
		if !math.IsInf(b, 1) && max(a, b) > 0 {
			total += (b - a) / max(a, b)
		}
	}
	return total / float64(max(1, counted))
}

func strength(ctx context.Context, p *Points, k int, seed uint64) (float64, error) {
	total := 0.0
	for h := range halves {
		random := rand.New(rand.NewPCG(seed, uint64(h)+50)) //nolint:gosec // no secret
		order := random.Perm(p.Len())
		const enough = 4000 // points in each half
		half := min(p.Len()/2, enough)
		a, b := p.Take(order[:half]), p.Take(order[half:2*half])
		learned, err := KMeans(ctx, a, Options{K: k, Seed: seed, Starts: 5})
		if err != nil {
			return 0, err
		}
		seen, err := KMeans(ctx, b, Options{K: k, Seed: seed, Starts: 5})
		if err != nil {
			return 0, err
		}
		together := make([][]int, k) // of each group of b: how many the centres of a put together
		for c := range together {
			together[c] = make([]int, k)
		}
		for i, c := range seen.Of {
			together[c][learned.Nearest(b.At(i))]++
		}
		worst := 1.0
		for c, row := range together {
			n, pairs := seen.Sizes[c], 0
			if n < 2 {
				worst = min(worst, 0)
				continue
			}
			for _, m := range row {
				pairs += m * (m - 1)
			}
			worst = min(worst, float64(pairs)/float64(n*(n-1)))
		}
		total += worst
	}
	return total / halves, nil
}

// Stability is how alike the division comes out when the points are drawn
// anew: the mean adjusted Rand index (Hubert and Arabie 1985) over resamples.
func Stability(ctx context.Context, p *Points, g *Groups, resamples int, seed uint64) (float64, error) {
	k, total := len(g.Sizes), 0.0
	for r := range resamples {
		random := rand.New(rand.NewPCG(seed, uint64(r)+500)) //nolint:gosec // no secret
		rows := make([]int, min(p.Len(), 10_000))
		for i := range rows {
			rows[i] = random.IntN(p.Len())
		}
		other, err := KMeans(ctx, p.Take(rows), Options{K: k, Seed: seed + uint64(r), Starts: 4}) //nolint:gosec // small
		if err != nil {
			return 0, err
		}
		table := make([][]int, k)
		for c := range table {
			table[c] = make([]int, k)
		}
		for i, row := range rows {
			table[g.Of[row]][other.Of[i]]++
		}
		total += adjustedRand(table)
	}
	return total / float64(max(1, resamples)), nil
}

func adjustedRand(table [][]int) float64 {
	two := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	var both, rows, columns float64
	sums, n := make([]int, len(table)), 0
	for _, row := range table {
		sum := 0
		for j, count := range row {
			both += two(count)
			sum += count
			sums[j] += count
		}
		rows += two(sum)
		n += sum
	}
	for _, sum := range sums {
		columns += two(sum)
	}
	expected := rows * columns / math.Max(1, two(n))
	if most := (rows + columns) / 2; most > expected {
		return (both - expected) / (most - expected)
	}
	return 1
}
