// SPDX-License-Identifier: Apache-2.0

package value

import (
	"math"
	"slices"
)

// RFM is recency in days, frequency and money of one customer.
type RFM struct {
	Customer  int32
	Recency   float64
	Frequency float64
	Monetary  float64
	// R, F and M are scores from 1 to 5 (best).
	R, F, M int
}

// Quantile is the quantile of type 7 (Hyndman & Fan 1996, R's default) of
// sorted values.
func Quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	low := int(math.Floor(at))
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}

// Limits are the values that part the quintiles, with the median between.
type Limits struct {
	P20    float64 `json:"p20"`
	P40    float64 `json:"p40"`
	Median float64 `json:"median"`
	P60    float64 `json:"p60"`
	P80    float64 `json:"p80"`
}

func limitsOf(values []float64) Limits {
	slices.Sort(values)
	return Limits{Quantile(values, .2), Quantile(values, .4), Quantile(values, .5), Quantile(values, .6), Quantile(values, .8)}
}

// passed counts the limits that a value is above: equal values share a part.
func (l Limits) passed(v float64) int {
	n := 0
	for _, limit := range []float64{l.P20, l.P40, l.P60, l.P80} {
		if v > limit {
			n++
		}
	}
	return n
}

// Table is the RFM of all buyers.
type Table struct {
	Customers []RFM
	R, F, M   Limits
	Sums      [3]float64
}

// Score computes recency at a day, the number of days with a purchase and the
// total of each customer, with scores by quintile.
func Score(s *Summary, at int32) *Table {
	t := &Table{}
	var r, f, m []float64
	for i := range s.Customers {
		c := &s.Customers[i]
		one := RFM{Customer: c.Customer, Recency: float64(at - c.Last), Frequency: c.X + 1, Monetary: c.Spent}
		t.Customers = append(t.Customers, one)
		r, f, m = append(r, one.Recency), append(f, one.Frequency), append(m, one.Monetary)
		t.Sums[0] += one.Recency
		t.Sums[1] += one.Frequency
		t.Sums[2] += one.Monetary
	}
	if len(r) == 0 {
		return t
	}
	t.R, t.F, t.M = limitsOf(r), limitsOf(f), limitsOf(m)
	for i := range t.Customers {
		one := &t.Customers[i]
		one.R, one.F, one.M = 5-t.R.passed(one.Recency), 1+t.F.passed(one.Frequency), 1+t.M.passed(one.Monetary)
	}
	return t
}
