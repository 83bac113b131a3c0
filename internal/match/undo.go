// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// UndoRun parts everything that a run linked, in the background. What people changed since stays where it is.
func (s *Service) UndoRun(ctx context.Context, id int64) (*Run, error) {
	if err := wholeBase(ctx); err != nil {
		return nil, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		run, err := s.store.findRun(ctx, id)
		if err != nil {
			return err
		}
		active, err := s.store.activeRun(ctx)
		if err != nil {
			return err
		}
		switch {
		case active != nil:
			return errRunning(active.ID)
		case run.State == Undone:
			return fault.New(fault.Conflict, "match.run_undone", "Run {id} was undone already.", "id", id)
		case run.Merged == run.Undone:
			return fault.New(fault.Conflict, "match.nothing_to_undo", "Run {id} linked nobody; there is nothing to undo.", "id", id)
		}
		run.State, run.position = Undoing, 1<<62
		if run.JobID, err = s.jobs.Add(ctx, jobUndo, runArgs{id}, job.Options{}); err != nil {
			return err
		}
		if err := s.store.saveRun(ctx, run); err != nil {
			return err
		}
		return s.log(ctx, "match.undo_started", "match_run", id, nil, nil)
	})
	if err != nil {
		return nil, err
	}
	return s.FindRun(ctx, id)
}

// undo parts the merges of a run, last first, in slices that commit with the position.
func (s *Service) undo(ctx context.Context, j *job.Job, id int64) error {
	run, err := s.store.findRun(ctx, id)
	if err != nil || run.State != Undoing {
		return err
	}
	pacer := s.db.NewPacer(mergeSlice)
	for {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n := 0
		before := *run
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			started := time.Now()
			if err := j.Fence(ctx); err != nil {
				return err
			}
			list, err := s.store.mergesBefore(ctx, id, run.position, pacer.Rows())
			if err != nil {
				return err
			}
			for _, m := range list {
				if err := s.partOne(ctx, run, m); err != nil {
					return err
				}
			}
			n = len(list)
			pacer.Done(n, time.Since(started))
			if n == 0 {
				return s.end(ctx, run, Undone, "")
			}
			return s.store.saveRun(ctx, run)
		})
		if err != nil {
			*run = before
			return fmt.Errorf("undo run %d: %w", id, err)
		}
		if n == 0 {
			return nil
		}
		s.customers.Touched(2 * n)
		j.Progress(ctx, run.Undone, run.Merged, "undo")
	}
}

func (s *Service) partOne(ctx context.Context, run *Run, m merge) error {
	run.position = m.Position
	if m.State != "merged" {
		return nil
	}
	done, err := s.customers.Part(ctx, m.SurvivorID, m.OtherID, reasonOfRun(run.ID)+" undone", false)
	if err != nil {
		return fmt.Errorf("part customers %d and %d: %w", m.SurvivorID, m.OtherID, err)
	}
	state := "undone"
	if !done {
		state = "kept"
	}
	run.Undone++
	return s.store.setMergeState(ctx, m, state)
}
