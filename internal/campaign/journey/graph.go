// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// EntryKind is what lets people in.
type EntryKind string

// Kinds of entry.
const (
	SegmentEntered EntryKind = "segment_entered" // became a member; a change of stage or grade is a segment
	SegmentLeft    EntryKind = "segment_left"
	SegmentMembers EntryKind = "segment_members" // everybody who is a member at the start, once
	Purchase       EntryKind = "purchase"
	Silence        EntryKind = "silence" // no purchase for so many days
	Birthday       EntryKind = "birthday"
	Anniversary    EntryKind = "anniversary" // of the day of joining
	Recurring      EntryKind = "recurring"   // every member, again every so many days
)

var entryKinds = []EntryKind{SegmentEntered, SegmentLeft, SegmentMembers, Purchase, Silence, Birthday, Anniversary, Recurring}

func (k EntryKind) usesSegment() bool {
	return k == SegmentEntered || k == SegmentLeft || k == SegmentMembers || k == Recurring
}

// Entry is who comes in.
type Entry struct {
	Kind      EntryKind `json:"kind" enum:"segment_entered,segment_left,segment_members,purchase,silence,birthday,anniversary,recurring"`
	SegmentID int64     `json:"segment_id,omitempty" doc:"The segment of the kind; for the other kinds only its members come in."`
	Days      int64     `json:"days,omitempty" minimum:"0" maximum:"3650" doc:"Silence for so many days; so many days before the birthday; every so many days."`
	At        string    `json:"at,omitempty" doc:"Time of day at which dates let people in, HH:MM; 09:00 when empty."`
}

// StepKind is what a step does.
type StepKind string

// Kinds of steps.
const (
	Wait      StepKind = "wait"
	Condition StepKind = "condition"
	Split     StepKind = "split"
	Mail      StepKind = "mail"
	Exit      StepKind = "exit"
)

// Step is one box of the drawing.
type Step struct {
	ID   string   `json:"id" minLength:"1" maxLength:"20"`
	Kind StepKind `json:"kind" enum:"wait,condition,split,mail,exit"`
	Name string   `json:"name,omitempty" maxLength:"100"`
	Next string   `json:"next,omitempty" doc:"Where it goes on; of a condition, when it is met."`
	Else string   `json:"else,omitempty" doc:"Where a condition goes on that is not met."`
	// Of a wait:
	Days  int64  `json:"days,omitempty" minimum:"0" maximum:"365"`
	Hours int64  `json:"hours,omitempty" minimum:"0" maximum:"8760"`
	Until string `json:"until,omitempty" doc:"Then on to this time of day, HH:MM."`
	// Of a condition:
	Test      string `json:"test,omitempty" enum:",segment,bought,clicked"`
	SegmentID int64  `json:"segment_id,omitempty"`
	MailStep  string `json:"mail_step,omitempty" doc:"The mail step whose links are meant."`
	// Of a split:
	Branches []Branch `json:"branches,omitempty" maxItems:"5"`
	// Of a mail:
	TemplateID int64 `json:"template_id,omitempty"`
}

// Branch is one way out of a split.
type Branch struct {
	Share int64  `json:"share" minimum:"1" maximum:"10000"`
	Next  string `json:"next,omitempty"`
}

// Tests of conditions.
const (
	TestSegment = "segment"
	TestBought  = "bought"  // since the person came in
	TestClicked = "clicked" // a link of a mail of this run
)

// Graph is the drawing of a journey.
type Graph struct {
	Entry   Entry  `json:"entry"`
	First   string `json:"first,omitempty" doc:"The step after the entry."`
	Steps   []Step `json:"steps" maxItems:"100"`
	Goal    Goal   `json:"goal"`
	Reentry string `json:"reentry,omitempty" enum:",once,after_days,always" doc:"Whether somebody may come in again; nobody is in it twice at a time."`
	// ReentryDays is how long after coming in, for after_days.
	ReentryDays int64 `json:"reentry_days,omitempty" minimum:"0" maximum:"3650"`
	// Quiet hours: mail steps wait; when both are empty, those of the gate alone hold.
	QuietFrom    string `json:"quiet_from,omitempty" doc:"HH:MM in the company's zone."`
	QuietTo      string `json:"quiet_to,omitempty"`
	ControlShare int64  `json:"control_share" minimum:"0" maximum:"9000" doc:"Basis points of those who come in and are led nowhere, for comparison."`
	MessageCost  int64  `json:"message_cost,omitempty" minimum:"0" doc:"Cost of a thousand messages in minor units."`
}

// Goal is when the journey has done its work for somebody, who then leaves it.
type Goal struct {
	Kind      string `json:"kind,omitempty" enum:",bought,segment"`
	SegmentID int64  `json:"segment_id,omitempty"`
}

// Re-entry rules.
const (
	Once      = "once"
	AfterDays = "after_days"
	Always    = "always"
)

// step finds a step by its id.
func (g *Graph) step(id string) *Step {
	for i := range g.Steps {
		if g.Steps[i].ID == id {
			return &g.Steps[i]
		}
	}
	return nil
}

// ways lists where a step may go on; "" is the end.
func (s *Step) ways() []string {
	switch s.Kind {
	case Exit:
		return nil
	case Condition:
		return []string{s.Next, s.Else}
	case Split:
		var list []string
		for _, b := range s.Branches {
			list = append(list, b.Next)
		}
		return list
	}
	return []string{s.Next}
}

// Problem is something that keeps a drawing from being published.
type Problem struct {
	Step    string `json:"step,omitempty" doc:"The step it is about; empty is the entry or the whole."`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Check lists what is wrong with a drawing; nothing when it can be published.
func (g *Graph) Check() []Problem {
	var list []Problem
	say := func(step, code, message string) { list = append(list, Problem{step, code, message}) }
	g.checkEntry(say)
	if g.First == "" {
		say("", "no_steps", "Nothing happens after the entry: add a step.")
	}
	seen := map[string]bool{}
	for i := range g.Steps {
		s := &g.Steps[i]
		if seen[s.ID] {
			say(s.ID, "twice", "Two steps have this id.")
		}
		seen[s.ID] = true
		g.checkStep(s, say)
	}
	if g.First != "" && g.step(g.First) == nil {
		say("", "dangling", "The entry leads to a step that is not there.")
	}
	if at := g.circle(); at != "" {
		say(at, "circle", "The journey comes back to this step: each step is taken at most once.")
	} else {
		reached := g.reached()
		for i := range g.Steps {
			if !reached[g.Steps[i].ID] {
				say(g.Steps[i].ID, "unreached", "No way leads to this step.")
			}
		}
	}
	return list
}

func (g *Graph) checkEntry(say func(step, code, message string)) {
	e := g.Entry
	isKnown := false
	for _, kind := range entryKinds {
		isKnown = isKnown || kind == e.Kind
	}
	switch {
	case !isKnown:
		say("", "no_entry", "Choose what lets people in.")
	case e.Kind.usesSegment() && e.SegmentID == 0:
		say("", "no_segment", "Choose the segment of the entry.")
	case (e.Kind == Silence || e.Kind == Recurring) && e.Days < 1:
		say("", "no_days", "Say how many days.")
	}
	if g.Goal.Kind == TestSegment && g.Goal.SegmentID == 0 {
		say("", "no_goal_segment", "Choose the segment of the goal.")
	}
	if g.Reentry == AfterDays && g.ReentryDays < 1 {
		say("", "no_reentry_days", "Say after how many days somebody may come in again.")
	}
	for _, text := range []string{e.At, g.QuietFrom, g.QuietTo} {
		if _, ok := clock(text); text != "" && !ok {
			say("", "bad_time", "A time of day is written like 09:30.")
		}
	}
	if (g.QuietFrom == "") != (g.QuietTo == "") {
		say("", "half_quiet", "Quiet hours need a beginning and an end.")
	}
}

func (g *Graph) checkStep(s *Step, say func(step, code, message string)) {
	for _, way := range s.ways() {
		if way != "" && g.step(way) == nil {
			say(s.ID, "dangling", "The step leads to one that is not there.")
		}
	}
	_, isTime := clock(s.Until)
	switch {
	case s.Kind == Wait && s.Days == 0 && s.Hours == 0 && s.Until == "":
		say(s.ID, "no_wait", "Say how long to wait.")
	case s.Kind == Wait && s.Until != "" && !isTime:
		say(s.ID, "bad_time", "A time of day is written like 09:30.")
	case s.Kind == Condition && s.Test == TestSegment && s.SegmentID == 0:
		say(s.ID, "no_segment", "Choose the segment of the condition.")
	case s.Kind == Condition && s.Test == TestClicked && (g.step(s.MailStep) == nil || g.step(s.MailStep).Kind != Mail):
		say(s.ID, "no_mail_step", "Choose the mail whose links are meant.")
	case s.Kind == Condition && s.Test == "":
		say(s.ID, "no_test", "Choose what is asked.")
	case s.Kind == Split && len(s.Branches) < 2:
		say(s.ID, "few_branches", "A split needs at least two ways.")
	case s.Kind == Mail && s.TemplateID == 0:
		say(s.ID, "no_template", "Choose the template to send.")
	}
}

// circle returns a step that a way leads back to, "" when there is none.
func (g *Graph) circle() string {
	const open, done = 1, 2
	state := map[string]int{}
	var visit func(id string) string
	visit = func(id string) string {
		s := g.step(id)
		if s == nil || state[id] == done {
			return ""
		}
		if state[id] == open {
			return id
		}
		state[id] = open
		for _, way := range s.ways() {
			if at := visit(way); at != "" {
				return at
			}
		}
		state[id] = done
		return ""
	}
	for i := range g.Steps {
		if at := visit(g.Steps[i].ID); at != "" {
			return at
		}
	}
	return ""
}

func (g *Graph) reached() map[string]bool {
	found := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		s := g.step(id)
		if s == nil || found[id] {
			return
		}
		found[id] = true
		for _, way := range s.ways() {
			visit(way)
		}
	}
	visit(g.First)
	return found
}

// mustBeWhole refuses a drawing with problems.
func (g *Graph) mustBeWhole() error {
	list := g.Check()
	if len(list) == 0 {
		return nil
	}
	var text []string
	for _, p := range list[:min(len(list), 3)] {
		text = append(text, strings.TrimSpace(p.Step+" "+p.Message))
	}
	return fault.New(fault.Invalid, "campaign.journey_incomplete", "The journey cannot be published yet: {why}", "why", strings.Join(text, " "))
}

// clock reads a time of day as the time since midnight.
func clock(text string) (time.Duration, bool) {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return 0, false
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, true
}

// onClock is the time of day on the day of t in its zone. A time that the day does not
// have, because clocks are put forward, is moved on by the gap, as time.Date does.
func onClock(t time.Time, of time.Duration) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), int(of/time.Hour), int(of%time.Hour/time.Minute), 0, 0, t.Location())
}

// quietUntil is when quiet hours end that t lies in; ok is false when it lies in none.
func (g *Graph) quietUntil(t time.Time) (time.Time, bool) {
	from, isFrom := clock(g.QuietFrom)
	to, isTo := clock(g.QuietTo)
	if !isFrom || !isTo || from == to {
		return time.Time{}, false
	}
	begin, end := onClock(t, from), onClock(t, to)
	switch {
	case from < to && !t.Before(begin) && t.Before(end):
		return end, true
	case from > to && t.Before(end):
		return end, true
	case from > to && !t.Before(begin):
		return onClock(t.AddDate(0, 0, 1), to), true
	}
	return time.Time{}, false
}

// after is when a wait that begins at t ends, in the zone of t: days are days of the calendar.
func (s *Step) after(t time.Time) time.Time {
	due := t.AddDate(0, 0, int(s.Days)).Add(time.Duration(s.Hours) * time.Hour)
	if of, ok := clock(s.Until); ok {
		at := onClock(due, of)
		if at.Before(due) {
			at = onClock(due.AddDate(0, 0, 1), of)
		}
		return at
	}
	return due
}

// title is what a step is called in lists.
func (s *Step) title() string {
	if s.Name != "" {
		return s.Name
	}
	return fmt.Sprintf("%s %s", s.Kind, s.ID)
}
