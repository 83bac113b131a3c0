// SPDX-License-Identifier: Apache-2.0

package scorecard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/mining/value"
)

// Bin is a part of an attribute; of numbers it is above one limit and up to
// another, of words a level. IsOther takes what no other bin does, missing values too.
type Bin struct {
	Above   *float64 `json:"above,omitempty"`
	UpTo    *float64 `json:"up_to,omitempty"`
	Level   string   `json:"level,omitempty"`
	IsOther bool     `json:"is_other,omitempty"`
	Rows    int      `json:"rows"`
	Yes     int      `json:"yes"`
	WoE     float64  `json:"weight_of_evidence"`
	Points  float64  `json:"points"`
}

// Attribute is one column with its bins.
type Attribute struct {
	Column string `json:"column"`
	// Information is Σ (share of yes − share of no) · weight of evidence.
	Information float64 `json:"information_value"`
	Weight      float64 `json:"weight" doc:"coefficient of the weight of evidence; 0 by hand"`
	Mean        float64 `json:"mean_points"`
	Bins        []Bin   `json:"bins"`
}

// Card is a scorecard. The chance of yes at p points is 1/(1+exp(−(Intercept+Slope·p))).
type Card struct {
	// Base points mean odds of Odds to 1; every Double points double them.
	Base       float64     `json:"base"`
	Odds       float64     `json:"odds"`
	Double     float64     `json:"double"`
	Attributes []Attribute `json:"attributes"`
	Intercept  float64     `json:"intercept"`
	Slope      float64     `json:"slope"`
	IsByHand   bool        `json:"is_by_hand,omitempty"`
}

const (
	quantiles     = 5
	mostWords     = 8
	fewestInBin   = 0.03
	leastInformed = 0.02 // below it an attribute tells nothing (Siddiqi 2006)
	mostOfCard    = 10
)

// ErrNothing says that no column tells yes from no.
var ErrNothing = errors.New("no column tells yes from no well enough")

// Learn makes a card by logistic regression on weights of evidence.
func Learn(ctx context.Context, f *frame.Frame, yes []bool, base, odds, double float64) (*Card, error) {
	c := &Card{Base: base, Odds: odds, Double: double}
	for _, column := range f.Columns {
		a := Attribute{Column: column.Name, Bins: cut(column)}
		a.weigh(column, yes)
		if len(a.Bins) > 1 && a.Information >= leastInformed {
			c.Attributes = append(c.Attributes, a)
		}
	}
	slices.SortStableFunc(c.Attributes, func(a, b Attribute) int { return cmp.Compare(b.Information, a.Information) })
	c.Attributes = c.Attributes[:min(mostOfCard, len(c.Attributes))]
	for len(c.Attributes) > 0 {
		intercept, worst, err := c.fit(ctx, f, yes)
		if err != nil {
			return nil, err
		}
		if worst >= 0 { // a weight below 0 turns the evidence round: another attribute tells the same
			c.Attributes = slices.Delete(c.Attributes, worst, worst+1)
			continue
		}
		c.scale(intercept)
		c.mean(f)
		return c, nil
	}
	return nil, ErrNothing
}

// cut makes the bins of a column.
func cut(column *frame.Column) []Bin {
	other := Bin{IsOther: true}
	if column.Kind != frame.Number {
		counts := map[string]int{}
		for row := range column.Len() {
			if !column.IsMissing(row) {
				counts[column.Text(row)]++
			}
		}
		var names []string
		for name, n := range counts {
			if float64(n) >= fewestInBin*float64(column.Len()) {
				names = append(names, name)
			}
		}
		slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
		var bins []Bin
		for _, name := range names[:min(mostWords, len(names))] {
			bins = append(bins, Bin{Level: name})
		}
		return append(bins, other)
	}
	var known []float64
	for row := range column.Len() {
		if !column.IsMissing(row) {
			known = append(known, column.Numbers[row])
		}
	}
	slices.Sort(known)
	var limits []float64
	for i := 1; i < quantiles && len(known) > 0; i++ {
		if q := value.Quantile(known, float64(i)/quantiles); q < known[len(known)-1] && (len(limits) == 0 || q > limits[len(limits)-1]) {
			limits = append(limits, q)
		}
	}
	var bins []Bin
	for i := range limits {
		b := Bin{UpTo: &limits[i]}
		if i > 0 {
			b.Above = &limits[i-1]
		}
		bins = append(bins, b)
	}
	if len(limits) > 0 {
		bins = append(bins, Bin{Above: &limits[len(limits)-1]})
	}
	return append(bins, other)
}

// place finds the bin of a row; −1 when none takes it.
func (a *Attribute) place(column *frame.Column, row int) int {
	other := -1
	for i := range a.Bins {
		b := &a.Bins[i]
		switch {
		case b.IsOther:
			other = i
		case column == nil || column.IsMissing(row):
		case b.Above == nil && b.UpTo == nil:
			if column.Text(row) == b.Level {
				return i
			}
		case column.Kind == frame.Number && (b.Above == nil || column.Numbers[row] > *b.Above) && (b.UpTo == nil || column.Numbers[row] <= *b.UpTo):
			return i
		}
	}
	return other
}

// weigh counts the bins and their evidence; half a row is added to each, so that no bin has infinite odds.
func (a *Attribute) weigh(column *frame.Column, yes []bool) {
	all, ayes := 0, 0
	for row := range yes {
		if at := a.place(column, row); at >= 0 {
			a.Bins[at].Rows++
			all++
			if yes[row] {
				a.Bins[at].Yes++
				ayes++
			}
		}
	}
	a.Bins = slices.DeleteFunc(a.Bins, func(b Bin) bool { return b.Rows == 0 && !b.IsOther })
	for i := range a.Bins {
		b := &a.Bins[i]
		good := (float64(b.Yes) + 0.5) / (float64(ayes) + 0.5)
		bad := (float64(b.Rows-b.Yes) + 0.5) / (float64(all-ayes) + 0.5)
		if b.Rows == 0 {
			continue
		}
		b.WoE = math.Log(good / bad)
		a.Information += (good - bad) * b.WoE
	}
}

// fit regresses on the evidence; worst is an attribute with a weight below 0, −1 without one.
func (c *Card) fit(ctx context.Context, f *frame.Frame, yes []bool) (intercept float64, worst int, err error) {
	evidence := &frame.Frame{Rows: f.Rows}
	for i := range c.Attributes {
		a := &c.Attributes[i]
		column, numbers := f.Find(a.Column), make([]float64, f.Rows)
		for row := range numbers {
			if at := a.place(column, row); at >= 0 {
				numbers[row] = a.Bins[at].WoE
			}
		}
		evidence.Columns = append(evidence.Columns, frame.Numeric(a.Column, numbers))
	}
	fit, err := predict.Regress(ctx, evidence, yes)
	if err != nil {
		return 0, 0, fmt.Errorf("weigh the attributes: %w", err)
	}
	worst = -1
	least := 0.0
	for _, term := range fit.Terms {
		if term.Column == "" {
			if term.Estimate != nil {
				intercept = *term.Estimate
			}
			continue
		}
		for i := range c.Attributes {
			a := &c.Attributes[i]
			if a.Column != term.Column {
				continue
			}
			a.Weight = -1 // aliased: it says nothing of its own
			if term.Estimate != nil {
				a.Weight = *term.Estimate
			}
			if a.Weight < least {
				worst, least = i, a.Weight
			}
		}
	}
	return intercept, worst, nil
}

// scale turns weights into whole points: offset + factor · ln(odds), spread over the attributes.
func (c *Card) scale(intercept float64) {
	factor := c.Double / math.Ln2
	offset := c.Base - factor*math.Log(c.Odds)
	share := (offset + factor*intercept) / float64(len(c.Attributes))
	for i := range c.Attributes {
		a := &c.Attributes[i]
		for k := range a.Bins {
			a.Bins[k].Points = math.Round(share + factor*a.Weight*a.Bins[k].WoE)
		}
	}
	c.Slope, c.Intercept = 1/factor, -offset/factor
}

func (c *Card) mean(f *frame.Frame) {
	for i := range c.Attributes {
		a := &c.Attributes[i]
		column := f.Find(a.Column)
		a.Mean = 0
		for row := range f.Rows {
			if at := a.place(column, row); at >= 0 {
				a.Mean += a.Bins[at].Points / float64(f.Rows)
			}
		}
	}
}

// Check refuses a card that cannot be used; a card by hand has points only.
func (c *Card) Check() error {
	if len(c.Attributes) == 0 {
		return errors.New("a card needs at least one attribute")
	}
	for _, a := range c.Attributes {
		if a.Column == "" || len(a.Bins) == 0 {
			return errors.New("an attribute needs a column and at least one bin")
		}
		for _, b := range a.Bins {
			if math.IsNaN(b.Points) || math.IsInf(b.Points, 0) || b.Above != nil && b.UpTo != nil && *b.Above >= *b.UpTo {
				return fmt.Errorf("the bins of %s need finite points and limits that rise", a.Column)
			}
		}
	}
	return nil
}

// Count counts the bins of a card by hand anew and gives them their evidence.
func (c *Card) Count(f *frame.Frame, yes []bool) {
	for i := range c.Attributes {
		a := &c.Attributes[i]
		a.Information, a.Weight = 0, 0
		for k := range a.Bins {
			a.Bins[k].Rows, a.Bins[k].Yes, a.Bins[k].WoE = 0, 0, 0
		}
		bins := slices.Clone(a.Bins)
		a.weigh(f.Find(a.Column), yes)
		if len(a.Bins) < len(bins) { // bins that nobody is in stay on the card
			kept := a.Bins
			a.Bins = bins
			for k, at := 0, 0; k < len(bins) && at < len(kept); k++ {
				if bins[k].Level == kept[at].Level && bins[k].Above == kept[at].Above && bins[k].UpTo == kept[at].UpTo && bins[k].IsOther == kept[at].IsOther {
					a.Bins[k] = kept[at]
					at++
				}
			}
		}
	}
	c.mean(f)
}

// Score returns the points of every row.
func (c *Card) Score(f *frame.Frame) []float64 {
	points := make([]float64, f.Rows)
	for i := range c.Attributes {
		a := &c.Attributes[i]
		column := f.Find(a.Column)
		for row := range points {
			if at := a.place(column, row); at >= 0 {
				points[row] += a.Bins[at].Points
			}
		}
	}
	return points
}

// Calibrate fits the chance of yes to points whose answers are known; points
// that say nothing, or the contrary, leave the rate of everybody.
func (c *Card) Calibrate(ctx context.Context, points []float64, yes []bool) error {
	fit, err := predict.Regress(ctx, &frame.Frame{Rows: len(points), Columns: []*frame.Column{frame.Numeric("points", points)}}, yes)
	if err != nil {
		return fmt.Errorf("calibrate: %w", err)
	}
	rate := 0.5
	for _, y := range yes {
		if y {
			rate++
		}
	}
	rate /= float64(len(yes)) + 1
	c.Intercept, c.Slope = math.Log(rate/(1-rate)), 0
	if len(fit.Terms) == 2 && fit.Terms[0].Estimate != nil && fit.Terms[1].Estimate != nil && *fit.Terms[1].Estimate > 0 {
		c.Intercept, c.Slope = *fit.Terms[0].Estimate, *fit.Terms[1].Estimate
	}
	return nil
}

// Chance is that of yes at some points.
func (c *Card) Chance(points float64) float64 { return 1 / (1 + math.Exp(-c.Intercept-c.Slope*points)) }

// Reason is how far an attribute lifts a row above the mean.
type Reason struct {
	Column string  `json:"column"`
	Value  string  `json:"value"`
	Points float64 `json:"points"`
	Above  float64 `json:"above_mean"`
}

// Reasons are the attributes that move a row most, the strongest first.
func (c *Card) Reasons(f *frame.Frame, row, most int) []Reason {
	var list []Reason
	for i := range c.Attributes {
		a := &c.Attributes[i]
		column := f.Find(a.Column)
		r := Reason{Column: a.Column, Above: -a.Mean}
		if column != nil {
			r.Value = column.Text(row)
		}
		if at := a.place(column, row); at >= 0 {
			r.Points = a.Bins[at].Points
			r.Above += r.Points
		}
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Above), math.Abs(a.Above)) })
	return list[:min(most, len(list))]
}
