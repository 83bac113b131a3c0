// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"math"
	"time"

	"dangol/internal/platform/auth"
)

// Purchases answers what customers bought; order.Service implements it.
type Purchases interface {
	// EachPurchase emits for each customer the amount and number of orders from
	// one moment to before another, in one currency.
	EachPurchase(ctx context.Context, from, to time.Time, currency string, emit func(customerID, amount, orders int64) error) error
}

// UsePurchases connects who knows what customers bought, for forecasts.
func (s *Service) UsePurchases(p Purchases) { s.purchases = p }

// Forecast is what a campaign can be expected to bring, before it starts.
type Forecast struct {
	People     int64    `json:"people" doc:"Who may be sent to; before planning the members of the segment."`
	IsPlanned  bool     `json:"is_planned" doc:"The gate has been asked; else some of the people may still drop out."`
	Treatment  int64    `json:"treatment"`
	Control    int64    `json:"control"`
	Baseline   Baseline `json:"baseline"`
	Rate       float64  `json:"rate" doc:"Share of buyers expected without the campaign."`
	Lift       float64  `json:"lift" doc:"Share of buyers that the campaign is expected to add."`
	OrderValue int64    `json:"order_value"`
	Buyers     float64  `json:"buyers" doc:"Buyers expected among those sent to."`
	Added      float64  `json:"added" doc:"Buyers who would not have bought without the campaign."`
	Revenue    int64    `json:"revenue" doc:"Additional revenue."`
	Margin     int64    `json:"margin" doc:"Additional margin."`
	Cost       Costing  `json:"cost"`
	ROI        *float64 `json:"roi,omitempty"`
	BreakEven  *float64 `json:"break_even,omitempty" doc:"Lift at which the margin pays the cost; absent when no margin can."`
	Target     int64    `json:"target,omitempty"`
	// Power: how large the control group should be to show the expected lift.
	NeededControl int64   `json:"needed_control" doc:"Smallest control group that shows the expected lift with 80 % power; 0 when none can."`
	Detectable    float64 `json:"detectable" doc:"Smallest difference that the groups as planned show with 80 % power."`
	IsOverBudget  bool    `json:"is_over_budget"`
}

// Baseline is what the members of the segment did lately without this campaign.
type Baseline struct {
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
	People     int64     `json:"people"`
	Windows    int64     `json:"windows" doc:"How many windows of the campaign's length were looked at."`
	Buyers     int64     `json:"buyers" doc:"Buyers of all windows together."`
	OrderValue int64     `json:"order_value" doc:"Revenue per buyer."`
}

// Costing is the expected cost by component.
type Costing struct {
	Fixed     int64 `json:"fixed"`
	Messages  int64 `json:"messages"`
	Incentive int64 `json:"incentive"`
	Total     int64 `json:"total"`
}

// baselineDays is how far back the baseline looks, in windows of the campaign's
// length: one window alone may have been a holiday, or not yet imported.
const baselineDays = 90

// powerFactor is (z₀.₉₇₅ + z₀.₈)² for a two-sided test at 5 % with 80 % power
// (Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed., §4).
const powerFactor = 7.848879734349089

// neededControl is the smallest control group of n people that shows a lift over
// a base rate, the rest being treated: the variance of the difference is
// p₁q₁/n₁ + p₂q₂/n₂, and the lift must be √powerFactor of its roots.
func neededControl(n int64, rate, lift float64) int64 {
	if n < 2 || lift <= 0 || rate <= 0 || rate+lift >= 1 {
		return 0
	}
	treated := (rate + lift) * (1 - rate - lift)
	variance := func(control int64) float64 {
		return rate*(1-rate)/float64(control) + treated/float64(n-control)
	}
	isEnough := func(control int64) bool { return powerFactor*variance(control) <= lift*lift }
	low, high := int64(1), n/2 // more than half would make the treated group the bottleneck
	if !isEnough(high) {
		return 0
	}
	for low < high {
		if middle := (low + high) / 2; isEnough(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// detectable is the smallest difference over a rate that groups of these sizes
// show with 80 % power (the rate of both taken as the base rate).
func detectable(rate float64, treatment, control int64) float64 {
	if treatment < 1 || control < 1 || rate <= 0 || rate >= 1 {
		return 0
	}
	return math.Sqrt(powerFactor * rate * (1 - rate) * (1/float64(treatment) + 1/float64(control)))
}

// forecast does the arithmetic.
func forecast(c Campaign, people int64, b Baseline) Forecast {
	f := Forecast{People: people, IsPlanned: c.State != Draft && c.State != Planning, Baseline: b, Target: c.Intent.Target, OrderValue: c.Intent.OrderValue}
	if f.IsPlanned {
		f.Treatment, f.Control = c.Counts.Treatment, c.Counts.Control
		f.People = f.Treatment + f.Control
	} else {
		f.Control = c.controlSize(people)
		f.Treatment = people - f.Control
	}
	f.Rate = float64(c.Intent.ExpectedRate) / basisPoints
	if f.Rate == 0 && b.People > 0 {
		f.Rate = float64(b.Buyers) / float64(b.People*max(1, b.Windows))
	}
	if f.OrderValue == 0 {
		f.OrderValue = b.OrderValue
	}
	f.Lift = float64(c.Intent.ExpectedLift) / basisPoints
	treated := float64(f.Treatment)
	f.Buyers, f.Added = treated*min(1, f.Rate+f.Lift), treated*f.Lift
	margin := float64(c.MarginShare) / basisPoints
	f.Revenue = int64(math.Round(f.Added * float64(f.OrderValue)))
	f.Margin = int64(math.Round(f.Added * float64(f.OrderValue) * margin))
	f.Cost = Costing{Fixed: c.Intent.FixedCost, Messages: (f.Treatment*c.MessageCost + 500) / 1000, Incentive: int64(math.Round(f.Buyers * float64(c.Intent.Incentive)))}
	f.Cost.Total = f.Cost.Fixed + f.Cost.Messages + f.Cost.Incentive
	if f.Cost.Total > 0 {
		roi := float64(f.Margin-f.Cost.Total) / float64(f.Cost.Total)
		f.ROI = &roi
	}
	f.BreakEven = breakEven(c, f, margin)
	f.NeededControl = neededControl(f.People, f.Rate, f.Lift)
	f.Detectable = detectable(f.Rate, f.Treatment, f.Control)
	f.IsOverBudget = c.Budget != nil && f.Cost.Total > *c.Budget
	return f
}

// breakEven is the lift at which the additional margin pays all costs. Buyers
// who would have come anyway get the incentive too, so that it grows with the
// base rate: lift·v·m = fixed/n + (rate + lift)·incentive.
func breakEven(c Campaign, f Forecast, margin float64) *float64 {
	earned := float64(f.OrderValue)*margin - float64(c.Intent.Incentive)
	if f.Treatment == 0 || earned <= 0 {
		return nil
	}
	lift := (float64(f.Cost.Fixed+f.Cost.Messages)/float64(f.Treatment) + f.Rate*float64(c.Intent.Incentive)) / earned
	if lift+f.Rate > 1 {
		return nil
	}
	return &lift
}

// Forecast says what a campaign can be expected to bring and cost, from what
// the members of its segment did in windows of the same length just before.
func (s *Service) Forecast(ctx context.Context, id int64) (Forecast, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return Forecast{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return Forecast{}, err
	}
	to := s.db.Now(ctx)
	if c.StartedAt != nil {
		to = *c.StartedAt
	}
	b := Baseline{Windows: max(1, (baselineDays+c.WindowDays-1)/c.WindowDays), To: to}
	b.From = to.AddDate(0, 0, -int(b.Windows*c.WindowDays))
	if c.SegmentID == 0 { // the mail step of a journey: people come one by one
		return forecast(c, c.Counts.Treatment, b), nil
	}
	members := map[int64]struct{}{}
	// Everybody counts, whoever asks: only sums leave this function.
	_, err = s.recipients.EachMember(auth.System(ctx, "forecast"), c.SegmentID, func(ids []int64) error {
		for _, member := range ids {
			members[member] = struct{}{}
		}
		return nil
	})
	if err != nil {
		return Forecast{}, err
	}
	b.People = int64(len(members))
	var revenue int64
	if s.purchases != nil {
		for n := range b.Windows {
			end := to.AddDate(0, 0, -int(n*c.WindowDays))
			err = s.purchases.EachPurchase(ctx, end.AddDate(0, 0, -int(c.WindowDays)), end, c.Currency, func(customerID, amount, _ int64) error {
				if _, is := members[customerID]; is && amount > 0 {
					b.Buyers++
					revenue += amount
				}
				return nil
			})
			if err != nil {
				return Forecast{}, fmt.Errorf("read purchases: %w", err)
			}
		}
	}
	if b.Buyers > 0 {
		b.OrderValue = revenue / b.Buyers
	}
	return forecast(c, b.People, b), nil
}
