// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// Points are rows of equal length, one after the other.
type Points struct {
	Values []float64
	Width  int
}

// Len is the number of points.
func (p *Points) Len() int {
	if p.Width == 0 {
		return 0
	}
	return len(p.Values) / p.Width
}

// At is one point.
func (p *Points) At(i int) []float64 { return p.Values[i*p.Width : (i+1)*p.Width : (i+1)*p.Width] }

// Take returns some of the points.
func (p *Points) Take(rows []int) *Points {
	out := &Points{make([]float64, 0, len(rows)*p.Width), p.Width}
	for _, row := range rows {
		out.Values = append(out.Values, p.At(row)...)
	}
	return out
}

// Groups is a division of points.
type Groups struct {
	Centres *Points
	Of      []int32 // group of each point
	Sizes   []int
	Within  float64
	Rounds  int
}

// Options of KMeans.
type Options struct {
	K      int
	Starts int // from which the best result is kept; 0 is 10
	Seed   uint64
	// Rounds limits the iterations of one start; 0 is 300.
	Rounds int
}

// KMeans divides points so that the squared distances to the centres are small
// (Lloyd 1982), from several starts chosen far apart (Arthur and Vassilvitskii
// 2007). Bounds on distances spare most of them (Hamerly 2010); the result is
// the same as without.
func KMeans(ctx context.Context, p *Points, o Options) (*Groups, error) {
	if o.Starts == 0 {
		o.Starts = 10
	}
	if o.Rounds == 0 {
		o.Rounds = 300
	}
	o.K = max(1, min(o.K, p.Len()))
	results := make([]*Groups, o.Starts)
	workers := min(runtime.GOMAXPROCS(0), o.Starts)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= o.Starts || ctx.Err() != nil {
					return
				}
				results[i] = start(ctx, p, o, rand.New(rand.NewPCG(o.Seed, uint64(i)))) //nolint:gosec // no secret
			}
		})
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	best := results[0]
	for _, g := range results[1:] {
		if g.Within < best.Within {
			best = g
		}
	}
	best.sort()
	return best, nil
}

// lloyd is the state of one start.
type lloyd struct {
	p          *Points
	k          int
	centres    []float64
	of         []int32
	upper, low []float64 // bounds on the distance to the own and to the second centre
	sums       []float64
	sizes      []int
	near       []float64 // half the distance of each centre to its nearest
	moved      []float64
}

func start(ctx context.Context, p *Points, o Options, random *rand.Rand) *Groups {
	n := p.Len()
	l := &lloyd{p: p, k: o.K, of: make([]int32, n), upper: make([]float64, n), low: make([]float64, n), sums: make([]float64, o.K*p.Width), sizes: make([]int, o.K), near: make([]float64, o.K), moved: make([]float64, o.K)}
	l.centres = spread(p, o.K, random)
	for i := range n {
		l.assign(i)
		l.add(i, l.of[i], 1)
	}
	round := 1
	for ; round < o.Rounds && ctx.Err() == nil; round++ {
		if !l.move() {
			break
		}
		l.reassign()
	}
	l.exact()
	g := &Groups{Centres: &Points{l.centres, p.Width}, Of: l.of, Sizes: l.sizes, Rounds: round}
	for i := range n {
		g.Within += squared(p.At(i), l.centre(l.of[i]))
	}
	return g
}

func (l *lloyd) centre(k int32) []float64 {
	w := l.p.Width
	return l.centres[int(k)*w : (int(k)+1)*w]
}

func squared(a, b []float64) float64 {
	sum := 0.0
	b = b[:len(a)]
	for i, x := range a {
		d := x - b[i]
		sum += d * d
	}
	return sum
}

// spread picks starting centres: each next one with a chance that grows with
// its squared distance to those picked, the best of a few candidates.
func spread(p *Points, k int, random *rand.Rand) []float64 {
	n := p.Len()
	candidates := 2 + int(math.Log(float64(k)))
	centres := append([]float64(nil), p.At(random.IntN(n))...)
	nearest, total := make([]float64, n), 0.0
	for i := range nearest {
		nearest[i] = squared(p.At(i), centres)
		total += nearest[i]
	}
	trial, best := make([]float64, n), make([]float64, n)
	for len(centres) < k*p.Width {
		bestTotal, bestAt := math.Inf(1), 0
		for range candidates {
			at, sum := choose(nearest, total, random), 0.0
			for i := range trial {
				trial[i] = min(nearest[i], squared(p.At(i), p.At(at)))
				sum += trial[i]
			}
			if sum < bestTotal {
				bestTotal, bestAt = sum, at
				trial, best = best, trial
			}
		}
		nearest, best = best, nearest
		total = bestTotal
		centres = append(centres, p.At(bestAt)...)
	}
	return centres
}

func choose(weights []float64, total float64, random *rand.Rand) int {
	at := random.Float64() * total
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return random.IntN(len(weights)) // all points are picked already
}

// assign finds the nearest centre of a point and the bounds.
func (l *lloyd) assign(i int) {
	point := l.p.At(i)
	first, second, at := math.Inf(1), math.Inf(1), int32(0)
	for k := range l.k {
		d := squared(point, l.centres[k*l.p.Width:])
		if d < first {
			first, second, at = d, first, int32(k) //nolint:gosec // a count of groups
		} else if d < second {
			second = d
		}
	}
	l.of[i], l.upper[i], l.low[i] = at, math.Sqrt(first), math.Sqrt(second)
}

func (l *lloyd) add(i int, k int32, sign float64) {
	sums := l.sums[int(k)*l.p.Width : (int(k)+1)*l.p.Width]
	for j, x := range l.p.At(i) {
		sums[j] += sign * x
	}
	l.sizes[k] += int(sign)
}

// move puts the centres into the middle of their points; an empty group takes
// over the point that lies farthest from its centre.
func (l *lloyd) move() bool {
	w, changed := l.p.Width, false
	for k := range l.k {
		if l.sizes[k] == 0 {
			l.adopt(int32(k)) //nolint:gosec // a count of groups
		}
	}
	for k := range l.k {
		centre, sums, distance := l.centres[k*w:(k+1)*w], l.sums[k*w:(k+1)*w], 0.0
		for j := range centre {
			x := sums[j] / float64(max(1, l.sizes[k]))
			distance += (x - centre[j]) * (x - centre[j])
			centre[j] = x
		}
		l.moved[k] = math.Sqrt(distance)
		changed = changed || distance > 1e-24
	}
	return changed
}

func (l *lloyd) adopt(k int32) {
	far, at := -1.0, -1
	for i, u := range l.upper {
		if l.sizes[l.of[i]] > 1 && u > far {
			far, at = u, i
		}
	}
	if at < 0 {
		return
	}
	l.add(at, l.of[at], -1)
	l.of[at] = k
	l.add(at, k, 1)
	l.upper[at], l.low[at] = math.Inf(1), 0
}

func (l *lloyd) reassign() {
	w := l.p.Width
	most, second, mostAt := 0.0, 0.0, 0
	for k := range l.k {
		l.near[k] = math.Inf(1)
		for j := range l.k {
			if j != k {
				l.near[k] = min(l.near[k], squared(l.centres[k*w:(k+1)*w], l.centres[j*w:]))
			}
		}
		l.near[k] = math.Sqrt(l.near[k]) / 2
		if l.moved[k] > most {
			most, second, mostAt = l.moved[k], most, k
		} else if l.moved[k] > second {
			second = l.moved[k]
		}
	}
	for i := range l.of {
		own := l.of[i]
		l.upper[i] += l.moved[own]
		if int(own) == mostAt {
			l.low[i] -= second
		} else {
			l.low[i] -= most
		}
		bound := max(l.near[own], l.low[i])
		if l.upper[i] <= bound {
			continue
		}
		l.upper[i] = math.Sqrt(squared(l.p.At(i), l.centre(own)))
		if l.upper[i] <= bound {
			continue
		}
		l.assign(i)
		if l.of[i] != own {
			l.add(i, own, -1)
			l.add(i, l.of[i], 1)
		}
	}
}

// exact computes the centres once more from their points, without the dust
// that adding and taking away leaves.
func (l *lloyd) exact() {
	clear(l.sums)
	clear(l.sizes)
	for i, k := range l.of {
		l.add(i, k, 1)
	}
	w := l.p.Width
	for k := range l.k {
		for j := range w {
			if l.sizes[k] > 0 {
				l.centres[k*w+j] = l.sums[k*w+j] / float64(l.sizes[k])
			}
		}
	}
}

// sort numbers the groups by size, largest first.
func (g *Groups) sort() {
	k, w := len(g.Sizes), g.Centres.Width
	order := make([]int, k)
	for i := range order {
		order[i] = i
	}
	for i := 1; i < k; i++ {
		for j := i; j > 0 && g.Sizes[order[j]] > g.Sizes[order[j-1]]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	place, sizes, centres := make([]int32, k), make([]int, k), make([]float64, 0, k*w)
	for to, from := range order {
		place[from], sizes[to] = int32(to), g.Sizes[from] //nolint:gosec // a count of groups
		centres = append(centres, g.Centres.At(from)...)
	}
	for i, k := range g.Of {
		g.Of[i] = place[k]
	}
	g.Sizes, g.Centres.Values = sizes, centres
}

// Nearest is the group of the nearest centre.
func (g *Groups) Nearest(point []float64) int {
	best, at := math.Inf(1), 0
	for k := range len(g.Sizes) {
		if d := squared(point, g.Centres.At(k)); d < best {
			best, at = d, k
		}
	}
	return at
}
