// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// View is a saved way to look at a list: filter, columns, sort, density.
type View struct {
	ID        int64           `json:"id"`
	Name      string          `json:"name"`
	Entity    string          `json:"entity"`
	OwnerID   int64           `json:"owner_id"`
	IsShared  bool            `json:"is_shared"`
	IsDefault bool            `json:"is_default"`
	Settings  json.RawMessage `json:"settings"`
	Position  int64           `json:"position"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	Version   int64           `json:"version"`
}

const viewLimit = 64 << 10 // bytes of settings

// ListViews returns the person's own and the shared views of a list.
func (s *Service) ListViews(ctx context.Context, entity string) ([]View, error) {
	return s.store.listViews(ctx, entityOr(entity), auth.From(ctx).ID)
}

func entityOr(entity string) string {
	if entity == "" {
		return "customer"
	}
	return entity
}

// SaveView makes (id 0) or changes a view. Only its owner changes it; sharing needs view:share.
func (s *Service) SaveView(ctx context.Context, v View) (View, error) {
	v.Name, v.Entity = strings.TrimSpace(v.Name), entityOr(v.Entity)
	if v.Name == "" || len(v.Name) > 200 || len(v.Settings) > viewLimit || !json.Valid(v.Settings) {
		return v, fault.New(fault.Invalid, "view.bad", "A view needs a name of at most 200 bytes and settings of at most 64 KB.")
	}
	if v.IsShared {
		if err := auth.Check(ctx, "view:share"); err != nil {
			return v, err
		}
	}
	kind := "view.created"
	err := s.db.Within(ctx, func(ctx context.Context) error {
		person := auth.From(ctx).ID
		if v.ID != 0 {
			known, err := s.ownView(ctx, v.ID)
			if err != nil {
				return err
			}
			if v.Version != 0 && v.Version != known.Version {
				return fault.New(fault.Conflict, "view.changed", "The view was changed meanwhile; load it again.")
			}
			v.Version, kind = known.Version, "view.updated"
		}
		v.OwnerID = person
		var err error
		if v, err = s.store.saveView(ctx, v); err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "customer", Kind: kind, SubjectKind: "view", SubjectIDs: []int64{v.ID}})
	})
	return v, err
}

// DeleteView takes a view away; its owner and administrators of views may.
func (s *Service) DeleteView(ctx context.Context, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		if _, err := s.ownView(ctx, id); err != nil {
			return err
		}
		if err := s.store.deleteView(ctx, id); err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "customer", Kind: "view.deleted", SubjectKind: "view", SubjectIDs: []int64{id}})
	})
}

func (s *Service) ownView(ctx context.Context, id int64) (View, error) {
	v, err := s.store.findView(ctx, id)
	if err != nil {
		return v, err
	}
	if v.OwnerID != auth.From(ctx).ID && (!v.IsShared || auth.Check(ctx, "view:share") != nil) {
		return v, errNoView(id)
	}
	return v, nil
}

func errNoView(id int64) error {
	return fault.New(fault.NotFound, "view.not_found", "There is no view {id}.", "id", id)
}
