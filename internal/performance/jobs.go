// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"errors"
	"fmt"

	"dangol/internal/campaign"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
)

// watchJob evaluates campaigns on their day and decides tests of variants.
const watchJob = "performance.watch"

// watchPage is how many campaigns of a state are looked at.
const watchPage = 1000

// RegisterJobs registers the background work.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(watchJob, func(ctx context.Context, _ *job.Job) error { return s.Watch(auth.System(ctx, "performance")) }, job.RegisterOptions{Queue: "model", MaxAttempts: 3})
	queue.Periodic(watchJob, "@every 1m", struct{}{})
}

// Watch keeps the result of every campaign whose window has ended since, and
// ends tests of variants whose winner is known or whose time is over. One
// campaign that fails does not stop the others.
func (s *Service) Watch(ctx context.Context) error {
	known, err := s.store.finals(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, state := range []campaign.State{campaign.Finished, campaign.Cancelled} {
		list, _, err := s.campaigns.List(ctx, state, "", watchPage)
		if err != nil {
			return err
		}
		for _, c := range list {
			if known[c.ID] || !windowOf(c, s.db.Now(ctx)).IsComplete {
				continue
			}
			if _, err := s.Evaluate(ctx, c.ID); err != nil {
				failed = errors.Join(failed, fmt.Errorf("evaluate campaign %d: %w", c.ID, err))
			}
		}
	}
	running, _, err := s.campaigns.List(ctx, campaign.Running, "", watchPage)
	if err != nil {
		return err
	}
	for _, c := range running {
		if c.Intent.HasTest() && c.Winner == "" {
			if err := s.decide(ctx, c); err != nil {
				failed = errors.Join(failed, fmt.Errorf("decide the test of campaign %d: %w", c.ID, err))
			}
		}
	}
	return failed
}

// decide ends the test of a campaign by its objective, never by opens or clicks.
func (s *Service) decide(ctx context.Context, c campaign.Campaign) error {
	now := s.db.Now(ctx)
	seen, err := s.observe(ctx, c, windowOf(c, now))
	if err != nil {
		return err
	}
	list, winner := seen.variants(c)
	how := campaign.WinnerShown
	if winner == "" && c.Intent.TestHours > 0 && c.StartedAt != nil && now.Sub(*c.StartedAt).Hours() >= float64(c.Intent.TestHours) {
		how = campaign.WinnerByTime
		for _, v := range list {
			if v.IsBest {
				winner = v.Key
			}
		}
	}
	if winner == "" {
		return nil
	}
	_, err = s.campaigns.ChooseWinner(ctx, c.ID, winner, how)
	return err
}
