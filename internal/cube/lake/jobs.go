// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"

	"dangol/internal/platform/job"
)

const (
	writeJob = "cube.parquet"
	hourJob  = "cube.parquet_due"
)

// RegisterJobs registers the background work.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(writeJob, func(ctx context.Context, j *job.Job) error {
		m, err := s.Write(ctx, func(done, total int) { j.Progress(ctx, int64(done), int64(total), "") })
		if err != nil {
			return err
		}
		return j.SetResult(map[string]any{"edition": m.Edition, "tables": len(m.Tables)})
	}, job.RegisterOptions{MaxAttempts: 3})
	queue.Register(hourJob, s.due, job.RegisterOptions{MaxAttempts: 1})
	queue.Periodic(hourJob, "0 * * * *", struct{}{})
}

// due writes an edition when its hour has come.
func (s *Service) due(ctx context.Context, _ *job.Job) error {
	hour, err := s.store.Hour(ctx)
	if err != nil || hour == Never || s.db.Now(ctx).In(s.zone).Hour() != hour {
		return err
	}
	_, err = s.jobs.Add(ctx, writeJob, struct{}{}, job.Options{Unique: "edition"})
	return err
}
