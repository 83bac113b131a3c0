// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// Journeys tells who came into a journey; journey.Service implements it.
type Journeys interface {
	// EachEntered emits everybody who came in with the moment (Unix microseconds)
	// of the first time, control included, and with whom they are one now.
	EachEntered(ctx context.Context, id int64, emit func(customerID int64, isControl bool, enteredAt int64) error) error
	// Currency is what journeys are kept in.
	Currency() string
}

// UseJourneys connects who knows the people of journeys.
func (s *Service) UseJourneys(j Journeys) { s.journeys = j }

// JourneyResult is what a journey brought: everybody who came in is watched for
// the same number of days from the own entry on, by intention to treat.
type JourneyResult struct {
	Result
	JourneyID int64 `json:"journey_id"`
	Open      int64 `json:"open" doc:"People whose days are not over; they do not count yet."`
}

// Bounds of the days for which people are watched.
const (
	fewestDays = 1
	mostDays   = 365
)

// JourneyResult evaluates a journey as of now.
func (s *Service) JourneyResult(ctx context.Context, id, days int64) (JourneyResult, error) {
	if err := auth.Check(ctx, "performance:read"); err != nil {
		return JourneyResult{}, err
	}
	if !auth.ScopeOf(ctx).All {
		return JourneyResult{}, fault.New(fault.Forbidden, "performance.scope", "Results cover all customers of a campaign, and your rows are limited to some of them.")
	}
	if days < fewestDays || days > mostDays {
		return JourneyResult{}, fault.New(fault.Invalid, "performance.bad_days", "People are watched for {least} to {most} days.", "least", fewestDays, "most", mostDays)
	}
	now := s.db.Now(ctx)
	steps, err := s.campaigns.StepsOf(ctx, id)
	if err != nil {
		return JourneyResult{}, fmt.Errorf("steps of journey %d: %w", id, err)
	}
	o, open, err := s.observeJourney(ctx, id, days, now)
	if err != nil {
		return JourneyResult{}, err
	}
	c := campaign.Campaign{Currency: s.journeys.Currency()}
	var cost CostSum
	for i := range steps {
		n := steps[i].Counts
		c.Counts.HandedOver += n.Sent()
		c.Counts.Bounced += n.Bounced
		c.Counts.Failed += n.Failed
		c.Counts.Unknown += n.Unknown
		c.Counts.Clicked += n.Clicked
		c.Counts.Unsubscribed += n.Unsubscribed
		c.MarginShare = steps[i].MarginShare
		cost.Messages += (steps[i].Counts.Sent()*steps[i].MessageCost + 500) / 1000
	}
	cost.Total = cost.Messages
	r := JourneyResult{JourneyID: id, Open: open, Result: evaluate(c, o.window, o.arms(), cost, now)}
	if len(o.people) == 0 { // a control group there may be, but nobody's days are over
		r.Verdict, r.Conversion.Verdict = TooFew, TooFew
	}
	r.Statements = r.speak()
	return r, nil
}

// observeJourney reads who came in and what they bought in the days after.
func (s *Service) observeJourney(ctx context.Context, id, days int64, now time.Time) (*observation, int64, error) {
	o := &observation{index: map[int64]int32{}, window: Window{Days: days}}
	length := time.Duration(days) * 24 * time.Hour
	var open int64
	var first, last time.Time
	var entered []int64
	err := s.journeys.EachEntered(ctx, id, func(customerID int64, isControl bool, enteredAt int64) error {
		at := time.UnixMicro(enteredAt).UTC()
		if last.Before(at) {
			last = at
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.Add(length).After(now) {
			open++
			return nil
		}
		o.index[customerID] = int32(len(o.people)) //nolint:gosec // people of one journey
		o.people = append(o.people, person{isTreatment: !isControl})
		entered = append(entered, enteredAt)
		return nil
	})
	if err != nil || first.IsZero() {
		return o, open, err
	}
	to := last.Add(length)
	o.window.From, o.window.To, o.window.IsComplete = &first, &to, open == 0
	err = s.purchases.EachPaid(ctx, first, to, s.journeys.Currency(), func(customerID, at, amount int64) error {
		i, is := o.index[customerID]
		if !is || at < entered[i] || at >= entered[i]+length.Microseconds() {
			return nil
		}
		o.people[i].amount += amount
		o.people[i].orders++
		return nil
	})
	if err != nil {
		return o, open, fmt.Errorf("read purchases of journey %d: %w", id, err)
	}
	return o, open, nil
}
