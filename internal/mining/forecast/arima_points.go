// SPDX-License-Identifier: Apache-2.0

package forecast

import "math"

// polynomial is 1 − Σ of the autoregressive part with all differences.
func (f *arimaFit) polynomial() []float64 {
	poly := make([]float64, len(f.process.phi)+1)
	poly[0] = 1
	for i, v := range f.process.phi {
		poly[i+1] = -v
	}
	times := func(lag int) {
		out := make([]float64, len(poly)+lag)
		for i, v := range poly {
			out[i] += v
			out[i+lag] -= v
		}
		poly = out
	}
	for range f.sd {
		times(f.m)
	}
	for range f.d {
		times(1)
	}
	return poly
}

// regression is the part of constant and regressors at a time; future gives the
// regressors after the sample.
func (f *arimaFit) regression(n int, future [][]float64, h int) []float64 {
	out := make([]float64, n+h)
	at := 0
	if f.hasConstant {
		for t, v := range f.constant(n + h) {
			out[t] += f.beta[0] * v
		}
		at = 1
	}
	for i, x := range f.regressors {
		for t := range out {
			v := 0.0
			if t < n {
				v = x[t]
			} else if i < len(future) && t-n < len(future[i]) {
				v = future[i][t-n]
			}
			out[t] += f.beta[at+i] * v
		}
	}
	return out
}

// points continues the series and gives the standard deviation of each step.
func (f *arimaFit) points(h int, future [][]float64) (points, spread []float64) {
	n := len(f.y)
	fixed := f.regression(n, future, h)
	z := make([]float64, n+h)
	for t := range n {
		z[t] = f.y[t] - fixed[t]
	}
	// Errors of the differenced series, one for each of its values.
	lost := f.d + f.sd*f.m
	e := make([]float64, n+h)
	white, _, _ := f.process.whiten([][]float64{f.difference(z[:n])})
	if white != nil {
		copy(e[lost:], white[0])
	}
	poly := f.polynomial()
	points, spread = make([]float64, h), make([]float64, h)
	for i := range h {
		t := n + i
		for k := 1; k < len(poly) && k <= t; k++ {
			z[t] -= poly[k] * z[t-k]
		}
		for j, theta := range f.process.theta {
			if t-j-1 < n && t-j-1 >= 0 {
				z[t] += theta * e[t-j-1]
			}
		}
		points[i] = z[t] + fixed[t]
	}
	psi := make([]float64, h)
	sum := 0.0
	for k := range psi {
		if k <= len(f.process.theta) {
			psi[k] = f.process.thetaAt(k)
		}
		for i := 1; i <= min(k, len(poly)-1); i++ {
			psi[k] -= poly[i] * psi[k-i]
		}
		sum += psi[k] * psi[k]
		spread[k] = math.Sqrt(f.sigma2 * sum)
	}
	return points, spread
}
