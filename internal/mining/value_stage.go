// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"encoding/json"
	"math"

	"dangol/internal/mining/value"
)

// Acquire is what winning a customer comes to.
type Acquire struct {
	Prospects int     `json:"prospects"`
	Won       int     `json:"won" doc:"first purchases between the two days"`
	Cost      float64 `json:"cost" doc:"of winning one"`
	Lifetime  float64 `json:"lifetime" doc:"expected profit of a new customer over the horizon"`
	Profit    float64 `json:"profit" doc:"lifetime less cost"`
}

// stages tells the stage now and before of everybody; customers without a
// purchase are prospects.
func (v *ValueResult) stages(summary *value.Summary, rows []valueRow, place map[int32]int, at int32, customers int) {
	before := at - int32(v.Settings.CompareDays) //nolint:gosec // checked to be at most 3650
	v.ComparedOn, v.StageNames = dayName(before), value.Stages
	number := map[value.Stage]int{}
	v.Moves = make([][]int, len(value.Stages))
	earned := make([]float64, len(value.Stages)) // between the days, by the stage before
	for i, stage := range value.Stages {
		number[stage] = i
		v.Moves[i] = make([]int, len(value.Stages))
		text, _ := json.Marshal(stage)
		v.Stages = append(v.Stages, StageRow{Stage: stage, Label: stageLabels[i].label, Rules: json.RawMessage(`{"op":"and","rules":[{"field":"value_stage","is":"in","value":[` + string(text) + `]}]}`)})
	}
	buyers := 0
	summary.Days(func(customer int32, days []int32, amounts []float64) {
		buyers++
		now, from := number[v.Settings.Rules.StageOf(days, at)], number[v.Settings.Rules.StageOf(days, before)]
		v.Moves[from][now]++
		row := &v.Stages[now]
		row.Customers++
		for i, day := range days {
			if day > at-365 && day <= at {
				row.Revenue += amounts[i]
			}
			if day > before && day <= at {
				earned[from] += amounts[i]
			}
		}
		if i, known := place[customer]; known {
			rows[i].stage = value.Stages[now]
			row.Value += rows[i].Value
		}
	})
	prospects := max(customers-buyers, 0)
	v.Moves[0][0] += prospects
	v.Stages[0].Customers += prospects
	for i := range v.Stages {
		if row := &v.Stages[i]; row.Customers > 0 {
			row.Average = row.Value / float64(row.Customers)
		}
	}
	v.profits(earned)
}

// isActive are the stages of those who still buy.
var isActive = []bool{false, true, true, true, true, false, false, true}

// profits follow the movement between the two days on over the horizon.
func (v *ValueResult) profits(earned []float64) {
	const daysAYear = 365.25
	stepDays := float64(v.Settings.CompareDays)
	chain := &value.Chain{Discount: math.Pow(1+v.Settings.Discount, stepDays/(daysAYear/12)) - 1}
	for i := range v.Stages {
		row, all, kept := &v.Stages[i], 0.0, 0.0
		moves := make([]float64, len(v.Moves[i]))
		for to, n := range v.Moves[i] {
			moves[to] = float64(n)
			all += float64(n)
			if isActive[to] {
				kept += float64(n)
			}
		}
		if all > 0 {
			row.Kept = kept / all
			row.Profit = v.Settings.Margin * earned[i] / all
		}
		if isActive[i] {
			row.Profit -= float64(v.Settings.Service) * stepDays / daysAYear
		}
		chain.Moves, chain.Profit = append(chain.Moves, moves), append(chain.Profit, row.Profit)
	}
	steps := max(1, int(math.Round(float64(v.Settings.Horizon)*weekDays/stepDays)))
	lives := chain.Lifetimes(steps)
	stays := chain.Reach(max(1, int(math.Round(daysAYear/stepDays))), isActive)
	for i := range v.Stages {
		v.Stages[i].Lifetime, v.Stages[i].Stays = lives[i], stays[i]
	}
	won := 0
	for _, n := range v.Moves[0][1:] {
		won += n
	}
	v.Acquire = Acquire{Prospects: v.Stages[0].Customers, Won: won, Cost: float64(v.Settings.Acquisition), Lifetime: lives[1], Profit: lives[1] - float64(v.Settings.Acquisition)}
}
