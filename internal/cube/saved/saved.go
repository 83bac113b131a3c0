// SPDX-License-Identifier: Apache-2.0

package saved

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// longestName is how many letters a name has at most.
const longestName = 120

// Document is something saved under a name.
type Document[C any] struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	OwnerID   int64     `json:"owner_id"`
	IsShared  bool      `json:"shared"`
	Content   C         `json:"content"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Version   int64     `json:"version"`
}

// Draft is what people say of a document.
type Draft[C any] struct {
	ID       int64  `json:"id,omitempty" doc:"what is changed; 0 for something new"`
	Name     string `json:"name" maxLength:"120"`
	IsShared bool   `json:"shared,omitempty"`
	Content  C      `json:"content"`
	Version  int64  `json:"version,omitempty" doc:"the version that was opened"`
}

// Note keeps a journal entry of a change.
type Note func(ctx context.Context, kind, subject string, id int64, before, after any) error

// Shelf holds the documents of one kind.
type Shelf[C any] struct {
	db         *database.DB
	kind       string // "board": the word of faults and journal entries
	table      string
	permission string
	note       Note
}

// NewShelf makes a shelf; kind is the word for one document, table where they lie.
func NewShelf[C any](db *database.DB, kind, table, permission string, note Note) *Shelf[C] {
	return &Shelf[C]{db: db, kind: kind, table: table, permission: permission, note: note}
}

// List returns the asker's own documents and the shared ones, by name.
func (s *Shelf[C]) List(ctx context.Context) ([]Document[C], error) {
	if err := auth.Check(ctx, s.permission); err != nil {
		return nil, err
	}
	return s.list(ctx, auth.From(ctx).ID)
}

// Find returns a document that the asker may see, or fault.NotFound.
func (s *Shelf[C]) Find(ctx context.Context, id int64) (Document[C], error) {
	if err := auth.Check(ctx, s.permission); err != nil {
		return Document[C]{}, err
	}
	d, err := s.find(ctx, id)
	if err == nil && d.OwnerID != auth.From(ctx).ID && !d.IsShared {
		return Document[C]{}, s.errNone(id)
	}
	return d, err
}

// Own returns a document of the asker's own; one of somebody else's gives fault.Forbidden.
func (s *Shelf[C]) Own(ctx context.Context, id int64) (Document[C], error) {
	d, err := s.Find(ctx, id)
	if err == nil && d.OwnerID != auth.From(ctx).ID {
		err = fault.New(fault.Forbidden, "cube."+s.kind+"_not_yours", "The "+s.kind+" {name} belongs to somebody else; save a copy of your own.", "name", d.Name)
	}
	return d, err
}

// Save keeps a new document or a changed one of the asker's own. The content
// has been checked.
func (s *Shelf[C]) Save(ctx context.Context, draft Draft[C]) (Document[C], error) {
	var out Document[C]
	if err := auth.Check(ctx, s.permission); err != nil {
		return out, err
	}
	draft.Name = strings.TrimSpace(draft.Name)
	if draft.Name == "" || utf8.RuneCountInString(draft.Name) > longestName || !utf8.ValidString(draft.Name) || strings.ContainsRune(draft.Name, 0) {
		return out, fault.New(fault.Invalid, "cube."+s.kind+"_bad_name", "Give the "+s.kind+" a name of 1 to {most} letters.", "most", longestName)
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.toSave(ctx, draft)
		if err != nil {
			return err
		}
		out = before
		out.Name, out.IsShared, out.Content = draft.Name, draft.IsShared, draft.Content
		out.UpdatedAt, out.Version = database.Time(ctx), before.Version+1
		if draft.ID == 0 {
			out.OwnerID, out.CreatedAt = auth.From(ctx).ID, out.UpdatedAt
			if out.ID, err = s.create(ctx, out); err != nil {
				return err
			}
			return s.note(ctx, s.kind+"_created", s.kind, out.ID, nil, out)
		}
		if err := s.update(ctx, out); err != nil {
			return err
		}
		return s.note(ctx, s.kind+"_updated", s.kind, out.ID, before, out)
	})
	return out, err
}

func (s *Shelf[C]) toSave(ctx context.Context, draft Draft[C]) (Document[C], error) {
	if draft.ID == 0 {
		return Document[C]{}, nil
	}
	before, err := s.Own(ctx, draft.ID)
	if err == nil && before.Version != draft.Version {
		err = fault.New(fault.Conflict, "cube."+s.kind+"_changed", "The "+s.kind+" {name} was changed meanwhile. Nothing was saved; open it again.", "name", before.Name)
	}
	return before, err
}

// Delete deletes a document of the asker's own.
func (s *Shelf[C]) Delete(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, s.permission); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.Own(ctx, id)
		if err != nil {
			return err
		}
		if err := s.delete(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, s.kind+"_deleted", s.kind, id, before, nil)
	})
}

func (s *Shelf[C]) errNone(id int64) error {
	return fault.New(fault.NotFound, "cube."+s.kind+"_none", "There is no "+s.kind+" {id}, or it is not shared with you.", "id", id)
}
