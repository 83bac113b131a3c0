// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"fmt"

	"dangol/internal/campaign"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// Start publishes the drawing as a version that new people get, and lets people
// in. A journey that runs already goes on: people in flight finish their version.
func (s *Service) Start(ctx context.Context, id int64) (Journey, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Journey{}, err
	}
	j, err := s.store.find(ctx, id)
	if err != nil {
		return j, err
	}
	if j.State == Ended {
		return j, fault.New(fault.Conflict, "campaign.journey_ended", "The journey has ended; copy it to go on.")
	}
	if err := j.Graph.mustBeWhole(); err != nil {
		return j, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if j.Number == 0 || j.IsChanged {
			if err := s.publish(ctx, &j); err != nil {
				return err
			}
		}
		if j.State == Paused {
			if err := s.sender.HoldSteps(ctx, id, campaign.Running); err != nil {
				return err
			}
		}
		j.State = Running
		if err := s.store.move(ctx, j, Running); err != nil {
			return err
		}
		if err := s.wake(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, "campaign.journey_started", j)
	})
	if err != nil {
		return j, fmt.Errorf("start journey %d: %w", id, err)
	}
	s.publishNews(ctx, id)
	return s.find(ctx, id)
}

// publish freezes the drawing with a campaign for each of its mail steps.
func (s *Service) publish(ctx context.Context, j *Journey) error {
	v := published{number: j.Number + 1, graph: j.Graph, campaigns: map[string]int64{}}
	for i := range j.Graph.Steps {
		step := &j.Graph.Steps[i]
		if step.Kind != Mail {
			continue
		}
		name := fmt.Sprintf("%s · %s", j.Name, step.title())
		id, err := s.sender.AddStep(ctx, j.ID, name, step.TemplateID, j.Graph.MessageCost)
		if err != nil {
			return err
		}
		v.campaigns[step.ID] = id
	}
	j.Number = v.number
	return s.store.insertVersion(ctx, j.ID, v)
}

// Pause stops everything where it stands; nobody comes in meanwhile by the calendar.
func (s *Service) Pause(ctx context.Context, id int64) (Journey, error) {
	return s.hold(ctx, id, Running, Paused, campaign.Paused)
}

// End ends a journey for good: who is on the way goes no further.
func (s *Service) End(ctx context.Context, id int64) (Journey, error) {
	return s.hold(ctx, id, "", Ended, campaign.Cancelled)
}

func (s *Service) hold(ctx context.Context, id int64, from, to State, steps campaign.State) (Journey, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Journey{}, err
	}
	j, err := s.store.find(ctx, id)
	if err != nil {
		return j, err
	}
	if from != "" && j.State != from || j.State == Ended || j.State == Draft {
		return j, fault.New(fault.Conflict, "campaign.journey_bad_state", "The journey is {state} and cannot become {to}.", "state", string(j.State), "to", string(to))
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		j.State = to
		if err := s.store.move(ctx, j, to); err != nil {
			return err
		}
		if err := s.sender.HoldSteps(ctx, id, steps); err != nil {
			return err
		}
		if to == Ended {
			if err := s.wake(ctx, id); err != nil {
				return err
			}
		}
		return s.note(ctx, "campaign.journey_"+string(to), j)
	})
	if err != nil {
		return j, fmt.Errorf("hold journey %d: %w", id, err)
	}
	s.publishNews(ctx, id)
	return s.find(ctx, id)
}
