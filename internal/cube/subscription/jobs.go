// SPDX-License-Identifier: Apache-2.0

package subscription

import (
	"context"
	"errors"
	"fmt"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
)

// dueJob carries out what is due.
const dueJob = "cube.subscriptions"

// RegisterJobs registers the background work.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(dueJob, func(ctx context.Context, _ *job.Job) error { return s.RunDue(ctx) }, job.RegisterOptions{MaxAttempts: 1})
	queue.Periodic(dueJob, "* * * * *", struct{}{})
}

// RunDue carries out what is due, each with its owner's rights of this moment.
func (s *Service) RunDue(ctx context.Context) error {
	now := s.db.Now(ctx)
	list, err := s.store.Due(ctx, now)
	if err != nil {
		return err
	}
	var failed error
	for _, one := range list {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := s.runOne(ctx, one); err != nil {
			failed = errors.Join(failed, fmt.Errorf("subscription %d: %w", one.id, err))
		}
	}
	return failed
}

func (s *Service) runOne(ctx context.Context, one due) error {
	now := s.db.Now(ctx)
	owner, err := auth.ActAs(ctx, one.ownerID)
	if err != nil { // the owner has gone: nobody is left to answer for it
		_, claimErr := s.claim(ctx, one.id, 0)
		return errors.Join(err, claimErr)
	}
	d, err := s.shelf.Own(owner, one.id)
	if err != nil {
		_, claimErr := s.claim(ctx, one.id, 0)
		return errors.Join(err, claimErr)
	}
	isOurs, err := s.claim(ctx, one.id, d.Content.next(now, s.opts.Zone).UnixMicro())
	if err != nil || !isOurs {
		return err
	}
	return s.carryOut(owner, d, false)
}

func (s *Service) claim(ctx context.Context, id, next int64) (isOurs bool, err error) {
	now := s.db.Now(ctx)
	err = s.db.Within(ctx, func(ctx context.Context) error {
		isOurs, err = s.store.Claim(ctx, id, now, next)
		return err
	})
	return isOurs, err
}
