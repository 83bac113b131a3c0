// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// forgotten remembers whom it was asked to erase; the first is under a hold.
type forgotten struct {
	lock sync.Mutex
	ids  []int64
	held int64
}

func (f *forgotten) Forget(_ context.Context, id int64) error {
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.held == 0 {
		f.held = id
	}
	if id == f.held {
		return fault.New(fault.Conflict, "customer.held", "Under a hold.")
	}
	f.ids = append(f.ids, id)
	return nil
}

// Which data is seen and kept is decided by the grade.
func TestGradesDecideWhatIsSeenAndKept(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		h := newGradeHouse(t, db)
		rules := mining.GradeRules{Months: 12, IsErasing: true, Levels: []mining.GradeLevel{
			{Name: "VIP", Revenue: 400_000}, {Name: "골드", Revenue: 100_000, Seen: []string{"contact", "memo"}}, {Name: "일반", KeepMonths: 6},
		}}
		if _, err := h.CreateGradeVersion(boss(), mining.GradeVersion{Rules: rules}); err != nil {
			t.Fatal(err)
		}
		h.give(t)
		clerk := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("customer:read"), Scope: auth.Scope{All: true}})
		last, grade := map[int64]time.Time{}, map[int64]string{}
		if _, err := database.List(t.Context(), db, func(rows *sql.Rows) (int64, error) {
			var record int64
			var name string
			err := rows.Scan(&record, &name)
			grade[record-1000] = name
			return record, err
		}, `SELECT record_id, grade FROM grade_spells WHERE until_on = ''`); err != nil || len(grade) == 0 {
			t.Fatalf("%d grades: %v", len(grade), err)
		}
		for id := int64(1); id <= h.house.people; id++ {
			kinds, err := h.HiddenOf(clerk, id)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[string][]string{"골드": {"purchases", "campaigns", "relations", "attributes"}}[grade[id]]; !slices.Equal(kinds, want) {
				t.Fatalf("customer %d of grade %q: hidden are %v", id, grade[id], kinds)
			}
			if kinds, err = h.HiddenOf(boss(), id); err != nil || kinds != nil {
				t.Fatalf("from who makes the rules %v are hidden: %v", kinds, err)
			}
		}
		for _, l := range h.house.lines {
			if l.at.After(last[l.customer]) {
				last[l.customer] = l.at
			}
		}
		want := map[int64]bool{}
		for id, at := range last {
			if grade[id] == "일반" && at.Before(companyToday.AddDate(0, -6, 0)) {
				want[id] = true
			}
		}
		due, err := h.ListOverdue(boss())
		if err != nil || !due.IsErasing || len(due.Grades) != 1 || due.Grades[0].Customers != int64(len(want)) || len(want) < 2 {
			t.Fatalf("%+v should be %d: %v", due, len(want), err)
		}
		gone := &forgotten{}
		h.UseForgetter(gone)
		if _, err := h.queue.Add(boss(), "mining.forget_overdue", struct{}{}, job.Options{}); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(20 * time.Second); ; {
			gone.lock.Lock()
			count := len(gone.ids)
			gone.lock.Unlock()
			if count == len(want)-1 {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("%d of %d were erased", count, len(want)-1)
			}
			<-time.After(10 * time.Millisecond)
		}
		gone.lock.Lock()
		defer gone.lock.Unlock()
		for _, id := range append(gone.ids, gone.held) {
			if !want[id] {
				t.Errorf("customer %d of grade %s, last purchase %s, was erased", id, grade[id], last[id])
			}
		}
	})
}
