// SPDX-License-Identifier: Apache-2.0

package board

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// The figures.
const (
	FigureActive    = "active"
	FigureKept      = "kept"
	FigureLost      = "lost"
	FigureRetention = "retention"
	FigureTopFifth  = "top_fifth"
	FigureROI       = "campaign_roi"
)

var figureNames = []string{FigureActive, FigureKept, FigureLost, FigureRetention, FigureTopFifth, FigureROI}

// Results tell what campaigns brought; performance does.
type Results interface {
	// Returned lists what the campaigns brought that were sent between two moments and could be evaluated.
	Returned(ctx context.Context, from, to time.Time) ([]Return, error)
}

// Return is the extra margin and the cost of a campaign.
type Return struct {
	Campaign     string
	Margin, Cost int64
}

// Figure is one number about whole customers, now and in the period before.
type Figure struct {
	Name   string         `json:"name"`
	Kind   warehouse.Kind `json:"kind"`
	Now    *float64       `json:"now"`
	Before *float64       `json:"before"`
	About  warehouse.Text `json:"about"`
	// Missing says why there is no number, if there is none.
	Missing string `json:"missing,omitempty" enum:"no_orders,no_results,not_allowed,"`
}

// Figures are all figures of one period.
type Figures struct {
	Items []Figure  `json:"items"`
	From  string    `json:"from"`
	To    string    `json:"to"`
	AsOf  cube.AsOf `json:"as_of"`
}

// Ask is what figures are asked for.
type Ask struct {
	Period  cube.Period `json:"period"`
	Compare string      `json:"compare,omitempty" enum:"previous_period,previous_year,"`
}

// window is a span of days, both inside.
type window struct{ from, to time.Time }

// Figures computes the figures of a period and of the one before. Kept are
// customers who bought in the period before and buy in this one; lost are those
// who bought then and do not now; retention is kept ÷ those who bought then.
func (s *Service) Figures(ctx context.Context, q Ask) (*Figures, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	spans, err := s.spans(q)
	if err != nil {
		return nil, err
	}
	position := s.reader.Position()
	out := &Figures{From: spans[0].from.Format(time.DateOnly), To: spans[0].to.Format(time.DateOnly), AsOf: cube.AsOf{Seq: position.Seq, At: position.At}}
	if auth.Check(ctx, "order:read") != nil {
		for _, name := range figureNames[:5] {
			out.Items = append(out.Items, Figure{Name: name, Kind: kindOf(name), About: abouts[name], Missing: "not_allowed"})
		}
	} else {
		groups, err := s.buyers(ctx, spans, "NULL")
		if err != nil {
			return nil, fmt.Errorf("figures of customers: %w", err)
		}
		everybody := &buyers{}
		if len(groups) > 0 {
			everybody = groups[0]
		}
		out.Items = everybody.figures()
	}
	roi, err := s.roi(ctx, spans)
	out.Items = append(out.Items, roi)
	return out, err
}

// spans are the days of a period, of the one before, and of the one before that.
func (s *Service) spans(q Ask) ([]window, error) {
	now, before, err := cube.Spans(q.Period, q.Compare, s.cubes.Today())
	if err != nil {
		return nil, err
	}
	_, earlier, err := cube.Spans(cube.Period{From: before[0].Format(time.DateOnly), To: before[1].Format(time.DateOnly)}, q.Compare, s.cubes.Today())
	return []window{{now[0], now[1]}, {before[0], before[1]}, {earlier[0], earlier[1]}}, err
}

// buyers counts the customers of three spans in turn, this one first.
type buyers struct {
	key                any // of the dimension by which they are parted
	active, kept, lost [2]int64
	before             [2]int64 // who bought in the span before
	top, all           [2]int64 // money of the best fifth, and of all
}

func kindOf(name string) warehouse.Kind {
	if slices.Contains([]string{FigureRetention, FigureTopFifth, FigureROI}, name) {
		return warehouse.KindPercent
	}
	return warehouse.KindInteger
}

var abouts = map[string]warehouse.Text{
	FigureActive:    {Ko: "기간에 구매한 고객 수 (중복 제외)", En: "Distinct customers who bought in the period"},
	FigureKept:      {Ko: "비교 기간에 사고 이번 기간에도 산 고객 수", En: "Bought in the period before and again in this one"},
	FigureLost:      {Ko: "비교 기간에 샀지만 이번 기간에는 사지 않은 고객 수", En: "Bought in the period before but not in this one"},
	FigureRetention: {Ko: "유지 고객 ÷ 비교 기간 구매 고객", En: "Kept customers over those who bought in the period before"},
	FigureTopFifth:  {Ko: "매출 상위 20% 고객이 차지하는 매출 비중", En: "Share of revenue of the best 20 % of buyers"},
	FigureROI:       {Ko: "(캠페인 추가 이익 − 비용) ÷ 비용, 대조군 대비", En: "(extra margin − cost) ÷ cost of campaigns, against control groups"},
}

func (b *buyers) figures() []Figure {
	number := func(name string, pair [2]int64) Figure {
		f := Figure{Name: name, Kind: warehouse.KindInteger, About: abouts[name]}
		now, before := float64(pair[0]), float64(pair[1])
		f.Now, f.Before = &now, &before
		return f
	}
	share := func(name string, over, under [2]int64) Figure {
		f := Figure{Name: name, Kind: warehouse.KindPercent, About: abouts[name]}
		for i, into := range []**float64{&f.Now, &f.Before} {
			if under[i] != 0 {
				v := float64(over[i]) / float64(under[i])
				*into = &v
			}
		}
		if f.Now == nil {
			f.Missing = "no_orders"
		}
		return f
	}
	return []Figure{
		number(FigureActive, b.active), number(FigureKept, b.kept), number(FigureLost, b.lost),
		share(FigureRetention, b.kept, b.before), share(FigureTopFifth, b.top, b.all),
	}
}

// roi sums what the campaigns of the spans brought.
func (s *Service) roi(ctx context.Context, spans []window) (Figure, error) {
	f := Figure{Name: FigureROI, Kind: warehouse.KindPercent, About: abouts[FigureROI]}
	if s.results == nil || auth.Check(ctx, "performance:read") != nil || !auth.ScopeOf(ctx).All {
		f.Missing = "not_allowed"
		return f, nil
	}
	for i, into := range []**float64{&f.Now, &f.Before} {
		list, err := s.results.Returned(ctx, spans[i].from, spans[i].to.AddDate(0, 0, 1))
		if fault.Is(err, fault.Forbidden) {
			f.Missing = "not_allowed"
			return f, nil
		}
		if err != nil {
			return f, fmt.Errorf("results of campaigns: %w", err)
		}
		var margin, cost int64
		for _, one := range list {
			margin, cost = margin+one.Margin, cost+one.Cost
		}
		if cost > 0 {
			v := float64(margin-cost) / float64(cost)
			*into = &v
		}
	}
	if f.Now == nil {
		f.Missing = "no_results"
	}
	return f, nil
}
