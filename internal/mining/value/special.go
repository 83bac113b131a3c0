// SPDX-License-Identifier: Apache-2.0

package value

import "math"

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

func lbeta(a, b float64) float64 { return lgamma(a) + lgamma(b) - lgamma(a+b) }

// digamma is the derivative of the logarithm of the gamma function for x > 0:
// recurrence up to 10, then the asymptotic series (Abramowitz & Stegun 6.3.18).
func digamma(x float64) float64 {
	sum := 0.0
	for x < 10 {
		sum -= 1 / x
		x++
	}
	y := 1 / (x * x)
	return sum + math.Log(x) - 0.5/x - y*(1.0/12-y*(1.0/120-y*(1.0/252-y*(1.0/240-y*(1.0/132-y*(691.0/32760-y/12))))))
}

// gauss are the nodes and weights of Gauss-Legendre quadrature on [0, 1].
type gauss struct{ nodes, weights []float64 }

// newGauss finds the zeros of the Legendre polynomial of degree n by Newton's
// method from Chebyshev's (Numerical Recipes 4.6 describes the idea).
func newGauss(n int) gauss {
	g := gauss{make([]float64, n), make([]float64, n)}
	for i := range n {
		x := math.Cos(math.Pi * (float64(i) + 0.75) / (float64(n) + 0.5))
		slope := 0.0
		for range 100 {
			p, before := 1.0, 0.0
			for k := range n {
				p, before = (float64(2*k+1)*x*p-float64(k)*before)/float64(k+1), p
			}
			slope = float64(n) * (x*p - before) / (x*x - 1)
			step := p / slope
			x -= step
			if math.Abs(step) < 1e-15 {
				break
			}
		}
		g.nodes[i] = (1 - x) / 2
		g.weights[i] = 1 / ((1 - x*x) * slope * slope)
	}
	return g
}

// rule32 is exact to machine precision for exp(-c·y) on [0, 1] up to c = 45.
var rule32 = newGauss(32)

var rule16 = newGauss(16)

// negligible is the exponent below which a part of an integral does not reach
// double precision.
const negligible = 45

// aliveMean is the expected number of purchases within t of a customer who is
// alive, with rate ~ Gamma(r, alpha) and drop-out probability ~ Beta(a, b):
//
//	(a+b-1)/(a-1) · [1 − (alpha/(alpha+t))^r · 2F1(r, b; a+b−1; t/(alpha+t))]
//
// (Fader, Hardie & Lee 2005, eq. 10). Euler's transformation turns the bracket
// over (a-1) into −expm1(ε·ln(1−z))/ε − (1−z)^ε·S with ε = a−1, which does not
// cancel at a = 1.
func aliveMean(r, alpha, a, b, t float64) float64 {
	if t <= 0 {
		return 0
	}
	z := t / (alpha + t)
	eps, second, c := a-1, a+b-1-r, a+b-1
	if math.Abs(c) < 1e-9 {
		c += 1e-9 // the limit exists; the series does not
	}
	log1z := math.Log(alpha / (alpha + t))
	first := -log1z
	if math.Abs(eps) > 1e-12 {
		first = -math.Expm1(eps*log1z) / eps
	}
	term, sum := second/c*z, second/c*z // n = 1
	const most = 1_000_000
	for n := 1.0; n < most; n++ {
		term *= (eps + n) * (second + n) / ((c + n) * (n + 1)) * z
		sum += term
		if math.Abs(term) <= 1e-16*math.Abs(sum) {
			break
		}
	}
	return c * (first - math.Exp(eps*log1z)*sum)
}

// decay is ∫ e^(−rate·t) (b/(b+t))^s dt over [0, ∞), the discounted time of an
// exponential-gamma life (Fader, Hardie & Lee 2005b, through Tricomi's
// function). With t = b(e^u − 1) the integrand falls doubly exponentially.
func decay(b, s, rate float64) float64 {
	z := rate * b
	end := math.Log1p(negligible / z)
	const panels = 6
	sum := 0.0
	for p := range panels {
		for i, y := range rule32.nodes {
			u := end * (float64(p) + y) / panels
			sum += rule32.weights[i] * math.Exp(u*(1-s)-z*math.Expm1(u))
		}
	}
	return b * sum * end / panels
}
