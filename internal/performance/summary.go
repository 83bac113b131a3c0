// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Summary is what campaigns brought in a time, from the results that were kept
// when their windows had ended.
type Summary struct {
	From     string      `json:"from" doc:"First month, 2026-01."`
	To       string      `json:"to"`
	Currency string      `json:"currency"`
	Total    Line        `json:"total"`
	Months   []Line      `json:"months" doc:"By month of the start."`
	Channels []Line      `json:"channels"`
	Segments []Line      `json:"segments" doc:"By target segment; the key is its id."`
	Products []Line      `json:"products" doc:"By product category, with the cost shared out by revenue; sent counts all messages of the campaigns."`
	Stages   []StageCost `json:"stages" doc:"What it cost to win, keep and win back a buyer, over all campaigns."`
}

// Line is one row of a summary. Money is in minor units.
type Line struct {
	Key       string   `json:"key"`
	Campaigns int64    `json:"campaigns"`
	Shown     int64    `json:"shown" doc:"Campaigns whose effect was shown."`
	Sent      int64    `json:"sent"`
	Revenue   Estimate `json:"revenue" doc:"Additional revenue of campaigns with a control group."`
	Margin    Estimate `json:"margin"`
	Cost      int64    `json:"cost"`
	Budget    int64    `json:"budget,omitempty"`
	ROI       *float64 `json:"roi,omitempty"`

	variance, marginVariance float64
}

// add takes the result of one campaign in. Campaigns are independent, so that
// their variances add up.
func (l *Line) add(r *Result) {
	l.Campaigns++
	l.Sent += r.Sent
	l.Cost += r.Cost.Total
	if r.Verdict == EffectPositive {
		l.Shown++
	}
	if r.Verdict == NoControl {
		return
	}
	l.addMoney(r.IncrementalSales, r.IncrementalMargin, z95)
}

// addMoney takes estimates in whose intervals reach so many standard errors.
func (l *Line) addMoney(revenue, margin Estimate, point float64) {
	l.Revenue.Value += revenue.Value
	l.Margin.Value += margin.Value
	half := func(e Estimate) float64 { return (e.High - e.Low) / 2 / point }
	l.variance += half(revenue) * half(revenue)
	l.marginVariance += half(margin) * half(margin)
}

// addProducts takes in what a campaign brought by product category.
func addProducts(of map[string]*Line, r *Result) {
	for i := range r.Products {
		p := &r.Products[i]
		l := line(of, p.Category)
		l.Campaigns++
		l.Sent += r.Sent
		if p.Verdict == EffectPositive {
			l.Shown++
		}
		if p.Verdict != NoControl {
			l.Cost += p.CostShared
			l.addMoney(p.Added, p.Margin, point(len(r.Products)))
		}
	}
}

// finish makes intervals that reach so many standard errors.
func (l *Line) finish(point float64) {
	around := func(e *Estimate, variance float64) {
		e.Low, e.High = e.Value-point*math.Sqrt(variance), e.Value+point*math.Sqrt(variance)
	}
	around(&l.Revenue, l.variance)
	around(&l.Margin, l.marginVariance)
	if l.Cost > 0 {
		roi := (l.Margin.Value - float64(l.Cost)) / float64(l.Cost)
		l.ROI = &roi
	}
}

var monthShape = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)

// Summarise adds up the kept results of campaigns that started in the months
// from … to, both included.
func (s *Service) Summarise(ctx context.Context, from, to string) (Summary, error) {
	if err := auth.Check(ctx, "performance:read"); err != nil {
		return Summary{}, err
	}
	if !auth.ScopeOf(ctx).All {
		return Summary{}, fault.New(fault.Forbidden, "performance.scope", "Results cover all customers of a campaign, and your rows are limited to some of them.")
	}
	now := s.db.Now(ctx)
	if to == "" {
		to = now.Format("2006-01")
	}
	if from == "" {
		from = now.AddDate(-1, 1, 0).Format("2006-01")
	}
	if !monthShape.MatchString(from) || !monthShape.MatchString(to) || from > to {
		return Summary{}, fault.New(fault.Invalid, "performance.bad_month", "Months are written like 2026-01, the first before the last.")
	}
	out := Summary{From: from, To: to, Total: Line{Key: "total"}}
	months, channels, segments, products := map[string]*Line{}, map[string]*Line{}, map[string]*Line{}, map[string]*Line{}
	stages := map[string]*stageSum{}
	list, err := s.store.latest(ctx)
	if err != nil {
		return out, err
	}
	for _, text := range list {
		var r Result
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			return out, fmt.Errorf("read kept result: %w", err)
		}
		if r.Window.From == nil || r.Window.From.Format("2006-01") < from || r.Window.From.Format("2006-01") > to {
			continue
		}
		c, err := s.campaigns.Find(ctx, r.CampaignID)
		if fault.Is(err, fault.NotFound) {
			continue // taken out of the lists
		}
		if err != nil {
			return out, err
		}
		out.Currency = r.Currency
		out.Total.add(&r)
		line(months, r.Window.From.Format("2006-01")).add(&r)
		line(channels, "email").add(&r)
		line(segments, strconv.FormatInt(c.SegmentID, 10)).add(&r)
		addProducts(products, &r)
		addStages(stages, &r)
	}
	budgets, err := s.store.listBudgets(ctx, from, to)
	if err != nil {
		return out, err
	}
	for _, b := range budgets {
		line(months, b.Month).Budget += b.Amount
		line(channels, b.Channel).Budget += b.Amount
		out.Total.Budget += b.Amount
	}
	out.Total.finish(z95)
	out.Months, out.Channels, out.Segments, out.Products = lines(months, z95), lines(channels, z95), lines(segments, z95), lines(products, point(len(products)))
	out.Stages = stageCosts(stages)
	return out, nil
}

func line(of map[string]*Line, key string) *Line {
	if of[key] == nil {
		of[key] = &Line{Key: key}
	}
	return of[key]
}

func lines(of map[string]*Line, point float64) []Line {
	list := make([]Line, 0, len(of))
	for _, l := range of {
		l.finish(point)
		list = append(list, *l)
	}
	slices.SortFunc(list, func(a, b Line) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// stageSum adds up one stage over campaigns.
type stageSum struct {
	added, variance float64
	cost            int64
}

func addStages(of map[string]*stageSum, r *Result) {
	for _, st := range r.Stages {
		if of[st.Stage] == nil {
			of[st.Stage] = &stageSum{}
		}
		sum := of[st.Stage]
		half := (st.Added.High - st.Added.Low) / 2 / z95
		sum.added, sum.variance, sum.cost = sum.added+st.Added.Value, sum.variance+half*half, sum.cost+st.CostShared
	}
}

func stageCosts(of map[string]*stageSum) []StageCost {
	list := []StageCost{}
	for _, stage := range []string{stageNew, stageActive, stageSleeping} {
		sum := of[stage]
		if sum == nil {
			continue
		}
		spread := z95 * math.Sqrt(sum.variance)
		c := StageCost{Stage: stage, Added: Estimate{sum.added, sum.added - spread, sum.added + spread}, CostShared: sum.cost}
		if c.Added.Low > 0 && sum.cost > 0 {
			per := float64(sum.cost) / sum.added
			c.CostPer = &per
		}
		list = append(list, c)
	}
	return list
}

// Budget is what the company means to spend in a month by a channel.
type Budget struct {
	Month   string `json:"month" doc:"2026-01"`
	Channel string `json:"channel" enum:"email,sms,kakao,call,post,other"`
	Amount  int64  `json:"amount" minimum:"0" doc:"Minor units; 0 takes the budget away."`
}

// SetBudget keeps the budget of a month and channel.
func (s *Service) SetBudget(ctx context.Context, b Budget) error {
	if err := auth.Check(ctx, "performance:update"); err != nil {
		return err
	}
	if _, err := time.Parse("2006-01", b.Month); err != nil {
		return fault.New(fault.Invalid, "performance.bad_month", "Months are written like 2026-01, the first before the last.")
	}
	if b.Amount < 0 {
		return fault.New(fault.Invalid, "performance.bad_amount", "A cost is not negative.")
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.saveBudget(ctx, b); err != nil {
			return err
		}
		after, err := json.Marshal(b)
		if err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "performance", Kind: "performance.budget_set", SubjectKind: "budget", After: after})
	})
}
