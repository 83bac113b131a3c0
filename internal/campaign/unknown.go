// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// What a person decides about messages of which nobody knows whether the server
// took them.
const (
	SendAgain = "send_again" // some people may get it twice
	TakeAsOut = "take_as_out"
)

// unknownChunk is how many are decided in one transaction.
const unknownChunk = 1000

// DecideUnknown settles the unknown messages of a campaign as a person says:
// nothing of that kind ever happens by itself.
func (s *Service) DecideUnknown(ctx context.Context, id int64, decision string) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	if c.Counts.Unknown == 0 {
		return c, fault.New(fault.Conflict, "campaign.nothing_unknown", "No message of this campaign is unknown.")
	}
	if c.State == Running || (decision == SendAgain && c.State != Finished && c.State != Paused) {
		return c, fault.New(fault.Conflict, "campaign.bad_state_for_unknown", "The campaign is {state}; decide when it is paused or finished.", "state", string(c.State))
	}
	to := StepHandedOver
	if decision == SendAgain {
		to = StepPlanned
	}
	for {
		var n int
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			n, err = s.decideSlice(ctx, &c, to)
			return err
		})
		if err != nil {
			return c, fmt.Errorf("decide unknown messages of campaign %d: %w", id, err)
		}
		if n < unknownChunk {
			break
		}
	}
	return s.afterDecision(ctx, id, decision)
}

func (s *Service) decideSlice(ctx context.Context, c *Campaign, to Step) (int, error) {
	list, err := s.store.decideUnknown(ctx, c.ID, to, unknownChunk)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	changes := make([]journal.Change, 0, len(list))
	for _, l := range list {
		changes = append(changes, journal.Change{CustomerID: l.customerID, RecordID: l.recordID, Kind: "campaign." + string(to)})
	}
	entryID, err := s.log(ctx, c.ID, c.entryID, changes)
	if err == nil && c.entryID == 0 {
		err = s.store.setEntry(ctx, c.ID, entryID)
		database.AfterCommit(ctx, func() { c.entryID = entryID })
	}
	return len(list), err
}

// afterDecision notes who decided, and goes on sending what is planned again.
func (s *Service) afterDecision(ctx context.Context, id int64, decision string) (Campaign, error) {
	err := s.db.Within(ctx, func(ctx context.Context) error {
		c, err := s.store.find(ctx, id)
		if err != nil {
			return err
		}
		if decision == SendAgain && c.State == Finished {
			if err := s.store.move(ctx, id, Finished, Running, ""); err != nil {
				return err
			}
			jobID, err := s.queue.Add(ctx, sendJob, jobArgs{id}, job.Options{Unique: fmt.Sprint(id)})
			if err != nil {
				return err
			}
			if err := s.store.setJob(ctx, id, jobID); err != nil {
				return err
			}
			c.State = Running
		}
		return s.note(ctx, "campaign.unknown_"+decision, c)
	})
	if err != nil {
		return Campaign{}, err
	}
	s.publish(ctx, id)
	return s.store.find(ctx, id)
}
