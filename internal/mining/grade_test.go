// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// gradeHouse is a company whose customers have records, on a day that can be moved.
type gradeHouse struct {
	*mining.Service
	house *company
	today time.Time
	queue *job.Queue
}

func newGradeHouse(t *testing.T, db *database.DB) *gradeHouse {
	t.Helper()
	h := &gradeHouse{house: newCompany(), today: companyToday}
	err := db.Within(t.Context(), func(ctx context.Context) error {
		for id := int64(1); id <= h.house.people; id++ {
			if _, err := db.Exec(ctx, `INSERT INTO record_links (record_id, customer_id, reason, linked_at) VALUES (?, ?, 'test', 0)`, 1000+id, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Service = mining.New(db, nil, h.house.open(t), mining.Options{Currency: "KRW", Zone: time.UTC, Clock: func() time.Time { return h.today }})
	queue := job.New(db, job.Config{Poll: 10 * time.Millisecond})
	h.RegisterJobs(queue)
	h.queue = queue
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return h
}

func (h *gradeHouse) give(t *testing.T) mining.GradeMoves {
	t.Helper()
	run := computed(t, h.Service, "grade", `{}`)
	var out mining.GradeMoves
	if run.State != mining.RunDone {
		t.Fatalf("%s: %s", run.State, run.Problem)
	}
	if err := json.Unmarshal(run.Result, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (h *gradeHouse) count(t *testing.T) map[string]mining.GradeCount {
	t.Helper()
	all, err := h.ListGrades(boss())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]mining.GradeCount{}
	for _, c := range all.Levels {
		out[c.Grade] = c
	}
	return out
}

// Grades are earned at once and lost after a notice; each customer has a history.
func TestGrades(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		h := newGradeHouse(t, db)
		rules := mining.GradeRules{Months: 12, NoticeDays: 30, Levels: []mining.GradeLevel{{Name: "VIP", Revenue: 400_000}, {Name: "골드", Revenue: 100_000}, {Name: "일반"}}}
		if run := computed(t, h.Service, "grade", `{}`); run.State != mining.RunFailed {
			t.Fatalf("grades without rules: %s", run.State)
		}
		if _, err := h.CreateGradeVersion(boss(), mining.GradeVersion{Rules: rules}); err != nil {
			t.Fatal(err)
		}
		first := h.give(t)
		spent, buyers := map[int64]int64{}, map[int64]bool{}
		for _, l := range h.house.lines {
			if !l.at.Before(companyToday.AddDate(0, 0, 1)) {
				continue
			}
			buyers[l.customer] = true
			if !l.at.Before(companyToday.AddDate(0, -12, 1)) {
				spent[l.customer] += l.amount
			}
		}
		want := map[string]int64{}
		for id := range buyers {
			switch {
			case spent[id] >= 400_000:
				want["VIP"]++
			case spent[id] >= 100_000:
				want["골드"]++
			default:
				want["일반"]++
			}
		}
		got := h.count(t)
		if first.New != int64(len(buyers)) || got["VIP"].Customers != want["VIP"] || got["골드"].Customers != want["골드"] || got["일반"].Customers != want["일반"] || want["VIP"] == 0 {
			t.Fatalf("%+v and %+v, should be %v", first, got, want)
		}
		if again := h.give(t); again.New+again.Up+again.Down+again.Announced != 0 || again.Same != int64(len(buyers)) {
			t.Fatalf("a second run on the same day moves somebody: %+v", again)
		}
		h.today = companyToday.AddDate(0, 14, 0) // nobody has bought for more than a year
		if told := h.give(t); told.Announced != want["VIP"]+want["골드"] || told.Down != 0 || h.count(t)["VIP"].Falling != want["VIP"] {
			t.Fatalf("%+v, should announce %d", told, want["VIP"]+want["골드"])
		}
		h.today = h.today.AddDate(0, 0, 29)
		if early := h.give(t); early.Down != 0 {
			t.Fatalf("before the day: %+v", early)
		}
		h.today = h.today.AddDate(0, 0, 1)
		if down := h.give(t); down.Down != want["VIP"]+want["골드"] || h.count(t)["일반"].Customers != int64(len(buyers)) {
			t.Fatalf("on the day: %+v", down)
		}
	})
}

// A simulation tells who would move and moves nobody.
func TestGradeSimulation(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		h := newGradeHouse(t, db)
		rules := mining.GradeRules{Months: 12, Levels: []mining.GradeLevel{{Name: "VIP", Revenue: 400_000}, {Name: "일반"}}}
		if _, err := h.CreateGradeVersion(boss(), mining.GradeVersion{Rules: rules}); err != nil {
			t.Fatal(err)
		}
		h.give(t)
		before := h.count(t)
		harder := mining.GradeRules{Months: 12, Levels: []mining.GradeLevel{{Name: "VIP", Revenue: 900_000}, {Name: "일반"}}}
		got, err := h.SimulateGrades(boss(), harder)
		if err != nil {
			t.Fatal(err)
		}
		if after := h.count(t); after["VIP"] != before["VIP"] || got.Down == 0 || got.Up != 0 || got.Customers[1][0]+got.Customers[1][1] != before["VIP"].Customers || got.Customers[1][1] != got.Down {
			t.Errorf("%+v, before %+v", got, before)
		}
		for name, bad := range map[string]mining.GradeRules{
			"no levels": {Months: 12}, "no months": {Levels: rules.Levels}, "twice the same name": {Months: 1, Levels: []mining.GradeLevel{{Name: "A", Revenue: 1}, {Name: "A"}}},
			"upside down": {Months: 1, Levels: []mining.GradeLevel{{Name: "A", Revenue: 1}, {Name: "B", Revenue: 2}, {Name: "C"}}},
		} {
			if _, err := h.SimulateGrades(boss(), bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := h.CreateGradeVersion(boss(), mining.GradeVersion{Rules: harder, FromOn: "2020-01-01"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("rules for the past: %v", err)
		}
	})
}
