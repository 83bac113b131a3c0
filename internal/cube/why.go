// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"dangol/internal/cube/reckon"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// WhyQuery asks which members of which dimensions a difference comes from.
type WhyQuery struct {
	Measure string  `json:"measure"`
	Period  *Period `json:"period"`
	Compare string  `json:"compare" enum:"previous_period,previous_year"`
	Filters *Filter `json:"filters,omitempty"`
	// Dimensions to look into; the usual ones when left out.
	Dimensions []string `json:"dimensions,omitempty" maxItems:"12"`
}

// Why is where a difference comes from.
type Why struct {
	Now    float64 `json:"now"`
	Before float64 `json:"before"`
	// Parts are the dimensions, the one that explains most first.
	Parts    []WhyPart      `json:"parts"`
	Kind     warehouse.Kind `json:"kind"`
	Currency string         `json:"currency,omitempty"`
	From     string         `json:"from"`
	To       string         `json:"to"`
	AsOf     AsOf           `json:"as_of"`
	Notes    []Note         `json:"notes,omitempty"`
}

// WhyPart is one dimension with the members that contribute most.
type WhyPart struct {
	Column  Column                `json:"column"`
	Members []reckon.Contribution `json:"members"`
	// Concentration is 0 when all members changed alike and nears 1 when one
	// member is the whole story.
	Concentration float64 `json:"concentration"`
}

// usualSuspects are the dimensions that a change is looked for in.
var usualSuspects = []string{
	"customer.sido", "customer.age", "customer.sex", "customer.grade", "order.channel", "order.store", "product.department", "product.category",
	"recipient.campaign", "event.channel",
}

const (
	whyMembers = 6
	whyParts   = 5
)

// Why splits the difference of a measure between two periods by the members of
// dimensions.
func (s *Service) Why(ctx context.Context, q WhyQuery) (*Why, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	if q.Period == nil || q.Compare == "" {
		return nil, fault.New(fault.Invalid, "cube.compare_needs_period", "A comparison needs a period, and is previous_period or previous_year.")
	}
	model := s.Model(ctx)
	base, m, err := model.measure(q.Measure)
	if err != nil {
		return nil, err
	}
	whole, err := s.Query(ctx, Query{Measures: []string{q.Measure}, Period: q.Period, Compare: q.Compare, Filters: q.Filters})
	if err != nil {
		return nil, err
	}
	out := &Why{Parts: []WhyPart{}, Kind: m.Kind, Currency: whole.Currency, From: whole.From, To: whole.To, AsOf: whole.AsOf, Notes: whole.Notes}
	if len(whole.Rows) == 1 {
		out.Now, _ = asFloat(whole.Rows[0][0])
		out.Before, _ = asFloat(whole.Rows[0][1])
	}
	names := q.Dimensions
	if len(names) == 0 {
		names = usualSuspects
	}
	for _, name := range names {
		if !splits(model, base, m, name) {
			continue
		}
		part, err := s.whyPart(ctx, q, name)
		if fault.Is(err, fault.Forbidden) { // a dimension that the asker may not see explains nothing to them
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(part.Members) > 0 {
			out.Parts = append(out.Parts, part)
		}
	}
	slices.SortStableFunc(out.Parts, func(a, b WhyPart) int { return cmp.Compare(b.Concentration, a.Concentration) })
	out.Parts = out.Parts[:min(whyParts, len(out.Parts))]
	return out, nil
}

// splits says that the members of a dimension add up to the measure: always
// for sums, for counts of customers only by what a customer has one of.
func splits(model *Model, base *warehouse.Cube, m *warehouse.Measure, name string) bool {
	d, err := model.dimension(base, name)
	if err != nil || d.FilterOnly {
		return false
	}
	if isAdditive(m) || m.Flag != "" && !d.Line {
		return true
	}
	return m.Aggregate == warehouse.Distinct && m.Column == base.Customer && d.side == sideCustomer
}

func (s *Service) whyPart(ctx context.Context, q WhyQuery, name string) (WhyPart, error) {
	r, err := s.Query(ctx, Query{
		Measures: []string{q.Measure}, Dimensions: []string{name}, Period: q.Period, Compare: q.Compare, Filters: q.Filters, Limit: MaxLimit,
	})
	if err != nil {
		return WhyPart{}, err
	}
	at := rowWidth(r)
	var members []reckon.Member
	for _, row := range r.Rows {
		now, _ := asFloat(row[at])
		before, _ := asFloat(row[at+1])
		members = append(members, reckon.Member{Key: row[at-1], Now: now, Before: before})
	}
	part := WhyPart{Column: r.Columns[at-1]}
	if len(members) < 2 {
		return part, nil
	}
	part.Members, part.Concentration = reckon.Contributions(members, whyMembers)
	part.Column.Values = slices.DeleteFunc(slices.Clone(part.Column.Values), func(v warehouse.Value) bool {
		return !slices.ContainsFunc(part.Members, func(c reckon.Contribution) bool { return strings.EqualFold(v.Value, keyText(c.Key)) })
	})
	return part, nil
}

func keyText(key any) string {
	if key == nil {
		return ""
	}
	return fmt.Sprint(key)
}
