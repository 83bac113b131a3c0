// SPDX-License-Identifier: Apache-2.0

package statistics

import (
	"errors"
	"math"
)

// ErrSingular is told when a system of equations has no single solution.
var ErrSingular = errors.New("columns depend on each other")

// Symmetric is a square symmetric matrix, row by row, of which the lower half
// is used.
type Symmetric struct {
	N      int
	Values []float64
}

// NewSymmetric makes a matrix of zeros.
func NewSymmetric(n int) *Symmetric { return &Symmetric{n, make([]float64, n*n)} }

// Add adds to a place of the lower half.
func (m *Symmetric) Add(i, j int, value float64) {
	if i < j {
		i, j = j, i
	}
	m.Values[i*m.N+j] += value
}

// At reads a place.
func (m *Symmetric) At(i, j int) float64 {
	if i < j {
		i, j = j, i
	}
	return m.Values[i*m.N+j]
}

// Factor is the Cholesky factor of a matrix from which dependent columns are
// left out.
type Factor struct {
	n    int
	l    []float64
	Skip []bool // columns that depend on earlier ones
}

// Cholesky factors a positive semi-definite matrix. A column whose pivot falls
// below tolerance times its diagonal depends on the columns before it and is
// left out (as R's glm aliases it).
func (m *Symmetric) Cholesky(tolerance float64) *Factor { return m.CholeskyWithout(nil, tolerance) }

// CholeskyWithout leaves out the columns of a mask, too.
func (m *Symmetric) CholeskyWithout(skip []bool, tolerance float64) *Factor {
	n := m.N
	f := &Factor{n, make([]float64, n*n), make([]bool, n)}
	for j := range n {
		row := f.l[j*n : j*n+j+1]
		pivot := m.Values[j*n+j]
		for k := range j {
			pivot -= row[k] * row[k]
		}
		if !(pivot > tolerance*m.Values[j*n+j]) || skip != nil && skip[j] {
			f.Skip[j] = true
			clear(row)
			continue
		}
		row[j] = math.Sqrt(pivot)
		for i := j + 1; i < n; i++ {
			other := f.l[i*n : i*n+j+1]
			sum := m.Values[i*n+j]
			for k, x := range row[:j] {
				sum -= x * other[k]
			}
			other[j] = sum / row[j]
		}
	}
	return f
}

// Solve returns x with M x = b; left-out columns get zero.
func (f *Factor) Solve(b []float64) []float64 {
	n := f.n
	x := make([]float64, n)
	for i := range n {
		if f.Skip[i] {
			continue
		}
		sum := b[i]
		for k, l := range f.l[i*n : i*n+i] {
			sum -= l * x[k]
		}
		x[i] = sum / f.l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		if f.Skip[i] {
			continue
		}
		sum := x[i]
		for k := i + 1; k < n; k++ {
			sum -= f.l[k*n+i] * x[k]
		}
		x[i] = sum / f.l[i*n+i]
	}
	return x
}

// InverseDiagonal returns the diagonal of the inverse; left-out columns get NaN.
func (f *Factor) InverseDiagonal() []float64 {
	out, unit := make([]float64, f.n), make([]float64, f.n)
	for i := range f.n {
		if f.Skip[i] {
			out[i] = math.NaN()
			continue
		}
		unit[i] = 1
		out[i] = f.Solve(unit)[i]
		unit[i] = 0
	}
	return out
}
