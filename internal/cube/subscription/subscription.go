// SPDX-License-Identifier: Apache-2.0

package subscription

import (
	"slices"
	"time"

	"dangol/internal/cube/saved"
	"dangol/internal/platform/fault"
)

// Kinds of subscriptions.
const (
	KindReport = "report"
	KindAlert  = "alert"
)

// Conditions of an alert.
const (
	Above   = "above"
	Below   = "below"
	Unusual = "unusual"
)

// Outcomes of a run.
const (
	OutcomeSending = "sending" // begun; stays only when the program ended in the middle
	OutcomeSent    = "sent"
	OutcomePartly  = "partly" // some readers got nothing
	OutcomeFailed  = "failed"
	OutcomeFiring  = "firing"
	OutcomeQuiet   = "quiet"
)

// mostReaders bounds the people of one subscription.
const mostReaders = 50

// Content is what is sent or watched, when and to whom.
type Content struct {
	Kind string `json:"kind" enum:"report,alert"`
	// PivotID or BoardID is what it is about; an alert is about a pivot.
	PivotID int64  `json:"pivot_id,omitempty"`
	BoardID int64  `json:"board_id,omitempty"`
	Format  string `json:"format,omitempty" enum:"pdf,xlsx,"`
	// Every is how often: a report by day, week or month; an alert is looked at every hour
	// and judges days, weeks or months.
	Every   string `json:"every" enum:"day,week,month"`
	Weekday int    `json:"weekday,omitempty" minimum:"0" maximum:"6" doc:"0 is Sunday"`
	Day     int    `json:"day,omitempty" minimum:"0" maximum:"28" doc:"day of the month, 1 to 28"`
	Hour    int    `json:"hour,omitempty" minimum:"0" maximum:"23"`
	// People get it besides the owner.
	People   []int64 `json:"people,omitempty"`
	Is       string  `json:"is,omitempty" enum:"above,below,unusual,"`
	Value    float64 `json:"value,omitempty" doc:"the threshold, in the unit in which the measure is kept"`
	IsPaused bool    `json:"paused,omitempty"`
}

// Subscription is a saved subscription with how it stands.
type Subscription struct {
	saved.Document[Content]
	NextAt   *time.Time `json:"next_at,omitempty"`
	IsFiring bool       `json:"firing"`
	Last     *Run       `json:"last,omitempty"`
}

// Run is what became of one look or one mailing.
type Run struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	Outcome string    `json:"outcome" enum:"sending,sent,partly,failed,firing,quiet"`
	Detail  Detail    `json:"detail"`
}

// Problem is why a reader got nothing, or why an alert could not be judged.
type Problem struct {
	Reader  string         `json:"reader,omitempty"`
	Code    string         `json:"code,omitempty"`
	Message string         `json:"message"`
	Fields  map[string]any `json:"fields,omitempty"`
}

func problemOf(reader string, f *fault.Fault) Problem {
	return Problem{Reader: reader, Code: f.Code, Message: f.Message, Fields: f.Fields}
}

// Detail says more of a run.
type Detail struct {
	Readers int `json:"readers,omitempty"`
	// Problems name readers who got nothing, and why.
	Problems []Problem `json:"problems,omitempty"`
	Value    *float64  `json:"value,omitempty"`
	Usual    *float64  `json:"usual,omitempty" doc:"median of the time before"`
	Score    *float64  `json:"score,omitempty" doc:"how far the value lies from the median, in robust standard deviations"`
	Measure  string    `json:"measure,omitempty"`
	Period   string    `json:"period,omitempty"`
}

// check refuses a subscription that could not be carried out.
func (c *Content) check() error {
	bad := func(code, message string, fields ...any) error {
		return fault.New(fault.Invalid, code, message, fields...)
	}
	if (c.PivotID == 0) == (c.BoardID == 0) {
		return bad("cube.subscription_of_what", "A subscription is of one saved pivot or of one saved dashboard.")
	}
	switch c.Kind {
	case KindReport:
		if c.Format != "pdf" && c.Format != "xlsx" {
			return bad("cube.subscription_format", "A report is mailed as pdf or xlsx.")
		}
		c.Is, c.Value = "", 0
	case KindAlert:
		if c.PivotID == 0 {
			return bad("cube.alert_of_pivot", "An alert watches the first measure of a saved pivot.")
		}
		if !slices.Contains([]string{Above, Below, Unusual}, c.Is) {
			return bad("cube.alert_condition", "An alert fires above or below a value, or when a value is unusual.")
		}
		c.Format = ""
	default:
		return bad("cube.subscription_kind", "A subscription is a report or an alert.")
	}
	if !slices.Contains([]string{"day", "week", "month"}, c.Every) {
		return bad("cube.subscription_every", "Choose every day, week or month.")
	}
	if c.Every == "month" && c.Day == 0 {
		c.Day = 1
	}
	slices.Sort(c.People)
	c.People = slices.Compact(c.People)
	if len(c.People) > mostReaders {
		return bad("cube.subscription_readers", "A subscription has at most {most} readers.", "most", mostReaders)
	}
	return nil
}

// next is the first time after now at which it is due, in the company's zone.
func (c *Content) next(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	if c.Kind == KindAlert {
		return local.Truncate(time.Hour).Add(time.Hour)
	}
	at := time.Date(local.Year(), local.Month(), local.Day(), c.Hour, 0, 0, 0, zone)
	switch c.Every {
	case "week":
		at = at.AddDate(0, 0, (c.Weekday-int(at.Weekday())+7)%7)
		if !at.After(now) {
			at = at.AddDate(0, 0, 7)
		}
	case "month":
		at = time.Date(local.Year(), local.Month(), c.Day, c.Hour, 0, 0, 0, zone)
		if !at.After(now) {
			at = at.AddDate(0, 1, 0)
		}
	default:
		if !at.After(now) {
			at = at.AddDate(0, 0, 1)
		}
	}
	return at
}
