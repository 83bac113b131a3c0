// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"dangol/internal/campaign"
)

// Attribution shares out revenue among the messages that came before a purchase.
// It says nothing of what would have happened without them: it stands beside the
// result against the control group, never instead.
type Attribution struct {
	LookbackDays int   `json:"lookback_days"`
	Orders       int64 `json:"orders" doc:"Orders before which this campaign's message came."`
	First        int64 `json:"first" doc:"Minor units, all of an order to the first message."`
	Last         int64 `json:"last"`
	Position     int64 `json:"position" doc:"40 % to the first, 40 % to the last, the rest evenly between."`
	Decay        int64 `json:"decay" doc:"Weights halve with every seven days before the order."`
}

const (
	// lookback is how long before an order messages count.
	lookback = 30
	// halfLife of a message's weight under time decay, as is usual in web analysis.
	halfLife = 7 * 24 * time.Hour
	// endShare is what the first and the last message get under the position model.
	endShare = 0.4
)

// touch is a message that somebody got.
type touch struct {
	campaignID, at int64
}

// credit is the share of one order that each touch earns, by model.
type credit struct{ first, last, position, decay float64 }

// credits shares an order among touches in the order of time.
func credits(touches []touch, orderedAt int64) []credit {
	n := len(touches)
	list := make([]credit, n)
	if n == 0 {
		return list
	}
	list[0].first, list[n-1].last = 1, 1
	switch n {
	case 1:
		list[0].position = 1
	case 2:
		list[0].position, list[1].position = 0.5, 0.5
	default:
		for i := range list {
			list[i].position = (1 - 2*endShare) / float64(n-2)
		}
		list[0].position, list[n-1].position = endShare, endShare
	}
	total := 0.0
	for i := range list {
		age := time.Duration(orderedAt-touches[i].at) * time.Microsecond
		list[i].decay = math.Exp2(-float64(age) / float64(halfLife))
		total += list[i].decay
	}
	for i := range list {
		list[i].decay /= total
	}
	return list
}

// attribute adds up what a campaign earns of the orders in its window.
func (s *Service) attribute(ctx context.Context, c campaign.Campaign, o *observation) (*Attribution, error) {
	a := &Attribution{LookbackDays: lookback}
	touches := map[int64][]touch{}
	from := o.window.From.AddDate(0, 0, -lookback)
	err := s.campaigns.EachTouch(ctx, from, *o.window.To, func(customerID, campaignID, at int64) error {
		if p := o.person(customerID); p != nil && p.orders > 0 {
			touches[customerID] = append(touches[customerID], touch{campaignID, at})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var sum credit
	for _, order := range o.orders {
		var before []touch
		for _, t := range touches[order.customerID] {
			if t.at < order.at && order.at-t.at <= int64(lookback*24*time.Hour/time.Microsecond) {
				before = append(before, t)
			}
		}
		slices.SortFunc(before, func(x, y touch) int { return cmp.Compare(x.at, y.at) })
		isOurs := false
		for i, share := range credits(before, order.at) {
			if before[i].campaignID != c.ID {
				continue
			}
			isOurs = true
			amount := float64(order.amount)
			sum.first += share.first * amount
			sum.last += share.last * amount
			sum.position += share.position * amount
			sum.decay += share.decay * amount
		}
		if isOurs {
			a.Orders++
		}
	}
	round := func(x float64) int64 { return int64(math.Round(x)) }
	a.First, a.Last, a.Position, a.Decay = round(sum.first), round(sum.last), round(sum.position), round(sum.decay)
	return a, nil
}
