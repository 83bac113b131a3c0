// SPDX-License-Identifier: Apache-2.0

package board

import (
	"context"
	"slices"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/saved"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// mostTiles is how many tiles a board has at most.
const mostTiles = 40

// Board is a saved dashboard.
type Board = saved.Document[Content]

// Draft is what people say of a board.
type Draft = saved.Draft[Content]

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

// Cubes answer questions within the policy.
type Cubes interface {
	Check(ctx context.Context, q *cube.Query) error
	Today() time.Time
	Currency() string
	// CustomerSplits lists the dimensions of customers that the asker may see.
	CustomerSplits(ctx context.Context) []cube.Split
	// Note keeps a journal entry of a change of something saved.
	Note(ctx context.Context, kind, subject string, id int64, before, after any) error
}

// Service keeps boards and computes figures.
type Service struct {
	shelf   *saved.Shelf[Content]
	cubes   Cubes
	reader  warehouse.Reader
	results Results
}

// New makes the service; results may be nil.
func New(db *database.DB, reader warehouse.Reader, cubes Cubes, results Results) *Service {
	return &Service{
		shelf: saved.NewShelf[Content](db, "board", "boards", "cube:read", cubes.Note), cubes: cubes, reader: reader, results: results,
	}
}

// List returns the asker's own boards and the shared ones.
func (s *Service) List(ctx context.Context) ([]Board, error) { return s.shelf.List(ctx) }

// Find returns a board that the asker may see; what its tiles show depends on
// the asker's own rights.
func (s *Service) Find(ctx context.Context, id int64) (Board, error) { return s.shelf.Find(ctx, id) }

// Save keeps a new board or a changed one of the asker's own.
func (s *Service) Save(ctx context.Context, draft Draft) (Board, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return Board{}, err
	}
	if err := s.check(ctx, &draft); err != nil {
		return Board{}, err
	}
	return s.shelf.Save(ctx, draft)
}

// Delete deletes a board of the asker's own.
func (s *Service) Delete(ctx context.Context, id int64) error { return s.shelf.Delete(ctx, id) }

// check refuses a board whose tiles could not be asked.
func (s *Service) check(ctx context.Context, d *Draft) error {
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
