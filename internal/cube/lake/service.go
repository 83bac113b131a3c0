// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/warehouse"
)

// Never is the hour of a schedule that is off.
const Never = -1

// Jobs are what long work is handed to.
type Jobs interface {
	Add(ctx context.Context, name string, args any, opts job.Options) (int64, error)
}

// Note keeps a journal entry of a change.
type Note func(ctx context.Context, kind, subject string, id int64, before, after any) error

// Service writes editions.
type Service struct {
	dir    string
	db     *database.DB
	store  *store
	source warehouse.Writer
	tables Tables
	jobs   Jobs
	note   Note
	zone   *time.Location
}

// New makes the service; dir is where editions lie.
func New(dir string, db *database.DB, source warehouse.Writer, tables Tables, jobs Jobs, note Note, zone *time.Location) *Service {
	return &Service{dir: dir, db: db, store: &store{db: db}, source: source, tables: tables, jobs: jobs, note: note, zone: zone}
}

// Status is what there is and when the next is written.
type Status struct {
	Folder  string    `json:"folder"`
	Hour    int       `json:"hour" doc:"hour of the day, -1 is never"`
	Current *Manifest `json:"current,omitempty"`
}

// check lets only those act who may take everything out: the files know no row scope.
func check(ctx context.Context) error {
	for _, permission := range []string{"cube:sql", "cube:export"} {
		if err := auth.Check(ctx, permission); err != nil {
			return err
		}
	}
	if !auth.ScopeOf(ctx).All {
		return fault.New(fault.Forbidden, "cube.lake_scope", "Parquet files hold all customers; you see only some of them.")
	}
	return nil
}

// Status tells what there is.
func (s *Service) Status(ctx context.Context) (Status, error) {
	if err := check(ctx); err != nil {
		return Status{}, err
	}
	hour, err := s.store.Hour(ctx)
	if err != nil {
		return Status{}, err
	}
	m, err := current(s.dir)
	return Status{Folder: s.dir, Hour: hour, Current: m}, err
}

// SetHour says at which hour of the day an edition is written; Never stops it.
func (s *Service) SetHour(ctx context.Context, hour int) (Status, error) {
	if err := check(ctx); err != nil {
		return Status{}, err
	}
	if hour < Never || hour > 23 {
		return Status{}, fault.New(fault.Invalid, "cube.lake_hour", "The hour is 0 to 23, or -1 for never.")
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.Hour(ctx)
		if err != nil {
			return err
		}
		if err := s.store.SetHour(ctx, hour); err != nil {
			return err
		}
		return s.note(ctx, "parquet_planned", "parquet", 1, map[string]int{"hour": before}, map[string]int{"hour": hour})
	})
	if err != nil {
		return Status{}, err
	}
	return s.Status(ctx)
}

// Start has an edition written in the background and returns the job.
func (s *Service) Start(ctx context.Context) (int64, error) {
	if err := check(ctx); err != nil {
		return 0, err
	}
	var id int64
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if id, err = s.jobs.Add(ctx, writeJob, struct{}{}, job.Options{Unique: "edition"}); err != nil {
			return err
		}
		return s.note(ctx, "parquet_ordered", "parquet", 1, nil, map[string]int64{"job": id})
	})
	return id, err
}

// Write makes an edition now.
func (s *Service) Write(ctx context.Context, tell func(done, total int)) (*Manifest, error) {
	if err := check(ctx); err != nil {
		return nil, err
	}
	tables, err := s.tables.Schema(ctx)
	if err != nil {
		return nil, err
	}
	return write(ctx, s.dir, s.source, tables, s.db.Now(ctx), tell)
}
