// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Clean fills gaps and tames outliers, and says so. Infinite values are gaps.
func Clean(y []float64, o Options) ([]float64, []Note, error) {
	out := append([]float64(nil), y...)
	gaps, first := 0, -1
	for i, v := range out {
		if math.IsInf(v, 0) {
			out[i] = math.NaN()
		}
		if math.IsNaN(out[i]) {
			gaps++
		} else if first < 0 {
			first = i
		}
	}
	if first < 0 {
		return nil, nil, errors.New("there is no value to continue")
	}
	if len(o.Regressors) == 0 {
		out = out[first:] // nothing is known before the first value
		gaps -= first
	}
	var notes []Note
	gap := make([]bool, len(out))
	for i, v := range out {
		gap[i] = math.IsNaN(v)
	}
	if gaps > 0 {
		straight(out, slices.Clone(out))
		notes = append(notes, Note{"gaps", fmt.Sprintf("빈 값 %d개를 앞뒤 값과 계절로 채웠습니다.", gaps), fmt.Sprintf("Missing values filled from their neighbours and the season: %d.", gaps)})
	}
	zeros := 0
	for _, v := range out {
		if v == 0 {
			zeros++
		}
	}
	const many = 0.4
	switch {
	case zeros == len(out):
		notes = append(notes, Note{"zeros", "모든 값이 0이어서 0을 이어 갑니다.", "All values are zero, and so is the forecast."})
	case float64(zeros) > many*float64(len(out)):
		notes = append(notes, Note{"intermittent", "0이 많은 시계열입니다. 예측은 평균 수준만 말합니다.", "The series is mostly zero; the forecast tells a mean level only."})
	}
	if isConstant(out) && zeros < len(out) {
		notes = append(notes, Note{"constant", "값이 변하지 않아 같은 값을 이어 갑니다.", "The series does not vary; its value is continued."})
	}
	if len(out) < 2*max(o.Period, 1)+4 {
		notes = append(notes, Note{"short", "시계열이 짧아 계절을 배울 수 없거나 예측이 거칩니다.", "The series is short: a season cannot be learned and the forecast is rough."})
	}
	if !o.KeepOutliers {
		if n := tame(out, o.Period); n > 0 {
			notes = append(notes, Note{"outliers", fmt.Sprintf("다른 값에서 크게 벗어난 %d개는 배우지 않고 주변 값으로 바꾸었습니다.", n), fmt.Sprintf("Values far away from all others were not learned from but replaced by what their neighbours say: %d.", n)})
		}
	}
	if gaps > 0 { // the season is asked only now: an outlier would bend it, and the gaps with it
		for i := range out {
			if gap[i] {
				out[i] = math.NaN()
			}
		}
		fill(out, o.Period)
	}
	return out, notes, nil
}

// fill interpolates on a straight line, on the series without its season when
// there is enough of it.
func fill(y []float64, period int) {
	gap := make([]bool, len(y))
	for i, v := range y {
		gap[i] = math.IsNaN(v)
	}
	straight(y, slices.Clone(y))
	if period < 2 || len(y) < 3*period {
		return
	}
	indices := decompose(y, period, false)
	adjusted := make([]float64, len(y))
	for i, v := range y {
		adjusted[i] = v - indices[i%period]
		if gap[i] {
			adjusted[i] = math.NaN()
		}
	}
	straight(adjusted, slices.Clone(adjusted))
	for i := range y {
		if gap[i] {
			y[i] = adjusted[i] + indices[i%period]
		}
	}
}

// straight replaces the missing values of y by lines between known ones of z.
func straight(y, z []float64) {
	last := -1
	for i, v := range z {
		if math.IsNaN(v) {
			continue
		}
		for k := last + 1; k < i; k++ {
			if last < 0 {
				y[k] = v
			} else {
				y[k] = z[last] + (v-z[last])*float64(k-last)/float64(i-last)
			}
		}
		last = i
	}
	for k := last + 1; k < len(y); k++ {
		y[k] = z[last]
	}
}

// tame replaces values whose remainder lies far outside of all others: more
// than ten times the distance of the quartiles. Ordinary peaks stay.
func tame(y []float64, period int) int {
	const least, far = 12, 10
	if len(y) < least {
		return 0
	}
	expected := smoothExpectation(y, period)
	rest := make([]float64, len(y))
	for i, v := range y {
		rest[i] = v - expected[i]
	}
	sorted := slices.Clone(rest)
	slices.Sort(sorted)
	low, high := sorted[len(sorted)/4], sorted[3*len(sorted)/4]
	values := slices.Clone(y)
	slices.Sort(values)
	const part = 0.05 // of the spread of the values: a series that repeats exactly has no other remainder
	width := max(high-low, part*(values[3*len(values)/4]-values[len(values)/4]))
	if width == 0 {
		return 0
	}
	count := 0
	for i, v := range rest {
		if v < low-far*width || v > high+far*width {
			y[i] = expected[i]
			count++
		}
	}
	const most = 0.05 // many outliers are none
	if float64(count) > most*float64(len(y)) {
		for i := range y {
			y[i] = rest[i] + expected[i]
		}
		return 0
	}
	return count
}

// smoothExpectation is what the neighbours say of each value: a running median,
// with the median of the season's deviations.
func smoothExpectation(y []float64, period int) []float64 {
	const half = 3
	out := make([]float64, len(y))
	level := make([]float64, len(y))
	for i := range y {
		reach := max(half, period/2)
		level[i] = median(slices.Clone(y[max(0, i-reach):min(len(y), i+reach+1)]))
	}
	copy(out, level)
	if period > 1 && len(y) >= 3*period {
		for s := range period {
			var off []float64
			for i := s; i < len(y); i += period {
				off = append(off, y[i]-level[i])
			}
			m := median(off)
			for i := s; i < len(y); i += period {
				out[i] += m
			}
		}
	}
	return out
}

// PeriodOf guesses the season of a series without dates: the strongest of the
// usual ones that passes the test.
func PeriodOf(y []float64) int {
	best, most := 1, 0.0
	for _, period := range []int{4, 7, 12, 24, 48, 52} {
		if len(y) < 3*period {
			continue
		}
		flat := lagged(y, 1) // a trend correlates at every lag
		if r := autocorrelation(flat, period); isSeasonal(flat, period) && r > most+0.02 {
			best, most = period, r
		}
	}
	return best
}

// LjungBox is the statistic of Ljung & Box 1978 over the first lags.
func LjungBox(y []float64, lags int) float64 {
	n, sum := float64(len(y)), 0.0
	for k := 1; k <= lags; k++ {
		r := autocorrelation(y, k)
		sum += r * r / (n - float64(k))
	}
	return n * (n + 2) * sum
}
