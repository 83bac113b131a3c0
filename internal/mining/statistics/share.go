// SPDX-License-Identifier: Apache-2.0

package statistics

import "math"

// Z95 is the 97.5 % point of the normal distribution, for 95 % intervals.
const Z95 = 1.959963984540054

// Wilson is the 95 % interval of a share (Wilson 1927).
func Wilson(successes, trials int) (low, high float64) {
	if trials == 0 {
		return 0, 1
	}
	n, p := float64(trials), float64(successes)/float64(trials)
	middle := (p + Z95*Z95/(2*n)) / (1 + Z95*Z95/n)
	half := Z95 / (1 + Z95*Z95/n) * math.Sqrt(p*(1-p)/n+Z95*Z95/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}

// TwoShares is the chance of at least such a difference between two shares
// where there is none: the pooled z test (two-sided). Without trials on a side
// it is 1.
func TwoShares(successesA, trialsA, successesB, trialsB int) float64 {
	if trialsA == 0 || trialsB == 0 {
		return 1
	}
	a, b := float64(trialsA), float64(trialsB)
	pooled := float64(successesA+successesB) / (a + b)
	spread := math.Sqrt(pooled * (1 - pooled) * (1/a + 1/b))
	if spread == 0 {
		return 1
	}
	return 2 * NormalTail(math.Abs(float64(successesA)/a-float64(successesB)/b)/spread)
}
