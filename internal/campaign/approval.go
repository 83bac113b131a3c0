// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"encoding/json"
	"fmt"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Policy is from when on a campaign needs the yes of somebody who may approve
// and has not made it; 0 is never.
type Policy struct {
	ApproveFromPeople int64 `json:"approve_from_people" minimum:"0" doc:"Recipients from which approval is needed; 0 is never."`
	ApproveFromCost   int64 `json:"approve_from_cost" minimum:"0" doc:"Planned cost in minor units from which approval is needed; 0 is never."`
}

const policySetting = "campaign.policy"

// Policy returns from when on campaigns need an approval.
func (s *Service) Policy(ctx context.Context) (Policy, error) {
	var p Policy
	text, err := s.store.setting(ctx, policySetting)
	if err != nil || text == "" {
		return p, err
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read campaign policy: %w", err)
	}
	return p, nil
}

// SetPolicy changes from when on campaigns need an approval.
func (s *Service) SetPolicy(ctx context.Context, p Policy) error {
	if err := auth.Check(ctx, "campaign:approve"); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.saveSetting(ctx, policySetting, string(text)); err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "campaign", Kind: "campaign.policy_changed", SubjectKind: "setting", After: text})
	})
}

// judgeApproval says of campaigns whether they need an approval before the start.
func (s *Service) judgeApproval(ctx context.Context, list []Campaign) error {
	p, err := s.Policy(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		c := &list[i]
		if c.State != Planned {
			continue
		}
		isMany := p.ApproveFromPeople > 0 && c.Counts.Planned >= p.ApproveFromPeople
		isDear := p.ApproveFromCost > 0 && c.plannedCost() >= p.ApproveFromCost
		c.NeedsApproval = isMany || isDear
	}
	return nil
}

// plannedCost is what is certain to be spent: fixed costs and messages.
func (c *Campaign) plannedCost() int64 {
	return c.Intent.FixedCost + (c.Counts.Planned*c.MessageCost+500)/1000
}

// AskApproval puts a planned campaign before those who may approve.
func (s *Service) AskApproval(ctx context.Context, id int64) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:update"); err != nil {
		return Campaign{}, err
	}
	return s.approval(ctx, id, ApprovalAsked, "")
}

// Approve says yes or no to a planned campaign. Who has made it or asked for
// the approval is not who gives it.
func (s *Service) Approve(ctx context.Context, id int64, isYes bool, note string) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:approve"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	person := auth.From(ctx)
	if isYes && person.ID != 0 && (person.ID == c.PersonID || person.ID == c.approvalAskedBy) {
		return c, fault.New(fault.Forbidden, "campaign.own_approval", "Somebody else has to approve a campaign that you made or asked approval for.")
	}
	to := ApprovalRefused
	if isYes {
		to = ApprovalGiven
	}
	return s.approval(ctx, id, to, note)
}

func (s *Service) approval(ctx context.Context, id int64, to, note string) (Campaign, error) {
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	if c.State != Planned {
		return c, fault.New(fault.Conflict, "campaign.not_planned", "The campaign is {state}; plan it first.", "state", string(c.State))
	}
	person := auth.From(ctx)
	asked, by := c.approvalAskedBy, person.ID
	if to == ApprovalAsked {
		asked, by = person.ID, 0
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.setApproval(ctx, id, to, asked, by, note); err != nil {
			return err
		}
		c.Approval, c.ApprovalNote = to, note
		return s.note(ctx, "campaign.approval_"+to, c)
	})
	if err != nil {
		return c, fmt.Errorf("approval of campaign %d: %w", id, err)
	}
	s.publish(ctx, id)
	return s.Find(ctx, id)
}

// mustBeApproved refuses the start of a campaign that waits for a yes.
func (s *Service) mustBeApproved(ctx context.Context, c Campaign) error {
	one := []Campaign{c}
	if err := s.judgeApproval(ctx, one); err != nil {
		return err
	}
	if one[0].NeedsApproval && c.Approval != ApprovalGiven {
		return fault.New(fault.Conflict, "campaign.not_approved", "By the company's rule a campaign of this size needs an approval before it starts; ask for it.")
	}
	return nil
}
