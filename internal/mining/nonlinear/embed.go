// SPDX-License-Identifier: Apache-2.0

package nonlinear

import (
	"math"
	"slices"
)

// mutualInformation is between values a lag apart, in bits, on bins of equal
// counts (Fraser & Swinney 1986).
func mutualInformation(rank []int, n, lag, bins int) float64 {
	joint := make([]float64, bins*bins)
	m := n - lag
	for i := range m {
		joint[rank[i]*bins/n*bins+rank[i+lag]*bins/n]++
	}
	rows, columns := make([]float64, bins), make([]float64, bins)
	for i := range bins {
		for j := range bins {
			rows[i] += joint[i*bins+j]
			columns[j] += joint[i*bins+j]
		}
	}
	sum := 0.0
	for i := range bins {
		for j := range bins {
			if p := joint[i*bins+j]; p > 0 {
				sum += p / float64(m) * math.Log2(p*float64(m)/rows[i]/columns[j])
			}
		}
	}
	return sum
}

func ranks(y []float64) []int {
	order := make([]int, len(y))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case y[a] < y[b]:
			return -1
		case y[a] > y[b]:
			return 1
		}
		return 0
	})
	out := make([]int, len(y))
	for place, i := range order {
		out[i] = place
	}
	return out
}

// delayOf is the first minimum of mutual information, or where it has fallen to
// 1/e of its value at lag 1.
func delayOf(y []float64) (delay int, information []float64) {
	most := max(1, min(60, len(y)/10))
	bins := max(4, min(16, int(math.Sqrt(float64(len(y))/5))))
	rank := ranks(y)
	for lag := 1; lag <= most; lag++ {
		information = append(information, mutualInformation(rank, len(y), lag, bins))
	}
	if math.Abs(correlation(y)) < 1/math.E { // values one step apart are as good as coordinates: a map, or noise
		return 1, information
	}
	for i := 1; i < len(information)-1; i++ {
		if information[i] < information[0]/math.E {
			return i + 1, information
		}
		if information[i] < information[i-1] && information[i] <= information[i+1] && information[i] < 0.9*information[0] {
			return i + 1, information
		}
	}
	return 1, information
}

// point is the first coordinate of a delay vector: y[i], y[i+delay] …
type space struct {
	y                []float64
	delay, dimension int
	count            int // of vectors
}

func embed(y []float64, delay, dimension int) space {
	return space{y, delay, dimension, len(y) - (dimension-1)*delay}
}

// distance is the largest difference of a coordinate; it stops beyond a limit.
func (s space) distance(i, j int, limit float64) float64 {
	d := 0.0
	for k := range s.dimension {
		d = max(d, math.Abs(s.y[i+k*s.delay]-s.y[j+k*s.delay]))
		if d >= limit {
			return d
		}
	}
	return d
}

// index finds neighbours by the order of the first coordinate.
type index struct {
	space
	order, place []int
}

func (s space) index() *index {
	x := &index{space: s, place: ranks(s.y[:s.count])}
	x.order = make([]int, s.count)
	for i, p := range x.place {
		x.order[p] = i
	}
	return x
}

// nearest is the closest vector at least a window away in time, among the first
// usable ones; -1 if there is none.
func (x *index) nearest(i, window, usable int) (best int, distance float64) {
	best, distance = -1, math.Inf(1)
	at := x.place[i]
	for step := 1; ; step++ {
		left, right := at-step, at+step
		open := false
		for _, p := range [2]int{left, right} {
			if p < 0 || p >= len(x.order) {
				continue
			}
			j := x.order[p]
			if math.Abs(x.y[j]-x.y[i]) >= distance {
				continue
			}
			open = true
			if j >= usable || j > i-window && j < i+window {
				continue
			}
			if d := x.distance(i, j, distance); d < distance && d > 0 {
				best, distance = j, d
			}
		}
		if !open {
			return best, distance
		}
	}
}

// dimensionOf is the smallest dimension with (almost) no false neighbours
// (Kennel, Brown & Abarbanel 1992), with the shares by dimension.
func dimensionOf(y []float64, delay, window int) (dimension int, shares []float64) {
	const most, few = 8, 0.05
	size := spread(y)
	dimension = most
	found := false
	for d := 1; d <= most; d++ {
		s := embed(y, delay, d)
		usable := s.count - delay
		if usable < 30 {
			break
		}
		x := s.index()
		falseOnes, judged := 0.0, 0.0
		for i := 0; i < usable; i += max(1, usable/2000) {
			j, distance := x.nearest(i, window, usable)
			if j < 0 {
				continue
			}
			judged++
			apart := math.Abs(y[i+d*delay] - y[j+d*delay])
			// Their two criteria: the next coordinate parts them, or they were no neighbours at all.
			if apart > 10*distance || math.Max(apart, distance) > 2*size {
				falseOnes++
			}
		}
		if judged == 0 {
			break
		}
		shares = append(shares, falseOnes/judged)
		if !found && falseOnes/judged < few {
			dimension, found = d, true
		}
	}
	if !found {
		dimension = max(1, min(dimension, len(shares)))
	}
	return dimension, shares
}

func spread(y []float64) float64 {
	m, sum := 0.0, 0.0
	for _, v := range y {
		m += v / float64(len(y))
	}
	for _, v := range y {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(y)))
}

// correlation is between neighbours in time.
func correlation(y []float64) float64 {
	m, all, part := 0.0, 0.0, 0.0
	for _, v := range y {
		m += v / float64(len(y))
	}
	for i, v := range y {
		all += (v - m) * (v - m)
		if i > 0 {
			part += (v - m) * (y[i-1] - m)
		}
	}
	return part / all
}
