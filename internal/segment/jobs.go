// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// jobRefresh counts every segment anew.
const jobRefresh = "segment.refresh"

// RegisterJobs registers the work of the capability: counts are refreshed
// every hour, and a segment that cannot be answered says so in the list.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(jobRefresh, func(ctx context.Context, j *job.Job) error {
		return s.Refresh(auth.System(ctx, "segment"), func(done, total int) { j.Progress(ctx, int64(done), int64(total), "") })
	}, job.RegisterOptions{Queue: "model", Timeout: time.Hour})
	queue.Periodic(jobRefresh, "7 * * * *", struct{}{})
}

// Refresh counts every segment; one that fails does not stop the others.
func (s *Service) Refresh(ctx context.Context, progress func(done, total int)) error {
	list, err := s.store.List(ctx)
	if err != nil {
		return err
	}
	var failed error
	for i, one := range list {
		progress(i, len(list))
		p, err := s.compileSaved(ctx, one.Rules)
		var n int64
		if err == nil {
			n, _, err = s.count(ctx, p, 0)
		}
		switch f, isFault := fault.As(err); {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			err = s.store.SaveCount(ctx, one.ID, &n, "")
		case isFault && f.Kind == fault.Unavailable:
			return err // the warehouse is being built: later
		case isFault:
			err = s.store.SaveCount(ctx, one.ID, nil, f.Message)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("count segment %d: %w", one.ID, err))
		}
	}
	progress(len(list), len(list))
	return failed
}
