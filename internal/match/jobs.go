// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
)

const (
	jobRun  = "match.run"
	jobUndo = "match.undo"
	// jobIndex builds the live index anew.
	jobIndex = "match.index"
)

type runArgs struct {
	RunID int64 `json:"run_id"`
}

// RegisterJobs registers the work of the capability.
func (s *Service) RegisterJobs(queue *job.Queue) {
	options := job.RegisterOptions{Queue: "model", MaxAttempts: 5}
	for kind, do := range map[string]func(context.Context, *job.Job, int64) error{jobRun: s.work, jobUndo: s.undo} {
		queue.Register(kind, func(ctx context.Context, j *job.Job) error {
			var args runArgs
			if err := j.Decode(&args); err != nil {
				return err
			}
			if err := do(ctx, j, args.RunID); err != nil {
				return s.settle(ctx, args.RunID, err, j.Attempt >= j.MaxAttempts)
			}
			return nil
		}, options)
	}
	queue.Register(jobIndex, func(ctx context.Context, j *job.Job) error {
		return s.fitIndex(auth.System(ctx, "match"), j)
	}, options)
}

// Resume adds the job of a run that works but has none any more; for a base restored from a backup.
func (s *Service) Resume(ctx context.Context, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		run, err := s.store.findRun(ctx, id)
		if err != nil {
			return err
		}
		kind := jobRun
		if run.State == Undoing {
			kind = jobUndo
		}
		if run.JobID, err = s.jobs.Add(ctx, kind, runArgs{id}, job.Options{}); err != nil {
			return err
		}
		return s.store.saveRun(ctx, run)
	})
}
