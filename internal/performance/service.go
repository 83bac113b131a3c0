// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Campaigns is what results are made of; campaign.Service implements it.
type Campaigns interface {
	Find(ctx context.Context, id int64) (campaign.Campaign, error)
	// EachAssigned emits the recipients of both arms with whom they belong to now.
	EachAssigned(ctx context.Context, id int64, emit func(a campaign.Assigned) error) error
	// EachTouch emits messages handed over in a window, of all campaigns.
	EachTouch(ctx context.Context, from, to time.Time, emit func(customerID, campaignID, at int64) error) error
	// List returns a page of campaigns in a state.
	List(ctx context.Context, state campaign.State, cursor string, limit int) ([]campaign.Campaign, string, error)
	// Create makes a draft, ChooseWinner ends a test of variants.
	Create(ctx context.Context, content campaign.Content) (campaign.Campaign, error)
	ChooseWinner(ctx context.Context, id int64, key, how string) (campaign.Campaign, error)
	Forecast(ctx context.Context, id int64) (campaign.Forecast, error)
	ListLinks(ctx context.Context, id int64) ([]campaign.Link, error)
	// StepsOf returns the campaigns of a journey with their counts.
	StepsOf(ctx context.Context, journeyID int64) ([]campaign.Campaign, error)
}

// Purchases answers what customers bought; order.Service implements it.
type Purchases interface {
	// EachPaid emits every paid order of a window, with its time in Unix microseconds.
	EachPaid(ctx context.Context, from, to time.Time, currency string, emit func(customerID, orderedAt, amount int64) error) error
	// EachPaidCategory emits every paid line of a window with the category of its product, "" if unknown.
	EachPaidCategory(ctx context.Context, from, to time.Time, currency string, emit func(customerID int64, category string, amount int64) error) error
	// EachHistory emits of each customer the last paid order before a moment and how many there were.
	EachHistory(ctx context.Context, before time.Time, currency string, emit func(customerID, lastAt, orders int64) error) error
}

// Service evaluates campaigns and keeps their costs.
type Service struct {
	store     *store
	db        *database.DB
	journal   *journal.Journal
	campaigns Campaigns
	purchases Purchases
	journeys  Journeys
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, campaigns Campaigns, purchases Purchases) *Service {
	return &Service{store: &store{db: db}, db: db, journal: j, campaigns: campaigns, purchases: purchases}
}

// Result evaluates a campaign as of now, from the orders in the system of
// record, by intention to treat: everybody assigned to an arm counts.
func (s *Service) Result(ctx context.Context, id int64) (Result, error) {
	if err := auth.Check(ctx, "performance:read"); err != nil {
		return Result{}, err
	}
	if !auth.ScopeOf(ctx).All {
		return Result{}, fault.New(fault.Forbidden, "performance.scope", "Results cover all customers of a campaign, and your rows are limited to some of them.")
	}
	c, err := s.campaigns.Find(ctx, id)
	if err != nil {
		return Result{}, err
	}
	now := s.db.Now(ctx)
	window := windowOf(c, now)
	cost, err := s.cost(ctx, c)
	if err != nil {
		return Result{}, err
	}
	seen, err := s.observe(ctx, c, window)
	if err != nil {
		return Result{}, err
	}
	b := seen.arms()
	cost.Incentive = c.Intent.Incentive * b.treatment.Successes
	if len(cost.Components) == 0 {
		cost.Fixed = c.Intent.FixedCost
	}
	cost.Total += cost.Incentive + cost.Fixed
	r := evaluate(c, window, b, cost, now)
	if window.From != nil {
		if err := s.detail(ctx, c, seen, &r); err != nil {
			return r, err
		}
	}
	r.Statements = r.speak()
	r.Links, err = s.campaigns.ListLinks(ctx, id)
	return r, err
}

// detail adds what goes beyond the comparison of the two arms.
func (s *Service) detail(ctx context.Context, c campaign.Campaign, seen *observation, r *Result) error {
	r.Groups = seen.groups(c)
	r.Variants, r.Leader = seen.variants(c)
	r.Payback = seen.payback(r)
	r.addStageCosts()
	var err error
	if r.Products, err = s.products(ctx, c, seen, r); err != nil {
		return err
	}
	if r.Attribution, err = s.attribute(ctx, c, seen); err != nil {
		return err
	}
	plan, err := s.campaigns.Forecast(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("plan of campaign %d: %w", c.ID, err)
	}
	r.Plan = &plan
	return nil
}

// windowOf is from the start of sending to the window's days after its end; the
// control group is watched over the same time.
func windowOf(c campaign.Campaign, now time.Time) Window {
	w := Window{Days: c.WindowDays}
	if c.StartedAt == nil {
		return w
	}
	end := now
	if c.FinishedAt != nil {
		end = *c.FinishedAt
	}
	to := end.AddDate(0, 0, int(c.WindowDays))
	w.From, w.To, w.IsComplete = c.StartedAt, &to, c.FinishedAt != nil && !now.Before(to)
	return w
}

func (s *Service) cost(ctx context.Context, c campaign.Campaign) (CostSum, error) {
	list, err := s.store.listCosts(ctx, c.ID)
	if err != nil {
		return CostSum{}, err
	}
	sum := CostSum{Components: list, Messages: (c.Counts.Sent()*c.MessageCost + 500) / 1000}
	sum.Total = sum.Messages
	for _, item := range list {
		sum.Total += item.Amount
	}
	return sum, nil
}

// Evaluate keeps the result of now, so that it can be compared later.
func (s *Service) Evaluate(ctx context.Context, id int64) (Result, error) {
	if err := auth.Check(ctx, "performance:evaluate"); err != nil {
		return Result{}, err
	}
	r, err := s.Result(ctx, id)
	if err != nil {
		return r, err
	}
	content, err := json.Marshal(r)
	if err != nil {
		return r, fmt.Errorf("keep result of campaign %d: %w", id, err)
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.insertResult(ctx, id, string(content), r.Window.IsComplete); err != nil {
			return err
		}
		return s.note(ctx, "performance.evaluated", id, map[string]any{"verdict": r.Verdict})
	})
	return r, err
}

func (s *Service) note(ctx context.Context, kind string, campaignID int64, after any) error {
	text, err := json.Marshal(after)
	if err != nil {
		return err
	}
	return s.journal.Append(ctx, journal.Entry{Capability: "performance", Kind: kind, SubjectKind: "campaign", SubjectIDs: []int64{campaignID}, After: text})
}

// AddCost adds a component to what a campaign cost.
func (s *Service) AddCost(ctx context.Context, cost Cost) (Cost, error) {
	if err := auth.Check(ctx, "performance:update"); err != nil {
		return cost, err
	}
	c, err := s.campaigns.Find(ctx, cost.CampaignID)
	if err != nil {
		return cost, err
	}
	switch {
	case !slices.Contains(components, cost.Component):
		return cost, fault.New(fault.Invalid, "performance.bad_component", "\"{value}\" is no component of cost; there are media, creative, agency, incentive and other.", "value", cost.Component)
	case cost.Amount < 0:
		return cost, fault.New(fault.Invalid, "performance.bad_amount", "A cost is not negative.")
	case cost.Currency != "" && cost.Currency != c.Currency:
		return cost, fault.New(fault.Invalid, "performance.bad_currency", "The campaign is kept in {currency}.", "currency", c.Currency)
	}
	cost.Currency = c.Currency
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.insertCost(ctx, &cost, auth.From(ctx).ID); err != nil {
			return err
		}
		return s.note(ctx, "performance.cost_added", cost.CampaignID, cost)
	})
	return cost, err
}

// ListCosts returns the components of what a campaign cost.
func (s *Service) ListCosts(ctx context.Context, campaignID int64) ([]Cost, error) {
	if err := auth.Check(ctx, "performance:read"); err != nil {
		return nil, err
	}
	if _, err := s.campaigns.Find(ctx, campaignID); err != nil {
		return nil, err
	}
	return s.store.listCosts(ctx, campaignID)
}

// DeleteCost takes a component back.
func (s *Service) DeleteCost(ctx context.Context, campaignID, id int64) error {
	if err := auth.Check(ctx, "performance:update"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.deleteCost(ctx, campaignID, id); err != nil {
			return err
		}
		return s.note(ctx, "performance.cost_removed", campaignID, map[string]any{"id": id})
	})
}
