// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/image"
)

const (
	// mostTraits is how many traits a profile shows.
	mostTraits = 40
	// fewestExpected is the rule of thumb of Cochran (1954): below five expected
	// customers in a cell the normal approximation says nothing.
	fewestExpected = 5
	// surely is the share of false discoveries that is borne among the traits shown.
	surely = 0.01
	// mostProfiled bounds the attributes that are compared.
	mostProfiled = 200
	// mostValues is from how many different numbers on quarters are compared.
	mostValues = 12
)

// Profile is how the customers of rules differ from the other ones.
type Profile struct {
	Count int64 `json:"count"`
	Total int64 `json:"total" doc:"customers that you may see"`
	// Tests is how many comparisons were made; significance is corrected for them.
	Tests int `json:"tests"`
	// LeftOut counts attributes beyond the limit.
	LeftOut int     `json:"left_out"`
	Traits  []Trait `json:"traits" doc:"what stands out, most certain first"`
	AsOf    AsOf    `json:"as_of"`
	Explain Explain `json:"explain"`
}

// Trait is a value of an attribute that the customers have more or less often.
type Trait struct {
	Field string         `json:"field"`
	Label warehouse.Text `json:"label"`
	// Value is the value as rules write it, absent for none and for bands.
	Value      json.RawMessage `json:"value,omitempty"`
	ValueLabel *warehouse.Text `json:"value_label,omitempty"`
	// From and To bound a band, both inside.
	From *float64 `json:"from,omitempty"`
	To   *float64 `json:"to,omitempty"`
	// Customers have it of those asked about; Share is their share, Others that of the other customers.
	Customers int64   `json:"customers"`
	Share     float64 `json:"share"`
	Others    float64 `json:"others"`
	// Lift is the share divided by that of all customers.
	Lift float64 `json:"lift"`
	// Z is the standardised difference of the two shares.
	Z float64 `json:"z"`
	// Q is the share of false discoveries when this and all more certain ones are believed.
	Q float64 `json:"q"`
	// Rule is the trait as a condition.
	Rule *Rule `json:"rule"`
}

// Profile compares the customers who answer the rules with all others.
func (s *Service) Profile(ctx context.Context, rules []byte) (Profile, error) {
	out := Profile{Traits: []Trait{}}
	if err := auth.Check(ctx, "segment:read"); err != nil {
		return out, err
	}
	p, err := s.Compile(ctx, rules)
	if err != nil {
		return out, err
	}
	list := s.profiled(ctx)
	if len(list) > mostProfiled {
		out.LeftOut = len(list) - mostProfiled
		list = list[:mostProfiled]
	}
	_, at := s.cubes.Asks(ctx)
	counts, asOf, explain, err := s.shares(ctx, p, list, at.Today)
	if err != nil {
		return out, fmt.Errorf("profile segment: %w", err)
	}
	out.AsOf, out.Explain = asOf, explain
	if len(counts) > 0 { // every attribute counts all customers
		for _, v := range counts[0] {
			out.Total += v.all
			out.Count += v.some
		}
	}
	var traits []Trait
	for i, values := range counts {
		// Whom a profile table has no row for lacks all its fields: one of them says so.
		if i > 0 && list[i].cube.Profile && list[i-1].cube == list[i].cube {
			values = slices.DeleteFunc(values, func(v share) bool { return v.value == nil && v.low == nil && v.high == nil })
		}
		traits = append(traits, traitsOf(&list[i], values, out.Count, out.Total)...)
	}
	out.Tests = len(traits)
	out.Traits = significant(traits)
	return out, nil
}

// profiled lists the attributes that are compared: those that may be grouped by.
func (s *Service) profiled(ctx context.Context) []attribute {
	var list []attribute
	model, _ := s.cubes.Asks(ctx)
	for i := range model.Cubes() {
		k := &model.Cubes()[i]
		if !k.IsCustomers && !k.Profile || k.Permission != "" && auth.Check(ctx, k.Permission) != nil {
			continue
		}
		for d := range k.Dimensions {
			if dim := &k.Dimensions[d]; isProfiled(dim) && s.isLaid(k.Table, dim.Column) {
				list = append(list, attribute{k, dim})
			}
		}
	}
	return list
}

func (s *Service) isLaid(table, column string) bool {
	_, ok := s.reader.Column(table, column)
	return ok
}

func isProfiled(d *warehouse.Dimension) bool {
	if d.IsPersonal || d.FilterOnly || d.Read != nil {
		return false
	}
	switch d.Kind {
	case warehouse.KindChoice, warehouse.KindBoolean, warehouse.KindText, warehouse.KindInteger, warehouse.KindMoney,
		warehouse.KindQuantity, warehouse.KindNumber, warehouse.KindPercent:
		return d.Unit == warehouse.UnitNone || d.Unit == warehouse.UnitAge && len(d.Bands) > 0
	}
	return false
}

// share is how many customers have a value.
type share struct {
	value     any // string, int64, float64, bool; nil for none
	low, high *float64
	label     *warehouse.Text
	all, some int64
}

// traitsOf compares the shares of every value of an attribute.
func traitsOf(a *attribute, values []share, count, total int64) []Trait {
	var list []Trait
	n, m := float64(count), float64(total-count)
	if count == 0 || total == count {
		return nil
	}
	for _, v := range values {
		pooled := float64(v.all) / (n + m)
		if least := min(pooled, 1-pooled) * min(n, m); least < fewestExpected {
			continue
		}
		share, others := float64(v.some)/n, float64(v.all-v.some)/m
		// Two proportions with the pooled variance (Fleiss, Levin, Paik 2003, formula 3.5).
		z := (share - others) / math.Sqrt(pooled*(1-pooled)*(1/n+1/m))
		t := Trait{
			Field: a.dim.Name, Label: a.dim.Label, Customers: v.some, Share: share, Others: others, Lift: share / pooled, Z: z,
			Q: math.Erfc(math.Abs(z) / math.Sqrt2), From: v.low, To: v.high, ValueLabel: v.label,
		}
		if t.Value, t.Rule = ruleOf(a.dim, v); t.Rule == nil {
			continue
		}
		list = append(list, t)
	}
	return list
}

// ruleOf is a value as a condition.
func ruleOf(d *warehouse.Dimension, v share) (json.RawMessage, *Rule) {
	r := &Rule{Field: d.Name}
	var value any
	switch {
	case v.low != nil && v.high != nil:
		r.Is, value = "between", []float64{*v.low, *v.high}
	case v.low != nil:
		r.Is, value = "gte", *v.low
	case v.high != nil:
		r.Is, value = "lte", *v.high
	case v.value == nil:
		r.Is = "is_not_set"
		return nil, r
	default:
		r.Is, value = "eq", v.value
		if d.Kind == warehouse.KindChoice {
			r.Is, value = "in", []any{v.value}
		}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, nil
	}
	r.Value = text
	if v.low != nil || v.high != nil {
		return nil, r
	}
	one, err := json.Marshal(v.value)
	if err != nil {
		return nil, nil
	}
	return one, r
}

// significant turns the errors of single tests into shares of false discoveries
// (Benjamini and Hochberg 1995), and leaves the certain ones.
func significant(traits []Trait) []Trait {
	slices.SortStableFunc(traits, func(a, b Trait) int { return cmp.Compare(math.Abs(b.Z), math.Abs(a.Z)) })
	least := 1.0
	for i := len(traits) - 1; i >= 0; i-- {
		least = min(least, traits[i].Q*float64(len(traits))/float64(i+1))
		traits[i].Q = least
	}
	out := []Trait{}
	for _, t := range traits {
		if t.Q <= surely && len(out) < mostTraits {
			out = append(out, t)
		}
	}
	return out
}

// imageDims are the attributes as dimensions of the image.
func imageDims(list []attribute, born func(years int64) int64) []image.Dim {
	dims := make([]image.Dim, len(list))
	for i, a := range list {
		dims[i] = image.Dim{Table: a.cube.Table, Column: a.dim.Column}
		for _, b := range a.dim.Bands {
			low, high := b.From, int64(math.MaxInt64)
			if b.To != 0 {
				high = b.To - 1
			}
			if a.dim.Unit == warehouse.UnitAge { // who is older was born earlier
				low, high = int64(math.MinInt64+1), born(b.From)
				if b.To != 0 {
					low = born(b.To) + 1
				}
			}
			dims[i].Bands = append(dims[i].Bands, [2]int64{low, high})
		}
	}
	return dims
}
