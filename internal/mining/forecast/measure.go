// SPDX-License-Identifier: Apache-2.0

package forecast

import "math"

// Errors measure a forecast against what came.
type Errors struct {
	MAE   float64 `json:"mae"`
	RMSE  float64 `json:"rmse"`
	SMAPE float64 `json:"smape"` // 200·|e|/(|a|+|f|)
	MASE  float64 `json:"mase"`  // 0 when the sample does not vary
	Bias  float64 `json:"bias"`  // mean of forecast − actual
}

// Measure compares points with actual values; missing actual values are left
// out. MASE is scaled by the seasonal naive method in the sample.
func Measure(sample, actual, points []float64, period int) Errors {
	var e Errors
	n := 0.0
	for i, a := range actual {
		if math.IsNaN(a) || i >= len(points) {
			continue
		}
		d := points[i] - a
		n++
		e.MAE += math.Abs(d)
		e.RMSE += d * d
		e.Bias += d
		if size := math.Abs(a) + math.Abs(points[i]); size > 0 {
			e.SMAPE += 200 * math.Abs(d) / size
		}
	}
	if n == 0 {
		return e
	}
	e.MAE, e.RMSE, e.Bias, e.SMAPE = e.MAE/n, math.Sqrt(e.RMSE/n), e.Bias/n, e.SMAPE/n
	if scale := naiveError(sample, max(period, 1)); scale > 0 {
		e.MASE = e.MAE / scale
	}
	return e
}

// naiveError is the mean absolute difference at the period.
func naiveError(y []float64, period int) float64 {
	if len(y) <= period {
		period = 1
	}
	sum, n := 0.0, 0.0
	for i := period; i < len(y); i++ {
		if d := math.Abs(y[i] - y[i-period]); !math.IsNaN(d) {
			sum += d
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
