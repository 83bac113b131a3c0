// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Pivot is a saved question with how it is shown.
type Pivot struct {
	ID       int64 `json:"id"`
	OwnerID  int64 `json:"owner_id"`
	IsShared bool  `json:"shared"`
	// Settings belong to the screen: chart, formats, folded rows.
	Name      string          `json:"name"`
	Query     Query           `json:"query"`
	Settings  json.RawMessage `json:"settings"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	Version   int64           `json:"version"`
}

// PivotPatch changes a saved pivot; nil leaves as it is.
type PivotPatch struct {
	Name     *string          `json:"name,omitempty"`
	IsShared *bool            `json:"shared,omitempty"`
	Query    *Query           `json:"query,omitempty"`
	Settings *json.RawMessage `json:"settings,omitempty"`
	Version  int64            `json:"version"`
}

const (
	longestName     = 120
	largestSettings = 64 << 10
)

func (p *Pivot) check() error {
	p.Name = strings.TrimSpace(p.Name)
	if p.Name == "" || utf8.RuneCountInString(p.Name) > longestName || !utf8.ValidString(p.Name) || strings.ContainsRune(p.Name, 0) {
		return fault.New(fault.Invalid, "cube.bad_pivot_name", "Give the pivot a name of 1 to {most} characters.", "most", longestName)
	}
	if len(p.Settings) == 0 || string(p.Settings) == "null" {
		p.Settings = json.RawMessage("{}")
	}
	if len(p.Settings) > largestSettings || !json.Valid(p.Settings) {
		return fault.New(fault.Invalid, "cube.bad_settings", "The settings of the pivot cannot be kept: they are too large.")
	}
	return nil
}

// ListPivots returns the asker's own pivots and the shared ones.
func (s *Service) ListPivots(ctx context.Context) ([]Pivot, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	return s.pivots.List(ctx, auth.From(ctx).ID)
}

// FindPivot returns a pivot that the asker may see, or fault.NotFound.
func (s *Service) FindPivot(ctx context.Context, id int64) (Pivot, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return Pivot{}, err
	}
	p, err := s.pivots.Find(ctx, id)
	if err == nil && p.OwnerID != auth.From(ctx).ID && !p.IsShared {
		return Pivot{}, errNoPivot(id)
	}
	return p, err
}

func errNoPivot(id int64) error {
	return fault.New(fault.NotFound, "cube.no_pivot", "There is no pivot {id}, or it is not shared with you.", "id", id)
}

// CreatePivot saves a question; one that cannot be asked is refused.
func (s *Service) CreatePivot(ctx context.Context, p Pivot) (Pivot, error) {
	if err := s.checkPivot(ctx, &p); err != nil {
		return p, err
	}
	p.OwnerID = auth.From(ctx).ID
	err := s.db.Within(ctx, func(ctx context.Context) error {
		p.CreatedAt = database.Time(ctx)
		p.UpdatedAt, p.Version = p.CreatedAt, 1
		var err error
		p.ID, err = s.pivots.Create(ctx, p)
		return err
	})
	return p, err
}

func (s *Service) checkPivot(ctx context.Context, p *Pivot) error {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	return s.Check(ctx, &p.Query)
}

// UpdatePivot changes a pivot of the asker's own.
func (s *Service) UpdatePivot(ctx context.Context, id int64, patch PivotPatch) (Pivot, error) {
	var out Pivot
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if out, err = s.ownPivot(ctx, id); err != nil {
			return err
		}
		if patch.Version != out.Version {
			return fault.New(fault.Conflict, "cube.pivot_changed", "The pivot {name} was changed meanwhile. Nothing was saved; open it again.", "name", out.Name)
		}
		if patch.Name != nil {
			out.Name = *patch.Name
		}
		if patch.IsShared != nil {
			out.IsShared = *patch.IsShared
		}
		if patch.Query != nil {
			out.Query = *patch.Query
		}
		if patch.Settings != nil {
			out.Settings = *patch.Settings
		}
		if err := s.checkPivot(ctx, &out); err != nil {
			return err
		}
		out.UpdatedAt, out.Version = database.Time(ctx), out.Version+1
		return s.pivots.Update(ctx, out)
	})
	return out, err
}

// DeletePivot deletes a pivot of the asker's own.
func (s *Service) DeletePivot(ctx context.Context, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		if _, err := s.ownPivot(ctx, id); err != nil {
			return err
		}
		return s.pivots.Delete(ctx, id)
	})
}

func (s *Service) ownPivot(ctx context.Context, id int64) (Pivot, error) {
	p, err := s.FindPivot(ctx, id)
	if err != nil {
		return p, err
	}
	if p.OwnerID != auth.From(ctx).ID {
		return p, fault.New(fault.Forbidden, "cube.not_your_pivot", "The pivot {name} belongs to somebody else; save a copy of your own.", "name", p.Name)
	}
	return p, nil
}
