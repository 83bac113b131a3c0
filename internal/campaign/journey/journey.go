// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// State is where a journey stands.
type State string

// States of a journey.
const (
	Draft   State = "draft"
	Running State = "running"
	Paused  State = "paused"
	Ended   State = "ended"
)

// Journey is a campaign of several steps.
type Journey struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	State     State      `json:"state" enum:"draft,running,paused,ended"`
	Graph     Graph      `json:"graph" doc:"The drawing at work; people in flight follow the version that they started."`
	Number    int64      `json:"number" doc:"The published version that new people get; 0 is none."`
	IsChanged bool       `json:"is_changed" doc:"The drawing differs from the published version."`
	PersonID  int64      `json:"person_id"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	StartedAt *time.Time `json:"started_at,omitempty"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Version   int64      `json:"version"`
	Counts    Counts     `json:"counts"`
	Problems  []Problem  `json:"problems"`

	scannedAt int64
	published string
}

// Counts is how many people stand where.
type Counts struct {
	Entered   int64               `json:"entered" doc:"Everybody who came in, control included."`
	Active    int64               `json:"active"`
	Done      int64               `json:"done"`
	Goal      int64               `json:"goal"`
	Control   int64               `json:"control"`
	Cancelled int64               `json:"cancelled"`
	Older     int64               `json:"older" doc:"In flight on an older version."`
	Steps     map[string]StepNews `json:"steps" doc:"By step of the published version."`
}

// StepNews is how many took a step and how many stand at it.
type StepNews struct {
	Taken      int64 `json:"taken"`
	Waiting    int64 `json:"waiting"`
	CampaignID int64 `json:"campaign_id,omitempty" doc:"The campaign in whose ledger the messages of a mail step are."`
	Sent       int64 `json:"sent,omitempty"`
	Clicked    int64 `json:"clicked,omitempty"`
	Skipped    int64 `json:"skipped,omitempty"`
}

// Content is what people set of a journey; nil leaves a value as it is.
type Content struct {
	Name  *string `json:"name,omitempty" maxLength:"200"`
	Graph *Graph  `json:"graph,omitempty"`
}

const longestName = 200

func (j *Journey) change(c Content) error {
	if c.Name != nil {
		j.Name = strings.TrimSpace(*c.Name)
	}
	if j.Name == "" || utf8.RuneCountInString(j.Name) > longestName {
		return fault.New(fault.Invalid, "campaign.journey_bad_name", "Give the journey a name of 1 to {most} characters.", "most", longestName)
	}
	if c.Graph != nil {
		j.Graph = *c.Graph
	}
	if j.Graph.Steps == nil {
		j.Graph.Steps = []Step{}
	}
	return nil
}

// Run is one person's way through a journey, for its page.
type Run struct {
	ID         int64      `json:"id"`
	JourneyID  int64      `json:"journey_id"`
	Journey    string     `json:"journey"`
	Number     int64      `json:"number"`
	CustomerID int64      `json:"customer_id"`
	Name       string     `json:"name"`
	EnteredAt  time.Time  `json:"entered_at"`
	Step       string     `json:"step,omitempty"`
	DueAt      *time.Time `json:"due_at,omitempty"`
	State      RunState   `json:"state" enum:"active,done,goal,control,merged,gone,cancelled"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Visits     []Visit    `json:"visits"`
}

// Visit is one step that a person took.
type Visit struct {
	Step  string    `json:"step"`
	Title string    `json:"title"`
	At    time.Time `json:"at"`
}
