// SPDX-License-Identifier: Apache-2.0

package predict

import "math"

// Comparison sets the AUC of two models on the same rows against each other.
type Comparison struct {
	Champion   float64 `json:"champion_auc"`
	Challenger float64 `json:"challenger_auc"`
	Difference float64 `json:"difference"` // challenger − champion
	// Low and High are the 95 % interval of the difference (DeLong et al. 1988).
	Low  float64 `json:"difference_low"`
	High float64 `json:"difference_high"`
	Rows int     `json:"rows"`
	Yes  int     `json:"yes"`
}

// CompareModels compares scores of two models for the same rows; the variance is that
// of DeLong, DeLong and Clarke-Pearson (1988), by mid-ranks (Sun and Xu 2014).
func CompareModels(champion, challenger []float64, yes []bool) Comparison {
	c := Comparison{Champion: AUC(champion, yes), Challenger: AUC(challenger, yes), Rows: len(yes)}
	c.Difference = c.Challenger - c.Champion
	for _, y := range yes {
		if y {
			c.Yes++
		}
	}
	no := len(yes) - c.Yes
	if c.Yes < 2 || no < 2 {
		c.Low, c.High = -1, 1
		return c
	}
	a, b := structure(champion, yes), structure(challenger, yes)
	var sums, squares [2]float64
	for i, y := range yes {
		side, d := 0, b[i]-a[i]
		if y {
			side = 1
		}
		sums[side] += d
		squares[side] += d * d
	}
	variance := 0.0
	for side, n := range []float64{float64(no), float64(c.Yes)} {
		variance += (squares[side] - sums[side]*sums[side]/n) / (n - 1) / n
	}
	half := 1.959963984540054 * math.Sqrt(math.Max(0, variance))
	c.Low, c.High = c.Difference-half, c.Difference+half
	return c
}

// structure is, for a yes, the share of noes that score lower, and for a no the
// share of yeses that score higher; ties count half.
func structure(scores []float64, yes []bool) []float64 {
	order, out := byScore(scores), make([]float64, len(scores))
	total := [2]float64{}
	for _, y := range yes {
		total[index(y)]++
	}
	before := [2]float64{}
	for from := 0; from < len(order); {
		to, tied := from, [2]float64{}
		for to < len(order) && scores[order[to]] == scores[order[from]] {
			tied[index(yes[order[to]])]++
			to++
		}
		for _, row := range order[from:to] {
			if yes[row] {
				out[row] = (before[0] + tied[0]/2) / total[0]
			} else {
				out[row] = (total[1] - before[1] - tied[1]/2) / total[1]
			}
		}
		before[0], before[1] = before[0]+tied[0], before[1]+tied[1]
		from = to
	}
	return out
}

func index(y bool) int {
	if y {
		return 1
	}
	return 0
}
