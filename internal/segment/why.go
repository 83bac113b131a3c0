// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse/condition"
)

// Why is why a customer is in a segment or not, judged by the system of record now.
type Why struct {
	IsIn  bool      `json:"is_in"`
	Rules []WhyRule `json:"rules" doc:"every rule of the tree by its path, outer ones first"`
	// Moves are the customer's latest comings and goings, newest first.
	Moves []Move `json:"moves"`
}

// WhyRule is what one rule came to for the customer.
type WhyRule struct {
	Path string `json:"path" doc:"place in the tree, such as rules.rules[1]"`
	Hold bool   `json:"holds"`
	// Kind says what behaviour came to: count, sum, first or last.
	Kind string `json:"kind,omitempty"`
	// Number is the count or sum; absent for other rules and times.
	Number *int64 `json:"number,omitempty"`
	// At is the first or last time, local; absent when there is none.
	At *time.Time `json:"at,omitempty"`
}

// Why explains a saved segment for one customer whom whoever acts in ctx may see.
func (s *Service) Why(ctx context.Context, id, customerID int64) (Why, error) {
	saved, err := s.Find(ctx, id)
	if err != nil {
		return Why{}, err
	}
	if s.faces != nil {
		seen, err := s.faces.Faces(ctx, []int64{customerID})
		if err != nil {
			return Why{}, err
		}
		if len(seen) == 0 {
			return Why{}, fault.New(fault.NotFound, "segment.no_customer", "There is no customer {id}.", "id", customerID)
		}
	}
	p, err := s.Compile(ctx, saved.Rules)
	if err != nil {
		return Why{}, err
	}
	t, err := s.slices(ctx, p, []int64{customerID})
	if err != nil {
		return Why{}, fmt.Errorf("judge customer %d: %w", customerID, err)
	}
	slice, ok := t.Slice(p, customerID)
	out := Why{Rules: []WhyRule{}, Moves: []Move{}}
	if ok {
		out.IsIn = p.Matches(slice)
		p.root.explain(slice, &out.Rules)
	}
	moves, err := s.store.Moves(ctx, id)
	for _, m := range moves {
		if m.CustomerID == customerID {
			out.Moves = append(out.Moves, m)
		}
	}
	return out, err
}

// explain lists what each rule of the tree comes to.
func (n *node) explain(s Slice, to *[]WhyRule) {
	if n.path != "" {
		one := WhyRule{Path: n.path, Hold: n.matches(s, 0)}
		if n.deed != nil {
			one.Kind = n.deed.kind
			switch v := n.deed.number(s); {
			case v.Kind == condition.Missing:
			case one.Kind == byLast || one.Kind == byFirst:
				at := time.UnixMicro(v.Int).UTC()
				one.At = &at
			default:
				one.Number = &v.Int
			}
		}
		*to = append(*to, one)
	}
	for _, child := range n.nodes {
		child.explain(s, to)
	}
}
