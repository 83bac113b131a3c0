// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"errors"
	"fmt"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// mayMove returns fault.Conflict when a campaign cannot go from where it stands.
func mayMove(c Campaign, to State) error {
	for _, state := range moves[c.State] {
		if state == to {
			return nil
		}
	}
	return fault.New(fault.Conflict, "campaign.bad_state", "The campaign is {state} and cannot become {to}.", "state", string(c.State), "to", string(to))
}

// step moves a campaign and adds its job in one transaction.
func (s *Service) step(ctx context.Context, id int64, to State, kind, jobKind string) (Campaign, error) {
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	if err := mayMove(c, to); err != nil {
		return c, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.move(ctx, id, c.State, to, ""); err != nil {
			return err
		}
		if jobKind != "" {
			jobID, err := s.queue.Add(ctx, jobKind, jobArgs{id}, job.Options{Unique: fmt.Sprint(id)})
			if err != nil {
				return err
			}
			if err := s.store.setJob(ctx, id, jobID); err != nil {
				return err
			}
		}
		c.State = to
		return s.note(ctx, kind, c)
	})
	if err != nil {
		return c, fmt.Errorf("%s %d: %w", kind, id, err)
	}
	s.publish(ctx, id)
	return s.store.find(ctx, id)
}

// Plan freezes the segment's members, asks the gate and draws the control
// group, in the background.
func (s *Service) Plan(ctx context.Context, id int64) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:update"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	if c.State == Planned { // again, with the members of now
		if err := s.db.Within(ctx, func(ctx context.Context) error { return s.store.move(ctx, id, Planned, Draft, "") }); err != nil {
			return c, err
		}
	}
	return s.step(ctx, id, Planning, "campaign.planning", planJob)
}

// Start begins to send what was planned.
func (s *Service) Start(ctx context.Context, id int64) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	if c.State == Planned && c.Counts.Planned == 0 {
		return c, fault.New(fault.Conflict, "campaign.nobody", "There is nobody to send to; look at why the recipients were left out.")
	}
	if c.State != Planned {
		return c, fault.New(fault.Conflict, "campaign.not_planned", "The campaign is {state}; plan it first.", "state", string(c.State))
	}
	if err := s.mustBeApproved(ctx, c); err != nil {
		return c, err
	}
	return s.step(ctx, id, Running, "campaign.started", sendJob)
}

// errStopped is why a run ends when a person pauses or cancels its campaign.
var errStopped = errors.New("the campaign was stopped")

// Pause stops sending; what is under way at this moment still gets its answer.
func (s *Service) Pause(ctx context.Context, id int64) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Campaign{}, err
	}
	c, err := s.step(ctx, id, Paused, "campaign.paused", "")
	s.stop(id)
	return c, err
}

// Resume goes on exactly where sending stopped.
func (s *Service) Resume(ctx context.Context, id int64) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	if c.State != Paused {
		return c, fault.New(fault.Conflict, "campaign.not_paused", "The campaign is {state}, not paused.", "state", string(c.State))
	}
	return s.step(ctx, id, Running, "campaign.resumed", sendJob)
}

// Cancel ends a campaign for good; what was not sent is cancelled.
func (s *Service) Cancel(ctx context.Context, id int64) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Campaign{}, err
	}
	c, err := s.step(ctx, id, Cancelled, "campaign.cancelled", cancelJob)
	s.stop(id)
	return c, err
}

// stop ends a run in this process; on other nodes the run looks at the state
// before each slice.
func (s *Service) stop(id int64) {
	s.mu.Lock()
	cancel := s.running[id]
	s.mu.Unlock()
	if cancel != nil {
		cancel(errStopped)
	}
}

// PauseAll pauses every running campaign and takes scheduled starts back, for a database that was
// restored from a backup: it does not know what was sent since.
func (s *Service) PauseAll(ctx context.Context, note string) error {
	if err := s.db.Within(ctx, func(ctx context.Context) error { return s.store.clearStarts(ctx, note) }); err != nil {
		return err
	}
	list, _, err := s.store.list(ctx, Running, "", 10_000)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := s.db.Within(ctx, func(ctx context.Context) error { return s.store.move(ctx, c.ID, Running, Paused, note) }); err != nil {
			return err
		}
	}
	return nil
}
