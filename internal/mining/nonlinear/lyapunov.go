// SPDX-License-Identifier: Apache-2.0

package nonlinear

import (
	"math"
)

// lyapunov is the largest exponent per step (Rosenstein, Collins & De Luca
// 1993): the slope of the mean logarithm of the distance of neighbours while
// they part.
func lyapunov(y []float64, delay, dimension, window int) (exponent, fit float64, curve []float64) {
	const most = 60
	s := embed(y, delay, dimension)
	follow := min(most, s.count/4)
	usable := s.count - follow
	if usable < 30 || follow < 3 {
		return 0, 0, nil
	}
	x := s.index()
	sums, counts := make([]float64, follow+1), make([]float64, follow+1)
	for i := 0; i < usable; i += max(1, usable/3000) {
		j, distance := x.nearest(i, window, usable)
		if j < 0 || distance == 0 {
			continue
		}
		for k := 0; k <= follow; k++ {
			if d := s.distance(i+k, j+k, math.Inf(1)); d > 0 {
				sums[k] += math.Log(d)
				counts[k]++
			}
		}
	}
	for k := range sums {
		if counts[k] == 0 {
			return 0, 0, nil
		}
		curve = append(curve, sums[k]/counts[k])
	}
	exponent, fit = growth(curve)
	return exponent, fit, curve
}

// growth is the slope of the curve before it levels off: of the part that lies
// below two thirds of its rise, with the share of variance that a line explains.
func growth(curve []float64) (slope, fit float64) {
	start, top := curve[0], curve[0]
	for _, v := range curve {
		top = max(top, v)
	}
	const part = 0.66
	end := 1
	for end < len(curve)-1 && curve[end] < start+part*(top-start) {
		end++
	}
	end = max(end, 2)
	n := float64(end + 1)
	mt, my, tt, ty, yy := (n-1)/2, 0.0, 0.0, 0.0, 0.0
	for k := 0; k <= end; k++ {
		my += curve[k] / n
	}
	for k := 0; k <= end; k++ {
		dt, dy := float64(k)-mt, curve[k]-my
		tt, ty, yy = tt+dt*dt, ty+dt*dy, yy+dy*dy
	}
	if tt == 0 || yy == 0 {
		return 0, 0
	}
	return ty / tt, ty * ty / tt / yy
}

// predictError is the error of forecasts some steps ahead by the nearest
// neighbours in phase space, as a share of the spread of the series: 1 is no
// better than the mean.
func predictError(y []float64, delay, dimension, window, ahead int) float64 {
	s := embed(y, delay, dimension)
	usable := s.count - ahead
	if usable < 30 {
		return 1
	}
	x := s.index()
	last := (dimension - 1) * delay
	sum, n := 0.0, 0.0
	for i := 0; i < usable; i += max(1, usable/1000) {
		guess, ok := x.continued(i, window, usable, last+ahead)
		if !ok {
			continue
		}
		d := y[i+last+ahead] - guess
		sum += d * d
		n++
	}
	if n == 0 {
		return 1
	}
	return math.Sqrt(sum/n) / spread(y)
}

// continued is the weighted mean of what followed the nearest vectors.
func (x *index) continued(i, window, usable, ahead int) (float64, bool) {
	const wanted = 4
	var found [wanted]int
	var distances [wanted]float64
	for k := range wanted {
		found[k], distances[k] = -1, math.Inf(1)
	}
	at := x.place[i]
	for step := 1; ; step++ {
		open := false
		for _, p := range [2]int{at - step, at + step} {
			if p < 0 || p >= len(x.order) {
				continue
			}
			j := x.order[p]
			if math.Abs(x.y[j]-x.y[i]) >= distances[wanted-1] {
				continue
			}
			open = true
			if j >= usable || j > i-window && j < i+window {
				continue
			}
			d := x.distance(i, j, distances[wanted-1])
			for k := range wanted {
				if d < distances[k] {
					copy(found[k+1:], found[k:])
					copy(distances[k+1:], distances[k:])
					found[k], distances[k] = j, d
					break
				}
			}
		}
		if !open {
			break
		}
	}
	sum, weights := 0.0, 0.0
	for k, j := range found {
		if j >= 0 {
			w := 1 / (distances[k] + 1e-12)
			sum += w * x.y[j+ahead]
			weights += w
		}
	}
	return sum / weights, weights > 0
}
