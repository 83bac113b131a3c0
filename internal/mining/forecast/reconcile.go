// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"math"
)

// Ways to make forecasts of parts and wholes add up.
const (
	BottomUp = "bottom_up" // wholes are the sums of their parts
	OLS      = "ols"       // all forecasts weigh alike
	MinT     = "mint"      // by the covariance of past errors, shrunk
)

// Reconcile makes forecasts add up (Wickramasuriya, Athanasopoulos & Hyndman
// 2019). Nodes come with the wholes first and the parts last; sums has a row
// for each node and a column for each part, 1 where the part belongs to it.
// residuals are past errors by node (MinT only), points the base forecasts by
// node; all have equal lengths. The answer is coherent: sums × parts.
func Reconcile(how string, sums, points, residuals [][]float64) ([][]float64, error) {
	nodes, parts := len(sums), len(sums[0])
	if len(points) != nodes || parts > nodes {
		return nil, errors.New("the hierarchy and the forecasts do not match")
	}
	var w [][]float64
	switch how {
	case BottomUp:
		return spread(sums, points[nodes-parts:]), nil
	case OLS:
		w = unit(nodes)
	case MinT:
		w = shrunk(residuals)
	default:
		return nil, errors.New("choose bottom_up, ols or mint")
	}
	// parts = (S'W⁻¹S)⁻¹ S'W⁻¹ ŷ, step by step of the horizon.
	inverse := inverted(w)
	if inverse == nil {
		return nil, errors.New("the past errors do not determine the weights")
	}
	left := make([][]float64, parts)
	for i := range left {
		left[i] = make([]float64, nodes)
		for k := range nodes {
			for n := range nodes {
				left[i][k] += sums[n][i] * inverse[n][k]
			}
		}
	}
	horizon := len(points[0])
	bottom := make([][]float64, parts)
	m := make([][]float64, parts)
	for i := range m {
		m[i] = make([]float64, parts+horizon)
		for j := range parts {
			for k := range nodes {
				m[i][j] += left[i][k] * sums[k][j]
			}
		}
		for h := range horizon {
			for k := range nodes {
				m[i][parts+h] += left[i][k] * points[k][h]
			}
		}
	}
	if !solveMany(m) {
		return nil, errors.New("the hierarchy has a part that belongs to nothing")
	}
	for i := range bottom {
		bottom[i] = m[i][parts:]
	}
	return spread(sums, bottom), nil
}

func spread(sums, bottom [][]float64) [][]float64 {
	out := make([][]float64, len(sums))
	for n, row := range sums {
		out[n] = make([]float64, len(bottom[0]))
		for i, weight := range row {
			for h := range out[n] {
				out[n][h] += weight * bottom[i][h]
			}
		}
	}
	return out
}

// shrunk is the covariance of the errors with its off-diagonal part drawn
// towards zero by the intensity of Schäfer & Strimmer 2005.
func shrunk(residuals [][]float64) [][]float64 {
	k, n := len(residuals), float64(len(residuals[0]))
	c := unit(k)
	standard := make([][]float64, k)
	sd := make([]float64, k)
	for i, r := range residuals {
		sum := 0.0
		for _, v := range r {
			sum += v * v
		}
		sd[i] = math.Sqrt(math.Max(sum/n, 1e-12))
		for _, v := range r {
			standard[i] = append(standard[i], v/sd[i])
		}
	}
	variances, squares := 0.0, 0.0
	for i := range k {
		for j := range i {
			mean, around := 0.0, 0.0
			for t := range standard[i] {
				mean += standard[i][t] * standard[j][t] / n
			}
			for t := range standard[i] {
				d := standard[i][t]*standard[j][t] - mean
				around += d * d
			}
			c[i][j], c[j][i] = mean, mean
			variances += around / (n * (n - 1))
			squares += mean * mean
		}
	}
	lambda := 1.0
	if squares > 0 {
		lambda = math.Min(1, math.Max(variances/squares, 0.01))
	}
	for i := range k {
		for j := range k {
			if i != j {
				c[i][j] *= 1 - lambda
			}
			c[i][j] *= sd[i] * sd[j]
		}
	}
	return c
}

func unit(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		m[i][i] = 1
	}
	return m
}

func inverted(m [][]float64) [][]float64 {
	n := len(m)
	work := make([][]float64, n)
	for i := range work {
		work[i] = append(append([]float64(nil), m[i]...), make([]float64, n)...)
		work[i][n+i] = 1
	}
	if !solveMany(work) {
		return nil
	}
	for i := range work {
		work[i] = work[i][n:]
	}
	return work
}

// solveMany is Gauss' method for several right sides at once.
func solveMany(m [][]float64) bool {
	for c := range m {
		pivot := c
		for r := c + 1; r < len(m); r++ {
			if math.Abs(m[r][c]) > math.Abs(m[pivot][c]) {
				pivot = r
			}
		}
		if math.Abs(m[pivot][c]) < 1e-13 {
			return false
		}
		m[c], m[pivot] = m[pivot], m[c]
		for r := range m {
			if r == c {
				continue
			}
			factor := m[r][c] / m[c][c]
			for k := c; k < len(m[r]); k++ {
				m[r][k] -= factor * m[c][k]
			}
		}
		d := m[c][c]
		for k := c; k < len(m[c]); k++ {
			m[c][k] /= d
		}
	}
	return true
}
