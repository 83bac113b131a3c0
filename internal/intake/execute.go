// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"dangol/internal/intake/reader"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/heap"
	"dangol/internal/platform/journal"
)

// Run imports the batch here and now, without a job: for the command line on its own data directory.
func (s *Service) Run(ctx context.Context, id int64, progress func(ctx context.Context, done, total int64)) (*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	b, err := s.store.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := inState(b, Prepared, Tried, Running, Failed, Cancelled); err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(context.Context, int64, int64) {}
	}
	err = s.run(ctx, b, func(context.Context) error { return nil }, progress)
	if err != nil {
		b.State, b.Error = Failed, explain(err)
		saveErr := s.db.Within(context.WithoutCancel(ctx), func(ctx context.Context) error {
			latest, err := s.store.find(ctx, id)
			if err != nil {
				return err
			}
			latest.State, latest.Error = b.State, b.Error
			return s.store.saveState(ctx, latest)
		})
		return b, errors.Join(err, saveErr)
	}
	return b, nil
}

// run writes the batch from where it stands to its end.
func (s *Service) run(ctx context.Context, b *Batch, fence func(context.Context) error, progress func(context.Context, int64, int64)) error {
	file, closer, err := s.open(ctx, b)
	if err != nil {
		return err
	}
	defer func() { _, _ = file.Close(), closer.Close() }()
	isResumed := b.Position != (reader.Position{})
	if isResumed {
		if err := file.SkipTo(b.Position); err != nil {
			return fmt.Errorf("go on behind row %d: %w", b.Position.Row, err)
		}
	}
	plan, err := s.planOf(ctx, b)
	if err != nil {
		return err
	}
	r := &runner{s: s, batch: b, plan: plan, fence: fence, progress: progress, pace: newPace(s.lastSeen), records: map[string]int64{}}
	if err := s.begin(ctx, r, isResumed); err != nil {
		return err
	}
	end, err := s.customers.PrepareBulk(ctx, b.Total)
	if err != nil {
		return err
	}
	defer end()
	done, err := s.makeRoom(ctx, b.Total)
	if err != nil {
		return err
	}
	defer done()
	if err := r.run(ctx, file); err != nil {
		return err
	}
	return s.finish(ctx, r)
}

// makeRoom lets a large import use more memory; the returned function gives it back to the system.
func (s *Service) makeRoom(ctx context.Context, rows int64) (done func(), err error) {
	if rows < roomRows {
		return func() {}, nil
	}
	megabytes, percent := 0, -1
	if rows >= chainRows {
		megabytes, percent = bulkCacheMB, bulkGCPercent
	}
	shrink, err := s.db.WidenCache(ctx, megabytes)
	if err != nil {
		return nil, err
	}
	rest := func() {}
	if percent > 0 {
		rest = heap.Ask(percent)
	}
	s.large.Add(1)
	return func() {
		s.large.Add(-1)
		rest()
		shrink()
		debug.FreeOSMemory()
	}, nil
}

// begin notes that the import runs and opens its entry in the journal.
func (s *Service) begin(ctx context.Context, r *runner, isResumed bool) error {
	b := r.batch
	err := s.db.Within(ctx, func(ctx context.Context) error {
		at := database.Time(ctx)
		b.State, b.Error = Running, ""
		if b.StartedAt == nil {
			b.StartedAt = &at
		}
		if b.EntryID == 0 {
			var err error
			if b.EntryID, err = s.journal.AppendBulk(ctx, journal.Entry{
				Capability: "intake", Kind: "intake.batch_imported", SubjectKind: "customer", Batch: b.ID,
			}, nil); err != nil {
				return err
			}
		}
		return s.store.saveState(ctx, b)
	})
	if err != nil || s.facts == nil || b.Kind == "customers" {
		return err
	}
	r.loader, err = s.facts.Begin(ctx, FactBatch{
		ID: b.ID, SourceID: b.SourceID, Kind: string(b.Kind), Currency: b.Options.Currency, Location: s.config.Zone, IsResumed: isResumed,
	})
	return err
}

// finish notes that every row was dealt with. A file with resident numbers is not kept any longer.
func (s *Service) finish(ctx context.Context, r *runner) error {
	b := r.batch
	if b.Counts.Rows == 0 {
		return errEmpty()
	}
	drop := int64(0)
	err := s.db.Within(ctx, func(ctx context.Context) error {
		at := database.Time(ctx)
		b.State, b.FinishedAt, b.Total = Done, &at, b.Counts.Rows
		b.Options.Password = ""
		if hasResidents(b.FindingCounts) {
			drop, b.FileID = b.FileID, 0
		}
		if r.loader != nil {
			if err := r.loader.Finish(ctx); err != nil {
				return err
			}
		}
		return s.store.saveState(ctx, b)
	})
	if err != nil {
		return err
	}
	s.customers.Touched(int(min(b.Counts.Created+b.Counts.Updated+b.Counts.Linked, 1<<30)))
	if drop != 0 {
		return s.files.Delete(ctx, drop)
	}
	return nil
}
