// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math"
	"slices"
)

func mean(y []float64) float64 {
	sum := 0.0
	for _, v := range y {
		sum += v
	}
	return sum / float64(len(y))
}

func minimum(y []float64) float64 { return slices.Min(y) }

// meanSize is the mean absolute value, 1 for a series of zeros.
func meanSize(y []float64) float64 {
	sum := 0.0
	for _, v := range y {
		sum += math.Abs(v)
	}
	if sum == 0 {
		return 1
	}
	return sum / float64(len(y))
}

func variance(y []float64) float64 {
	m, sum := mean(y), 0.0
	for _, v := range y {
		sum += (v - m) * (v - m)
	}
	return sum / math.Max(float64(len(y)-1), 1)
}

func isConstant(y []float64) bool {
	for _, v := range y {
		if v != y[0] {
			return false
		}
	}
	return true
}

// moving is the centred moving average of a period; its ends are NaN.
func moving(y []float64, period int) []float64 {
	out := make([]float64, len(y))
	for i := range y {
		out[i] = math.NaN()
	}
	half := period / 2
	for i := half; i < len(y)-half; i++ {
		sum := 0.0
		for k := -half; k <= half; k++ {
			w := 1.0
			if period%2 == 0 && (k == -half || k == half) {
				w = 0.5
			}
			sum += w * y[i+k]
		}
		out[i] = sum / float64(period)
	}
	return out
}

// decompose gives the indices of a classical decomposition: they average to 1
// (multiplicative) or 0.
func decompose(y []float64, period int, multiplicative bool) []float64 {
	trend := moving(y, period)
	sums, counts := make([]float64, period), make([]float64, period)
	for i, t := range trend {
		if math.IsNaN(t) || multiplicative && t == 0 {
			continue
		}
		if multiplicative {
			sums[i%period] += y[i] / t
		} else {
			sums[i%period] += y[i] - t
		}
		counts[i%period]++
	}
	total := 0.0
	for i := range sums {
		if counts[i] > 0 {
			sums[i] /= counts[i]
		} else if multiplicative {
			sums[i] = 1
		}
		total += sums[i] / float64(period)
	}
	for i := range sums {
		if multiplicative {
			sums[i] = math.Max(sums[i]/total, 1e-2) // a season of nothing would divide by zero
		} else {
			sums[i] -= total
		}
	}
	return sums
}

// autocorrelation is at one lag.
func autocorrelation(y []float64, lag int) float64 {
	m, all, part := mean(y), 0.0, 0.0
	for i, v := range y {
		all += (v - m) * (v - m)
		if i >= lag {
			part += (v - m) * (y[i-lag] - m)
		}
	}
	if all == 0 {
		return 0
	}
	return part / all
}

// isSeasonal is the test of the M3 Theta method: the autocorrelation at the
// period against a limit of 90 % that grows with those before it.
func isSeasonal(y []float64, period int) bool {
	if period < 2 || len(y) <= 2*period || isConstant(y) {
		return false
	}
	sum := 1.0
	for lag := 1; lag < period; lag++ {
		r := autocorrelation(y, lag)
		sum += 2 * r * r
	}
	const z90 = 1.6448536269514722
	return math.Abs(autocorrelation(y, period)) > z90*math.Sqrt(sum/float64(len(y)))
}
