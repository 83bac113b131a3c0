// SPDX-License-Identifier: Apache-2.0

package value

import (
	"math"
	"slices"
)

// Survival is how long customers stay, by the estimator of Kaplan & Meier
// (1958): a customer has left once nothing was bought for Silence days.
type Survival struct {
	Silence   int32 `json:"silence_days"`
	Customers int   `json:"customers"`
	Left      int   `json:"left"`
	// Points are a month apart; Low and High are the 95 % interval of log(−log S)
	// with Greenwood's variance.
	Points []SurvivalPoint `json:"points"`
	// Median is the days after which half have left; 0 is "not yet".
	Median int32 `json:"median_days"`
}

// SurvivalPoint is the share of customers who stay at least so many days.
type SurvivalPoint struct {
	Days   int32   `json:"days"`
	AtRisk int     `json:"at_risk"`
	Share  float64 `json:"share"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

type spell struct {
	days int32
	left bool
}

// mostMonths bounds a survival curve.
const mostMonths = 120

// Survive follows every customer from the first purchase to the end of the
// first long silence, or to the day at.
func (s *Summary) Survive(at, silence int32) *Survival {
	var spells []spell
	s.Days(func(_ int32, days []int32, _ []float64) {
		n, _ := slices.BinarySearch(days, at+1)
		if n == 0 {
			return
		}
		for i := range n {
			next := at
			if i+1 < n {
				next = days[i+1]
			}
			if next-days[i] > silence {
				spells = append(spells, spell{days[i] + silence - days[0], true})
				return
			}
		}
		spells = append(spells, spell{at - days[0], false})
	})
	return survive(spells, silence)
}

func survive(spells []spell, silence int32) *Survival {
	slices.SortFunc(spells, func(a, b spell) int { return int(a.days) - int(b.days) })
	out := &Survival{Silence: silence, Customers: len(spells), Points: []SurvivalPoint{{AtRisk: len(spells), Share: 1, Low: 1, High: 1}}}
	share, greenwood, month := 1.0, 0.0, 1
	point := func() {
		p := SurvivalPoint{Days: int32(math.Round(float64(month) * year / 12)), Share: share, Low: share, High: share}
		if share > 0 && share < 1 {
			const z95 = 1.959964
			width := z95 * math.Sqrt(greenwood) / math.Abs(math.Log(share))
			p.Low, p.High = math.Pow(share, math.Exp(width)), math.Pow(share, math.Exp(-width))
		}
		out.Points = append(out.Points, p)
		month++
	}
	for i := 0; i < len(spells); {
		day, left, risk := spells[i].days, 0, len(spells)-i
		for month <= mostMonths && float64(day) > float64(month)*year/12 {
			point()
			out.Points[len(out.Points)-1].AtRisk = risk
		}
		for ; i < len(spells) && spells[i].days == day; i++ {
			if spells[i].left {
				left++
			}
		}
		if left == 0 {
			continue
		}
		out.Left += left
		share *= 1 - float64(left)/float64(risk)
		if left < risk {
			greenwood += float64(left) / (float64(risk) * float64(risk-left))
		}
		if share <= 0.5 && out.Median == 0 {
			out.Median = day
		}
	}
	return out
}

// Chain is the movement of customers between stages, step by step.
type Chain struct {
	// Moves are customers by stage before and after one step.
	Moves [][]float64
	// Profit is what a customer brings within a step, by the stage before it.
	Profit []float64
	// Discount is the rate of one step.
	Discount float64
}

// Lifetimes are the expected discounted profits of a customer over a number of
// steps, by the stage now: Σ δᵏ Pᵏ m (Pfeifer & Carraway 2000, "Modeling
// customer relationships as Markov chains"). A stage that nobody was in keeps
// its customers and brings nothing.
func (c *Chain) Lifetimes(steps int) []float64 {
	sum, flow := make([]float64, len(c.Profit)), slices.Clone(c.Profit)
	factor := 1.0
	for range steps {
		for i := range sum {
			sum[i] += factor * flow[i]
		}
		factor /= 1 + c.Discount
		flow = c.step(flow)
	}
	return sum
}

// Reach is the chance to be in one of some stages after a number of steps, by the stage now.
func (c *Chain) Reach(steps int, in []bool) []float64 {
	chance := make([]float64, len(c.Profit))
	for i := range chance {
		if in[i] {
			chance[i] = 1
		}
	}
	for range steps {
		chance = c.step(chance)
	}
	return chance
}

func (c *Chain) step(values []float64) []float64 {
	next := make([]float64, len(values))
	for i, row := range c.Moves {
		all := 0.0
		for j, n := range row {
			all += n
			next[i] += n * values[j]
		}
		if all > 0 {
			next[i] /= all
		} else {
			next[i] = values[i]
		}
	}
	return next
}
