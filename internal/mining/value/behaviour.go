// SPDX-License-Identifier: Apache-2.0

package value

import "slices"

// Stage is where a customer stands in the life cycle.
type Stage string

// The stages, in the order of a life.
const (
	Prospect Stage = "prospect" // has not bought
	New      Stage = "new"      // bought once, lately
	Growing  Stage = "growing"  // came back
	Loyal    Stage = "loyal"    // keeps coming
	AtRisk   Stage = "at_risk"  // overdue by the own rhythm
	Sleeping Stage = "sleeping"
	Lost     Stage = "lost"
	WonBack  Stage = "won_back" // bought again after being lost
)

// Stages lists all stages in order.
var Stages = []Stage{Prospect, New, Growing, Loyal, AtRisk, Sleeping, Lost, WonBack}

// StageRules part the stages; days.
type StageRules struct {
	NewDays        int32   `json:"new_days"`
	SleepingDays   int32   `json:"sleeping_days"`
	LostDays       int32   `json:"lost_days"`
	LoyalPurchases int     `json:"loyal_purchases"`
	OverdueFactor  float64 `json:"overdue_factor"` // of the own mean interval
}

// UsualStages are the rules when nobody has said otherwise.
var UsualStages = StageRules{NewDays: 90, SleepingDays: 180, LostDays: 365, LoyalPurchases: 4, OverdueFactor: 2}

// shortestRisk keeps somebody who buys every other day from being at risk
// after a week off.
const shortestRisk = 30

// StageOf tells the stage at a day from the days of purchase, ascending.
func (r StageRules) StageOf(days []int32, at int32) Stage {
	n, _ := slices.BinarySearch(days, at+1)
	if n == 0 {
		return Prospect
	}
	days = days[:n]
	since := at - days[n-1]
	switch {
	case since > r.LostDays:
		return Lost
	case since > r.SleepingDays:
		return Sleeping
	case n == 1 && since <= r.NewDays:
		return New
	case n == 1:
		return AtRisk
	case days[n-1]-days[n-2] > r.LostDays && since <= r.NewDays:
		return WonBack
	case float64(since) > max(shortestRisk, r.OverdueFactor*float64(days[n-1]-days[0])/float64(n-1)):
		return AtRisk
	case n >= r.LoyalPurchases:
		return Loyal
	}
	return Growing
}

// Days calls f for each customer with the days of purchase, ascending, and the
// amounts on them.
func (s *Summary) Days(f func(customer int32, days []int32, amounts []float64)) {
	var days []int32
	var amounts []float64
	for i := 0; i < len(s.purchases); {
		from := i
		days, amounts = days[:0], amounts[:0]
		for ; i < len(s.purchases) && s.purchases[i].Customer == s.purchases[from].Customer; i++ {
			if p := s.purchases[i]; p.Amount >= 0 {
				days, amounts = append(days, p.Day), append(amounts, p.Amount)
			}
		}
		if len(days) > 0 {
			f(s.purchases[from].Customer, days, amounts)
		}
	}
}

// Cohort is the customers who first bought in one period.
type Cohort struct {
	Period    int       `json:"period"`
	Customers int       `json:"customers"`
	Active    []int     `json:"active"`  // bought so many periods later, from 0
	Revenue   []float64 `json:"revenue"` // so many periods later
}

// Cohorts follow customers by the period of the first purchase; period numbers
// a day, from low to high, and earlier cohorts are left out.
func (s *Summary) Cohorts(period func(day int32) int, low, high int) []Cohort {
	list := make([]Cohort, high-low+1)
	for i := range list {
		list[i] = Cohort{Period: low + i, Active: make([]int, high-low-i+1), Revenue: make([]float64, high-low-i+1)}
	}
	s.Days(func(_ int32, days []int32, amounts []float64) {
		first := period(days[0])
		if first < low || first > high {
			return
		}
		c := &list[first-low]
		c.Customers++
		last := -1
		for i, day := range days {
			at := period(day) - first
			if at >= len(c.Active) {
				break
			}
			if at != last {
				c.Active[at]++
				last = at
			}
			c.Revenue[at] += amounts[i]
		}
	})
	return list
}

// Gap is how many intervals between purchases are at most so many days.
type Gap struct {
	Days  int32 `json:"days"` // 0 is more than the row before
	Count int   `json:"count"`
}

// Intervals tells the days between purchases, with their median.
func (s *Summary) Intervals() (gaps []Gap, median float64) {
	for _, days := range []int32{7, 14, 30, 60, 90, 180, 365, 0} {
		gaps = append(gaps, Gap{Days: days})
	}
	var all []float64
	s.Days(func(_ int32, days []int32, _ []float64) {
		for i := 1; i < len(days); i++ {
			gap := days[i] - days[i-1]
			all = append(all, float64(gap))
			for k := range gaps {
				if gaps[k].Days == 0 || gap <= gaps[k].Days {
					gaps[k].Count++
					break
				}
			}
		}
	})
	if len(all) == 0 {
		return gaps, 0
	}
	slices.Sort(all)
	return gaps, Quantile(all, 0.5)
}

// Kept compares the year before a day with the one before that.
type Kept struct {
	Before     int     `json:"before"` // bought in the earlier year
	Kept       int     `json:"kept"`   // of these, bought in the later one too
	Rate       float64 `json:"rate"`
	PerBuyer   float64 `json:"revenue_per_buyer"` // in the later year
	Buyers     int     `json:"buyers"`
	Purchases  int     `json:"purchases"`
	TopRevenue float64 `json:"top_revenue"` // of the best 20 % in the later year
	Top        int     `json:"top"`
	// LossOfFive is what a year costs when 5 % of the best leave.
	LossOfFive float64 `json:"loss_of_five_percent"`
}

const year = 365

// Retention tells who of the year before was kept, and what the best bring.
func (s *Summary) Retention(at int32) Kept {
	var k Kept
	var revenues []float64
	s.Days(func(_ int32, days []int32, amounts []float64) {
		before, later, sum := false, 0, 0.0
		for i, day := range days {
			switch {
			case day > at:
			case day > at-year:
				later++
				sum += amounts[i]
			case day > at-2*year:
				before = true
			}
		}
		if before {
			k.Before++
			if later > 0 {
				k.Kept++
			}
		}
		if later > 0 {
			k.Purchases += later
			revenues = append(revenues, sum)
		}
	})
	k.Buyers = len(revenues)
	if k.Before > 0 {
		k.Rate = float64(k.Kept) / float64(k.Before)
	}
	if k.Buyers == 0 {
		return k
	}
	slices.Sort(revenues)
	k.Top = max(1, k.Buyers/5)
	for i, v := range revenues {
		k.PerBuyer += v / float64(k.Buyers)
		if i >= k.Buyers-k.Top {
			k.TopRevenue += v
		}
	}
	const five = 0.05
	k.LossOfFive = five * k.TopRevenue
	return k
}
