// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"

	"dangol/internal/platform/job"
)

// tidyJob removes messages that the outbox need not keep any longer.
const tidyJob = "mail.tidy"

// RegisterJobs registers the background work.
func (s *Service) RegisterJobs(queue *job.Queue) {
	if len(s.mailboxes) > 0 {
		queue.Register(fetchJob, s.fetchAll, job.RegisterOptions{MaxAttempts: 1})
		queue.Periodic(fetchJob, fetchEvery, struct{}{})
	}
	if s.outbox == nil {
		return
	}
	queue.Register(tidyJob, func(context.Context, *job.Job) error { return s.outbox.Tidy() }, job.RegisterOptions{MaxAttempts: 3})
	queue.Periodic(tidyJob, "40 3 * * *", struct{}{})
}
