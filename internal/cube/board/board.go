// SPDX-License-Identifier: Apache-2.0

package board

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// Limits of a board.
const (
	mostTiles   = 40
	longestName = 120
)

// Board is a saved dashboard.
type Board struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	OwnerID   int64     `json:"owner_id"`
	IsShared  bool      `json:"shared"`
	Content   Content   `json:"content"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Version   int64     `json:"version"`
}

// Content is what stands on a board.
type Content struct {
	Tiles   []Tile       `json:"tiles"`
	Period  *cube.Period `json:"period,omitempty"`
	Compare string       `json:"compare,omitempty" enum:"previous_period,previous_year,"`
	Filters *cube.Filter `json:"filters,omitempty"`
	// RefreshSeconds asks the screen to ask again so often; 0 only when data changes.
	RefreshSeconds int `json:"refresh_seconds,omitempty" minimum:"0" maximum:"3600"`
}

// Tile is one question with its picture and size: W twelfths of the width and
// H rows high. Tiles stand in their order and wrap like words.
type Tile struct {
	ID    string `json:"id" maxLength:"40"`
	Title string `json:"title" maxLength:"120"`
	W     int    `json:"w" minimum:"1" maximum:"12"`
	H     int    `json:"h" minimum:"1" maximum:"12"`
	// Shape is "number" for one value with its trend, else how a pivot is shown.
	Shape string `json:"shape" maxLength:"20"`
	// Query is the question; the period and filters of the board are added to it.
	Query cube.Query `json:"query"`
	// Figure names one of Figures instead of a question.
	Figure string `json:"figure,omitempty" maxLength:"40"`
	// Target is what the value should reach, in the unit of the measure.
	Target *float64 `json:"target,omitempty"`
	// IsLessBetter says that falling is good, as for lost customers.
	IsLessBetter bool `json:"less_better,omitempty"`
}

// Draft is what people say of a board.
type Draft struct {
	ID       int64   `json:"id,omitempty" doc:"the board that is changed; 0 for a new one"`
	Name     string  `json:"name" maxLength:"120"`
	IsShared bool    `json:"shared,omitempty"`
	Content  Content `json:"content"`
	Version  int64   `json:"version,omitempty"`
}

// Cubes answer questions within the policy.
type Cubes interface {
	Check(ctx context.Context, q *cube.Query) error
	Today() time.Time
	Currency() string
	// Note keeps a journal entry of a change of something saved.
	Note(ctx context.Context, kind, subject string, id int64, before, after any) error
}

// Service keeps boards and computes figures.
type Service struct {
	db      *database.DB
	store   *store
	cubes   Cubes
	reader  warehouse.Reader
	results Results
}

// New makes the service; results may be nil.
func New(db *database.DB, reader warehouse.Reader, cubes Cubes, results Results) *Service {
	return &Service{db: db, store: &store{db: db}, cubes: cubes, reader: reader, results: results}
}

// List returns the asker's own boards and the shared ones.
func (s *Service) List(ctx context.Context) ([]Board, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	return s.store.List(ctx, auth.From(ctx).ID)
}

// Find returns a board that the asker may see; what its tiles show depends on
// the asker's own rights.
func (s *Service) Find(ctx context.Context, id int64) (Board, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return Board{}, err
	}
	b, err := s.store.Find(ctx, id)
	if err == nil && b.OwnerID != auth.From(ctx).ID && !b.IsShared {
		return Board{}, errNone(id)
	}
	return b, err
}

func errNone(id int64) error {
	return fault.New(fault.NotFound, "cube.board_none", "There is no board {id}, or it is not shared with you.", "id", id)
}

// Save keeps a new board or a changed one of the asker's own.
func (s *Service) Save(ctx context.Context, draft Draft) (Board, error) {
	var out Board
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return out, err
	}
	if err := s.check(ctx, &draft); err != nil {
		return out, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.toSave(ctx, draft)
		if err != nil {
			return err
		}
		out = before
		out.Name, out.IsShared, out.Content, out.UpdatedAt, out.Version = draft.Name, draft.IsShared, draft.Content, database.Time(ctx), before.Version+1
		if draft.ID == 0 {
			out.OwnerID, out.CreatedAt = auth.From(ctx).ID, out.UpdatedAt
			if out.ID, err = s.store.Create(ctx, out); err != nil {
				return err
			}
			return s.cubes.Note(ctx, "board_created", "board", out.ID, nil, out)
		}
		if err := s.store.Update(ctx, out); err != nil {
			return err
		}
		return s.cubes.Note(ctx, "board_updated", "board", out.ID, before, out)
	})
	return out, err
}

func (s *Service) toSave(ctx context.Context, draft Draft) (Board, error) {
	if draft.ID == 0 {
		return Board{}, nil
	}
	before, err := s.own(ctx, draft.ID)
	if err == nil && before.Version != draft.Version {
		err = fault.New(fault.Conflict, "cube.board_changed", "The board {name} was changed meanwhile. Nothing was saved; open it again.", "name", before.Name)
	}
	return before, err
}

// Delete deletes a board of the asker's own.
func (s *Service) Delete(ctx context.Context, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.own(ctx, id)
		if err != nil {
			return err
		}
		if err := s.store.Delete(ctx, id); err != nil {
			return err
		}
		return s.cubes.Note(ctx, "board_deleted", "board", id, before, nil)
	})
}

func (s *Service) own(ctx context.Context, id int64) (Board, error) {
	b, err := s.Find(ctx, id)
	if err == nil && b.OwnerID != auth.From(ctx).ID {
		err = fault.New(fault.Forbidden, "cube.board_not_yours", "The board {name} belongs to somebody else; save a copy of your own.", "name", b.Name)
	}
	return b, err
}

// check refuses a board whose tiles could not be asked.
func (s *Service) check(ctx context.Context, d *Draft) error {
	d.Name = strings.TrimSpace(d.Name)
	if d.Name == "" || utf8.RuneCountInString(d.Name) > longestName || strings.ContainsRune(d.Name, 0) {
		return fault.New(fault.Invalid, "cube.board_bad_name", "Give the board a name of 1 to {most} letters.", "most", longestName)
	}
	if len(d.Content.Tiles) > mostTiles {
		return fault.New(fault.Invalid, "cube.board_too_many_tiles", "A board has at most {most} tiles.", "most", mostTiles)
	}
	for i, t := range d.Content.Tiles {
		if t.Figure != "" {
			if !slices.Contains(figureNames, t.Figure) {
				return fault.New(fault.Invalid, "cube.board_no_figure", "{name} is no figure.", "name", t.Figure)
			}
			continue
		}
		if err := s.cubes.Check(ctx, &d.Content.Tiles[i].Query); err != nil {
			return err
		}
	}
	return nil
}

// bytes writes the content as it is kept.
func (c Content) bytes() (string, error) {
	raw, err := json.Marshal(c)
	return string(raw), err
}
