// SPDX-License-Identifier: Apache-2.0

package forecast

import "math"

// arma is x(t) = Σ φ x(t−i) + e(t) + Σ θ e(t−j) with unit variance of e.
type arma struct{ phi, theta []float64 }

// covariances are the autocovariances at lags 0 … most (Brockwell & Davis 1991,
// section 3.3, third method).
func (a arma) covariances(most int) []float64 {
	p, q := len(a.phi), len(a.theta)
	psi := a.psi(q + 1)
	right := make([]float64, max(p, most)+1)
	for k := range right {
		for j := k; j <= q; j++ {
			right[k] += a.thetaAt(j) * psi[j-k]
		}
	}
	n := p + 1
	m := make([][]float64, n)
	for k := range n {
		m[k] = make([]float64, n+1)
		m[k][k]++
		for i, phi := range a.phi {
			lag := k - i - 1
			if lag < 0 {
				lag = -lag
			}
			m[k][lag] -= phi
		}
		m[k][n] = right[k]
	}
	if !eliminate(m) {
		return nil
	}
	gamma := make([]float64, max(p, most)+1)
	for k := range gamma {
		if k <= p {
			gamma[k] = m[k][n]
			continue
		}
		gamma[k] = right[k]
		for i, phi := range a.phi {
			gamma[k] += phi * gamma[k-i-1]
		}
	}
	return gamma
}

func (a arma) thetaAt(j int) float64 {
	if j == 0 {
		return 1
	}
	return a.theta[j-1]
}

// psi are the first weights of the MA(∞) form.
func (a arma) psi(n int) []float64 {
	psi := make([]float64, n)
	for k := range psi {
		if k <= len(a.theta) {
			psi[k] = a.thetaAt(k)
		}
		for i := 0; i < min(k, len(a.phi)); i++ {
			psi[k] += a.phi[i] * psi[k-i-1]
		}
	}
	return psi
}

// eliminate is Gauss' method with pivots; the last column is the right side.
func eliminate(m [][]float64) bool {
	n := len(m)
	for c := range n {
		pivot := c
		for r := c + 1; r < n; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[pivot][c]) {
				pivot = r
			}
		}
		if math.Abs(m[pivot][c]) < 1e-13 {
			return false
		}
		m[c], m[pivot] = m[pivot], m[c]
		for r := range n {
			if r == c || m[r][c] == 0 {
				continue
			}
			factor := m[r][c] / m[c][c]
			for k := c; k <= n; k++ {
				m[r][k] -= factor * m[c][k]
			}
		}
	}
	for r := range n {
		m[r][n] /= m[r][r]
	}
	return true
}

// whiten gives the standardised one-step errors of each column and the sum of
// the logarithms of their variances: the innovations algorithm on the process
// without its autoregressive part (Brockwell & Davis 1991, section 5.3), which
// is banded, so that a step costs the square of the order at most.
func (a arma) whiten(columns [][]float64) (out [][]float64, logs float64, ok bool) {
	p, q := len(a.phi), len(a.theta)
	m := max(p, q)
	gamma := a.covariances(m)
	if gamma == nil || !(gamma[0] > 0) {
		return nil, 0, false
	}
	n := len(columns[0])
	k := newKappa(a, gamma, m)
	raw := make([][]float64, len(columns))
	out = make([][]float64, len(columns))
	for c := range columns {
		raw[c], out[c] = make([]float64, n), make([]float64, n)
	}
	width := m + 1
	coefficients := make([][]float64, width+1) // ring of the last rows of θ
	for i := range coefficients {
		coefficients[i] = make([]float64, width+1)
	}
	v := make([]float64, n+1)
	settled := false
	for t := range n {
		row := coefficients[t%len(coefficients)]
		reach := min(t, m)
		if t >= m {
			reach = min(t, q)
		}
		if settled {
			row = coefficients[(t-1)%len(coefficients)]
			coefficients[t%len(coefficients)] = row
			v[t] = v[t-1]
		} else {
			k.step(t, reach, row, coefficients, v)
			settled = t > 2*m+2 && math.Abs(v[t]-1) < 1e-10 && math.Abs(v[t]-v[t-1]) < 1e-13
		}
		if !(v[t] > 0) {
			return nil, 0, false
		}
		logs += math.Log(v[t])
		root := math.Sqrt(v[t])
		for c, x := range columns {
			hat := 0.0
			for j := 1; j <= reach; j++ {
				hat += row[j] * raw[c][t-j]
			}
			if t >= m {
				for i, phi := range a.phi {
					hat += phi * x[t-i-1]
				}
			}
			raw[c][t] = x[t] - hat
			out[c][t] = raw[c][t] / root
		}
	}
	return out, logs, true
}

// kappa is the covariance of the transformed process.
type kappa struct {
	gamma []float64
	mixed []float64 // between a plain and a transformed value, by lag
	ma    []float64 // between two transformed values, by lag
	m     int
}

func newKappa(a arma, gamma []float64, m int) *kappa {
	k := &kappa{gamma: gamma, m: m, mixed: make([]float64, m+1), ma: make([]float64, m+1)}
	for lag := 0; lag <= m; lag++ {
		k.mixed[lag] = gamma[lag]
		for r, phi := range a.phi {
			d := r + 1 - lag
			if d < 0 {
				d = -d
			}
			k.mixed[lag] -= phi * gamma[d]
		}
		for r := 0; r+lag <= len(a.theta); r++ {
			k.ma[lag] += a.thetaAt(r) * a.thetaAt(r+lag)
		}
	}
	return k
}

// at is the covariance of values i ≤ j, counted from 0.
func (k *kappa) at(i, j int) float64 {
	lag := j - i
	switch {
	case j < k.m:
		return k.gamma[lag]
	case lag > k.m:
		return 0
	case i < k.m:
		return k.mixed[lag]
	}
	return k.ma[lag]
}

// step computes row t of the coefficients: row[j] belongs to the error j steps
// before.
func (k *kappa) step(t, reach int, row []float64, rows [][]float64, v []float64) {
	clear(row)
	low := t - reach
	for i := low; i < t; i++ {
		sum := k.at(i, t)
		other := rows[i%len(rows)]
		for j := max(low, i-k.m); j < i; j++ {
			sum -= other[i-j] * row[t-j] * v[j]
		}
		row[t-i] = sum / v[i]
	}
	v[t] = k.at(t, t)
	for j := low; j < t; j++ {
		v[t] -= row[t-j] * row[t-j] * v[j]
	}
}
