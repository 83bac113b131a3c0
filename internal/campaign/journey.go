// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"slices"

	"dangol/internal/consent"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// Passenger is somebody on the way through a journey who is due for a message.
type Passenger struct {
	RunID, CustomerID int64
}

// AddStep makes the campaign of a journey's mail step: it runs for as long as
// the journey does, and its ledger is that of every campaign. It joins the
// transaction of the publishing.
func (s *Service) AddStep(ctx context.Context, journeyID int64, name string, templateID, messageCost int64) (int64, error) {
	if err := auth.Check(ctx, "campaign:send"); err != nil {
		return 0, err
	}
	c := Campaign{
		Name: name, State: Draft, TemplateID: templateID, WindowDays: defaultWindow, MarginShare: defaultMargin, MessageCost: messageCost,
		Currency: s.options.Currency, IsTracked: true, PersonID: auth.From(ctx).ID, JourneyID: journeyID,
	}
	if _, err := s.newest(ctx, &c); err != nil {
		return 0, err
	}
	if err := s.store.insert(ctx, &c); err != nil {
		return 0, fmt.Errorf("add step: %w", err)
	}
	if err := s.store.pin(ctx, c, 0, database.Time(ctx)); err != nil {
		return 0, err
	}
	if err := s.store.move(ctx, c.ID, Draft, Running, ""); err != nil {
		return 0, err
	}
	return c.ID, s.note(ctx, "campaign.step_added", c)
}

// Enqueue plans messages of a mail step. The gate is asked at hand-over; who has
// no address is skipped with the gate's word for it. The ledger takes one message
// of a step for a run, whatever happens.
func (s *Service) Enqueue(ctx context.Context, campaignID int64, list []Passenger) error {
	c, err := s.store.find(ctx, campaignID)
	if err != nil || len(list) == 0 {
		return err
	}
	ids := make([]int64, 0, len(list))
	for _, p := range list {
		ids = append(ids, p.CustomerID)
	}
	contacts, err := s.store.contacts(ctx, ids)
	if err != nil {
		return err
	}
	by := make(map[int64]contact, len(contacts))
	for _, found := range contacts {
		by[found.customerID] = found
	}
	now := database.Time(ctx).UnixMicro()
	rows := make([]plannedRow, 0, len(list))
	changes := make([]journal.Change, 0, len(list))
	for _, p := range list {
		found, isThere := by[p.CustomerID]
		if !isThere {
			continue // erased meanwhile
		}
		row := plannedRow{contact: found, arm: Treatment, step: StepPlanned, retryAt: now, runID: p.RunID}
		if found.address == "" {
			row.arm, row.step, row.reason = armNone, StepSkipped, string(consent.Unreachable)
		}
		rows = append(rows, row)
		changes = append(changes, journal.Change{CustomerID: found.customerID, RecordID: found.recordID, Kind: "campaign." + string(row.step)})
	}
	if err := s.store.insertRecipients(ctx, campaignID, rows); err != nil {
		return err
	}
	if _, err := s.log(ctx, campaignID, 0, changes); err != nil {
		return err
	}
	_, err = s.queue.Add(ctx, sendJob, jobArgs{campaignID}, job.Options{Unique: fmt.Sprint(campaignID), PersonID: c.PersonID})
	return err
}

// HoldSteps pauses, resumes or cancels the campaigns of a journey; it joins the transaction.
func (s *Service) HoldSteps(ctx context.Context, journeyID int64, to State) error {
	list, err := s.store.listSteps(ctx, journeyID)
	if err != nil {
		return err
	}
	for _, c := range list {
		if !slices.Contains(moves[c.State], to) {
			continue
		}
		jobKind := map[State]string{Running: sendJob, Cancelled: cancelJob}[to]
		if _, err := s.step(ctx, c.ID, to, "campaign.step_"+string(to), jobKind); err != nil {
			return err
		}
		if to != Running {
			database.AfterCommit(ctx, func() { s.stop(c.ID) })
		}
	}
	return nil
}

// StepsOf returns the campaigns of a journey with their counts.
func (s *Service) StepsOf(ctx context.Context, journeyID int64) ([]Campaign, error) {
	return s.store.listSteps(ctx, journeyID)
}

// ClickedIn answers which runs have clicked in the message of a mail step.
func (s *Service) ClickedIn(ctx context.Context, campaignID int64, runIDs []int64) (map[int64]bool, error) {
	return s.store.clickedRuns(ctx, campaignID, runIDs)
}

// AskGate answers how many of the customers the gate would let a template reach
// now, and why not the rest; a night that ends is no reason.
func (s *Service) AskGate(ctx context.Context, templateID int64, customerIDs []int64) (yes int64, no map[string]int64, err error) {
	t, err := s.letters.Find(ctx, templateID)
	if err != nil {
		return 0, nil, err
	}
	letter, err := s.letters.Compile(ctx, t, 0, t.Name, nil)
	if err != nil {
		return 0, nil, err
	}
	no = map[string]int64{}
	for part := range slices.Chunk(customerIDs, planChunk) {
		contacts, err := s.store.contacts(ctx, part)
		if err != nil {
			return 0, nil, err
		}
		asks := make([]consent.Ask, 0, len(contacts))
		for _, c := range contacts {
			asks = append(asks, consent.Ask{RecordID: c.recordID, Address: c.address})
		}
		answers, err := s.gate.Permits(ctx, letter.Message(t), asks)
		if err != nil {
			return 0, nil, fmt.Errorf("ask the gate: %w", err)
		}
		for _, a := range answers {
			if a.Decision.IsYes() || a.Decision.Reason == consent.Night {
				yes++
			} else {
				no[string(a.Decision.Reason)]++
			}
		}
	}
	return yes, no, nil
}
