// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"math"
)

// winters is the method of Holt & Winters fitted by least squares: the states
// start from a decomposition of the first two seasons, the first season is not
// judged.
type winters struct {
	alpha, beta, gamma float64
	level, slope       float64
	season             []float64 // next first
	isMultiplicative   bool
	sigma2             float64
}

func fitWinters(y []float64, period int, multiplicative bool) (*winters, error) {
	if period < 2 || len(y) < 2*period+2 {
		return nil, errors.New("Holt-Winters needs two seasons")
	}
	if multiplicative && minimum(y) <= 0 {
		return nil, errors.New("a multiplicative season needs values above zero")
	}
	w := &winters{isMultiplicative: multiplicative}
	two := y[:2*period]
	indices := decompose(two, period, multiplicative)
	var trend []float64
	for _, v := range moving(two, period) {
		if !math.IsNaN(v) {
			trend = append(trend, v)
		}
	}
	intercept, slope := line(trend)
	first := winters{level: intercept - slope, slope: slope, season: indices, isMultiplicative: multiplicative}
	scale := variance(y)
	at := func(x []float64) float64 {
		run := first
		run.alpha, run.beta, run.gamma = sigmoid(x[0]), sigmoid(x[1]), sigmoid(x[2])
		return run.run(y, period) / scale
	}
	best := math.Inf(1)
	for _, start := range [][]float64{{logit(.3), logit(.1), logit(.1)}, {logit(.6), logit(.02), logit(.6)}} {
		x := append([]float64(nil), start...)
		const most = 200
		if value := minimise(numeric(at), x, most); value < best {
			best = value
			*w = first
			w.alpha, w.beta, w.gamma = sigmoid(x[0]), sigmoid(x[1]), sigmoid(x[2])
		}
	}
	if math.IsInf(best, 1) || math.IsNaN(best) {
		return nil, errors.New("Holt-Winters does not fit the series")
	}
	w.sigma2 = w.run(y, period) / math.Max(float64(len(y)-period-3), 1)
	return w, nil
}

// run passes over the series, leaves the last states and returns the sum of
// squared errors.
func (w *winters) run(y []float64, period int) float64 {
	ring := append([]float64(nil), w.season...)
	sum := 0.0
	for t := period; t < len(y); t++ {
		s := ring[t%period]
		base := w.level + w.slope
		var hat, level float64
		if w.isMultiplicative {
			hat, level = base*s, w.alpha*y[t]/s+(1-w.alpha)*base
		} else {
			hat, level = base+s, w.alpha*(y[t]-s)+(1-w.alpha)*base
		}
		sum += (y[t] - hat) * (y[t] - hat)
		w.slope = w.beta*(level-w.level) + (1-w.beta)*w.slope
		w.level = level
		if w.isMultiplicative {
			ring[t%period] = w.gamma*y[t]/level + (1-w.gamma)*s
		} else {
			ring[t%period] = w.gamma*(y[t]-level) + (1-w.gamma)*s
		}
	}
	w.season = make([]float64, period)
	for i := range period {
		w.season[i] = ring[(len(y)+i)%period]
	}
	return sum
}

func (w *winters) points(h int) []float64 {
	out := make([]float64, h)
	for i := range out {
		v := w.level + float64(i+1)*w.slope
		if s := w.season[i%len(w.season)]; w.isMultiplicative {
			v *= s
		} else {
			v += s
		}
		out[i] = v
	}
	return out
}
