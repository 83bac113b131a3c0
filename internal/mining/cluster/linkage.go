// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"math"
	"slices"
)

// Join is one step of hierarchical clustering: two groups become one. Numbers
// below the count of points are points, count + i is the group of step i.
type Join struct {
	A      int     `json:"a"`
	B      int     `json:"b"`
	Height float64 `json:"height"`
	Size   int     `json:"size"`
}

// mostLinked bounds the points of Linkage, whose distances need n² places.
const mostLinked = 5000

// Linkage joins the nearest groups again and again; method is average, complete,
// single or ward. Distances follow from those before the join (Lance and
// Williams 1967).
func Linkage(p *Points, method string) ([]Join, error) {
	n := p.Len()
	if n > mostLinked {
		return nil, fmt.Errorf("%d points are too many for a tree; draw a sample of at most %d", n, mostLinked)
	}
	d := make([][]float64, n)
	for i := range d {
		d[i] = make([]float64, n)
		for j := range i {
			d[i][j] = math.Sqrt(squared(p.At(i), p.At(j)))
			if method == "ward" {
				d[i][j] *= d[i][j]
			}
			d[j][i] = d[i][j]
		}
	}
	id, size, alive := make([]int, n), make([]int, n), make([]int, n)
	for i := range id {
		id[i], size[i], alive[i] = i, 1, i
	}
	nearest := make([]int, n)
	for i := range n {
		nearest[i] = nearestOf(d, alive, i)
	}
	var joins []Join
	for len(alive) > 1 {
		a := alive[0]
		for _, i := range alive {
			if nearest[i] >= 0 && d[i][nearest[i]] < d[a][nearest[a]] {
				a = i
			}
		}
		b := nearest[a]
		height := d[a][b]
		if method == "ward" {
			height = math.Sqrt(height)
		}
		joins = append(joins, Join{min(id[a], id[b]), max(id[a], id[b]), height, size[a] + size[b]})
		update(d, alive, size, a, b, method)
		id[a], size[a] = n+len(joins)-1, size[a]+size[b]
		alive = slices.DeleteFunc(alive, func(i int) bool { return i == b })
		for _, i := range alive {
			if i == a || nearest[i] == a || nearest[i] == b {
				nearest[i] = nearestOf(d, alive, i)
			} else if d[i][a] < d[i][nearest[i]] {
				nearest[i] = a
			}
		}
	}
	return joins, nil
}

func nearestOf(d [][]float64, alive []int, i int) int {
	at := -1
	for _, j := range alive {
		if j != i && (at < 0 || d[i][j] < d[i][at]) {
			at = j
		}
	}
	return at
}

func update(d [][]float64, alive, size []int, a, b int, method string) {
	na, nb := float64(size[a]), float64(size[b])
	for _, k := range alive {
		if k == a || k == b {
			continue
		}
		var x float64
		switch method {
		case "complete":
			x = math.Max(d[k][a], d[k][b])
		case "single":
			x = math.Min(d[k][a], d[k][b])
		case "ward":
			nk := float64(size[k])
			x = ((na+nk)*d[k][a] + (nb+nk)*d[k][b] - nk*d[a][b]) / (na + nb + nk)
		default:
			x = (na*d[k][a] + nb*d[k][b]) / (na + nb)
		}
		d[k][a], d[a][k] = x, x
	}
}

// Cut divides the points into k groups, numbered by their first point.
func Cut(joins []Join, points, k int) []int {
	parent := make([]int, points+len(joins))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for i, j := range joins[:max(0, min(len(joins), points-k))] {
		parent[find(j.A)], parent[find(j.B)] = points+i, points+i
	}
	number, out := map[int]int{}, make([]int, points)
	for i := range out {
		root := find(i)
		if _, known := number[root]; !known {
			number[root] = len(number)
		}
		out[i] = number[root]
	}
	return out
}

// Assign makes groups of all points out of those of a sample: their own when
// the sample is everything, else that of the nearest mean.
func Assign(p, sample *Points, of []int, k int, isAll bool) *Groups {
	g := &Groups{Centres: &Points{make([]float64, k*p.Width), p.Width}, Sizes: make([]int, k), Of: make([]int32, p.Len())}
	counts := make([]int, k)
	for i, c := range of {
		counts[c]++
		for j, x := range sample.At(i) {
			g.Centres.Values[c*p.Width+j] += x
		}
	}
	for c, n := range counts {
		for j := range p.Width {
			g.Centres.Values[c*p.Width+j] /= math.Max(1, float64(n))
		}
	}
	for i := range g.Of {
		c := 0
		if isAll {
			c = of[i]
		} else {
			c = g.Nearest(p.At(i))
		}
		g.Of[i] = int32(c) //nolint:gosec // a count of groups
		g.Sizes[c]++
		g.Within += squared(p.At(i), g.Centres.At(c))
	}
	g.sort()
	return g
}
