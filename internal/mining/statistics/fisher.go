// SPDX-License-Identifier: Apache-2.0

package statistics

import "math"

// Factorials are logarithms of n! for Fisher's exact test.
type Factorials struct{ logs []float64 }

// NewFactorials computes them up to most!.
func NewFactorials(most int) *Factorials {
	f := &Factorials{make([]float64, max(2, most+1))}
	for i := 2; i <= most; i++ {
		f.logs[i] = f.logs[i-1] + math.Log(float64(i))
	}
	return f
}

func (f *Factorials) choose(n, k int) float64 { return f.logs[n] - f.logs[k] - f.logs[n-k] }

// Fisher is the probability that of all things, left of one mark and right of
// another, at least both have both marks by chance: the upper tail of the
// hypergeometric distribution (Fisher 1935).
func (f *Factorials) Fisher(both, left, right, all int) float64 {
	total := 0.0
	for k := both; k <= min(left, right); k++ {
		if right-k > all-left {
			continue
		}
		term := math.Exp(f.choose(left, k) + f.choose(all-left, right-k) - f.choose(all, right))
		total += term
		if term < total*1e-17 && float64(k) > float64(left)*float64(right)/float64(all) {
			break
		}
	}
	return min(1, total)
}
