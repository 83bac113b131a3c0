// SPDX-License-Identifier: Apache-2.0

package value

import "math"

// credibility estimates the value of a purchase without taking value and
// frequency as independent: the own mean is drawn to that of customers who
// bought as often (Bühlmann & Straub 1970).
type credibility struct {
	means  []float64 // by band of frequency
	weight float64   // k = variance within a customer over variance between
}

// bandTops are the most repeat purchases of each band; the last is open.
var bandTops = []float64{1, 2, 3, 5, 9}

func bandOf(x float64) int {
	for i, top := range bandTops {
		if x <= top {
			return i
		}
	}
	return len(bandTops)
}

// fewestInBand is below how many customers a band takes the mean of the one before.
const fewestInBand = 5

func newCredibility(list []Spender, mean float64) *credibility {
	c := &credibility{means: make([]float64, len(bandTops)+1)}
	counts := make([]float64, len(c.means))
	for _, one := range list {
		b := bandOf(one.X)
		counts[b]++
		c.means[b] += one.Mean
	}
	before := mean
	for i := range c.means {
		if counts[i] >= fewestInBand {
			before = c.means[i] / counts[i]
		}
		c.means[i] = before
	}
	c.weight = c.ratio(list)
	return c
}

// ratio is k by moments: the squared distance of a mean over x purchases from
// that of its band is τ² + σ²/x on average, a line in 1/x.
func (c *credibility) ratio(list []Spender) float64 {
	var n, sx, sy, sxx, sxy float64
	for _, one := range list {
		x, d := 1/one.X, one.Mean-c.means[bandOf(one.X)]
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+d*d, sxx+x*x, sxy+x*d*d
	}
	const least, most, usual = 0.2, 50, 3
	spread := sxx - sx*sx/n
	if !(spread > 0) {
		return usual
	}
	slope := (sxy - sx*sy/n) / spread
	between := (sy - slope*sx) / n
	switch {
	case slope <= 0: // purchases of one customer are alike
		return least
	case between <= 0: // customers are alike
		return most
	}
	return math.Max(least, math.Min(most, slope/between))
}

func (c *credibility) expected(x, mean float64) float64 {
	common := c.means[bandOf(max(x, 1))]
	if x <= 0 || math.IsNaN(mean) {
		return common
	}
	return (x*mean + c.weight*common) / (x + c.weight)
}
