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
	// Group limits the baskets to customers of one RFM group.
	Group      string  `json:"group,omitempty"`
	Support    float64 `json:"support"`
	Confidence float64 `json:"confidence"`
}

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
	Redundant bool `json:"redundant"`
}

const (
	basketSets  = 2_000_000 // beyond it the support is too low to read anything
	basketRules = 300
	basketItems = 14 // of the matrix
)

// runBasket reads the baskets of the period and finds rules.
func (s *Service) runBasket(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseBasket(run.Settings)
	if err != nil {
		return nil, err
	}
	baskets, err := s.readBaskets(ctx, settings)
	if err != nil {
		return nil, err
	}
	tell(4, 10)
	if baskets.Count() == 0 {
		return nil, fault.New(fault.Invalid, "mining.no_baskets", "There is no purchase in this period; choose a longer one.")
	}
	sets, err := association.Mine(ctx, baskets, association.Options{MinCount: association.MinCount(settings.Support, baskets.Count()), MaxSets: basketSets})
	var many association.TooManyError
	if errors.As(err, &many) {
		return nil, fault.New(fault.Invalid, "mining.many_itemsets", "There are {problem}.", "problem", many.Error())
	}
	if err != nil {
		return nil, err
	}
	tell(8, 10)
	out := &Basket{Settings: settings, Baskets: baskets.Count(), Items: len(baskets.Names), Itemsets: sets.Len(), Rules: []BasketRule{}}
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
	return out, nil
}

func (s *Service) readBaskets(ctx context.Context, settings BasketSettings) (*association.Baskets, error) {
	item := "p.category"
	if settings.By == "product" {
		item = "p.name"
	}
	query := "SELECT CAST(l.order_id AS VARCHAR), " + item + " FROM " + linesTable + " l JOIN products p ON p.id = l.product_id WHERE l.counts = 2 AND " + item + " IS NOT NULL"
	var args []any
	if settings.From != "" {
		query += " AND l.ordered_at >= CAST(? AS DATE)"
		args = append(args, settings.From)
	}
	if settings.To != "" {
		query += " AND l.ordered_at < CAST(? AS DATE) + 1"
		args = append(args, settings.To)
	}
	if settings.Group != "" {
		query += " AND l.customer_id IN (SELECT customer_id FROM " + ScoresTable + " WHERE segment = ?)"
		args = append(args, settings.Group)
	}
	rows, err := s.warehouse.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read baskets: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var keys, items []string
	for rows.Next() {
		var key, name string
		if err := rows.Scan(&key, &name); err != nil {
			return nil, err
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
