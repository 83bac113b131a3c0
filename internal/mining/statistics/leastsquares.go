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

// LeastSquares regresses y on columns; rows with a missing value are left out.
// It returns nil when rows do not suffice for the terms.
func LeastSquares(y []float64, names []string, columns [][]float64) *LinearFit {
	rows := completeRows(y, columns)
	k, n := len(columns)+1, len(rows)
	if n <= k {
		return nil
	}
	// Columns are centred and scaled first, or squares of large numbers would
	// drown small ones.
	means, spreads := make([]float64, k), make([]float64, k)
	value := func(j, row int) float64 {
		if j == 0 {
			return 1
		}
		return (columns[j-1][row] - means[j]) / spreads[j]
	}
	spreads[0] = 1
	for j := 1; j < k; j++ {
		list := pickRows(columns[j-1], rows)
		var variance float64
		means[j], variance = meanAndVariance(list)
		if spreads[j] = math.Sqrt(variance); spreads[j] == 0 {
			spreads[j] = 1
		}
	}
	meanY, varianceY := meanAndVariance(pickRows(y, rows))
	cross, right := NewSymmetric(k), make([]float64, k)
	for _, row := range rows {
		for i := range k {
			x := value(i, row)
			right[i] += x * (y[row] - meanY)
			for j := 0; j <= i; j++ {
				cross.Add(i, j, x*value(j, row))
			}
		}
	}
	factor := cross.Cholesky(1e-10)
	b, variances := factor.Solve(right), factor.InverseDiagonal()
	used, loss := 0, 0.0
	for _, skip := range factor.Skip {
		if !skip {
			used++
		}
	}
	for _, row := range rows {
		e := y[row] - meanY
		for j := range k {
			e -= b[j] * value(j, row)
		}
		loss += e * e
	}
	fit := &LinearFit{N: n}
	total, free := varianceY*float64(n-1), float64(n-used)
	if total == 0 || free <= 0 {
		return nil
	}
	fit.R2, fit.Sigma = 1-loss/total, math.Sqrt(loss/free)
	fit.Adjusted = 1 - loss/free/varianceY
	if used > 1 && loss > 0 {
		fit.F = (total - loss) / float64(used-1) / (loss / free)
		fit.P = FTail(fit.F, float64(used-1), free)
	}
	quantile := StudentQuantile(.975, free)
	for j := range k {
		t := Term{Name: "(intercept)", IsAliased: factor.Skip[j]}
		if j > 0 {
			t.Name = names[j-1]
		}
		if !t.IsAliased {
			t.Estimate, t.Error, t.Beta = b[j]/spreads[j], fit.Sigma*math.Sqrt(variances[j])/spreads[j], b[j]/math.Sqrt(varianceY)
			if j == 0 {
				t.Estimate, t.Error, t.Beta = meanY+b[0]-shift(b, means, spreads), interceptError(factor, means, spreads, fit.Sigma), 0
			}
			if t.Error > 0 {
				t.T = t.Estimate / t.Error
				t.P = StudentTail(math.Abs(t.T), free)
			}
			t.Low, t.High = t.Estimate-quantile*t.Error, t.Estimate+quantile*t.Error
		}
		fit.Terms = append(fit.Terms, t)
	}
	return fit
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
