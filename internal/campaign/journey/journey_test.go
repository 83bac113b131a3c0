// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"testing"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/segment"
)

func TestAPersonWalksThrough(t *testing.T) {
	t.Parallel()
	each(t, noon, func(r *room) {
		r.people(100)
		g := usual(r.template())
		g.ControlShare = 2000
		j := r.tick(r.started(g).ID)
		c := j.Counts
		if c.Entered != 100 || c.Control < 8 || c.Control > 35 || c.Active != 100-c.Control {
			r.t.Fatalf("came in: %+v", c)
		}
		if m := c.Steps["m1"]; m.Taken != c.Active || c.Steps["w1"].Waiting != c.Active {
			r.t.Errorf("steps %+v", c.Steps)
		}
		steps, err := r.campaigns.StepsOf(r.ctx, j.ID)
		if err != nil || len(steps) != 2 || steps[0].Counts.Planned != c.Active {
			r.t.Fatalf("ledger: %+v, %v", steps, err)
		}
		if list, _, err := r.campaigns.List(r.ctx, "", "", 10); err != nil || len(list) != 0 {
			r.t.Errorf("steps stand in the list of campaigns: %v %v", list, err)
		}
		// One clicks, one buys; two days later only the rest gets the second mail.
		active := r.activeRuns(j.ID)
		r.exec(`UPDATE recipients SET clicked_at = 1 WHERE run_id = ?`, active[0].ID)
		r.world.paid[active[1].CustomerID] = r.clock.now().Add(time.Hour)
		r.clock.turn(4 * 24 * time.Hour)
		j = r.tick(j.ID)
		if c := j.Counts; c.Active != 0 || c.Goal != 1 || c.Steps["x1"].Taken != 1 || c.Steps["m2"].Taken != c.Done-1 {
			r.t.Errorf("after two days: %+v", c)
		}
		if again := r.tick(j.ID); again.Counts.Entered != 100 {
			r.t.Errorf("somebody came in twice: %+v", again.Counts)
		}
	})
}

func (r *room) activeRuns(id int64) []Run {
	r.t.Helper()
	list, err := r.s.ListRuns(r.ctx, id, 0, "w1", 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

func TestPeopleInFlightFinishTheirVersion(t *testing.T) {
	t.Parallel()
	each(t, noon, func(r *room) {
		r.people(4)
		r.world.members[1] = []int64{1, 2}
		g := usual(r.template())
		g.Goal = Goal{}
		g.Entry = Entry{Kind: Recurring, SegmentID: 1, Days: 1, At: "00:00"}
		j := r.tick(r.started(g).ID)
		// The drawing is changed while two are on the way, and two more come in.
		g.Steps = []Step{{ID: "x9", Kind: Wait, Days: 9}}
		g.First = "x9"
		if _, err := r.s.Update(r.ctx, j.ID, j.Version-1, Content{Graph: &g}); !fault.Is(err, fault.Conflict) {
			r.t.Errorf("an old version was written over: %v", err)
		}
		j, err := r.s.Update(r.ctx, j.ID, j.Version, Content{Graph: &g})
		if err != nil || !j.IsChanged {
			r.t.Fatal(j, err)
		}
		if j, err = r.s.Start(r.ctx, j.ID); err != nil || j.Number != 2 {
			r.t.Fatal(j.Number, err)
		}
		r.world.members[1] = []int64{1, 2, 3, 4}
		r.clock.turn(24 * time.Hour)
		j = r.tick(j.ID)
		if c := j.Counts; c.Active != 4 || c.Older != 2 || c.Steps["x9"].Waiting != 2 {
			r.t.Fatalf("two versions: %+v", c)
		}
		r.clock.turn(4 * 24 * time.Hour)
		j = r.tick(j.ID)
		if c := j.Counts; c.Done != 2 || c.Older != 0 {
			r.t.Errorf("the first version was not finished: %+v", c)
		}
	})
}

func TestReentryAndEvents(t *testing.T) {
	t.Parallel()
	each(t, noon, func(r *room) {
		r.people(3)
		g := Graph{Entry: Entry{Kind: SegmentEntered, SegmentID: 5}, First: "w", Reentry: AfterDays, ReentryDays: 10, Steps: []Step{{ID: "w", Kind: Wait, Days: 1}}}
		j := r.started(g)
		enter := func(ids ...int64) {
			r.t.Helper()
			r.journal(segment.KindEntered, 5, ids)
			if err := r.follow(); err != nil {
				r.t.Fatal(err)
			}
			if err := r.follow(); err != nil { // seen again after a crash
				r.t.Fatal(err)
			}
		}
		entered := func(want int64, what string) {
			r.t.Helper()
			if j = r.tick(j.ID); j.Counts.Entered != want {
				r.t.Errorf("%s: %d entered, want %d", what, j.Counts.Entered, want)
			}
		}
		r.journal(segment.KindEntered, 6, []int64{3})
		enter(1, 2)
		entered(2, "two enter the segment")
		enter(1)
		entered(2, "one enters again while on the way")
		r.clock.turn(2 * 24 * time.Hour)
		entered(2, "two days later")
		enter(1)
		entered(2, "one enters again too early")
		r.clock.turn(9 * 24 * time.Hour)
		enter(1)
		entered(3, "one enters again after eleven days")
	})
}

// journal writes that customers entered or left a segment.
func (r *room) journal(kind string, segmentID int64, ids []int64) {
	r.t.Helper()
	err := r.db.Within(r.ctx, func(ctx context.Context) error {
		return r.s.journal.Append(ctx, journal.Entry{Capability: "segment", Kind: kind, SubjectKind: "customer", SubjectIDs: ids, After: []byte(`{"segment_id": ` + string(rune('0'+segmentID)) + `}`)})
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// follow hands all entries to the service, in the order they were written.
func (r *room) follow() error {
	list, err := r.s.journal.List(r.ctx, journal.Filter{Limit: 200})
	if err != nil {
		return err
	}
	return r.s.Follow(r.ctx, list)
}

func TestDatesAndSilence(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 28, 10, 0, 0, 0, seoul)
	each(t, at, func(r *room) {
		r.people(4)
		r.exec(`UPDATE customers SET birth_on = '1990-07-07', birth_calendar = 'solar', joined_on = '2025-07-07'`)
		r.exec(`UPDATE customers SET birth_on = '1990-03-03' WHERE id = 1`)
		r.exec(`UPDATE customers SET joined_on = '2024-02-29' WHERE id = 2`)
		r.exec(`UPDATE customers SET joined_on = '2026-02-28' WHERE id = 3`) // today: no anniversary yet
		r.world.paid[4] = at.AddDate(0, 0, -30).Add(-time.Hour)
		r.world.paid[3] = at.AddDate(0, 0, -29)
		step := []Step{{ID: "w", Kind: Wait, Days: 1}}
		want := func(e Entry, ids ...int64) {
			r.t.Helper()
			j := r.tick(r.started(Graph{Entry: e, First: "w", Steps: step}).ID)
			list, err := r.s.ListRuns(r.ctx, j.ID, 0, "", 10)
			if err != nil || len(list) != len(ids) || len(ids) > 0 && list[0].CustomerID != ids[0] {
				r.t.Errorf("%+v let in %+v (%v), want %v", e, list, err, ids)
			}
			if j = r.tick(j.ID); j.Counts.Entered != int64(len(ids)) {
				r.t.Errorf("%+v let somebody in twice", e)
			}
		}
		want(Entry{Kind: Birthday, Days: 3}, 1)
		want(Entry{Kind: Birthday, Days: 3, At: "11:00"}) // the time has not come
		want(Entry{Kind: Anniversary}, 2)                 // 29 February in a year without one
		want(Entry{Kind: Silence, Days: 30}, 4)
		r.world.paid[2] = at.Add(-time.Hour)
		j := r.started(Graph{Entry: Entry{Kind: Purchase}, First: "w", Steps: step})
		r.world.paid[1] = at.Add(time.Minute)
		r.clock.turn(5 * time.Minute)
		if j = r.tick(j.ID); j.Counts.Entered != 1 { // purchases before the start start nothing
			r.t.Errorf("purchases: %+v", j.Counts)
		}
	})
}

func TestSegmentEmptiedMergedErasedAndEnded(t *testing.T) {
	t.Parallel()
	each(t, noon, func(r *room) {
		r.people(6)
		g := usual(r.template())
		g.Goal = Goal{}
		j := r.tick(r.started(g).ID)
		r.world.members[1] = []int64{} // the segment is emptied: who is on the way goes on
		r.exec(`UPDATE record_links SET customer_id = 1 WHERE record_id = 1002`)
		r.exec(`UPDATE customers SET hidden = 1 WHERE id IN (2, 3)`)
		r.clock.turn(4 * 24 * time.Hour)
		j = r.tick(j.ID)
		if c := j.Counts; c.Done != 4 || c.Cancelled != 2 || c.Steps["m2"].Taken != 4 {
			r.t.Errorf("merged and erased: %+v", c)
		}
		g.Entry.SegmentID = 2
		g.Steps[1].Days = 20
		other := r.tick(r.started(g).ID)
		if _, err := r.s.Pause(r.ctx, other.ID); err != nil {
			r.t.Fatal(err)
		}
		r.clock.turn(30 * 24 * time.Hour)
		if other = r.tick(other.ID); other.Counts.Active != 4 {
			r.t.Errorf("a paused journey goes on: %+v", other.Counts)
		}
		if _, err := r.s.End(r.ctx, other.ID); err != nil {
			r.t.Fatal(err)
		}
		if other = r.tick(other.ID); other.Counts.Active != 0 || other.Counts.Cancelled != 4 {
			r.t.Errorf("an ended journey: %+v", other.Counts)
		}
		_, err := r.s.Start(r.ctx, other.ID)
		wantFault(r.t, "the start of an ended journey", err, fault.Conflict)
	})
}

func TestSimulation(t *testing.T) {
	t.Parallel()
	each(t, noon, func(r *room) {
		r.people(50)
		for id := range int64(40) { // one buys every 17 hours
			r.world.paid[id+1] = noon.AddDate(0, 0, -29).Add(time.Duration(id) * 17 * time.Hour)
		}
		g := usual(r.template())
		g.Entry, g.Goal, g.MessageCost = Entry{Kind: Purchase}, Goal{}, 10_000
		name := "시험"
		j, err := r.s.Create(r.ctx, Content{Name: &name, Graph: &g})
		if err != nil {
			r.t.Fatal(err)
		}
		sim, err := r.s.Simulate(r.ctx, j.ID, 30)
		if err != nil {
			r.t.Fatal(err)
		}
		if sim.Entered != 40 || sim.Led != 40 || sim.Steps["m1"].Taken != 40 || sim.Done+sim.Waiting != 40 || sim.Waiting == 0 {
			r.t.Errorf("simulated: %+v", sim)
		}
		if sim.Mails != sim.Steps["m1"].Taken+sim.Steps["m2"].Taken || sim.Steps["m1"].Passes != 1 || sim.Cost != 10*sim.Mails {
			r.t.Errorf("mails: %+v", sim)
		}
		var n int64
		if err := r.db.Scan(r.ctx, []any{&n}, `SELECT (SELECT COUNT(*) FROM journey_runs) + (SELECT COUNT(*) FROM recipients)`); err != nil || n != 0 {
			r.t.Errorf("a simulation has left %d rows, %v", n, err)
		}
	})
}
