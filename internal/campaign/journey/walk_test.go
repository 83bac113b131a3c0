// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"fmt"
	"testing"
	"time"
)

// told is facts by name.
type told struct {
	segments map[int64]bool
	bought   bool
	clicks   bool
}

func (f told) inSegment(id, _ int64) bool                   { return f.segments[id] }
func (f told) boughtSince(int64, time.Time, time.Time) bool { return f.bought }
func (f told) clicked(*traveller, string, time.Time) bool   { return f.clicks }

// usual is: mail, two days, clicked? yes → exit, no → mail again; goal is to buy.
func usual(template int64) Graph {
	return Graph{
		Entry: Entry{Kind: SegmentMembers, SegmentID: 1}, First: "m1", Goal: Goal{Kind: TestBought},
		Steps: []Step{
			{ID: "m1", Kind: Mail, TemplateID: template, Next: "w1"},
			{ID: "w1", Kind: Wait, Days: 2, Until: "10:00", Next: "c1"},
			{ID: "c1", Kind: Condition, Test: TestClicked, MailStep: "m1", Next: "x1", Else: "m2"},
			{ID: "m2", Kind: Mail, TemplateID: template},
			{ID: "x1", Kind: Exit},
		},
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	g := usual(1)
	quiet := usual(1)
	quiet.QuietFrom, quiet.QuietTo = "21:00", "08:00"
	night := time.Date(2026, 11, 30, 23, 0, 0, 0, seoul)
	for _, row := range []struct {
		name string
		g    Graph
		at   string
		now  time.Time
		f    told
		want string
	}{
		{"comes in", g, "", noon, told{}, "[m1 w1] [m1] w1 2026-12-02T12:00 active"},
		{"buys before it begins", g, "", noon, told{bought: true}, "[] []  goal"},
		{"has not clicked", g, "w1", noon, told{}, "[c1 m2] [m2]  done"},
		{"has clicked", g, "w1", noon, told{clicks: true}, "[c1 x1] []  done"},
		{"the night holds the mail", quiet, "", night, told{}, "[] [] m1 2026-12-01T08:00 active"},
		{"the morning sends it", quiet, "m1", time.Date(2026, 12, 1, 8, 0, 0, 0, seoul), told{}, "[m1 w1] [m1] w1 2026-12-03T10:00 active"},
	} {
		walker := &traveller{runID: 1, customerID: 1, enteredAt: noon, step: row.at}
		m := walk(&row.g, walker, row.f, row.now)
		got := fmt.Sprintf("%v %v %s %s %s", m.visits, m.mails, m.step, m.dueAt.Format("2006-01-02T15:04"), m.state)
		if m.state != Active {
			got = fmt.Sprintf("%v %v  %s", m.visits, m.mails, m.state)
		}
		want := row.want
		if row.name == "comes in" {
			want = "[m1 w1] [m1] w1 2026-12-03T10:00 active" // two days later it is past ten
		}
		if got != want {
			t.Errorf("%s: %s, want %s", row.name, got, want)
		}
	}
}

// Clocks that are put forward or back, and days that a year does not have.
func TestWaitsFollowTheCalendar(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here")
	}
	for _, row := range []struct {
		at   time.Time
		step Step
		want string
	}{
		{time.Date(2026, 3, 28, 9, 0, 0, 0, berlin), Step{Days: 1}, "2026-03-29T09:00:00+02:00"},                  // 23 hours
		{time.Date(2026, 10, 24, 9, 0, 0, 0, berlin), Step{Days: 1}, "2026-10-25T09:00:00+01:00"},                 // 25 hours
		{time.Date(2026, 3, 28, 2, 30, 0, 0, berlin), Step{Days: 1}, "2026-03-29T03:30:00+02:00"},                 // 02:30 is not there
		{time.Date(2026, 3, 28, 23, 0, 0, 0, berlin), Step{Hours: 4}, "2026-03-29T04:00:00+02:00"},                // hours are hours
		{time.Date(2028, 2, 28, 9, 0, 0, 0, berlin), Step{Days: 1}, "2028-02-29T09:00:00+01:00"},                  // a leap day
		{time.Date(2026, 3, 1, 11, 0, 0, 0, berlin), Step{Hours: 1, Until: "10:00"}, "2026-03-02T10:00:00+01:00"}, // tomorrow
	} {
		if got := row.step.after(row.at).Format(time.RFC3339); got != row.want {
			t.Errorf("%v + %+v: %s, want %s", row.at, row.step, got, row.want)
		}
	}
	g := Graph{QuietFrom: "21:00", QuietTo: "02:30"}
	if until, is := g.quietUntil(time.Date(2026, 3, 29, 1, 0, 0, 0, berlin)); !is || until.Format(time.RFC3339) != "2026-03-29T03:30:00+02:00" {
		t.Errorf("quiet until %v", until)
	}
}

func TestDrawingsThatCannotBePublished(t *testing.T) {
	t.Parallel()
	for code, change := range map[string]func(g *Graph){
		"no_entry":     func(g *Graph) { g.Entry = Entry{} },
		"no_segment":   func(g *Graph) { g.Entry.SegmentID = 0 },
		"no_steps":     func(g *Graph) { g.First = "" },
		"dangling":     func(g *Graph) { g.Steps[0].Next = "nowhere" },
		"circle":       func(g *Graph) { g.Steps[3].Next = "m1" },
		"unreached":    func(g *Graph) { g.Steps[2].Next = "m2" },
		"twice":        func(g *Graph) { g.Steps[3].ID = "m1" },
		"no_wait":      func(g *Graph) { g.Steps[1] = Step{ID: "w1", Kind: Wait, Next: "c1"} },
		"no_mail_step": func(g *Graph) { g.Steps[2].MailStep = "w1" },
		"no_template":  func(g *Graph) { g.Steps[0].TemplateID = 0 },
		"few_branches": func(g *Graph) { g.Steps[1] = Step{ID: "w1", Kind: Split, Branches: []Branch{{1, "c1"}}} },
		"bad_time":     func(g *Graph) { g.Steps[1].Until = "25:00" },
		"half_quiet":   func(g *Graph) { g.QuietFrom = "21:00" },
		"no_days":      func(g *Graph) { g.Entry = Entry{Kind: Silence} },
	} {
		g := usual(1)
		change(&g)
		isFound := false
		for _, p := range g.Check() {
			isFound = isFound || p.Code == code
		}
		if !isFound {
			t.Errorf("%s was not found: %v", code, g.Check())
		}
	}
	if g := usual(1); len(g.Check()) != 0 {
		t.Errorf("the usual journey: %v", g.Check())
	}
}

func TestSplitsAreFairAndSteady(t *testing.T) {
	t.Parallel()
	s := Step{ID: "s", Kind: Split, Branches: []Branch{{3, "a"}, {1, "b"}}}
	count := map[string]int{}
	for run := range int64(40_000) {
		way := s.branch(run)
		if way != s.branch(run) {
			t.Fatal("another way at the second try")
		}
		count[way]++
	}
	if count["a"] < 29_500 || count["a"] > 30_500 {
		t.Errorf("ways %v, want three to one", count)
	}
}
