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

const (
	// startJob begins a scheduled campaign at its time.
	startJob = "campaign.start"
	// furthest is how far ahead a start may lie: members and letter are fixed by planning and grow old.
	furthest = 90 * 24 * time.Hour
)

type startArgs struct {
	CampaignID int64     `json:"campaign_id"`
	At         time.Time `json:"at"`
}

// Schedule lets a planned campaign start by itself at a time; scheduling again moves the time.
func (s *Service) Schedule(ctx context.Context, id int64, at time.Time) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	at = at.UTC().Truncate(time.Microsecond)
	now := s.db.Now(ctx)
	switch {
	case c.State != Planned:
		return c, fault.New(fault.Conflict, "campaign.not_planned", "The campaign is {state}; plan it first.", "state", string(c.State))
	case c.Counts.Planned == 0:
		return c, fault.New(fault.Conflict, "campaign.nobody", "There is nobody to send to; look at why the recipients were left out.")
	case !at.After(now):
		return c, fault.New(fault.Invalid, "campaign.past", "The time lies in the past; choose a later one, or start now.")
	case at.Sub(now) > furthest:
		return c, fault.New(fault.Invalid, "campaign.too_far", "A start may lie at most {days} days ahead.", "days", int(furthest/(24*time.Hour)))
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.setStart(ctx, id, &at); err != nil {
			return err
		}
		unique := fmt.Sprintf("%d@%d", id, at.UnixMicro())
		if _, err := s.queue.Add(ctx, startJob, startArgs{id, at}, job.Options{RunAt: at, Unique: unique}); err != nil {
			return err
		}
		c.StartAt = &at
		return s.note(ctx, "campaign.scheduled", c)
	})
	if err != nil {
		return c, fmt.Errorf("schedule campaign %d: %w", id, err)
	}
	s.publish(ctx, id)
	return s.store.find(ctx, id)
}

// Unschedule takes the time back; the campaign stays planned.
func (s *Service) Unschedule(ctx context.Context, id int64) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil || c.StartAt == nil {
		return c, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.setStart(ctx, id, nil); err != nil {
			return err
		}
		c.StartAt = nil
		return s.note(ctx, "campaign.unscheduled", c)
	})
	if err != nil {
		return c, fmt.Errorf("unschedule campaign %d: %w", id, err)
	}
	s.publish(ctx, id)
	return s.store.find(ctx, id)
}

// runStart starts a campaign whose time has come. A time that was moved or taken back has left its job
// behind; such a job finds another time and does nothing.
func (s *Service) runStart(ctx context.Context, j *job.Job) error {
	var args startArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	acting, _, err := s.acting(ctx, j)
	if err != nil {
		return err
	}
	return s.startDue(acting, args)
}

func (s *Service) startDue(ctx context.Context, args startArgs) error {
	c, err := s.store.find(ctx, args.CampaignID)
	if err != nil {
		return err
	}
	if c.State != Planned || c.StartAt == nil || !c.StartAt.Equal(args.At) {
		return nil
	}
	_, err = s.Start(ctx, c.ID)
	if f, ok := fault.As(err); ok && !fault.Is(err, fault.Busy) && !fault.Is(err, fault.Unavailable) {
		s.unscheduleFailed(ctx, c.ID, f.Message)
		return job.Fatal(err)
	}
	return err
}

// unscheduleFailed leaves the campaign planned, with the reason why it did not start.
func (s *Service) unscheduleFailed(ctx context.Context, id int64, why string) {
	ctx = context.WithoutCancel(ctx)
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.setStart(ctx, id, nil); err != nil {
			return err
		}
		return s.store.setNote(ctx, id, why)
	})
	if err != nil {
		slog.Error("campaign: not unscheduled", "campaign_id", id, "error", err)
	}
	s.publish(ctx, id)
}
