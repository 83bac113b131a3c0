// SPDX-License-Identifier: Apache-2.0

package value

import "math"

// Probability is the chance of exactly x repeat purchases within t of the first
// one.
func (f *Fit) Probability(x int, t float64) float64 {
	n := float64(x)
	switch f.Model {
	case BGNBD:
		return betaProbability(f.p, n, t)
	case MBGNBD:
		// Everybody may drop out at once (b/(a+b) stay); the others are BG/NBD customers with b + 1.
		a, b := f.p[2], f.p[3]
		stays := b / (a + b)
		p := stays * betaProbability([]float64{f.p[0], f.p[1], a, b + 1}, n, t)
		if x == 0 {
			p += 1 - stays
		}
		return p
	case ParetoNBD:
		return paretoProbability(f.p, n, t)
	case NBD:
		return negativeBinomial(f.p[0], f.p[1], n, t)
	}
	if t <= 0 { // a customer of today has had no time
		return nothingYet(n)
	}
	return math.Exp(n*math.Log(f.p[0]*t) - f.p[0]*t - lgamma(n+1))
}

// nothingYet is the chance of x events in no time.
func nothingYet(x float64) float64 {
	if x == 0 {
		return 1
	}
	return 0
}

func negativeBinomial(r, alpha, x, t float64) float64 {
	if t <= 0 {
		return nothingYet(x)
	}
	return math.Exp(lgamma(r+x) - lgamma(r) - lgamma(x+1) + r*math.Log(alpha/(alpha+t)) + x*math.Log(t/(alpha+t)))
}

// betaProbability is eq. 8 of Fader, Hardie & Lee 2005; the bracket is the
// chance of at least x events.
func betaProbability(p []float64, x, t float64) float64 {
	r, alpha, a, b := p[0], p[1], p[2], p[3]
	value := math.Exp(lbeta(a, b+x)-lbeta(a, b)) * negativeBinomial(r, alpha, x, t)
	if x == 0 {
		return value
	}
	below := 0.0
	for j := 0.0; j < x; j++ {
		below += negativeBinomial(r, alpha, j, t)
	}
	return value + math.Exp(lbeta(a+1, b+x-1)-lbeta(a, b))*max(1-below, 0)
}

// paretoProbability is P(alive at t, x) + ∫ P(x by τ) f(τ) dτ over the time of
// death: the sum of positive terms instead of the published difference.
func paretoProbability(p []float64, x, t float64) float64 {
	r, alpha, s, betaP := p[0], p[1], p[2], p[3]
	value := negativeBinomial(r, alpha, x, t) * math.Pow(betaP/(betaP+t), s)
	const panels = 8
	for panel := range panels {
		for i, node := range rule32.nodes {
			y := (float64(panel) + node) / panels
			at := t * y * y // denser near zero, where x events are rare
			if at == 0 {
				continue
			}
			death := s / betaP * math.Pow(betaP/(betaP+at), s+1)
			value += rule32.weights[i] / panels * 2 * t * y * death * negativeBinomial(r, alpha, x, at)
		}
	}
	return value
}
