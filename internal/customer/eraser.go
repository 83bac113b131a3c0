// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Eraser is what a capability keeps of a person besides their source records, and how it goes. One loop counts and
// erases the traces of all capabilities, so that what is foretold is what is done.
type Eraser struct {
	Traces []Trace
	// Around erases what rows alone do not tell; it calls rows to erase the traces, before which the rows still stand,
	// and may refuse. It runs in the transaction of the erasure. nil erases the traces only.
	Around func(ctx context.Context, e *Erasure, rows func() error) error
	// Count tells how much Around takes that no trace counts, by the names of Trace.What. May be nil.
	Count func(ctx context.Context, e *Erasure) (map[string]int64, error)
	// Batches are the imports that brought facts of the person besides their records. May be nil.
	Batches func(ctx context.Context, e *Erasure) ([]int64, error)
	// Duties are the laws by which the company must still be able to say who the person was. May be nil.
	Duties func(ctx context.Context, e *Erasure) ([]Duty, error)
}

// Trace is one kind of row that names a person.
type Trace struct {
	// What it is, as screens name it: "received_mails".
	What string
	// Table holds the rows, By is its column with the id.
	Table, By string
	// OfRecord: By names source records; else customers.
	OfRecord bool
	// When narrows the rows down; "" is all that name the person.
	When string
	// Set is what is emptied in rows that stay; "" deletes them. {now} is the time of the erasure.
	Set string
}

// LawECommerce keeps contracts, payments and supplies for five years (Enforcement Decree of the E-Commerce Act, article 6).
const LawECommerce = "ecommerce"

// Duty is a law that makes the company keep for a while who stood behind facts that stay.
type Duty struct {
	Law   string    `json:"law" enum:"ecommerce" doc:"ecommerce: contracts, payments and supplies, five years (Enforcement Decree of the E-Commerce Act, article 6)."`
	Facts int64     `json:"facts" doc:"How many facts it is about, such as orders."`
	Until time.Time `json:"-"`
	// UntilOn is the last day in the company's zone.
	UntilOn string `json:"until_on" format:"date"`
}

// ErasurePlace is one kind of thing that an erasure takes away or empties.
type ErasurePlace struct {
	What    string `json:"what"`
	Count   int64  `json:"count"`
	IsEmpty bool   `json:"is_emptied" doc:"The rows stay, without what names the person."`
}

// AddEraser connects what a capability keeps of people; app calls it at start.
func (s *Service) AddEraser(e Eraser) { s.erasers = append(s.erasers, e) }

// ownTraces are those of this package besides records, golden rows and keys.
var ownTraces = Eraser{Traces: []Trace{
	{What: "relations", Table: "relations", By: "customer_id"},
	{What: "relations", Table: "relations", By: "other_id"},
	{What: "partings", Table: "partings", By: "low_id"},
	{What: "partings", Table: "partings", By: "high_id"},
}}

func (s *Service) allErasers() []Eraser { return append([]Eraser{ownTraces}, s.erasers...) }

// eraseTraces has every capability forget the person.
func (s *Service) eraseTraces(ctx context.Context, e *Erasure) error {
	for _, one := range s.allErasers() {
		rows := func() error {
			for _, trace := range one.Traces {
				if err := s.store.eraseTrace(ctx, &trace, e); err != nil {
					return fmt.Errorf("erase customer %d from %s: %w", e.CustomerID, trace.Table, err)
				}
			}
			return nil
		}
		around := one.Around
		if around == nil {
			around = func(_ context.Context, _ *Erasure, rows func() error) error { return rows() }
		}
		if err := around(ctx, e, rows); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	return nil
}

// countTraces foretells what eraseTraces takes.
func (s *Service) countTraces(ctx context.Context, e *Erasure) ([]ErasurePlace, error) {
	places := []ErasurePlace{{What: "records", Count: int64(len(e.Records))}}
	add := func(what string, n int64, isEmptied bool) {
		for i := range places {
			if places[i].What == what {
				places[i].Count += n
				return
			}
		}
		if n > 0 {
			places = append(places, ErasurePlace{What: what, Count: n, IsEmpty: isEmptied})
		}
	}
	for _, one := range s.allErasers() {
		for _, trace := range one.Traces {
			n, err := s.store.countTrace(ctx, &trace, e)
			if err != nil {
				return nil, err
			}
			add(trace.What, n, trace.Set != "")
		}
		if one.Count == nil {
			continue
		}
		more, err := one.Count(ctx, e)
		if err != nil {
			return nil, err
		}
		for _, what := range slices.Sorted(maps.Keys(more)) {
			add(what, more[what], false)
		}
	}
	return places, nil
}

// gatherBatches finds every import whose file may name the person.
func (s *Service) gatherBatches(ctx context.Context, e *Erasure) error {
	for _, r := range e.Records {
		if r.BatchID != 0 {
			e.Batches = append(e.Batches, r.BatchID)
		}
	}
	for _, one := range s.erasers {
		if one.Batches == nil {
			continue
		}
		more, err := one.Batches(ctx, e)
		if err != nil {
			return err
		}
		e.Batches = append(e.Batches, more...)
	}
	slices.Sort(e.Batches)
	e.Batches = slices.Compact(e.Batches)
	return nil
}

// duties asks all capabilities which laws keep the identity of the person, with the day in the company's zone.
func (s *Service) duties(ctx context.Context, e *Erasure) ([]Duty, error) {
	list := []Duty{}
	for _, one := range s.erasers {
		if one.Duties == nil {
			continue
		}
		more, err := one.Duties(ctx, e)
		if err != nil {
			return nil, fmt.Errorf("ask what keeps customer %d: %w", e.CustomerID, err)
		}
		for _, duty := range more {
			duty.UntilOn = duty.Until.In(s.zone).Format(time.DateOnly)
			list = append(list, duty)
		}
	}
	return list, nil
}
