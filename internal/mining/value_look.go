// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"cmp"
	"math"
	"slices"
	"time"

	"dangol/internal/mining/value"
)

// valueRow is what is written of one customer.
type valueRow struct {
	customer int32
	value.Prediction
	stage    value.Stage
	tenth    int
	interval int
	nextOn   string // "" is not to be expected
	// referral is the credited value of those introduced, household the value of
	// all in the household.
	referral, household float64
}

// look turns predictions and days of purchase into rows and pictures.
func (v *ValueResult) look(summary *value.Summary, predictions []value.Prediction, at int32, customers int) []valueRow {
	rows := make([]valueRow, len(summary.Customers))
	place := make(map[int32]int, len(rows))
	v.Alive = make([]int, 10)
	for i := range summary.Customers {
		c := &summary.Customers[i]
		p := predictions[i]
		row := valueRow{customer: c.Customer, Prediction: p}
		if c.X > 0 {
			row.interval = int(math.Round(float64(c.Last-c.First) / c.X))
		}
		if p.Next > 0 {
			days := p.Next * weekDays
			const soon, far = 30, 2 * 365
			if days <= far {
				row.nextOn = dayName(at + int32(math.Ceil(days)))
			}
			if days <= soon {
				v.Totals.DueSoon++
			}
		}
		v.Alive[min(int(p.Alive*10), 9)]++
		v.Totals.Alive += p.Alive
		v.Totals.Expected += p.Expected
		v.Totals.Value += p.Value
		place[c.Customer] = i
		rows[i] = row
	}
	v.rank(rows)
	v.stages(summary, rows, place, at, customers)
	v.Survival = summary.Survive(at, v.Settings.Rules.LostDays)
	v.cohorts(summary, at)
	v.Gaps, v.MedianGap = summary.Intervals()
	v.Retention = summary.Retention(at)
	return rows
}

// rank parts the customers into tenths by value.
func (v *ValueResult) rank(rows []valueRow) {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(rows[b].Value, rows[a].Value), cmp.Compare(a, b)) })
	v.Tenths = make([]ValueTenth, 10)
	for rank, i := range order {
		tenth := rank * 10 / len(order)
		rows[i].tenth = tenth + 1
		t := &v.Tenths[tenth]
		t.Customers++
		t.Value += rows[i].Value
		t.Least = rows[i].Value
	}
	for i := range v.Tenths {
		if v.Totals.Value > 0 {
			v.Tenths[i].Share = v.Tenths[i].Value / v.Totals.Value
		}
		if i < 2 {
			v.Totals.Top20 += v.Tenths[i].Share
		}
	}
}

const mostCohorts = 24

// cohorts follow customers by the month of their first purchase.
func (v *ValueResult) cohorts(summary *value.Summary, at int32) {
	month := func(day int32) int {
		d := time.Unix(int64(day)*24*60*60, 0).UTC()
		return d.Year()*12 + int(d.Month()) - 1
	}
	high := month(min(at, summary.End))
	low := max(month(summary.First), high-mostCohorts+1)
	v.Cohorts = summary.Cohorts(month, low, high)
	v.FirstMonth = time.Date(low/12, time.Month(low%12+1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}
