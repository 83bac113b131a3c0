// SPDX-License-Identifier: Apache-2.0

package value

import "math"

// pareto is the Pareto/NBD of Schmittlein, Morrison & Colombo 1987, in the form
// of Fader & Hardie 2005 ("A note on deriving the Pareto/NBD model"):
//
//	L = Γ(r+x)/Γ(r) α^r β^s { (α+T)^−(r+x) (β+T)^−s + s·I },  I = ∫ (α+t)^−(r+x) (β+t)^−(s+1) dt over [tx, T]
//
// The usual closed form of I is a difference of two hypergeometric functions
// that cancels for frequent buyers. Quadrature on a logarithm of time, where the integrand
// is close to an exponential, is exact to machine precision and gives the
// gradient from the same nodes.
type pareto struct{}

func (pareto) names() []string { return []string{"r", "alpha", "s", "beta"} }

// integral is I in units of exp(log): I = exp(log)·sum, with the weighted means
// of −ln(α+t), −ln(β+t), −(r+x)/(α+t) and −(s+1)/(β+t) over it.
type integral struct {
	log                    float64
	logA, logB, invA, invB float64
}

// steepFor16 is the fall of the integrand, in powers of e, up to which 16 nodes
// are exact to machine precision.
const steepFor16 = 6

func (pareto) integrate(p []float64, x, tx, t float64, withMeans bool) (out integral) {
	r, alpha, s, betaP := p[0], p[1], p[2], p[3]
	if t <= tx {
		out.log = math.Inf(-1)
		return out
	}
	// The logarithm is taken of the smaller of α + t and β + t, or its rise near
	// zero would fall between the nodes.
	least := min(alpha, betaP)
	span := math.Log((least + t) / (least + tx))
	if rate := r + x - 1; rate > 0 && least == alpha {
		span = min(span, negligible/rate) // what lies beyond is below double precision
	}
	steep := span * (r + x + s)
	panels := int(math.Ceil(max(span, steep/negligible)))
	rule := &rule32
	if steep/float64(panels) < steepFor16 {
		rule = &rule16
	}
	top := -(r+x)*math.Log(alpha+tx) - (s+1)*math.Log(betaP+tx) + math.Log(least+tx)
	sum := 0.0
	width := span / float64(panels)
	for panel := range panels {
		for i, node := range rule.nodes {
			u := (float64(panel) + node) * width
			grown := math.Exp(u) * (least + tx)
			a, b := alpha-least+grown, betaP-least+grown // α + t, β + t
			logA, logB := math.Log(a), math.Log(b)
			w := rule.weights[i] * width * grown / (least + tx) * math.Exp(-(r+x)*logA-(s+1)*logB-top+math.Log(least+tx))
			sum += w
			if withMeans {
				out.logA += w * logA
				out.logB += w * logB
				out.invA += w / a
				out.invB += w / b
			}
		}
	}
	out.log = top + math.Log(sum)
	out.logA, out.logB, out.invA, out.invB = out.logA/sum, out.logB/sum, out.invA/sum, out.invB/sum
	return out
}

func (m pareto) likelihood(g *groups, p, grad []float64) float64 {
	r, alpha, s, betaP := p[0], p[1], p[2], p[3]
	logAlpha, logBeta, logS := math.Log(alpha), math.Log(betaP), math.Log(s)
	base, digammaR := make([]float64, len(g.counts)), digamma(r)
	slope := make([]float64, len(g.counts))
	for i, x := range g.counts {
		base[i] = lgamma(r+x) - lgamma(r)
		slope[i] = digamma(r+x) - digammaR
	}
	return g.add(grad, func(i int, out *sums) {
		n, x := g.n[i], g.counts[g.x[i]]
		logAT, logBT := math.Log(alpha+g.t[i]), math.Log(betaP+g.t[i])
		alive := -(r+x)*logAT - s*logBT
		in := m.integrate(p, x, g.tx[i], g.t[i], true)
		gone := logS + in.log
		high := max(alive, gone)
		wAlive, wGone := math.Exp(alive-high), math.Exp(gone-high)
		whole := wAlive + wGone
		wAlive, wGone = wAlive/whole, wGone/whole
		out[0] += n * (base[g.x[i]] + r*logAlpha + s*logBeta + high + math.Log(whole))
		out[1] += n * (slope[g.x[i]] + logAlpha - wAlive*logAT)
		out[2] += n * (r/alpha - wAlive*(r+x)/(alpha+g.t[i]))
		out[3] += n * (logBeta - wAlive*logBT)
		out[4] += n * (s/betaP - wAlive*s/(betaP+g.t[i]))
		if wGone > 0 {
			out[1] -= n * wGone * in.logA
			out[2] -= n * wGone * (r + x) * in.invA
			out[3] += n * wGone * (1/s - in.logB)
			out[4] -= n * wGone * (s + 1) * in.invB
		}
	})
}

func (m pareto) alive(p []float64, h History) float64 {
	r, alpha, s, betaP := p[0], p[1], p[2], p[3]
	in := m.integrate(p, h.X, h.Tx, h.T, false)
	return 1 / (1 + s*math.Exp(in.log+(r+h.X)*math.Log(alpha+h.T)+s*math.Log(betaP+h.T)))
}

func (m pareto) expected(p []float64, h History, t float64) float64 {
	return m.alive(p, h) * lifeMean(p[0]+h.X, p[1]+h.T, p[2], p[3]+h.T, t)
}

// lifeMean is r·β/(α(s−1))·[1 − (β/(β+t))^(s−1)], right at s = 1 too.
func lifeMean(r, alpha, s, betaP, t float64) float64 {
	log := math.Log(betaP / (betaP + t))
	bracket := -log
	if math.Abs(s-1) > 1e-12 {
		bracket = -math.Expm1((s-1)*log) / (s - 1)
	}
	return r * betaP / alpha * bracket
}

func (m pareto) population(p []float64, t float64) float64 {
	return lifeMean(p[0], p[1], p[2], p[3], t)
}

func (m pareto) residual(p []float64, h History, rate float64) float64 {
	return m.alive(p, h) * (p[0] + h.X) / (p[1] + h.T) * decay(p[3]+h.T, p[2], rate)
}

func (m pareto) starts(rate float64) [][]float64 {
	var list [][]float64
	for _, s := range [][3]float64{{0.5, 0.6, 1}, {1, 1, 5}, {2, 0.3, 0.5}} {
		list = append(list, []float64{s[0], s[0] / rate, s[1], s[2] / rate / 2})
	}
	return list
}
