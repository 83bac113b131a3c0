// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"math"
	"slices"
	"testing"

	"dangol/internal/mining"
)

// What the verdict counts, counted again by hand; its value by the formula.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	house := newCompany()
	s := companyService(nil, house, t)
	got, err := s.Verdicts(boss(), mining.VerdictSettings{By: "department", Cost: 1000})
	if err != nil || len(got.Lines) != 3 {
		t.Fatalf("%+v %v", got, err)
	}
	last := house.lines[0].at
	for _, l := range house.lines {
		if l.at.After(last) && l.at.Before(companyToday) { // a purchase after now is none yet
			last = l.at
		}
	}
	day := last.AddDate(0, 0, 1).Truncate(24 * 3600e9)
	buyers, before, revenue := map[int64]bool{}, map[int64]bool{}, 0.0
	for _, l := range house.lines {
		switch {
		case !l.at.Before(day):
		case !l.at.Before(day.AddDate(0, 0, -365)):
			buyers[l.customer] = true
			revenue += float64(l.amount)
		case !l.at.Before(day.AddDate(0, 0, -730)):
			before[l.customer] = true
		}
	}
	kept := 0
	for id := range before {
		if buyers[id] {
			kept++
		}
	}
	whole := got.Lines[0]
	if whole.Buyers != int64(len(buyers)) || whole.Revenue != revenue || whole.Before != int64(len(before)) || whole.Kept != int64(kept) || !whole.IsCosted || math.Abs(whole.Margin-0.25) > 0.01 {
		t.Errorf("%+v, should be %d %g %d %d", whole.Business, len(buyers), revenue, len(before), kept)
	}
	rate := float64(kept) / float64(len(before))
	if life := whole.Margin * revenue / float64(len(buyers)) * 1.1 / (1.1 - rate); math.Abs(whole.Verdict.Life-life) > 1e-6*life {
		t.Errorf("life %g, should be %g", whole.Verdict.Life, life)
	}
	dear, err := s.Verdicts(boss(), mining.VerdictSettings{By: "department", Cost: 1e12})
	if err != nil || dear.Lines[0].Verdict.Answer != "not" {
		t.Errorf("a programme dearer than everything: %+v %v", dear.Lines[0].Verdict, err)
	}
	for _, r := range whole.Verdict.Reasons {
		if r.Ko == "" || r.En == "" {
			t.Errorf("%+v", r)
		}
	}
}

// The best 20 % are counted, and what losing some of them costs.
func TestParetoLossAndWho(t *testing.T) {
	t.Parallel()
	house := newCompany()
	s := companyService(nil, house, t)
	got, err := s.Pareto(boss(), mining.ParetoSettings{})
	if err != nil {
		t.Fatal(err)
	}
	spent := map[int64]int64{}
	for _, l := range house.lines {
		spent[l.customer] += l.amount
	}
	var values []int64
	for _, v := range spent {
		values = append(values, v)
	}
	slices.Sort(values)
	slices.Reverse(values)
	top := int64(0)
	for _, v := range values[:got.Loss.Top] {
		top += v
	}
	if got.Loss.TopValue != top || math.Abs(float64(got.Loss.Top)-0.2*float64(len(values))) > 2 || got.Loss.Others <= float64(got.Loss.Customers) {
		t.Errorf("%+v, top %d", got.Loss, top)
	}
	who, err := s.ParetoWho(boss(), mining.ParetoSettings{})
	if err != nil || who.All != int64(len(values)) || len(who.Traits) == 0 {
		t.Fatalf("%+v %v", who, err)
	}
	for _, trait := range who.Traits {
		if trait.Words.Ko == "" || trait.Words.En == "" || trait.StandsOut && trait.Column != "branch" && trait.Lift == 1 {
			t.Errorf("%+v", trait)
		}
	}
}
