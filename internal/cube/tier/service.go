// SPDX-License-Identifier: Apache-2.0

package tier

import (
	"context"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// Engine holds the tiers.
type Engine interface {
	// MoveCold makes exactly the rows older than before cold; zero makes none.
	MoveCold(ctx context.Context, before time.Time, tell func(done, total int)) error
	// Tiers reports both tiers of every table whose rows age.
	Tiers(ctx context.Context) ([]duckdb.TableTiers, error)
	// DamagedCold names files that are not what was written.
	DamagedCold(ctx context.Context) ([]string, error)
	// ColdDir is the directory of the cold tier.
	ColdDir() string
}

// Jobs are what long work is handed to.
type Jobs interface {
	Add(ctx context.Context, name string, args any, opts job.Options) (int64, error)
}

// Note keeps a journal entry of a change.
type Note func(ctx context.Context, kind, subject string, id int64, before, after any) error

// Options connect the service.
type Options struct {
	Jobs     Jobs
	Note     Note
	Zone     *time.Location
	Currency string
	// Labels are the names of tables.
	Labels map[string]warehouse.Text
	// Settle waits until the warehouse holds everything committed so far.
	Settle func(ctx context.Context) error
	// Rebuild orders the analysis data to be built anew, after a file was found damaged.
	Rebuild func(ctx context.Context) error
}

// Service moves rows between the tiers.
type Service struct {
	db     *database.DB
	store  *store
	engine Engine
	Options
}

// New makes the service.
func New(db *database.DB, engine Engine, options Options) *Service {
	return &Service{db: db, store: &store{db: db}, engine: engine, Options: options}
}

// Status reports the tiers.
func (s *Service) Status(ctx context.Context) (*Status, error) {
	if err := auth.Check(ctx, "system:read"); err != nil {
		return nil, err
	}
	setting, err := s.store.Find(ctx)
	if err != nil {
		return nil, err
	}
	out := &Status{Setting: setting, Folder: s.engine.ColdDir(), Currency: s.Currency, Tables: []Table{}}
	if before := setting.before(s.today(ctx)); !before.IsZero() {
		out.Before = before.Format(time.DateOnly)
	}
	tables, err := s.engine.Tiers(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		one := Table{Name: t.Table, Label: s.Labels[t.Table], Files: t.Files, Hidden: t.Hidden}
		one.Hot = Part{t.Hot, costOf(t.Hot.Bytes, setting.HotPrice)}
		one.Cold = Part{t.Cold, costOf(t.Cold.Bytes, setting.ColdPrice)}
		if t.Hot.Rows > 0 && setting.HotPrice > 0 {
			// What the cold rows would take in the hot tier, by its bytes a row.
			out.Saved += costOf(int64(float64(t.Hot.Bytes)/float64(t.Hot.Rows)*float64(t.Cold.Rows)), setting.HotPrice) - one.Cold.Cost
		}
		out.Tables = append(out.Tables, one)
	}
	return out, nil
}

func (s *Service) today(ctx context.Context) time.Time { return s.db.Now(ctx).In(s.Zone) }

// Set changes the setting; rows move by a job.
func (s *Service) Set(ctx context.Context, setting Setting) (*Status, error) {
	if err := auth.Check(ctx, "system:admin"); err != nil {
		return nil, err
	}
	if err := setting.check(); err != nil {
		return nil, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.Find(ctx)
		if err != nil {
			return err
		}
		if err := s.store.Update(ctx, setting); err != nil {
			return err
		}
		if before.Months != setting.Months {
			if _, err := s.Jobs.Add(ctx, moveJob, struct{}{}, job.Options{Unique: "move"}); err != nil {
				return err
			}
		}
		return s.Note(ctx, "tier_set", "tier", 1, before, setting)
	})
	if err != nil {
		return nil, err
	}
	return s.Status(ctx)
}

// Start has rows moved now, by a job.
func (s *Service) Start(ctx context.Context) (int64, error) {
	if err := auth.Check(ctx, "system:admin"); err != nil {
		return 0, err
	}
	var id int64
	err := s.db.Within(ctx, func(ctx context.Context) (err error) {
		if id, err = s.Jobs.Add(ctx, moveJob, struct{}{}, job.Options{Unique: "move"}); err != nil {
			return err
		}
		return s.Note(ctx, "tier_move_ordered", "tier", 1, nil, map[string]int64{"job": id})
	})
	return id, err
}

// Check compares the files with their checksums; damaged ones have the analysis data built anew.
func (s *Service) Check(ctx context.Context) ([]string, error) {
	if err := auth.Check(ctx, "system:admin"); err != nil {
		return nil, err
	}
	damaged, err := s.engine.DamagedCold(ctx)
	if err != nil || len(damaged) == 0 {
		return damaged, err
	}
	return damaged, s.Rebuild(ctx)
}

// move makes the tiers what the setting says.
func (s *Service) move(ctx context.Context, tell func(done, total int)) error {
	if err := s.Settle(ctx); err != nil {
		return err
	}
	setting, err := s.store.Find(ctx)
	if err != nil {
		return err
	}
	if s.engine.ColdDir() == "" {
		return fault.New(fault.Invalid, "warehouse.no_cold_tier", "This warehouse has no directory for the cold tier.")
	}
	return s.engine.MoveCold(ctx, setting.before(s.today(ctx)), tell)
}

// Order has rows moved when any are cold by the setting: after a rebuild, which loads everything into the hot
// tier, and after an erasure, so that files are written without the person. (Questions do not see their rows any
// more as soon as the warehouse has taken the erasure in.)
func (s *Service) Order(ctx context.Context) error {
	setting, err := s.store.Find(ctx)
	if err != nil || setting.Months == 0 {
		return err
	}
	_, err = s.Jobs.Add(ctx, moveJob, struct{}{}, job.Options{Unique: "move"})
	return err
}
