// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
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
	Kind       string    `json:"kind" enum:"spouse,parent,child,sibling,household,employer,employee,contact,introduced,introducer,partner,other"`
	Note       string    `json:"note,omitempty"`
	CreatedAt  time.Time `json:"created_at"`
}

// relationKinds are the kinds and what they are called from the other side.
var relationKinds = map[string]string{
	"spouse": "spouse", "parent": "child", "child": "parent", "sibling": "sibling", "household": "household",
	"employer": "employee", "employee": "employer", "contact": "contact", "introduced": "introducer",
	"introducer": "introduced", "partner": "partner", "other": "other",
}

// ListRelations returns the relations of a customer, seen from its side, with people the asker may see.
func (s *Service) ListRelations(ctx context.Context, id int64) ([]Relation, error) {
	c, err := s.visible(ctx, id)
	if err != nil {
		return nil, err
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

// CreateRelation relates two customers.
func (s *Service) CreateRelation(ctx context.Context, r Relation) (Relation, error) {
	r.Note = strings.TrimSpace(r.Note)
	if relationKinds[r.Kind] == "" || r.CustomerID == r.OtherID || len(r.Note) > 1000 {
		return r, fault.New(fault.Invalid, "customer.bad_relation", "Choose another customer and a kind of relation.")
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		for _, id := range []int64{r.CustomerID, r.OtherID} {
			if _, err := s.visible(ctx, id); err != nil {
				return err
			}
		}
		var err error
		if r, err = s.store.insertRelation(ctx, r, auth.From(ctx).ID); err != nil {
			return err
		}
		return s.logRelation(ctx, "customer.related", r)
	})
	return r, err
}

// DeleteRelation ends a relation.
func (s *Service) DeleteRelation(ctx context.Context, customerID, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		r, err := s.store.findRelation(ctx, id)
		if err != nil {
			return err
		}
		if r.CustomerID != customerID && r.OtherID != customerID {
			return errNoRelation(id)
		}
		if _, err := s.visible(ctx, customerID); err != nil {
			return err
		}
		if err := s.store.deleteRelation(ctx, id); err != nil {
			return err
		}
		return s.logRelation(ctx, "customer.unrelated", r)
	})
}

func errNoRelation(id int64) error {
	return fault.New(fault.NotFound, "customer.no_relation", "There is no relation {id} of this customer.", "id", id)
}

func (s *Service) logRelation(ctx context.Context, kind string, r Relation) error {
	return s.journal.Append(ctx, journal.Entry{
		Capability: "customer", Kind: kind, SubjectKind: "customer", SubjectIDs: []int64{r.CustomerID, r.OtherID},
		After: jsonOf(map[string]any{"relation_id": r.ID, "kind": r.Kind}),
	})
}
