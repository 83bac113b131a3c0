// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dangol/internal/mining/association"
	"dangol/internal/platform/fault"
)

// kindBasket is the run that finds what is bought together.
const kindBasket = "basket"

// BasketSettings say whose baskets are looked at, and how.
type BasketSettings struct {
	By   string `json:"by" enum:"product,category"`
	From string `json:"from,omitempty"` // ISO days, both included
	To   string `json:"to,omitempty"`
	// Group limits the baskets to customers of one RFM group, SegmentID to those
	// of a segment.
	Group     string `json:"group,omitempty"`
	SegmentID int64  `json:"segment_id,omitempty"`
	// Against sets the rules beside other baskets: those of the period of the
	// same length before, or those of all other customers.
	Against    string  `json:"against,omitempty" enum:"before,others,"`
	Support    float64 `json:"support"`
	Confidence float64 `json:"confidence"`
}

// What the rules are set against.
const (
	againstBefore = "before"
	againstOthers = "others"
)

func parseBasket(raw json.RawMessage) (BasketSettings, error) {
	s := BasketSettings{By: "category", Support: 0.01, Confidence: 0.2}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with by, support and confidence")
	}
	switch {
	case s.By != "product" && s.By != "category":
		return s, bad("by", "product or category")
	case !(s.Support > 0 && s.Support < 1):
		return s, bad("support", "a share of baskets between 0 and 1")
	case !(s.Confidence >= 0 && s.Confidence <= 1):
		return s, bad("confidence", "a share between 0 and 1")
	}
	for field, day := range map[string]string{"from": s.From, "to": s.To} {
		if _, err := time.Parse(isoDate, day); day != "" && err != nil {
			return s, bad(field, "a date like 2026-11-21")
		}
	}
	switch {
	case s.Against == "":
	case s.Against != againstBefore && s.Against != againstOthers:
		return s, bad("against", "before or others")
	case s.Against == againstBefore && s.From == "":
		return s, bad("from", "a date: without a beginning there is no period before")
	case s.Against == againstOthers && s.Group == "" && s.SegmentID == 0:
		return s, bad("group", "a group or a segment: without one there are no others")
	}
	return s, nil
}

func checkBasket(raw json.RawMessage) error {
	_, err := parseBasket(raw)
	return err
}

// Basket is what is bought together.
type Basket struct {
	Settings BasketSettings `json:"settings"`
	Baskets  int            `json:"baskets"`
	Items    int            `json:"items"`
	Itemsets int            `json:"itemsets"`
	Found    int            `json:"rules_found"`
	Rules    []BasketRule   `json:"rules"`
	// Others is how many baskets the rules are set against.
	Others int `json:"others,omitempty"`
	// Sets are the most frequent sets of two and more, by kind.
	Sets map[string]BasketSets `json:"sets"`
	// Names and Lift are the most frequent items and how often pairs of them
	// meet against chance; 0 is too seldom to tell.
	Names  []string    `json:"names"`
	Counts []int       `json:"counts"`
	Lift   [][]float64 `json:"lift"`
}

// BasketRule is a rule by names.
type BasketRule struct {
	Left  []string `json:"left"`
	Right string   `json:"right"`
	association.Measures
	Redundant bool                   `json:"redundant"`
	Against   *association.Elsewhere `json:"against,omitempty"`
}

// BasketSets are the itemsets of one kind: all of them counted, the first listed.
type BasketSets struct {
	Count int         `json:"count"`
	First []BasketSet `json:"first"`
}

// BasketSet is an itemset by names.
type BasketSet struct {
	Items   []string `json:"items"`
	Count   int      `json:"count"`
	Support float64  `json:"support"`
}

const (
	basketSets  = 2_000_000 // beyond it the support is too low to read anything
	basketRules = 300
	basketItems = 14 // of the matrix
	basketShown = 60 // of the sets of a kind
)

// runBasket reads the baskets of the period and finds rules.
func (s *Service) runBasket(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseBasket(run.Settings)
	if err != nil {
		return nil, err
	}
	baskets, err := s.readBaskets(ctx, settings, false)
	if err != nil {
		return nil, err
	}
	tell(3, 10)
	if baskets.Count() == 0 {
		return nil, fault.New(fault.Invalid, "mining.no_baskets", "There is no purchase in this period; choose a longer one.")
	}
	out := &Basket{Settings: settings, Baskets: baskets.Count(), Items: len(baskets.Names), Rules: []BasketRule{}, Sets: map[string]BasketSets{}}
	sets, err := out.mine(ctx, baskets)
	if err != nil {
		return nil, err
	}
	tell(7, 10)
	for _, r := range association.Rules(sets, association.RuleOptions{Confidence: settings.Confidence, MinLength: 2, MinLift: 1}) {
		out.Found++
		if len(out.Rules) >= basketRules {
			continue
		}
		one := BasketRule{Right: sets.Names[r.Right], Measures: r.Measures, Redundant: r.Redundant}
		for _, item := range r.Left {
			one.Left = append(one.Left, sets.Names[item])
		}
		out.Rules = append(out.Rules, one)
	}
	out.matrix(sets)
	return out, s.setAgainst(ctx, out)
}

// mine finds the sets of all kinds and returns the frequent ones, out of which
// rules are made.
func (out *Basket) mine(ctx context.Context, baskets *association.Baskets) (*association.Itemsets, error) {
	least := association.MinCount(out.Settings.Support, baskets.Count())
	var frequent *association.Itemsets
	for name, kind := range map[string]association.Kind{"frequent": association.Frequent, "closed": association.Closed, "maximal": association.Maximal} {
		sets, err := association.Mine(ctx, baskets, association.Options{Kind: kind, MinCount: least, MaxSets: basketSets})
		var many association.TooManyError
		if errors.As(err, &many) {
			return nil, fault.New(fault.Invalid, "mining.many_itemsets", "There are {problem}.", "problem", many.Error())
		}
		if err != nil {
			return nil, err
		}
		if kind == association.Frequent {
			frequent, out.Itemsets = sets, sets.Len()
		}
		list := BasketSets{Count: sets.Len(), First: []BasketSet{}}
		for _, i := range sets.ByCount() {
			items := sets.Set(i)
			if len(items) < 2 || len(list.First) == basketShown {
				continue
			}
			one := BasketSet{Count: int(sets.Counts[i]), Support: float64(sets.Counts[i]) / float64(sets.Baskets)}
			for _, item := range items {
				one.Items = append(one.Items, sets.Names[item])
			}
			list.First = append(list.First, one)
		}
		out.Sets[name] = list
	}
	return frequent, nil
}

// setAgainst counts the rules in the baskets that they are to be set against.
func (s *Service) setAgainst(ctx context.Context, out *Basket) error {
	settings := out.Settings
	if settings.Against == "" || len(out.Rules) == 0 {
		return nil
	}
	if settings.Against == againstBefore {
		from, to := s.span(settings)
		length := to.Sub(from) + 24*time.Hour
		settings.From, settings.To = from.Add(-length).Format(isoDate), from.AddDate(0, 0, -1).Format(isoDate)
	}
	others, err := s.readBaskets(ctx, settings, settings.Against == againstOthers)
	if err != nil {
		return err
	}
	rules, found := make([]association.Named, len(out.Rules)), make([]association.Measures, len(out.Rules))
	for i, r := range out.Rules {
		rules[i], found[i] = association.Named{Left: r.Left, Right: r.Right}, r.Measures
	}
	out.Others = others.Count()
	for i, one := range association.Recount(others, rules, found) {
		out.Rules[i].Against = &one
	}
	return nil
}

// span is the first and the last day of the period.
func (s *Service) span(settings BasketSettings) (from, to time.Time) {
	from, _ = time.Parse(isoDate, settings.From) // checked before
	to, err := time.Parse(isoDate, settings.To)
	if err != nil {
		today := s.today()
		to = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	}
	return from, to
}

// readBaskets reads the baskets of the people asked about, or of all others.
func (s *Service) readBaskets(ctx context.Context, settings BasketSettings, isOthers bool) (*association.Baskets, error) {
	item := "p.category"
	if settings.By == "product" {
		item = "p.name"
	}
	isIn, err := s.audience(ctx, settings.Group, settings.SegmentID)
	if err != nil {
		return nil, err
	}
	query := "SELECT l.customer_id, CAST(l.order_id AS VARCHAR), " + item + " FROM " + linesTable + " l JOIN products p ON p.id = l.product_id WHERE l.counts = 2 AND " + item + " IS NOT NULL"
	var args []any
	if settings.From != "" {
		query += " AND l.ordered_at >= CAST(? AS DATE)"
		args = append(args, settings.From)
	}
	if settings.To != "" {
		query += " AND l.ordered_at < CAST(? AS DATE) + 1"
		args = append(args, settings.To)
	}
	rows, err := s.warehouse.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read baskets: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var keys, items []string
	for rows.Next() {
		var customer int64
		var key, name string
		if err := rows.Scan(&customer, &key, &name); err != nil {
			return nil, err
		}
		if isIn != nil && isIn[customer] == isOthers {
			continue
		}
		keys, items = append(keys, key), append(items, name)
	}
	return association.FromPairs(keys, items), rows.Err()
}

// matrix is the lift of all pairs of the most frequent items.
func (out *Basket) matrix(sets *association.Itemsets) {
	place := map[int32]int{}
	single := map[int32]int{}
	order := sets.ByCount()
	for _, i := range order {
		if items := sets.Set(i); len(items) == 1 {
			single[items[0]] = int(sets.Counts[i])
			if len(out.Names) < basketItems {
				place[items[0]] = len(out.Names)
				out.Names, out.Counts = append(out.Names, sets.Names[items[0]]), append(out.Counts, int(sets.Counts[i]))
			}
		}
	}
	out.Lift = make([][]float64, len(out.Names))
	for i := range out.Lift {
		out.Lift[i] = make([]float64, len(out.Names))
	}
	for _, i := range order {
		items := sets.Set(i)
		if len(items) != 2 {
			continue
		}
		a, hasA := place[items[0]]
		b, hasB := place[items[1]]
		if hasA && hasB {
			lift := float64(sets.Counts[i]) * float64(sets.Baskets) / (float64(single[items[0]]) * float64(single[items[1]]))
			out.Lift[a][b], out.Lift[b][a] = lift, lift
		}
	}
}
