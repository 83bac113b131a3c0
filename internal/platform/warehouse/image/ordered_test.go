// SPDX-License-Identifier: Apache-2.0

package image

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSortedAndQuantilesAreThoseOfSorting(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	shapes := map[string]func() int64{
		"narrow":   func() int64 { return int64(r.IntN(700)) - 50 },
		"wide":     func() int64 { return int64(r.Uint64()>>2) - 1<<60 }, //nolint:gosec // within int64
		"skewed":   func() int64 { return int64(1) << r.IntN(50) * int64(r.IntN(3)) },
		"constant": func() int64 { return 7 },
	}
	for name, draw := range shapes {
		for _, n := range []int{0, 1, 2, 5000, 200_001} {
			values := make([]int64, n)
			for i := range values {
				values[i] = draw()
			}
			kept, want := slices.Clone(values), slices.Sorted(slices.Values(values))
			if got := Sorted(values); !slices.Equal(got, want) {
				t.Errorf("%s of %d: not in order", name, n)
			}
			shares := []float64{0, .2, .4, .5, .6, .8, .999, 1}
			for i, got := range Quantiles(values, shares...) {
				if w := Quantile(want, shares[i]); got != w {
					t.Errorf("%s of %d: the quantile %v is %v, want %v", name, n, shares[i], got, w)
				}
			}
			if !slices.Equal(kept, values) {
				t.Errorf("%s of %d: the values were changed", name, n)
			}
		}
	}
}

func TestEdgeAndDistinctAgreeWithLoops(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	for round := range 300 {
		n := 1 + r.IntN(90)
		values, mask := make([]int64, n), make([]byte, n+16)
		span := []int{1, 3, 200, 60_000, 1 << 30}[round%5]
		for i := range values {
			values[i] = int64(r.IntN(span))
			if r.IntN(9) == 0 {
				values[i] = missing
			}
			mask[i] = byte(r.IntN(2))
		}
		slices.Sort(values)
		v, _ := encode(values, nil)
		set := map[int64]bool{}
		for i, x := range values {
			if mask[i] == 1 && x != missing {
				set[x] = true
			}
		}
		for _, isLast := range []bool{false, true} {
			if got, want := v.edge(mask, 0, n, isLast), v.extreme(mask, 0, n, isLast); got != want {
				t.Errorf("edge %v is %d, want %d", isLast, got, want)
			}
		}
		shuffled := slices.Clone(values)
		order := r.Perm(n)
		other := make([]byte, n+16)
		for i, from := range order {
			shuffled[i], other[i] = values[from], mask[from]
		}
		v, _ = encode(shuffled, nil)
		g, f := &figure{}, &frame{}
		if got := g.distinct(f, &v, &part{rows: n}, []stretch{{0, n}}, other)(0, n); got != int64(len(set)) {
			t.Errorf("%d different values, want %d", got, len(set))
		}
	}
}
