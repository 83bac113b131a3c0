// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"testing"
	"time"

	"dangol/internal/platform/fault"
)

func TestSchedule(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(40)
		c := r.campaign(nil)
		soon := r.clock.now().Add(time.Hour)
		if _, err := r.s.Schedule(r.ctx, c.ID, soon); !fault.Is(err, fault.Conflict) {
			r.t.Fatalf("a draft was scheduled: %v", err)
		}
		r.plan(c.ID)
		for _, bad := range []time.Time{r.clock.now().Add(-time.Minute), r.clock.now().AddDate(1, 0, 0)} {
			if _, err := r.s.Schedule(r.ctx, c.ID, bad); !fault.Is(err, fault.Invalid) {
				r.t.Errorf("scheduled at %v: %v", bad, err)
			}
		}
		first, err := r.s.Schedule(r.ctx, c.ID, soon)
		if err != nil || first.StartAt == nil || first.State != Planned {
			r.t.Fatalf("schedule: %+v %v", first, err)
		}
		moved, err := r.s.Schedule(r.ctx, c.ID, soon.Add(time.Hour))
		if err != nil {
			r.t.Fatal(err)
		}
		// The job of the first time is left behind and must do nothing.
		if err := r.s.startDue(r.ctx, startArgs{c.ID, *first.StartAt}); err != nil || r.find(c.ID).State != Planned {
			r.t.Fatalf("a time that was moved started the campaign: %v", err)
		}
		if _, err := r.s.Unschedule(r.ctx, c.ID); err != nil || r.find(c.ID).StartAt != nil {
			r.t.Fatalf("unschedule: %v", err)
		}
		if err := r.s.startDue(r.ctx, startArgs{c.ID, *moved.StartAt}); err != nil || r.find(c.ID).State != Planned {
			r.t.Fatalf("a time that was taken back started the campaign: %v", err)
		}
		again, err := r.s.Schedule(r.ctx, c.ID, soon)
		if err != nil {
			r.t.Fatal(err)
		}
		if err := r.s.startDue(r.ctx, startArgs{c.ID, *again.StartAt}); err != nil {
			r.t.Fatal(err)
		}
		if started := r.find(c.ID); started.State != Running || started.StartAt != nil {
			r.t.Errorf("at its time: %s, start at %v", started.State, started.StartAt)
		}
	})
}

// Planning anew and a restore take a scheduled start back: nobody has looked at what would go out.
func TestScheduleIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(20)
		c := r.plan(r.campaign(nil).ID)
		at := r.clock.now().Add(time.Hour)
		for name, change := range map[string]func(){
			"planning anew": func() { r.plan(c.ID) },
			"a restore": func() {
				if err := r.s.PauseAll(r.ctx, "restored"); err != nil {
					r.t.Fatal(err)
				}
			},
		} {
			if _, err := r.s.Schedule(r.ctx, c.ID, at); err != nil {
				r.t.Fatal(err)
			}
			change()
			if found := r.find(c.ID); found.State != Planned || found.StartAt != nil {
				r.t.Errorf("after %s: %s, start at %v", name, found.State, found.StartAt)
			}
		}
	})
}
