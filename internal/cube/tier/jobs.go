// SPDX-License-Identifier: Apache-2.0

package tier

import (
	"context"
	"log/slog"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
)

const (
	moveJob  = "cube.tier_move"
	nightJob = "cube.tier_night"
)

// RegisterJobs registers the background work; rows move at night.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(moveJob, func(ctx context.Context, j *job.Job) error {
		return s.move(ctx, func(done, total int) { j.Progress(ctx, int64(done), int64(total), "") })
	}, job.RegisterOptions{MaxAttempts: 5})
	queue.Register(nightJob, func(ctx context.Context, _ *job.Job) error {
		damaged, err := s.Check(auth.System(ctx, nightJob))
		if err != nil {
			return err
		}
		if len(damaged) > 0 {
			slog.Error("cold files are not what was written; the analysis data is built anew", "files", damaged)
			return nil
		}
		return s.Order(ctx)
	}, job.RegisterOptions{MaxAttempts: 1})
	queue.Periodic(nightJob, "20 3 * * *", struct{}{})
}
