// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// Kinds of background work.
const (
	planJob   = "campaign.plan"
	sendJob   = "campaign.send"
	cancelJob = "campaign.cancel"
	watchJob  = "campaign.watch"
	// endingMost is how long a run on another node may take to end.
	endingMost = 2 * time.Minute
	// queueName keeps sending apart from imports and models.
	queueName = "campaign"
)

type jobArgs struct {
	CampaignID int64 `json:"campaign_id"`
}

// RegisterJobs registers the background work.
func (s *Service) RegisterJobs(queue *job.Queue) {
	s.queue = queue
	queue.Register(planJob, s.runPlan, job.RegisterOptions{Queue: queueName, MaxAttempts: 5})
	// A run that a dying process takes along counts as an attempt; sending must go on all the same.
	queue.Register(sendJob, s.runSend, job.RegisterOptions{Queue: queueName, MaxAttempts: 1_000_000})
	queue.Register(cancelJob, s.runCancel, job.RegisterOptions{Queue: queueName, MaxAttempts: 50})
	queue.Register(startJob, s.runStart, job.RegisterOptions{Queue: queueName, MaxAttempts: 50})
	queue.Register(watchJob, s.runWatch, job.RegisterOptions{MaxAttempts: 3})
	queue.Periodic(watchJob, "@every 1m", struct{}{})
}

// runWatch makes sure that every running campaign has its job: a pause and a
// resume within a moment can leave one without.
func (s *Service) runWatch(ctx context.Context, _ *job.Job) error {
	list, _, err := s.store.list(ctx, Running, "", 1000)
	if err != nil {
		return err
	}
	steps, err := s.store.listDueSteps(ctx)
	if err != nil {
		return err
	}
	for _, c := range append(list, steps...) {
		_, err := s.queue.Add(ctx, sendJob, jobArgs{c.ID}, job.Options{Unique: fmt.Sprint(c.ID), PersonID: c.PersonID})
		if err != nil {
			return err
		}
	}
	return nil
}

// acting gives the work the rights that its person holds now.
func (s *Service) acting(ctx context.Context, j *job.Job) (context.Context, int64, error) {
	var args jobArgs
	if err := j.Decode(&args); err != nil {
		return nil, 0, err
	}
	if auth.From(ctx).IsSignedIn() { // the queue has seen to it
		return ctx, args.CampaignID, nil
	}
	ctx, err := auth.ActAs(ctx, j.PersonID)
	return ctx, args.CampaignID, err
}

func (s *Service) runPlan(ctx context.Context, j *job.Job) error {
	acting, id, err := s.acting(ctx, j)
	if err == nil {
		err = s.plan(acting, id, func(done, total int64) {
			j.Progress(ctx, done, total, "")
			if done%(20*planChunk) == 0 {
				s.publish(ctx, id)
			}
		})
	}
	if err != nil && fault.KindOf(err) != "" && !fault.Is(err, fault.Busy) && !fault.Is(err, fault.Unavailable) {
		// Nothing that time heals: back to the draft, with the reason.
		s.backToDraft(ctx, id, err)
		return job.Fatal(err)
	}
	s.publish(ctx, id)
	return err
}

func (s *Service) backToDraft(ctx context.Context, id int64, cause error) {
	note := cause.Error()
	if f, ok := fault.As(cause); ok {
		note = f.Message
	}
	ctx = context.WithoutCancel(ctx)
	if err := s.dropPlan(ctx, id); err != nil {
		slog.Error("campaign: plan not dropped", "campaign_id", id, "error", err)
	}
	err := s.db.Within(ctx, func(ctx context.Context) error { return s.store.move(ctx, id, Planning, Draft, note) })
	if err != nil {
		slog.Error("campaign: not back to draft", "campaign_id", id, "error", err)
	}
	s.publish(ctx, id)
}

func (s *Service) runSend(ctx context.Context, j *job.Job) error {
	acting, id, err := s.acting(ctx, j)
	if err == nil {
		err = auth.Check(acting, "campaign:send")
	}
	if fault.Is(err, fault.Forbidden) {
		note := "The person who started the campaign may no longer send."
		_ = s.db.Within(ctx, func(ctx context.Context) error { return s.store.move(ctx, id, Running, Paused, note) })
		s.publish(ctx, id)
	}
	if err != nil {
		return err
	}
	return s.send(acting, id, j)
}

// runCancel cancels what a cancelled campaign has not sent.
func (s *Service) runCancel(ctx context.Context, j *job.Job) error {
	_, id, err := s.acting(ctx, j)
	if err != nil {
		return err
	}
	c, err := s.store.find(ctx, id)
	if err != nil || c.State != Cancelled {
		return err
	}
	for {
		var n int
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			var err error
			n, err = s.store.cancelPlanned(ctx, id, dropChunk)
			return err
		})
		if err != nil {
			return fmt.Errorf("cancel campaign %d: %w", id, err)
		}
		if n == 0 {
			break
		}
	}
	// A run that is just ending may still give leased recipients back.
	left, err := s.store.listLeased(ctx, id, 1)
	if err != nil {
		return err
	}
	isEnding := c.FinishedAt != nil && s.db.Now(ctx).Sub(*c.FinishedAt) < endingMost
	if len(left) > 0 && (s.isRunning(id) || isEnding) {
		return job.Snooze(retrySoon)
	}
	if len(left) > 0 {
		if err := s.recover(ctx, c); err != nil {
			return err
		}
		return job.Snooze(retrySoon)
	}
	s.publish(ctx, id)
	return s.journalEnd(ctx, c)
}

func (s *Service) journalEnd(ctx context.Context, c Campaign) error {
	return s.db.Within(ctx, func(ctx context.Context) error { return s.note(ctx, "campaign.ended", c) })
}

func (s *Service) isRunning(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running[id] != nil
}
