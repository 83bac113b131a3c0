// SPDX-License-Identifier: Apache-2.0

package statistics

import "math"

const (
	// converged is the relative change at which series and fractions stop.
	converged = 1e-15
	// longest is the number of steps after which they give up.
	longest = 10_000
	tiny    = 1e-300
)

// NormalTail is P(Z > z) of the standard normal distribution.
func NormalTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// NormalQuantile is the z with P(Z ≤ z) = p.
func NormalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// ChiSquareTail is P(X > x) with so many degrees of freedom.
func ChiSquareTail(x, degrees float64) float64 {
	if x <= 0 || degrees <= 0 {
		return 1
	}
	return gammaTail(degrees/2, x/2)
}

// StudentTail is P(|T| > t), both sides.
func StudentTail(t, degrees float64) float64 {
	if degrees <= 0 || math.IsNaN(t) {
		return 1
	}
	return IncompleteBeta(degrees/(degrees+t*t), degrees/2, 0.5)
}

// StudentQuantile is the t with P(T ≤ t) = p for p ≥ .5.
func StudentQuantile(p, degrees float64) float64 {
	low, high := 0.0, 1.0
	for StudentTail(high, degrees)/2 > 1-p {
		high *= 2
	}
	for range 200 {
		middle := (low + high) / 2
		if StudentTail(middle, degrees)/2 > 1-p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// FTail is P(F > f).
func FTail(f, over, under float64) float64 {
	if f <= 0 {
		return 1
	}
	return IncompleteBeta(under/(under+over*f), under/2, over/2)
}

// gammaTail is the upper regularised incomplete gamma function Q(a, x): the
// series below a+1, the continued fraction above (Abramowitz and Stegun 6.5.29
// and 6.5.31).
func gammaTail(a, x float64) float64 {
	logGamma, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - logGamma)
	if x < a+1 {
		term := 1 / a
		sum := term
		for n := 1; n < longest && term > sum*converged; n++ {
			term *= x / (a + float64(n))
			sum += term
		}
		return 1 - front*sum
	}
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	h := d
	for i := 1; i < longest; i++ {
		n := -float64(i) * (float64(i) - a)
		b += 2
		d = 1 / notZero(n*d+b)
		c = notZero(b + n/c)
		h *= c * d
		if math.Abs(c*d-1) < converged {
			break
		}
	}
	return front * h
}

// IncompleteBeta is I_x(a, b) by its continued fraction (Abramowitz and Stegun
// 26.5.8, evaluated by Lentz's method).
func IncompleteBeta(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return math.Max(0, math.Min(1, x))
	}
	if x > (a+1)/(a+b+2) {
		return 1 - IncompleteBeta(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	f, c, d := 1.0, 1.0, 0.0
	for i := range longest {
		m := float64(i / 2)
		var numerator float64
		switch {
		case i == 0:
			numerator = 1
		case i%2 == 0:
			numerator = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		default:
			numerator = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		d = 1 / notZero(1+numerator*d)
		c = notZero(1 + numerator/c)
		f *= c * d
		if math.Abs(1-c*d) < converged {
			break
		}
	}
	return front * (f - 1)
}

func notZero(x float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}
