// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// ListAttributes returns all custom attributes, archived ones included.
func (s *Service) ListAttributes(ctx context.Context) ([]Attribute, error) {
	return s.store.ListAttributes(ctx)
}

// CreateAttribute adds a custom field: from this moment it can be used everywhere.
func (s *Service) CreateAttribute(ctx context.Context, a Attribute) (Attribute, error) {
	a.ID, a.ArchivedAt = 0, nil
	a.fill()
	if err := a.Validate(); err != nil {
		return a, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		known, err := s.store.ListAttributes(ctx)
		if err != nil {
			return err
		}
		if len(known) >= attributeLimit {
			return fault.New(fault.Invalid, "attribute.too_many", "There are {limit} attributes already; archive some first.", "limit", attributeLimit)
		}
		for _, other := range known {
			if other.Name == a.Name {
				return fault.New(fault.Conflict, "attribute.exists", "There is an attribute {name} already.", "name", a.Name)
			}
		}
		if a, err = s.store.SaveAttribute(ctx, a); err != nil {
			return err
		}
		return s.logAttribute(ctx, "attribute.created", nil, a)
	})
	s.rules.forget()
	return a, err
}

// AttributePatch changes a custom attribute; nil leaves as it is. The type never changes.
type AttributePatch struct {
	LabelKo      *string   `json:"label_ko,omitempty"`
	LabelEn      *string   `json:"label_en,omitempty"`
	Choices      *[]string `json:"choices,omitempty"`
	IsSearchable *bool     `json:"searchable,omitempty"`
	IsPersonal   *bool     `json:"is_personal,omitempty"`
	IsArchived   *bool     `json:"archived,omitempty"`
	Version      int64     `json:"version" doc:"version that was shown"`
}

// UpdateAttribute changes labels, choices and switches of a custom attribute, or archives it: values are
// kept, it is only no longer offered.
func (s *Service) UpdateAttribute(ctx context.Context, id int64, patch AttributePatch) (Attribute, error) {
	var a Attribute
	reindex := false
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.findAttribute(ctx, id)
		if err != nil {
			return err
		}
		if patch.Version != 0 && patch.Version != before.Version {
			return fault.New(fault.Conflict, "attribute.changed",
				"Somebody changed the attribute {name} meanwhile; look at it again.", "name", before.Name)
		}
		a = before
		patch.apply(&a, s.db.Now(ctx))
		a.fill()
		if err := a.Validate(); err != nil {
			return err
		}
		reindex = a.IsSearchable != before.IsSearchable
		if a, err = s.store.SaveAttribute(ctx, a); err != nil {
			return err
		}
		if reindex {
			if err := s.orderRecompute(ctx); err != nil {
				return err
			}
		}
		return s.logAttribute(ctx, "attribute.updated", &before, a)
	})
	s.rules.forget()
	return a, err
}

func (p AttributePatch) apply(a *Attribute, at time.Time) {
	if p.LabelKo != nil {
		a.LabelKo = *p.LabelKo
	}
	if p.LabelEn != nil {
		a.LabelEn = *p.LabelEn
	}
	if p.Choices != nil {
		a.Choices = *p.Choices
	}
	if p.IsSearchable != nil {
		a.IsSearchable = *p.IsSearchable
	}
	if p.IsPersonal != nil {
		a.IsPersonal = *p.IsPersonal
	}
	if p.IsArchived != nil {
		a.ArchivedAt = nil
		if *p.IsArchived {
			a.ArchivedAt = &at
		}
	}
}

func (s *Service) findAttribute(ctx context.Context, id int64) (Attribute, error) {
	list, err := s.store.ListAttributes(ctx)
	if err != nil {
		return Attribute{}, err
	}
	for _, a := range list {
		if a.ID == id {
			return a, nil
		}
	}
	return Attribute{}, fault.New(fault.NotFound, "attribute.not_found", "There is no attribute {id}.", "id", id)
}

func (s *Service) logAttribute(ctx context.Context, kind string, before *Attribute, after Attribute) error {
	entry := journal.Entry{Capability: "customer", Kind: kind, SubjectKind: "attribute", SubjectIDs: []int64{after.ID}}
	entry.After, _ = json.Marshal(after)
	if before != nil {
		entry.Before, _ = json.Marshal(before)
	}
	database.AfterCommit(ctx, s.rules.forget)
	return s.journal.Append(ctx, entry)
}
