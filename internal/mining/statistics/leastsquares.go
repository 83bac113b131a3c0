// SPDX-License-Identifier: Apache-2.0

package statistics

import "math"

// Term is one coefficient of a linear regression; it is nil-valued (IsAliased)
// when it follows from terms before it.
type Term struct {
	Name      string  `json:"name"`
	Estimate  float64 `json:"estimate"`
	Error     float64 `json:"standard_error"`
	T         float64 `json:"t"`
	P         float64 `json:"p"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	Beta      float64 `json:"beta"` // in standard deviations, to compare terms
	IsAliased bool    `json:"is_aliased,omitempty"`
}

// LinearFit is a linear regression by least squares.
type LinearFit struct {
	N        int     `json:"n"`
	Terms    []Term  `json:"terms"` // the intercept first
	R2       float64 `json:"r2"`
	Adjusted float64 `json:"r2_adjusted"`
	Sigma    float64 `json:"sigma"`
	F        float64 `json:"f"`
	P        float64 `json:"p"`
}

// scaled are columns centred and scaled, or squares of large numbers would
// drown small ones; column 0 is the intercept.
type scaled struct {
	columns        [][]float64
	means, spreads []float64
}

func scale(columns [][]float64, rows []int) *scaled {
	k := len(columns) + 1
	s := &scaled{columns, make([]float64, k), make([]float64, k)}
	s.spreads[0] = 1
	for j := 1; j < k; j++ {
		var variance float64
		s.means[j], variance = meanAndVariance(pickRows(columns[j-1], rows))
		if s.spreads[j] = math.Sqrt(variance); s.spreads[j] == 0 {
			s.spreads[j] = 1
		}
	}
	return s
}

func (s *scaled) at(j, row int) float64 {
	if j == 0 {
		return 1
	}
	return (s.columns[j-1][row] - s.means[j]) / s.spreads[j]
}

// LeastSquares regresses y on columns; rows with a missing value are left out.
// It returns nil when rows do not suffice for the terms.
func LeastSquares(y []float64, names []string, columns [][]float64) *LinearFit {
	rows := completeRows(y, columns)
	k, n := len(columns)+1, len(rows)
	if n <= k {
		return nil
	}
	x := scale(columns, rows)
	meanY, varianceY := meanAndVariance(pickRows(y, rows))
	cross, right, line := NewSymmetric(k), make([]float64, k), make([]float64, k)
	for _, row := range rows {
		for i := range k {
			line[i] = x.at(i, row)
			right[i] += line[i] * (y[row] - meanY)
			for j := 0; j <= i; j++ {
				cross.Add(i, j, line[i]*line[j])
			}
		}
	}
	factor := cross.Cholesky(1e-10)
	b := factor.Solve(right)
	used, loss := 0, 0.0
	for _, skip := range factor.Skip {
		if !skip {
			used++
		}
	}
	for _, row := range rows {
		e := y[row] - meanY
		for j := range k {
			e -= b[j] * x.at(j, row)
		}
		loss += e * e
	}
	total, free := varianceY*float64(n-1), float64(n-used)
	if total == 0 || free <= 0 {
		return nil
	}
	fit := &LinearFit{N: n, R2: 1 - loss/total, Adjusted: 1 - loss/free/varianceY, Sigma: math.Sqrt(loss / free)}
	if used > 1 && loss > 0 {
		fit.F = (total - loss) / float64(used-1) / (loss / free)
		fit.P = FTail(fit.F, float64(used-1), free)
	}
	fit.tabulate(x, factor, b, names, meanY, math.Sqrt(varianceY), free)
	return fit
}

// tabulate turns the coefficients back to the columns as they are.
func (fit *LinearFit) tabulate(x *scaled, factor *Factor, b []float64, names []string, meanY, spreadY, free float64) {
	quantile, variances := StudentQuantile(.975, free), factor.InverseDiagonal()
	for j := range b {
		t := Term{Name: "(intercept)", IsAliased: factor.Skip[j]}
		if j > 0 {
			t.Name = names[j-1]
		}
		if !t.IsAliased {
			t.Estimate, t.Error, t.Beta = b[j]/x.spreads[j], fit.Sigma*math.Sqrt(variances[j])/x.spreads[j], b[j]/spreadY
			if j == 0 {
				t.Estimate, t.Error, t.Beta = meanY+b[0]-shift(b, x.means, x.spreads), interceptError(factor, x.means, x.spreads, fit.Sigma), 0
			}
			if t.Error > 0 {
				t.T = t.Estimate / t.Error
				t.P = StudentTail(math.Abs(t.T), free)
			}
			t.Low, t.High = t.Estimate-quantile*t.Error, t.Estimate+quantile*t.Error
		}
		fit.Terms = append(fit.Terms, t)
	}
}

// shift is what centring took from the intercept.
func shift(b, means, spreads []float64) float64 {
	sum := 0.0
	for j := 1; j < len(b); j++ {
		sum += b[j] * means[j] / spreads[j]
	}
	return sum
}

// interceptError is the standard error of the intercept of columns as they are:
// a'(X'X)⁻¹a with a = (1, −mean/spread …).
func interceptError(f *Factor, means, spreads []float64, sigma float64) float64 {
	a := make([]float64, len(means))
	a[0] = 1
	for j := 1; j < len(a); j++ {
		if !f.Skip[j] {
			a[j] = -means[j] / spreads[j]
		}
	}
	sum := 0.0
	for j, x := range f.Solve(a) {
		sum += x * a[j]
	}
	return sigma * math.Sqrt(math.Max(0, sum))
}

func completeRows(y []float64, columns [][]float64) []int {
	var out []int
	for row := range y {
		ok := !math.IsNaN(y[row]) && !math.IsInf(y[row], 0)
		for _, c := range columns {
			ok = ok && !math.IsNaN(c[row]) && !math.IsInf(c[row], 0)
		}
		if ok {
			out = append(out, row)
		}
	}
	return out
}

func pickRows(x []float64, rows []int) []float64 {
	out := make([]float64, len(rows))
	for i, row := range rows {
		out[i] = x[row]
	}
	return out
}
