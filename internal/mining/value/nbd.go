// SPDX-License-Identifier: Apache-2.0

package value

import "math"

// nbd is the model without drop-out (Ehrenberg 1959): the fallback when the
// data do not show who has left.
type nbd struct{}

func (nbd) names() []string { return []string{"r", "alpha"} }

func (nbd) likelihood(g *groups, p, grad []float64) float64 {
	r, alpha := p[0], p[1]
	sum, dr, dalpha := 0.0, 0.0, 0.0
	for i, n := range g.n {
		x := g.counts[g.x[i]]
		log := math.Log(alpha / (alpha + g.t[i]))
		sum += n * (lgamma(r+x) - lgamma(r) + r*log - x*math.Log(alpha+g.t[i]))
		dr += n * (digamma(r+x) - digamma(r) + log)
		dalpha += n * (r/alpha - (r+x)/(alpha+g.t[i]))
	}
	grad[0], grad[1] = dr, dalpha
	return sum
}

func (nbd) alive([]float64, History) float64 { return 1 }

func (nbd) expected(p []float64, h History, t float64) float64 {
	return (p[0] + h.X) / (p[1] + h.T) * t
}

func (nbd) population(p []float64, t float64) float64 { return p[0] / p[1] * t }

func (nbd) residual(p []float64, h History, rate float64) float64 {
	return (p[0] + h.X) / (p[1] + h.T) / rate
}

func (nbd) starts(rate float64) [][]float64 { return [][]float64{{1, 1 / rate}, {0.2, 0.2 / rate}} }

// pooled is one rate for everybody, when even the differences between
// customers cannot be told from chance.
type pooled struct{}

func (pooled) names() []string { return []string{"rate"} }

func (pooled) likelihood(g *groups, p, grad []float64) float64 {
	sum, slope := 0.0, 0.0
	for i, n := range g.n {
		x := g.counts[g.x[i]]
		sum += n * (x*math.Log(p[0]) - p[0]*g.t[i])
		slope += n * (x/p[0] - g.t[i])
	}
	grad[0] = slope
	return sum
}

func (pooled) alive([]float64, History) float64 { return 1 }

func (pooled) expected(p []float64, _ History, t float64) float64 { return p[0] * t }

func (pooled) population(p []float64, t float64) float64 { return p[0] * t }

func (pooled) residual(p []float64, _ History, rate float64) float64 { return p[0] / rate }

func (pooled) starts(rate float64) [][]float64 { return [][]float64{{rate}} }

// numericResidual sums purchases over growing steps, discounted in the middle
// of each, until nothing is left.
func numericResidual(expected func(float64) float64, rate float64) float64 {
	sum, before := 0.0, 0.0
	const steps = 400
	end := negligible / rate
	for i := 1; i <= steps; i++ {
		from, to := end*math.Pow(float64(i-1)/steps, 3), end*math.Pow(float64(i)/steps, 3)
		now := expected(to)
		sum += (now - before) * (math.Exp(-rate*from) + math.Exp(-rate*to)) / 2
		before = now
	}
	return sum
}
