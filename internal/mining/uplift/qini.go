// SPDX-License-Identifier: Apache-2.0

package uplift

import (
	"math/rand/v2"
	"slices"
)

// Point of the Qini curve: the share of people targeted and the additional
// outcomes that this brings.
type Point struct {
	Share float64 `json:"share"`
	Gain  float64 `json:"gain"`
}

// ranking holds people by descending score; ties share a block.
type ranking struct {
	order   []int
	ends    []int // ends of blocks of equal scores
	treated []bool
	outcome []float64
}

func rank(scores []float64, treated []bool, outcome []float64) *ranking {
	r := &ranking{order: make([]int, len(scores)), treated: treated, outcome: outcome}
	for i := range r.order {
		r.order[i] = i
	}
	slices.SortStableFunc(r.order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	for i := range r.order {
		if i+1 == len(r.order) || scores[r.order[i]] != scores[r.order[i+1]] {
			r.ends = append(r.ends, i+1)
		}
	}
	return r
}

// sums of one arm.
type arms struct{ nt, nc, yt, yc float64 }

func (a *arms) add(treated bool, outcome, times float64) {
	if treated {
		a.nt, a.yt = a.nt+times, a.yt+times*outcome
	} else {
		a.nc, a.yc = a.nc+times, a.yc+times*outcome
	}
}

// gain is y_t − y_c n_t / n_c (Radcliffe 2007).
func (a *arms) gain() float64 {
	if a.nc == 0 {
		return a.yt
	}
	return a.yt - a.yc*a.nt/a.nc
}

// uplift is the difference of the means.
func (a *arms) uplift() float64 {
	if a.nt == 0 || a.nc == 0 {
		return 0
	}
	return a.yt/a.nt - a.yc/a.nc
}

// qini is the area under the curve less half of its end; times says how often
// each person counts, nil is once.
func (r *ranking) qini(times []uint8) (area, end float64) {
	var sum arms
	total := 0.0
	weight := func(i int) float64 {
		if times == nil {
			return 1
		}
		return float64(times[i])
	}
	for i := range r.order {
		total += weight(i)
	}
	from, seen, before := 0, 0.0, 0.0
	for _, to := range r.ends {
		width := 0.0
		for _, i := range r.order[from:to] {
			w := weight(i)
			width += w
			if w > 0 {
				sum.add(r.treated[i], r.outcome[i], w)
			}
		}
		gain := sum.gain()
		area += width / total * (before + gain) / 2
		before, from, seen = gain, to, seen+width
	}
	return area - before/2, before
}

// curve is the Qini curve at hundredths.
func (r *ranking) curve() []Point {
	out := []Point{{}}
	var sum arms
	from := 0
	for _, to := range r.ends {
		for _, i := range r.order[from:to] {
			sum.add(r.treated[i], r.outcome[i], 1)
		}
		from = to
		share := float64(to) / float64(len(r.order))
		if share >= out[len(out)-1].Share+0.01 || to == len(r.order) {
			out = append(out, Point{share, sum.gain()})
		}
	}
	return out
}

// top is the uplift among the best share of the people.
func (r *ranking) top(share float64) float64 {
	var sum arms
	for _, i := range r.order[:int(share*float64(len(r.order)))] {
		sum.add(r.treated[i], r.outcome[i], 1)
	}
	return sum.uplift()
}

// interval is the 95 % interval of Qini by drawing the people anew (Efron 1979).
func (r *ranking) interval(draws int, seed uint64) (low, high float64) {
	n := len(r.order)
	values := make([]float64, draws)
	times := make([]uint8, n)
	for d := range values {
		random := rand.New(rand.NewPCG(seed, uint64(d))) //nolint:gosec // no secret
		clear(times)
		for range n {
			if at := random.IntN(n); times[at] < 255 {
				times[at]++
			}
		}
		values[d], _ = r.qini(times)
	}
	slices.Sort(values)
	at := func(share float64) float64 { return values[min(draws-1, int(share*float64(draws)))] }
	return at(0.025), at(0.975)
}
