// SPDX-License-Identifier: Apache-2.0

package recommend

import (
	"context"
	"math"
	"math/rand/v2"

	"dangol/internal/mining/statistics"
)

// factors is matrix factorisation of implicit data by alternating least squares
// (Hu, Koren and Volinsky 2008); popular items are penalised more, so that they
// do not fill every list.
type factors struct {
	customers, items [][]float64
	correction       []float64 // of the popularity of each item
}

const (
	mostWidth = 24
	sweeps    = 8
	// What was taken weighs more than what was not, the more so the rarer that
	// is, or a sparse table would be all zeros and a full one all memory.
	leastConfidence, mostConfidence = 1.0, 40.0
	penalty                         = 0.1 // times the number of observations (Zhou et al. 2008)
	// popularity is how much of the logarithm of an item's share is taken off
	// its score.
	popularity = 0.02
)

func newFactors(ctx context.Context, histories [][]int32, items int, seed uint64) (*factors, error) {
	random := rand.New(rand.NewPCG(seed, 77)) //nolint:gosec // no secret
	width := max(2, min(mostWidth, items/5))
	taken := 0
	for _, h := range histories {
		taken += len(h)
	}
	share := float64(taken) / math.Max(1, float64(len(histories)*items))
	confidence := math.Max(leastConfidence, math.Min(mostConfidence, 0.3/math.Max(share, 1e-9)))
	m := &factors{customers: make([][]float64, len(histories)), items: make([][]float64, items), correction: make([]float64, items)}
	for i := range m.items {
		m.items[i] = make([]float64, width)
		for k := range m.items[i] {
			m.items[i][k] = random.NormFloat64() / math.Sqrt(float64(width))
		}
	}
	owners := make([][]int32, items)
	for c, h := range histories {
		m.customers[c] = make([]float64, width)
		for _, item := range h {
			owners[item] = append(owners[item], int32(c)) //nolint:gosec // a count of customers
		}
	}
	for i, list := range owners {
		m.correction[i] = popularity * math.Log((1+float64(len(list)))/float64(1+len(histories)))
	}
	for range sweeps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		solve(m.customers, m.items, histories, confidence)
		solve(m.items, m.customers, owners, confidence)
	}
	return m, nil
}

// solve computes one side from the other: (Y'Y + c·Σ yy' + λnI) x = (1+c) Σ y.
func solve(into, from [][]float64, lists [][]int32, confidence float64) {
	if len(from) == 0 {
		return
	}
	width := len(from[0])
	base := statistics.NewSymmetric(width)
	for _, y := range from {
		for a := range width {
			for b := 0; b <= a; b++ {
				base.Values[a*width+b] += y[a] * y[b]
			}
		}
	}
	left, right := statistics.NewSymmetric(width), make([]float64, width)
	for i, list := range lists {
		if len(list) == 0 {
			clear(into[i])
			continue
		}
		copy(left.Values, base.Values)
		clear(right)
		for _, other := range list {
			y := from[other]
			for a := range width {
				right[a] += (1 + confidence) * y[a]
				for b := 0; b <= a; b++ {
					left.Values[a*width+b] += confidence * y[a] * y[b]
				}
			}
		}
		for a := range width {
			left.Values[a*width+a] += penalty*float64(len(list)) + 1e-3
		}
		copy(into[i], left.Cholesky(1e-12).Solve(right))
	}
}

func (m *factors) score(customer int32, _ []int32, out []float64) {
	x := m.customers[customer]
	for i, y := range m.items {
		sum := 0.0
		for k, v := range x {
			sum += v * y[k]
		}
		out[i] = sum - m.correction[i]*sum
	}
}
