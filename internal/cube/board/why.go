// SPDX-License-Identifier: Apache-2.0

package board

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/reckon"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

const (
	whyMembers = 6
	whyParts   = 5
)

// WhyAsk asks which members of which dimensions the difference of a figure comes from.
type WhyAsk struct {
	Figure string `json:"figure" enum:"active,kept,lost,retention,top_fifth,campaign_roi"`
	Ask
}

// Why splits the difference of a figure between two periods: numbers of customers by who they are, shares by how
// much members weigh and how their own share changed (Kitagawa 1955), the return by campaigns.
func (s *Service) Why(ctx context.Context, q WhyAsk) (*cube.Why, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	if !slices.Contains(figureNames, q.Figure) {
		return nil, fault.New(fault.Invalid, "cube.board_no_figure", "{name} is no figure.", "name", q.Figure)
	}
	spans, err := s.spans(q.Ask)
	if err != nil {
		return nil, err
	}
	position := s.reader.Position()
	out := &cube.Why{
		Parts: []cube.WhyPart{}, Kind: kindOf(q.Figure), From: spans[0].from.Format(time.DateOnly), To: spans[0].to.Format(time.DateOnly),
		AsOf: cube.AsOf{Seq: position.Seq, At: position.At},
	}
	if q.Figure == FigureROI {
		return out, s.whyROI(ctx, spans, out)
	}
	if err := auth.Check(ctx, "order:read"); err != nil {
		return nil, err
	}
	for i, split := range append([]cube.Split{{SQL: "NULL"}}, s.cubes.CustomerSplits(ctx)...) {
		groups, err := s.buyers(ctx, spans, split.SQL)
		if err != nil {
			return nil, fmt.Errorf("why figures changed: %w", err)
		}
		if i == 0 { // everybody together
			for _, b := range groups {
				now, before := b.of(q.Figure)
				out.Now, out.Before = now.value(), before.value()
			}
			continue
		}
		out.Parts = append(out.Parts, partOf(split, groups, q.Figure))
	}
	slices.SortStableFunc(out.Parts, func(a, b cube.WhyPart) int { return cmp.Compare(b.Concentration, a.Concentration) })
	out.Parts = slices.DeleteFunc(out.Parts, func(p cube.WhyPart) bool { return len(p.Members) < 2 })
	out.Parts = out.Parts[:min(whyParts, len(out.Parts))]
	return out, nil
}

// portion is what a member has of a figure: a number (under 1), or a share over ÷ under.
type portion struct {
	over, under float64
	isShare     bool
}

func (p portion) value() float64 {
	if !p.isShare {
		return p.over
	}
	if p.under == 0 {
		return 0
	}
	return p.over / p.under
}

// of is the portion of a group now and before.
func (b *buyers) of(figure string) (now, before portion) {
	one := func(i int) portion {
		switch figure {
		case FigureActive:
			return portion{over: float64(b.active[i])}
		case FigureKept:
			return portion{over: float64(b.kept[i])}
		case FigureLost:
			return portion{over: float64(b.lost[i])}
		case FigureRetention:
			return portion{float64(b.kept[i]), float64(b.before[i]), true}
		}
		return portion{float64(b.top[i]), float64(b.all[i]), true}
	}
	return one(0), one(1)
}

func partOf(split cube.Split, groups []*buyers, figure string) cube.WhyPart {
	part := cube.WhyPart{Column: split.Column}
	var members []reckon.Member
	var shares []reckon.ShareMember
	isShare := false
	for _, b := range groups {
		now, before := b.of(figure)
		key := split.Read(b.key)
		isShare = now.isShare
		members = append(members, reckon.Member{Key: key, Now: now.value(), Before: before.value()})
		shares = append(shares, reckon.ShareMember{Key: key, Now: reckon.Portion{Over: now.over, Under: now.under}, Before: reckon.Portion{Over: before.over, Under: before.under}})
	}
	if isShare {
		part.Members, part.Concentration = reckon.ShareContributions(shares, whyMembers)
	} else {
		part.Members, part.Concentration = reckon.Contributions(members, whyMembers)
	}
	return part
}

// whyROI splits the return by campaigns.
func (s *Service) whyROI(ctx context.Context, spans []window, out *cube.Why) error {
	if s.results == nil || !auth.ScopeOf(ctx).All {
		return fault.New(fault.Forbidden, "cube.board_no_results", "The results of campaigns are about all customers; you see only some of them.")
	}
	if err := auth.Check(ctx, "performance:read"); err != nil {
		return err
	}
	found := map[string]*reckon.ShareMember{}
	var order []string
	var whole [2]portion
	for i := range 2 {
		list, err := s.results.Returned(ctx, spans[i].from, spans[i].to.AddDate(0, 0, 1))
		if err != nil {
			return fmt.Errorf("results of campaigns: %w", err)
		}
		for _, one := range list {
			m := found[one.Campaign]
			if m == nil {
				m = &reckon.ShareMember{Key: one.Campaign}
				found[one.Campaign], order = m, append(order, one.Campaign)
			}
			p := reckon.Portion{Over: float64(one.Margin - one.Cost), Under: float64(one.Cost)}
			if i == 0 {
				m.Now = p
			} else {
				m.Before = p
			}
			whole[i].over, whole[i].under, whole[i].isShare = whole[i].over+p.Over, whole[i].under+p.Under, true
		}
	}
	out.Now, out.Before = whole[0].value(), whole[1].value()
	members := make([]reckon.ShareMember, len(order))
	for i, name := range order {
		members[i] = *found[name]
	}
	if len(members) > 0 {
		part := cube.WhyPart{Column: cube.Column{Name: "campaign", Role: "row", Kind: warehouse.KindText, Label: warehouse.Text{Ko: "캠페인", En: "Campaign"}}}
		part.Members, part.Concentration = reckon.ShareContributions(members, whyMembers)
		out.Parts = append(out.Parts, part)
	}
	return nil
}
