// SPDX-License-Identifier: Apache-2.0

package uplift

import (
	"context"
	"math"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/statistics"
)

// Effect is the difference between the arms among some of the people, with the
// 95 % interval of a difference of two means (Welch).
type Effect struct {
	Name        string  `json:"name"`
	Treated     int     `json:"treated"`
	Control     int     `json:"control"`
	MeanTreated float64 `json:"mean_treated"`
	MeanControl float64 `json:"mean_control"`
	Uplift      float64 `json:"uplift"`
	Low         float64 `json:"low"`
	High        float64 `json:"high"`
}

// fewestOfArm is below how many people of an arm no effect is told.
const fewestOfArm = 20

// IsKnown is false when an arm has too few people to say anything.
func (e *Effect) IsKnown() bool { return min(e.Treated, e.Control) >= fewestOfArm }

// effectOf compares the arms among the rows.
func effectOf(name string, rows []int, treated []bool, outcome []float64) Effect {
	var n, sum, squares [2]float64
	for _, row := range rows {
		arm := 0
		if treated[row] {
			arm = 1
		}
		n[arm]++
		sum[arm] += outcome[row]
		squares[arm] += outcome[row] * outcome[row]
	}
	e := Effect{Name: name, Treated: int(n[1]), Control: int(n[0])}
	variance := 0.0
	for arm := range n {
		if n[arm] < 2 {
			return e
		}
		mean := sum[arm] / n[arm]
		variance += math.Max(0, squares[arm]/n[arm]-mean*mean) / (n[arm] - 1)
	}
	e.MeanTreated, e.MeanControl = sum[1]/n[1], sum[0]/n[0]
	e.Uplift = e.MeanTreated - e.MeanControl
	reach := statistics.NormalQuantile(0.975) * math.Sqrt(variance)
	e.Low, e.High = e.Uplift-reach, e.Uplift+reach
	return e
}

// Mean is the effect among all people.
func (p *People) Mean() Effect {
	rows := make([]int, len(p.Outcome))
	for i := range rows {
		rows[i] = i
	}
	return effectOf("", rows, p.Treated, p.Outcome)
}

// Boxes are the effects by box; names that nobody has are left out.
func (p *People) Boxes(names []string, boxOf []string) []Effect {
	rows := map[string][]int{}
	for row, name := range boxOf {
		rows[name] = append(rows[name], row)
	}
	var out []Effect
	for _, name := range names {
		if len(rows[name]) > 0 {
			out = append(out, effectOf(name, rows[name], p.Treated, p.Outcome))
		}
	}
	return out
}

// tenths are the effects in ten parts of the people, those with the highest
// scores first.
func (r *ranking) tenths() []Effect {
	const parts = 10
	out := make([]Effect, 0, parts)
	n := len(r.order)
	for i := range parts {
		out = append(out, effectOf("", r.order[i*n/parts:(i+1)*n/parts], r.treated, r.outcome))
	}
	return out
}

// Tenths are those of the method chosen.
func (f *Finding) Tenths(test *People) []Effect {
	for i := range f.Results {
		if f.Results[i].IsChosen {
			return rank(f.Results[i].scores, test.Treated, test.Outcome).tenths()
		}
	}
	return nil
}

// Score learns by a method from people and scores others.
func Score(ctx context.Context, method string, learn *People, others *frame.Frame, seed uint64) ([]float64, error) {
	scores, _, err := scoresOf(ctx, method, learn, others, seed)
	return scores, err
}

// Balance is how far the arms differed before anything was sent: the difference
// of the means of a column in standard deviations.
type Balance struct {
	Column     string  `json:"column"`
	Level      string  `json:"level,omitempty"`
	Difference float64 `json:"difference"`
	Z          float64 `json:"z"`
}

// mostBalance is the difference beyond which arms are not alike (Austin 2009),
// leastZ how much more than chance it must be.
const (
	mostBalance = 0.1
	leastZ      = 3.5
)

// Unbalanced are the columns in which the arms differ by more than chance: then
// the control group was not drawn at random, and effects may be none.
func (p *People) Unbalanced() []Balance {
	var out []Balance
	for _, c := range p.Frame.Columns {
		if c.Kind != frame.Category {
			out = p.compare(out, Balance{Column: c.Name}, func(row int) (float64, bool) { return c.Numbers[row], !math.IsNaN(c.Numbers[row]) })
			continue
		}
		for level, name := range c.Levels {
			out = p.compare(out, Balance{Column: c.Name, Level: name}, func(row int) (float64, bool) {
				if int(c.Codes[row]) == level {
					return 1, true
				}
				return 0, c.Codes[row] >= 0
			})
		}
	}
	return out
}

func (p *People) compare(out []Balance, b Balance, value func(row int) (float64, bool)) []Balance {
	var n, sum, squares [2]float64
	for row, treated := range p.Treated {
		x, known := value(row)
		if !known {
			continue
		}
		arm := 0
		if treated {
			arm = 1
		}
		n[arm]++
		sum[arm] += x
		squares[arm] += x * x
	}
	if min(n[0], n[1]) < FewestArm {
		return out
	}
	var mean, variance [2]float64
	for arm := range n {
		mean[arm] = sum[arm] / n[arm]
		variance[arm] = squares[arm]/n[arm] - mean[arm]*mean[arm]
	}
	if spread := math.Sqrt((variance[0] + variance[1]) / 2); spread > 0 {
		b.Difference = (mean[1] - mean[0]) / spread
		b.Z = (mean[1] - mean[0]) / math.Sqrt(variance[0]/n[0]+variance[1]/n[1])
	}
	if math.Abs(b.Difference) > mostBalance && math.Abs(b.Z) > leastZ {
		out = append(out, b)
	}
	return out
}
