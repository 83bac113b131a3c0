// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Statement is SQL that somebody saved.
type Statement struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	OwnerID   int64     `json:"owner_id"`
	IsShared  bool      `json:"shared"`
	SQL       string    `json:"sql"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Version   int64     `json:"version"`
}

// Draft is what people say of a saved statement.
type Draft struct {
	ID       int64  `json:"id,omitempty" doc:"the statement that is changed; 0 for a new one"`
	Name     string `json:"name" maxLength:"120"`
	IsShared bool   `json:"shared,omitempty"`
	SQL      string `json:"sql" maxLength:"50000"`
	Version  int64  `json:"version,omitempty"`
}

// List returns the asker's own statements and the shared ones.
func (s *Service) List(ctx context.Context) ([]Statement, error) {
	if err := auth.Check(ctx, "cube:sql"); err != nil {
		return nil, err
	}
	return s.store.List(ctx, auth.From(ctx).ID)
}

// Save keeps a statement that can be run by whoever saves it.
func (s *Service) Save(ctx context.Context, draft Draft) (Statement, error) {
	var out Statement
	draft.Name = strings.TrimSpace(draft.Name)
	if draft.Name == "" || utf8.RuneCountInString(draft.Name) > 120 {
		return out, fault.New(fault.Invalid, "cube.sql_bad_name", "Give the statement a name of 1 to 120 letters.")
	}
	if _, _, _, err := s.prepare(ctx, draft.SQL); err != nil {
		return out, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.toSave(ctx, draft)
		if err != nil {
			return err
		}
		out = before
		out.Name, out.IsShared, out.SQL, out.UpdatedAt, out.Version = draft.Name, draft.IsShared, draft.SQL, database.Time(ctx), before.Version+1
		if draft.ID == 0 {
			out.OwnerID, out.CreatedAt = auth.From(ctx).ID, out.UpdatedAt
			if out.ID, err = s.store.Create(ctx, out); err != nil {
				return err
			}
			return s.cubes.Note(ctx, "statement_created", "statement", out.ID, nil, out)
		}
		if err := s.store.Update(ctx, out); err != nil {
			return err
		}
		return s.cubes.Note(ctx, "statement_updated", "statement", out.ID, before, out)
	})
	return out, err
}

func (s *Service) toSave(ctx context.Context, draft Draft) (Statement, error) {
	if draft.ID == 0 {
		return Statement{}, nil
	}
	before, err := s.own(ctx, draft.ID)
	if err == nil && before.Version != draft.Version {
		err = fault.New(fault.Conflict, "cube.sql_changed", "The statement {name} was changed meanwhile. Nothing was saved; open it again.", "name", before.Name)
	}
	return before, err
}

// Delete deletes a statement of the asker's own.
func (s *Service) Delete(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "cube:sql"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.own(ctx, id)
		if err != nil {
			return err
		}
		if err := s.store.Delete(ctx, id); err != nil {
			return err
		}
		return s.cubes.Note(ctx, "statement_deleted", "statement", id, before, nil)
	})
}

func (s *Service) own(ctx context.Context, id int64) (Statement, error) {
	found, err := s.store.Find(ctx, id)
	if err != nil {
		return found, err
	}
	me := auth.From(ctx).ID
	if found.OwnerID != me && !found.IsShared {
		return found, errNone(id)
	}
	if found.OwnerID != me {
		return found, fault.New(fault.Forbidden, "cube.sql_not_yours", "The statement {name} belongs to somebody else; save a copy of your own.", "name", found.Name)
	}
	return found, nil
}

func errNone(id int64) error {
	return fault.New(fault.NotFound, "cube.sql_no_statement", "There is no statement {id}, or it is not shared with you.", "id", id)
}
