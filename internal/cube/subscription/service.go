// SPDX-License-Identifier: Apache-2.0

package subscription

import (
	"context"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/board"
	"dangol/internal/cube/saved"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Cubes answer questions within the policy and find saved pivots.
type Cubes interface {
	FindPivot(ctx context.Context, id int64) (cube.Pivot, error)
	Query(ctx context.Context, q cube.Query) (*cube.Result, error)
	Export(ctx context.Context, q cube.Query, format, purpose string) (*cube.Export, error)
	Today() time.Time
	Note(ctx context.Context, kind, subject string, id int64, before, after any) error
}

// Boards find saved dashboards and their figures.
type Boards interface {
	Find(ctx context.Context, id int64) (board.Board, error)
	Figures(ctx context.Context, q board.Ask) (*board.Figures, error)
}

// Letter is one mail to one member of staff.
type Letter struct {
	To, Subject, Text  string
	FileName, FileType string
	File               []byte
}

// Post hands a letter over; only members of staff get any.
type Post interface {
	Post(ctx context.Context, l Letter) error
}

// Colleague is a member of staff who can be a reader.
type Colleague struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// People tell who works here.
type People interface {
	Colleagues(ctx context.Context) ([]Colleague, error)
}

// Options are the settings of the service.
type Options struct {
	Zone *time.Location
	Site string // address under which staff reach this product
	// Font gives the font of PDF files.
	Font func() []byte
}

// Service keeps subscriptions and carries them out.
type Service struct {
	db     *database.DB
	shelf  *saved.Shelf[Content]
	store  *store
	cubes  Cubes
	boards Boards
	post   Post
	people People
	opts   Options
}

// New makes the service.
func New(db *database.DB, cubes Cubes, boards Boards, post Post, people People, opts Options) *Service {
	return &Service{
		db: db, shelf: saved.NewShelf[Content](db, "subscription", "subscriptions", "cube:read", cubes.Note), store: &store{db: db},
		cubes: cubes, boards: boards, post: post, people: people, opts: opts,
	}
}

// List returns the asker's own subscriptions with how they stand.
func (s *Service) List(ctx context.Context) ([]Subscription, error) {
	list, err := s.shelf.List(ctx)
	if err != nil {
		return nil, err
	}
	standings, err := s.store.Standings(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Subscription, 0, len(list))
	for _, d := range list {
		one, err := s.standing(ctx, d, standings[d.ID])
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (s *Service) standing(ctx context.Context, d saved.Document[Content], now standing) (Subscription, error) {
	out := Subscription{Document: d, IsFiring: now.isFiring}
	if now.nextAt > 0 {
		at := time.UnixMicro(now.nextAt).UTC()
		out.NextAt = &at
	}
	runs, err := s.store.Runs(ctx, d.ID, 1)
	if len(runs) > 0 {
		out.Last = &runs[0]
	}
	return out, err
}

// Save keeps a subscription and plans it.
func (s *Service) Save(ctx context.Context, draft saved.Draft[Content]) (Subscription, error) {
	var out Subscription
	draft.IsShared = false
	if err := draft.Content.check(); err != nil {
		return out, err
	}
	if draft.Content.Kind == KindReport {
		if err := auth.Check(ctx, "cube:export"); err != nil {
			return out, err
		}
	}
	if err := s.exists(ctx, draft.Content); err != nil {
		return out, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		d, err := s.shelf.Save(ctx, draft)
		if err != nil {
			return err
		}
		next := int64(0)
		if !d.Content.IsPaused {
			next = d.Content.next(database.Time(ctx), s.opts.Zone).UnixMicro()
		}
		if err := s.store.SetNext(ctx, d.ID, next); err != nil {
			return err
		}
		if d.Content.IsPaused || d.Content.Kind == KindReport {
			if err := s.store.SetFiring(ctx, d.ID, false); err != nil {
				return err
			}
		}
		out, err = s.standing(ctx, d, standing{id: d.ID, nextAt: next})
		return err
	})
	return out, err
}

// exists finds out whether the asker may see what is subscribed, and whether an alert can be judged.
func (s *Service) exists(ctx context.Context, c Content) error {
	if c.BoardID != 0 {
		_, err := s.boards.Find(ctx, c.BoardID)
		return err
	}
	p, err := s.cubes.FindPivot(ctx, c.PivotID)
	if err != nil || c.Kind == KindReport {
		return err
	}
	if _, err = s.series(ctx, p.Query, c.Every); fault.Is(err, fault.Unavailable) {
		return nil // nothing there yet, or analysis is being built: it is looked at later
	}
	return err
}

// Delete deletes a subscription of the asker's own and its runs.
func (s *Service) Delete(ctx context.Context, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.shelf.Delete(ctx, id); err != nil {
			return err
		}
		return s.store.DropRuns(ctx, id)
	})
}

// Runs lists what became of a subscription of the asker's own.
func (s *Service) Runs(ctx context.Context, id int64) ([]Run, error) {
	if _, err := s.shelf.Own(ctx, id); err != nil {
		return nil, err
	}
	return s.store.Runs(ctx, id, keptRuns)
}

// RunNow carries a subscription of the asker's own out at once.
func (s *Service) RunNow(ctx context.Context, id int64) (Run, error) {
	d, err := s.shelf.Own(ctx, id)
	if err != nil {
		return Run{}, err
	}
	if err := s.carryOut(ctx, d, true); err != nil {
		return Run{}, err
	}
	runs, err := s.store.Runs(ctx, id, 1)
	if err != nil || len(runs) == 0 {
		return Run{}, err
	}
	return runs[0], nil
}

// Colleagues lists who can be a reader.
func (s *Service) Colleagues(ctx context.Context) ([]Colleague, error) {
	if err := auth.Check(ctx, "cube:export"); err != nil {
		return nil, err
	}
	return s.people.Colleagues(ctx)
}
