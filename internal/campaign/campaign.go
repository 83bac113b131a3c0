// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
)

// State is where a campaign stands.
type State string

// States of a campaign.
const (
	Draft     State = "draft"
	Planning  State = "planning"
	Planned   State = "planned"
	Running   State = "running"
	Paused    State = "paused"
	Finished  State = "finished"
	Cancelled State = "cancelled"
)

// Step is where a recipient stands in the ledger.
type Step string

// Steps of the ledger.
const (
	StepPlanned    Step = "planned"
	StepLeased     Step = "leased"
	StepHandedOver Step = "handed_over"
	StepDelivered  Step = "delivered"
	StepBounced    Step = "bounced"
	StepFailed     Step = "failed"
	StepUnknown    Step = "unknown"
	StepSkipped    Step = "skipped"
	StepControl    Step = "control"
	StepCancelled  Step = "cancelled"
)

// Arms of a campaign.
const (
	Treatment = "treatment"
	Control   = "control"
)

// Reasons of skipping, beside those of the gate.
const (
	ReasonDuplicate = "duplicate_address" // another recipient has the address
	ReasonMissing   = "missing_data"      // a merge field has no value
	ReasonMoved     = "address_changed"   // the customer has another address now
	ReasonMerged    = "merged"            // the customer became one with another recipient
	ReasonPressure  = "contact_pressure"  // the campaign's own limit of messages is reached
)

const (
	// defaultControl is the share of the control group in basis points (P-CAM: 10 %).
	defaultControl = 1000
	// mostControl keeps a slip of the finger from sending to nobody.
	mostControl = 9000
	// defaultWindow is the days in which purchases count (P-CAM: 7 for messages).
	defaultWindow = 7
	mostWindow    = 365
	// defaultMargin is the margin in basis points until the company says better.
	defaultMargin = 3000
	basisPoints   = 10_000
)

// Campaign is one sending of one template to one segment.
type Campaign struct {
	ID             int64      `json:"id"`
	Name           string     `json:"name"`
	Goal           string     `json:"goal"`
	SegmentID      int64      `json:"segment_id"`
	TemplateID     int64      `json:"template_id"`
	VersionID      int64      `json:"template_version_id,omitempty" doc:"The version that planning has pinned."`
	State          State      `json:"state" enum:"draft,planning,planned,running,paused,finished,cancelled"`
	Note           string     `json:"note,omitempty" doc:"Why it does not move on, if it does not."`
	ControlShare   int64      `json:"control_share" doc:"Share of the control group in basis points; 1000 is 10 %."`
	ControlMinimum int64      `json:"control_minimum" doc:"At least so many in the control group, if there are twice as many."`
	Seed           int64      `json:"seed" doc:"From which the control group was drawn."`
	WindowDays     int64      `json:"window_days" doc:"Days after the end of sending in which purchases count."`
	Budget         *int64     `json:"budget,omitempty" doc:"Minor units."`
	MessageCost    int64      `json:"message_cost" doc:"Cost of a thousand messages in minor units."`
	MarginShare    int64      `json:"margin_share" doc:"Margin of sales in basis points; 3000 is 30 %."`
	Currency       string     `json:"currency"`
	RatePerMinute  int64      `json:"rate_per_minute" doc:"Most messages a minute; 0 is no limit."`
	IsTracked      bool       `json:"is_tracked" doc:"Clicks on links are counted."`
	Intent         Intent     `json:"intent"`
	Approval       string     `json:"approval,omitempty" enum:",asked,approved,refused"`
	ApprovalBy     int64      `json:"approval_by,omitempty"`
	ApprovalAt     *time.Time `json:"approval_at,omitempty"`
	ApprovalNote   string     `json:"approval_note,omitempty"`
	NeedsApproval  bool       `json:"needs_approval" doc:"The company's rule asks for somebody else's yes before the start."`
	Winner         string     `json:"winner,omitempty" doc:"The variant that the rest gets."`
	WinnerAt       *time.Time `json:"winner_at,omitempty"`
	WinnerHow      string     `json:"winner_how,omitempty" enum:",shown,time,person" doc:"How it was chosen: by the objective, because the time was over, or by a person."`
	JourneyID      int64      `json:"journey_id,omitempty" doc:"The journey for whose step this campaign sends."`
	AsOf           *time.Time `json:"as_of,omitempty" doc:"As of when the members are."`
	AsOfSeq        int64      `json:"as_of_seq,omitempty"`
	JobID          int64      `json:"job_id,omitempty" doc:"The work under way."`
	PersonID       int64      `json:"person_id"`
	CreatedAt      time.Time  `json:"created_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
	PlannedAt      *time.Time `json:"planned_at,omitempty"`
	StartAt        *time.Time `json:"start_at,omitempty" doc:"When a planned campaign starts by itself."`
	StartedAt      *time.Time `json:"started_at,omitempty"`
	FinishedAt     *time.Time `json:"finished_at,omitempty"`
	Version        int64      `json:"version"`
	Counts         Counts     `json:"counts"`

	entryID         int64
	approvalAskedBy int64
}

// Counts is how many recipients stand where.
type Counts struct {
	Total        int64            `json:"total"`
	Treatment    int64            `json:"treatment" doc:"Assigned to get the message, whatever became of it."`
	Control      int64            `json:"control"`
	Planned      int64            `json:"planned"`
	Leased       int64            `json:"leased"`
	HandedOver   int64            `json:"handed_over"`
	Delivered    int64            `json:"delivered"`
	Bounced      int64            `json:"bounced"`
	Failed       int64            `json:"failed"`
	Unknown      int64            `json:"unknown"`
	Skipped      int64            `json:"skipped"`
	Cancelled    int64            `json:"cancelled"`
	SkippedFor   map[string]int64 `json:"skipped_for" doc:"By reason."`
	Clicked      int64            `json:"clicked" doc:"Recipients who clicked, machines left out."`
	Unsubscribed int64            `json:"unsubscribed"`
	Opened       int64            `json:"opened" doc:"Recipients whose program showed the mail while a person was likely there."`
	MachineOpen  int64            `json:"machine_opened" doc:"Recipients whose mail was loaded by a machine: a proxy or a gateway."`
	Read         int64            `json:"read" doc:"Recipients whose program confirmed reading (RFC 8098)."`
}

// count adds n recipients of an arm, step and reason.
func (c *Counts) count(arm string, step Step, reason string, n int64) {
	c.Total += n
	if arm == Control {
		c.Control += n
	} else if arm == Treatment {
		c.Treatment += n
	}
	if into := c.of(step); into != nil {
		*into += n
	}
	if step == StepSkipped {
		if c.SkippedFor == nil {
			c.SkippedFor = map[string]int64{}
		}
		c.SkippedFor[reason] += n
	}
}

// of is the counter of a step; nil for one that is counted by its arm only.
func (c *Counts) of(step Step) *int64 {
	switch step {
	case StepPlanned:
		return &c.Planned
	case StepLeased:
		return &c.Leased
	case StepHandedOver:
		return &c.HandedOver
	case StepDelivered:
		return &c.Delivered
	case StepBounced:
		return &c.Bounced
	case StepFailed:
		return &c.Failed
	case StepUnknown:
		return &c.Unknown
	case StepSkipped:
		return &c.Skipped
	case StepCancelled:
		return &c.Cancelled
	}
	return nil
}

// Sent is how many messages were handed over.
func (c Counts) Sent() int64 { return c.HandedOver + c.Delivered }

// Recipient is one row of the ledger.
type Recipient struct {
	ID             int64      `json:"id"`
	CampaignID     int64      `json:"campaign_id"`
	CustomerID     int64      `json:"customer_id" doc:"Whom the recipient belongs to now."`
	RecordID       int64      `json:"record_id"`
	Name           string     `json:"name"`
	Address        string     `json:"address"`
	Arm            string     `json:"arm" enum:"treatment,control,none"`
	State          Step       `json:"state" enum:"planned,leased,handed_over,delivered,bounced,failed,unknown,skipped,control,cancelled"`
	Reason         string     `json:"reason,omitempty"`
	Attempts       int64      `json:"attempts"`
	RetryAt        *time.Time `json:"retry_at,omitempty"`
	HandedOverAt   *time.Time `json:"handed_over_at,omitempty"`
	Code           int64      `json:"code,omitempty"`
	Reply          string     `json:"reply,omitempty"`
	Basis          string     `json:"basis,omitempty"`
	BasisID        int64      `json:"basis_id,omitempty"`
	Rules          string     `json:"rules,omitempty"`
	Variant        string     `json:"variant,omitempty"`
	ClickedAt      *time.Time `json:"clicked_at,omitempty"`
	UnsubscribedAt *time.Time `json:"unsubscribed_at,omitempty"`
	OpenedAt       *time.Time `json:"opened_at,omitempty" doc:"Shown while a person was likely there."`
	MachineOpenAt  *time.Time `json:"machine_opened_at,omitempty" doc:"Loaded by a machine."`
	ReadAt         *time.Time `json:"read_at,omitempty" doc:"Reading was confirmed (RFC 8098)."`
}

// mask hides the recipient's personal values.
func (r *Recipient) mask() {
	r.Name, r.Address = dataquality.MaskName(r.Name), dataquality.MaskEmail(r.Address)
	r.Reply = ""
}

// armNone is the arm of recipients to whom nothing could have been sent: they
// belong to neither group.
const armNone = "none"

// Content is what people set of a campaign; nil leaves a value as it is, or
// takes the default of a new campaign.
type Content struct {
	Name           *string `json:"name,omitempty" maxLength:"200"`
	Goal           *string `json:"goal,omitempty" maxLength:"2000"`
	SegmentID      *int64  `json:"segment_id,omitempty"`
	TemplateID     *int64  `json:"template_id,omitempty"`
	ControlShare   *int64  `json:"control_share,omitempty" minimum:"0" maximum:"9000"`
	ControlMinimum *int64  `json:"control_minimum,omitempty" minimum:"0"`
	WindowDays     *int64  `json:"window_days,omitempty" minimum:"1" maximum:"365"`
	Budget         *int64  `json:"budget,omitempty" minimum:"0"`
	MessageCost    *int64  `json:"message_cost,omitempty" minimum:"0"`
	MarginShare    *int64  `json:"margin_share,omitempty" minimum:"0" maximum:"10000"`
	RatePerMinute  *int64  `json:"rate_per_minute,omitempty" minimum:"0"`
	IsTracked      *bool   `json:"is_tracked,omitempty"`
	Intent         *Intent `json:"intent,omitempty" doc:"Replaces the intent as a whole."`
}

// change applies the content. What planning has frozen cannot change any more.
func (c *Campaign) change(p Content) error {
	isFrozen := c.State != Draft
	for _, pair := range []struct{ to, from *int64 }{
		{&c.SegmentID, p.SegmentID},
		{&c.TemplateID, p.TemplateID},
		{&c.ControlShare, p.ControlShare},
		{&c.ControlMinimum, p.ControlMinimum},
	} {
		if pair.from == nil || *pair.from == *pair.to {
			continue
		}
		if isFrozen {
			return fault.New(fault.Conflict, "campaign.frozen", "The campaign is planned; segment, template and control group are fixed. Copy it to change them.")
		}
		*pair.to = *pair.from
	}
	for _, pair := range []struct{ to, from *int64 }{
		{&c.WindowDays, p.WindowDays}, {&c.MessageCost, p.MessageCost}, {&c.MarginShare, p.MarginShare}, {&c.RatePerMinute, p.RatePerMinute},
	} {
		if pair.from != nil {
			*pair.to = *pair.from
		}
	}
	if p.Name != nil {
		c.Name = *p.Name
	}
	if p.Goal != nil {
		c.Goal = *p.Goal
	}
	if p.Budget != nil {
		c.Budget = p.Budget
	}
	if p.IsTracked != nil && !isFrozen {
		c.IsTracked = *p.IsTracked
	}
	if p.Intent != nil {
		next := *p.Intent
		if err := next.validate(); err != nil {
			return err
		}
		if isFrozen && !next.sameOnPlan(c.Intent) {
			return fault.New(fault.Conflict, "campaign.frozen", "The campaign is planned; segment, template and control group are fixed. Copy it to change them.")
		}
		if isFrozen {
			next.Variants = c.Intent.Variants // with the versions that were pinned
		}
		c.Intent = next
	}
	return c.validate()
}

func (c *Campaign) validate() error {
	if err := c.Intent.validate(); err != nil {
		return err
	}
	if len(c.Intent.Variants) > 0 && c.State == Draft {
		c.TemplateID = c.Intent.Variants[0].TemplateID
	}
	bad := func(field, why string) error {
		return fault.New(fault.Invalid, "campaign.bad_"+field, "The {field} is wrong: {why}.", "field", field, "why", why)
	}
	switch {
	case c.Name == "":
		return bad("name", "a campaign needs one")
	case c.SegmentID == 0:
		return bad("segment_id", "choose to whom the campaign goes")
	case c.TemplateID == 0:
		return bad("template_id", "choose what is sent")
	case c.ControlShare < 0 || c.ControlShare > mostControl:
		return bad("control_share", "it must lie between 0 and 9000 basis points")
	case c.WindowDays < 1 || c.WindowDays > mostWindow:
		return bad("window_days", "it must lie between 1 and 365")
	case c.MarginShare < 0 || c.MarginShare > basisPoints:
		return bad("margin_share", "it must lie between 0 and 10000 basis points")
	case c.RatePerMinute < 0 || c.MessageCost < 0 || c.ControlMinimum < 0:
		return bad("rate_per_minute", "numbers must not be negative")
	}
	return nil
}

// moves lists which states a campaign may leave for which.
var moves = map[State][]State{
	Draft:    {Planning, Cancelled},
	Planning: {Draft, Planned, Cancelled},
	Planned:  {Draft, Running, Cancelled},
	Running:  {Paused, Finished, Cancelled},
	Paused:   {Running, Cancelled},
}
