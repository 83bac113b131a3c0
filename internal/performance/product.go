// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"dangol/internal/campaign"
)

// ProductResult is what a campaign brought in one product category. All people
// of an arm count, those who bought nothing of it included, and the categories
// share one error level.
type ProductResult struct {
	Category   string    `json:"category" doc:"Empty for lines without a known product."`
	Treatment  ArmResult `json:"treatment"`
	Control    ArmResult `json:"control"`
	Added      Estimate  `json:"added" doc:"Additional revenue in minor units, over all people assigned to treatment."`
	Margin     Estimate  `json:"margin"`
	CostShared int64     `json:"cost_shared" doc:"The cost, shared out by the revenue of those treated."`
	ROI        *float64  `json:"roi,omitempty" doc:"(additional margin − shared cost) ÷ shared cost; absent when no effect was shown."`
	Verdict    Verdict   `json:"verdict" enum:"effect_positive,effect_negative,no_effect_shown,too_few,no_control"`
}

// mostProducts bounds the categories that are compared, those with most revenue.
const mostProducts = 30

// basket is what one person spent on one category.
type basket struct {
	person   int32
	category string
}

// products compares the arms by product category.
func (s *Service) products(ctx context.Context, c campaign.Campaign, o *observation, r *Result) ([]ProductResult, error) {
	spent := map[basket]int64{}
	err := s.purchases.EachPaidCategory(ctx, *o.window.From, *o.window.To, c.Currency, func(customerID int64, category string, amount int64) error {
		if at, is := o.index[customerID]; is {
			spent[basket{at, category}] += amount
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read products of campaign %d: %w", c.ID, err)
	}
	type sides struct{ treatment, control Arm }
	by := map[string]*sides{}
	for b, amount := range spent {
		if by[b.category] == nil {
			by[b.category] = &sides{}
		}
		arm := &by[b.category].control
		if o.people[b.person].isTreatment {
			arm = &by[b.category].treatment
		}
		value := float64(amount)
		arm.Sum += value
		arm.SumSquares += value * value
		if amount > 0 {
			arm.Successes++
		}
	}
	list := make([]ProductResult, 0, len(by))
	for category, b := range by {
		b.treatment.Count, b.control.Count = r.Treatment.People, r.Control.People
		list = append(list, r.product(category, b.treatment, b.control, min(len(by), mostProducts)))
	}
	slices.SortFunc(list, func(a, b ProductResult) int {
		return cmp.Or(cmp.Compare(b.Treatment.Revenue+b.Control.Revenue, a.Treatment.Revenue+a.Control.Revenue), cmp.Compare(a.Category, b.Category))
	})
	return list[:min(len(list), mostProducts)], nil
}

func (r *Result) product(category string, treatment, control Arm, categories int) ProductResult {
	d := compareMeans(treatment, control, point(categories))
	p := ProductResult{Category: category, Treatment: armResult(treatment, 0), Control: armResult(control, 0), Verdict: d.Verdict}
	if d.Verdict == NoControl {
		return p
	}
	p.Added = Estimate{d.Difference, d.Low, d.High}.times(float64(treatment.Count))
	p.Margin = p.Added.times(float64(r.MarginShare) / 10_000)
	p.CostShared = int64(math.Round(float64(r.Cost.Total) * ratio(treatment.Sum, float64(r.Treatment.Revenue))))
	if d.Verdict == EffectPositive && p.CostShared > 0 {
		roi := (p.Margin.Value - float64(p.CostShared)) / float64(p.CostShared)
		p.ROI = &roi
	}
	return p
}
