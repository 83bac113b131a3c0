// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"fmt"
	"math"
)

// order is ARIMA(p,d,q)(P,D,Q)m with or without a constant (a mean, or a drift
// when differenced once).
type order struct {
	p, d, q, sp, sd, sq, m int
	hasConstant            bool
}

// String is the usual notation.
func (o order) String() string {
	text := fmt.Sprintf("ARIMA(%d,%d,%d)", o.p, o.d, o.q)
	if o.sp+o.sd+o.sq > 0 {
		text += fmt.Sprintf("(%d,%d,%d)[%d]", o.sp, o.sd, o.sq, o.m)
	}
	if o.hasConstant {
		if o.d+o.sd > 0 {
			return text + " with drift"
		}
		return text + " with mean"
	}
	return text
}

// arimaFit is a fitted regression with ARIMA errors.
type arimaFit struct {
	order
	coefficients   []float64 // φ, θ, Φ, Θ as in the order
	beta           []float64 // constant first if there is one, then regressors
	sigma2         float64
	logLikelihood  float64
	aic, aicc, bic float64
	residuals      []float64
	y              []float64
	regressors     [][]float64
	process        arma
	isNearUnit     bool
}

// partial turns unbounded numbers into coefficients of a stationary polynomial
// through partial autocorrelations (Monahan 1984).
func partial(x []float64) []float64 {
	a := make([]float64, len(x))
	work := make([]float64, len(x))
	for k, v := range x {
		r := math.Tanh(v)
		copy(work, a)
		for i := range k {
			a[i] = work[i] - r*work[k-1-i]
		}
		a[k] = r
	}
	return a
}

// coefficientsOf maps the point of the search to φ, θ, Φ, Θ; both kinds are kept
// within the unit circle, the moving average with its sign turned.
func (o order) coefficientsOf(x []float64) []float64 {
	out := make([]float64, 0, len(x))
	at := 0
	for i, n := range []int{o.p, o.q, o.sp, o.sq} {
		part := partial(x[at : at+n])
		if i%2 == 1 {
			for k := range part {
				part[k] = -part[k]
			}
		}
		out = append(out, part...)
		at += n
	}
	return out
}

// expand multiplies the ordinary and the seasonal polynomials.
func (o order) expand(c []float64) arma {
	phi, theta := c[:o.p], c[o.p:o.p+o.q]
	sphi, stheta := c[o.p+o.q:o.p+o.q+o.sp], c[o.p+o.q+o.sp:]
	a := arma{make([]float64, o.p+o.sp*o.m), make([]float64, o.q+o.sq*o.m)}
	for i := 0; i <= o.p; i++ {
		for j := 0; j <= o.sp; j++ {
			if i+j == 0 {
				continue
			}
			v := 1.0
			if i > 0 {
				v *= -phi[i-1]
			}
			if j > 0 {
				v *= -sphi[j-1]
			}
			a.phi[i+j*o.m-1] -= v
		}
	}
	for i := 0; i <= o.q; i++ {
		for j := 0; j <= o.sq; j++ {
			if i+j == 0 {
				continue
			}
			v := 1.0
			if i > 0 {
				v *= theta[i-1]
			}
			if j > 0 {
				v *= stheta[j-1]
			}
			a.theta[i+j*o.m-1] += v
		}
	}
	return a
}

// difference applies (1−B)^d (1−B^m)^D.
func (o order) difference(y []float64) []float64 {
	out := append([]float64(nil), y...)
	for range o.sd {
		out = lagged(out, o.m)
	}
	for range o.d {
		out = lagged(out, 1)
	}
	return out
}

func lagged(y []float64, lag int) []float64 {
	if len(y) <= lag {
		return nil
	}
	out := make([]float64, len(y)-lag)
	for i := range out {
		out[i] = y[i+lag] - y[i]
	}
	return out
}

// fitARIMA is exact maximum likelihood; regression coefficients and variance
// are found in closed form for each point of the search.
func fitARIMA(y []float64, regressors [][]float64, o order) (*arimaFit, error) {
	w := o.difference(y)
	count := o.p + o.q + o.sp + o.sq
	columns := [][]float64{w}
	if o.hasConstant {
		columns = append(columns, o.difference(o.constant(len(y))))
	}
	for _, x := range regressors {
		columns = append(columns, o.difference(x))
	}
	k := count + len(columns) // with the variance
	if len(w) < k+2 {
		return nil, errors.New("the series is too short for " + o.String())
	}
	scale := math.Sqrt(variance(w))
	if scale == 0 {
		return nil, errors.New("the series does not vary after differencing")
	}
	objective := func(x []float64) float64 {
		value, _, _, _ := o.profile(o.coefficientsOf(x), columns)
		return value
	}
	f := &arimaFit{order: o, y: y, regressors: regressors}
	x := make([]float64, count)
	for i := range x {
		x[i] = 0.1
	}
	if count > 0 {
		const most = 60
		if math.IsInf(minimise(numeric(objective), x, most), 1) {
			return nil, errors.New("the likelihood cannot be computed")
		}
	}
	f.coefficients = o.coefficientsOf(x)
	const edge = 3.5 // tanh(3.5) = 0.998
	for _, v := range x {
		f.isNearUnit = f.isNearUnit || math.Abs(v) > edge
	}
	return f, f.finish(columns, k)
}

// constant is the regressor whose differences are 1: a mean, a line, or a line
// that steps once a season.
func (o order) constant(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
		if o.d+o.sd > 0 {
			out[i] = float64(i + 1)
		}
	}
	return out
}

// profile is −2 log-likelihood without its constant part, with regression
// coefficients, residual sum of squares and standardised residuals.
func (o order) profile(c []float64, columns [][]float64) (value float64, beta []float64, sum float64, residuals []float64) {
	white, logs, ok := o.expand(c).whiten(columns)
	if !ok {
		return math.Inf(1), nil, 0, nil
	}
	residuals = white[0]
	if len(columns) > 1 {
		if beta = regress(white[1:], white[0]); beta == nil {
			return math.Inf(1), nil, 0, nil
		}
		for t := range residuals {
			for i, b := range beta {
				residuals[t] -= b * white[i+1][t]
			}
		}
	}
	for _, e := range residuals {
		sum += e * e
	}
	n := float64(len(residuals))
	value = n*math.Log(math.Max(sum/n, 1e-300)) + logs
	if math.IsNaN(value) {
		return math.Inf(1), nil, 0, nil
	}
	return value, beta, sum, residuals
}

// regress is least squares by normal equations; nil when columns are collinear.
func regress(x [][]float64, y []float64) []float64 {
	k := len(x)
	m := make([][]float64, k)
	for i := range m {
		m[i] = make([]float64, k+1)
		for j := range k {
			for t := range y {
				m[i][j] += x[i][t] * x[j][t]
			}
		}
		for t, v := range y {
			m[i][k] += x[i][t] * v
		}
	}
	for i := range m {
		if m[i][i] == 0 {
			return nil
		}
	}
	if !eliminate(m) {
		return nil
	}
	out := make([]float64, k)
	for i := range out {
		out[i] = m[i][k]
	}
	return out
}

func (f *arimaFit) finish(columns [][]float64, k int) error {
	value, beta, sum, residuals := f.profile(f.coefficients, columns)
	if math.IsInf(value, 1) {
		return errors.New("the likelihood cannot be computed")
	}
	n := float64(len(residuals))
	f.beta, f.sigma2, f.residuals, f.process = beta, sum/n, residuals, f.expand(f.coefficients)
	f.logLikelihood = -0.5 * (value + n*(1+math.Log(2*math.Pi)))
	p := float64(k)
	f.aic = -2*f.logLikelihood + 2*p
	f.aicc, f.bic = math.Inf(1), -2*f.logLikelihood+p*math.Log(n)
	if n-p-1 > 0 {
		f.aicc = f.aic + 2*p*(p+1)/(n-p-1)
	}
	return nil
}

// standardErrors come from the curvature of the profile likelihood.
func (f *arimaFit) standardErrors() []float64 {
	columns := [][]float64{f.difference(f.y)}
	if f.hasConstant {
		columns = append(columns, f.difference(f.constant(len(f.y))))
	}
	for _, x := range f.regressors {
		columns = append(columns, f.difference(x))
	}
	k := len(f.coefficients)
	c := append([]float64(nil), f.coefficients...)
	at := func(i int, si float64, j int, sj float64) float64 {
		const step = 1e-3
		c[i] += si * step
		c[j] += sj * step
		v, _, _, _ := f.profile(c, columns)
		c[i] -= si * step
		c[j] -= sj * step
		return v / 2 / (step * step)
	}
	m := make([][]float64, k)
	for i := range k {
		m[i] = make([]float64, 2*k)
		m[i][k+i] = 1
		for j := range k {
			m[i][j] = (at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) / 4
		}
	}
	out := make([]float64, k)
	for i := range k {
		one := make([][]float64, k)
		for r := range k {
			one[r] = append(append([]float64(nil), m[r][:k]...), m[r][k+i])
		}
		if k > 0 && eliminate(one) && one[i][k] > 0 {
			out[i] = math.Sqrt(one[i][k])
		}
	}
	return out
}
