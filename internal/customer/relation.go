// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Relation says that two customers have to do with each other.
type Relation struct {
	ID         int64     `json:"id"`
	CustomerID int64     `json:"customer_id"`
	OtherID    int64     `json:"other_id"`
	OtherName  string    `json:"other_name,omitempty"`
	Kind       string    `json:"kind" enum:"spouse,parent,child,sibling,household,employer,employee,contact,introduced,introducer,partner,other" doc:"what the other one is to the customer"`
	Note       string    `json:"note,omitempty"`
	SinceOn    string    `json:"since_on,omitempty" doc:"ISO date"`
	UntilOn    string    `json:"until_on,omitempty" doc:"ISO date; the relation has ended"`
	State      string    `json:"state,omitempty" enum:"stated,declined"`
	CreatedAt  time.Time `json:"created_at"`
}

// The states of a relation.
const (
	RelationStated   = "stated"   // entered or accepted by a person
	RelationDeclined = "declined" // suggested and declined; it is not suggested again
)

const (
	introducer = "introducer"
	introduced = "introduced"
)

// relationKinds are the kinds and what they are called from the other side.
var relationKinds = map[string]string{
	"spouse": "spouse", "parent": "child", "child": "parent", "sibling": "sibling", "household": "household",
	"employer": "employee", "employee": "employer", "contact": "contact", introduced: introducer,
	introducer: introduced, "partner": "partner", "other": "other",
}

// risingKinds lead upwards in a tree: nobody is above himself.
var risingKinds = []string{introducer, "parent"}

// ListRelations returns the relations of a customer, seen from its side, with people the asker may see.
func (s *Service) ListRelations(ctx context.Context, id int64) ([]Relation, error) {
	c, err := s.visible(ctx, id)
	if err != nil {
		return nil, err
	}
	if hides(s.HiddenOf(ctx, c.ID), RelationData) {
		return nil, nil
	}
	subject, err := s.store.subject(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.store.listRelations(ctx, subject.CustomerIDs)
	if err != nil {
		return nil, err
	}
	var seen []Relation
	for _, r := range list {
		if r.State == RelationDeclined {
			continue
		}
		if !slices.Contains(subject.CustomerIDs, r.CustomerID) { // written from the other side
			r.CustomerID, r.OtherID, r.Kind = r.OtherID, r.CustomerID, relationKinds[r.Kind]
		}
		other, err := s.Resolve(ctx, r.OtherID)
		if err != nil {
			return nil, err
		}
		if o, err := s.visible(ctx, other); err == nil && other != c.ID {
			masked := s.Masked(ctx, o.Values)
			r.CustomerID, r.OtherID, r.OtherName = c.ID, other, masked.Text[FullName]
			seen = append(seen, r)
		}
	}
	return seen, nil
}

// RelationsAmong returns the relations between the customers, declined ones too.
func (s *Service) RelationsAmong(ctx context.Context, ids []int64) ([]Relation, error) {
	owner := map[int64]int64{}
	for _, id := range ids {
		subject, err := s.store.subject(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, own := range subject.CustomerIDs {
			owner[own] = id
		}
	}
	all := make([]int64, 0, len(owner))
	for id := range owner {
		all = append(all, id)
	}
	slices.Sort(all)
	list, err := s.store.listRelations(ctx, all)
	if err != nil {
		return nil, err
	}
	var among []Relation
	for _, r := range list {
		a, b := owner[r.CustomerID], owner[r.OtherID]
		if a != 0 && b != 0 && a != b {
			r.CustomerID, r.OtherID = a, b
			among = append(among, r)
		}
	}
	return among, nil
}

// CreateRelation relates two customers, or remembers that a suggested relation was declined.
func (s *Service) CreateRelation(ctx context.Context, r Relation) (Relation, error) {
	if r.State == "" {
		r.State = RelationStated
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.checkRelation(ctx, &r); err != nil {
			return err
		}
		var err error
		if r, err = s.store.insertRelation(ctx, r, auth.From(ctx).ID); err != nil {
			return err
		}
		return s.logRelation(ctx, "customer.related", nil, &r)
	})
	return r, err
}

func (s *Service) checkRelation(ctx context.Context, r *Relation) error {
	r.Note = strings.TrimSpace(r.Note)
	if relationKinds[r.Kind] == "" || r.CustomerID == r.OtherID || len(r.Note) > 1000 || r.State != RelationStated && r.State != RelationDeclined {
		return fault.New(fault.Invalid, "customer.bad_relation", "Choose another customer and a kind of relation.")
	}
	for _, on := range []string{r.SinceOn, r.UntilOn} {
		if _, err := time.Parse(time.DateOnly, on); on != "" && err != nil {
			return fault.New(fault.Invalid, "customer.bad_date", "{value} is no date; write it like 2026-11-21.", "value", on)
		}
	}
	if r.SinceOn != "" && r.UntilOn != "" && r.UntilOn < r.SinceOn {
		return fault.New(fault.Invalid, "customer.relation_dates", "The relation cannot end before it began.")
	}
	for _, id := range []int64{r.CustomerID, r.OtherID} {
		if c, err := s.visible(ctx, id); err != nil {
			return err
		} else if err := s.refuseErased(ctx, c); err != nil {
			return err
		}
	}
	known, err := s.RelationsAmong(ctx, []int64{r.CustomerID, r.OtherID})
	if err != nil {
		return err
	}
	for _, k := range known {
		same := k.Kind == r.Kind && k.CustomerID == r.CustomerID || relationKinds[k.Kind] == r.Kind && k.OtherID == r.CustomerID
		switch {
		case !same || k.ID == r.ID:
		case k.State == RelationDeclined:
			if err := s.store.deleteRelation(ctx, k.ID); err != nil {
				return err
			}
		default:
			return fault.New(fault.Conflict, "customer.related_already", "The two are related in this way already.")
		}
	}
	if r.State == RelationDeclined {
		return nil
	}
	return s.checkTree(ctx, *r)
}

// checkTree refuses relations that would put somebody above himself, and a second introducer.
func (s *Service) checkTree(ctx context.Context, r Relation) error {
	for _, up := range risingKinds {
		below, above := r.CustomerID, r.OtherID
		switch r.Kind {
		case up:
		case relationKinds[up]:
			below, above = above, below
		default:
			continue
		}
		parents, err := s.above(ctx, below, up, r.ID)
		if err != nil {
			return err
		}
		if up == introducer && len(parents) > 0 {
			return fault.New(fault.Conflict, "customer.introduced_already",
				"Customer {id} was introduced by somebody already; end that relation first.", "id", below)
		}
		if err := s.checkAbove(ctx, below, above, up, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// checkAbove walks upwards from above and refuses to meet below.
func (s *Service) checkAbove(ctx context.Context, below, above int64, up string, except int64) error {
	seen := map[int64]bool{}
	open := []int64{above}
	for len(open) > 0 {
		at := open[0]
		open = open[1:]
		if at == below {
			return fault.New(fault.Invalid, "customer.relation_circle",
				"That would close a circle: customer {below} stands above customer {above} already.", "below", below, "above", above)
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		parents, err := s.above(ctx, at, up, except)
		if err != nil {
			return err
		}
		open = append(open, parents...)
	}
	return nil
}

// above returns who is directly above a customer by relations of the kind.
func (s *Service) above(ctx context.Context, id int64, up string, except int64) ([]int64, error) {
	subject, err := s.store.subject(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := s.store.listRelations(ctx, subject.CustomerIDs)
	if err != nil {
		return nil, err
	}
	var parents []int64
	for _, r := range list {
		own := slices.Contains(subject.CustomerIDs, r.CustomerID)
		parent := r.OtherID
		if !own {
			parent = r.CustomerID
		}
		if r.ID == except || r.State == RelationDeclined || own && r.Kind != up || !own && r.Kind != relationKinds[up] {
			continue
		}
		if parent, err = s.Resolve(ctx, parent); err != nil {
			return nil, err
		}
		if parent != id {
			parents = append(parents, parent)
		}
	}
	return parents, nil
}

// UpdateRelation changes kind, note and dates of a relation, seen from the customer's side.
func (s *Service) UpdateRelation(ctx context.Context, customerID int64, change Relation) (Relation, error) {
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.ownRelation(ctx, customerID, change.ID)
		if err != nil {
			return err
		}
		after := before
		after.Kind, after.Note, after.SinceOn, after.UntilOn = change.Kind, change.Note, change.SinceOn, change.UntilOn
		if owner, err := s.Resolve(ctx, before.CustomerID); err != nil {
			return err
		} else if owner != customerID {
			after.Kind = relationKinds[change.Kind]
		}
		if err := s.checkRelation(ctx, &after); err != nil {
			return err
		}
		change = after
		if err := s.store.updateRelation(ctx, after); err != nil {
			return err
		}
		return s.logRelation(ctx, "customer.relation_changed", &before, &after)
	})
	return change, err
}

// ownRelation finds a relation that belongs to the customer, under any id it had.
func (s *Service) ownRelation(ctx context.Context, customerID, id int64) (Relation, error) {
	r, err := s.store.findRelation(ctx, id)
	if err != nil {
		return r, err
	}
	if _, err := s.visible(ctx, customerID); err != nil {
		return r, err
	}
	subject, err := s.store.subject(ctx, customerID)
	if err != nil {
		return r, err
	}
	if !slices.Contains(subject.CustomerIDs, r.CustomerID) && !slices.Contains(subject.CustomerIDs, r.OtherID) {
		return r, errNoRelation(id)
	}
	return r, nil
}

// DeleteRelation takes a relation away that was never true; one that has ended gets an end date.
func (s *Service) DeleteRelation(ctx context.Context, customerID, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		r, err := s.ownRelation(ctx, customerID, id)
		if err != nil {
			return err
		}
		if err := s.store.deleteRelation(ctx, id); err != nil {
			return err
		}
		return s.logRelation(ctx, "customer.unrelated", &r, nil)
	})
}

func errNoRelation(id int64) error {
	return fault.New(fault.NotFound, "customer.no_relation", "There is no relation {id} of this customer.", "id", id)
}

func (s *Service) logRelation(ctx context.Context, kind string, before, after *Relation) error {
	said := func(r *Relation) json.RawMessage {
		if r == nil {
			return nil
		}
		// The note may hold anything and is left out: the entry has no key of a record.
		return jsonOf(map[string]any{"relation_id": r.ID, "kind": r.Kind, "since_on": r.SinceOn, "until_on": r.UntilOn, "state": r.State})
	}
	r := after
	if r == nil {
		r = before
	}
	return s.journal.Append(ctx, journal.Entry{
		Capability: "customer", Kind: kind, SubjectKind: "customer", SubjectIDs: []int64{r.CustomerID, r.OtherID},
		Before: said(before), After: said(after),
	})
}
