// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// jobScore computes the scores of everybody.
const jobScore = "mining.score_customers"

// busyPause is how long a run waits while the warehouse is being built.
const busyPause = time.Minute

// RegisterJobs registers the work of the capability: scores are computed anew
// every night, when a new day has begun in the company's zone.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(jobScore, func(ctx context.Context, _ *job.Job) error {
		err := s.RefreshRFM(auth.System(ctx, "mining"))
		if fault.Is(err, fault.Unavailable) {
			return job.Snooze(busyPause)
		}
		return err
	}, job.RegisterOptions{Queue: "model", Timeout: time.Hour})
	queue.Periodic(jobScore, "23 3 * * *", struct{}{})
}

// AfterRebuild computes the scores anew, which a rebuilt warehouse has lost.
func (s *Service) AfterRebuild(ctx context.Context) error {
	return s.RefreshRFM(auth.System(ctx, "mining"))
}
