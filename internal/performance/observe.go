// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"dangol/internal/campaign"
)

// person is somebody assigned to an arm, with what they bought in the window.
type person struct {
	isTreatment    bool
	variant        string
	groups         int64
	lastAt, before int64 // last order before the campaign (0 is none) and how many there were
	box            string
	amount, orders int64
}

// paid is one order of an assigned person.
type paid struct{ customerID, at, amount int64 }

// observation is what was seen of everybody assigned.
type observation struct {
	window Window
	people []person
	index  map[int64]int32
	orders []paid
}

func (o *observation) person(customerID int64) *person {
	if at, is := o.index[customerID]; is {
		return &o.people[at]
	}
	return nil
}

// observe reads who was assigned, their history before the start, and what they
// bought in the window: by intention to treat, everybody counts.
func (s *Service) observe(ctx context.Context, c campaign.Campaign, window Window) (*observation, error) {
	o := &observation{window: window, index: map[int64]int32{}}
	err := s.campaigns.EachAssigned(ctx, c.ID, func(a campaign.Assigned) error {
		if o.person(a.CustomerID) != nil {
			return nil // two recipients became one customer: the first assignment counts
		}
		o.index[a.CustomerID] = int32(len(o.people)) //nolint:gosec // recipients of one campaign
		o.people = append(o.people, person{isTreatment: a.Arm == campaign.Treatment, variant: a.Variant, groups: a.Groups})
		return nil
	})
	if err != nil || window.From == nil {
		return o, err
	}
	// Before the start: scores of now would know already who answered the campaign.
	err = s.purchases.EachHistory(ctx, *window.From, c.Currency, func(customerID, lastAt, orders int64) error {
		if p := o.person(customerID); p != nil {
			p.lastAt, p.before = lastAt, orders
		}
		return nil
	})
	if err == nil {
		err = s.purchases.EachPaid(ctx, *window.From, *window.To, c.Currency, func(customerID, at, amount int64) error {
			if p := o.person(customerID); p != nil {
				p.amount += amount
				p.orders++
				o.orders = append(o.orders, paid{customerID, at, amount})
			}
			return nil
		})
	}
	if err != nil {
		return o, fmt.Errorf("read purchases of campaign %d: %w", c.ID, err)
	}
	o.box()
	return o, nil
}

// boxTiers is into how many tiers recency and frequency are cut.
const boxTiers = 3

// box cuts those who had bought before the start by recency and frequency into
// thirds: nine boxes keep enough people in each for an interval, where the usual
// 125 of RFM would not.
func (o *observation) box() {
	var recency, frequency []int64
	for i := range o.people {
		if p := &o.people[i]; p.lastAt != 0 {
			recency, frequency = append(recency, p.lastAt), append(frequency, p.before)
		}
	}
	slices.Sort(recency)
	slices.Sort(frequency)
	for i := range o.people {
		p := &o.people[i]
		if p.lastAt == 0 {
			p.box = "never"
			continue
		}
		p.box = fmt.Sprintf("R%dF%d", tier(recency, p.lastAt), tier(frequency, p.before))
	}
}

// tier is 1 for the lowest third; equal values fall into one tier.
func tier(sorted []int64, value int64) int {
	below, _ := slices.BinarySearch(sorted, value)
	return min(boxTiers, 1+below*boxTiers/len(sorted))
}

// arm adds a person to what was observed of an arm.
func (p *person) addTo(a *Arm, orders *int64) {
	value := float64(p.amount)
	a.Count++
	a.Sum += value
	a.SumSquares += value * value
	*orders += p.orders
	if p.amount > 0 {
		a.Successes++
	}
}

// arms sums up both arms.
func (o *observation) arms() (b bought) {
	for i := range o.people {
		if p := &o.people[i]; p.isTreatment {
			p.addTo(&b.treatment, &b.ordersTreatment)
		} else {
			p.addTo(&b.control, &b.ordersControl)
		}
	}
	return b
}

// Group is a part of the people, compared by itself.
type Group struct {
	Kind       string     `json:"kind" enum:"segment,box,stage"`
	Key        string     `json:"key" doc:"The segment's id, a box such as R3F1, or a stage."`
	Treatment  ArmResult  `json:"treatment"`
	Control    ArmResult  `json:"control"`
	Conversion Difference `json:"conversion"`
}

// Stages of a customer before the campaign.
const (
	stageNew      = "acquired"    // had never bought
	stageActive   = "retained"    // bought within a year before the start
	stageSleeping = "reactivated" // bought, but not within a year before the start
)

func (p *person) stage(start time.Time) string {
	switch {
	case p.lastAt == 0:
		return stageNew
	case p.lastAt < start.AddDate(-1, 0, 0).UnixMicro():
		return stageSleeping
	}
	return stageActive
}

// groups compares the parts. Each kind shares one error level among its parts:
// of many small comparisons some would look like effects by chance.
func (o *observation) groups(c campaign.Campaign) []Group {
	type key struct{ kind, name string }
	parts := map[key]*bought{}
	add := func(kind, name string, p *person) {
		b := parts[key{kind, name}]
		if b == nil {
			b = &bought{}
			parts[key{kind, name}] = b
		}
		if p.isTreatment {
			p.addTo(&b.treatment, &b.ordersTreatment)
		} else {
			p.addTo(&b.control, &b.ordersControl)
		}
	}
	for i := range o.people {
		p := &o.people[i]
		add("box", p.box, p)
		add("stage", p.stage(*o.window.From), p)
		for n, id := range c.Intent.Breakdown {
			if p.groups&(1<<n) != 0 {
				add("segment", strconv.FormatInt(id, 10), p)
			}
		}
	}
	size := map[string]int{}
	for k := range parts {
		size[k.kind]++
	}
	list := make([]Group, 0, len(parts))
	for k, b := range parts {
		list = append(list, Group{
			Kind: k.kind, Key: k.name, Treatment: armResult(b.treatment, b.ordersTreatment), Control: armResult(b.control, b.ordersControl),
			Conversion: compareRates(b.treatment, b.control, point(size[k.kind])),
		})
	}
	slices.SortFunc(list, func(a, b Group) int { return slices.Compare([]string{a.Kind, a.Key}, []string{b.Kind, b.Key}) })
	return list
}

// payback is the day of the window, counted from 1, by whose end the additional
// margin had paid the cost; nil when it had not, or when no effect was shown.
func (o *observation) payback(r *Result) *int64 {
	total := float64(r.Cost.Total)
	if total <= 0 || r.Revenue.Verdict != EffectPositive {
		return nil // what chance explains pays nothing back
	}
	days := int(o.window.To.Sub(*o.window.From)/(24*time.Hour)) + 1
	sums := make([]float64, days)
	weight := float64(r.Treatment.People) / float64(r.Control.People)
	for _, order := range o.orders {
		day := int((order.at - o.window.From.UnixMicro()) / int64(24*time.Hour/time.Microsecond))
		if day < 0 || day >= days {
			continue
		}
		if o.person(order.customerID).isTreatment {
			sums[day] += float64(order.amount)
		} else {
			sums[day] -= float64(order.amount) * weight
		}
	}
	earned := 0.0
	for day, sum := range sums {
		if earned += sum * float64(r.MarginShare) / 10_000; earned >= total {
			n := int64(day + 1)
			return &n
		}
	}
	return nil
}

// VariantResult is what one of several messages brought, all people who got it counted.
type VariantResult struct {
	Key     string      `json:"key"`
	Arm     ArmResult   `json:"arm"`
	Against *Sequential `json:"against,omitempty" doc:"The leading variant minus this one, safe to look at at any time; absent for the leading one."`
	IsBest  bool        `json:"is_best"`
}

// variants compares the messages of the test, without those who got the winner later.
func (o *observation) variants(c campaign.Campaign) (list []VariantResult, winner string) {
	if len(c.Intent.Variants) < 2 {
		return nil, ""
	}
	arms, orders := make([]Arm, len(c.Intent.Variants)), make([]int64, len(c.Intent.Variants))
	for i := range o.people {
		p := &o.people[i]
		at := slices.IndexFunc(c.Intent.Variants, func(v campaign.Variant) bool { return v.Key == p.variant })
		if at >= 0 && p.isTreatment {
			p.addTo(&arms[at], &orders[at])
		}
	}
	best, isShown, against := leader(arms, c.Intent.Objective == campaign.Revenue)
	for i, v := range c.Intent.Variants {
		r := VariantResult{Key: v.Key, Arm: armResult(arms[i], orders[i]), IsBest: i == best}
		if i != best {
			r.Against = &against[i]
		}
		list = append(list, r)
	}
	if isShown {
		winner = c.Intent.Variants[best].Key
	}
	return list, winner
}
