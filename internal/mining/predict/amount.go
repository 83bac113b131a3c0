// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"dangol/internal/mining/frame"
	"dangol/internal/mining/statistics"
)

// Amount predicts a number by ridge regression on encoded features.
type Amount struct{ Linear }

// FitAmount learns the number; one pass over the rows and one system of
// equations.
func FitAmount(f *frame.Frame, numbers []float64) *Amount {
	m := &Amount{Linear{Encoder: newEncoder(f)}}
	d := m.Encoder.encode(f)
	n := d.features + 1
	left, right := statistics.NewSymmetric(n), make([]float64, n)
	var at []int
	var values []float64
	for row, y := range numbers {
		at, values = d.row(row, at[:0], values[:0])
		for a, fa := range at {
			right[fa] += values[a] * y
			for c, fc := range at[:a+1] {
				left.Add(fa, fc, values[a]*values[c])
			}
		}
	}
	for i := range d.features {
		left.Add(i, i, ridge)
	}
	x := left.Cholesky(1e-12).Solve(right)
	m.Weights, m.Intercept = x[:d.features], x[d.features]
	return m
}

// Score predicts the number of every row.
func (m *Amount) Score(f *frame.Frame) []float64 { return m.margins(f) }
