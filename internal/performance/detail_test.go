// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

// Whoever looks at an A/A test after every hundred people must not find a winner
// more often than alpha; a plain 95 % interval would, in a third of the tests.
func TestLookingOftenFindsNoWinnerByChance(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	const tests, looks, step = 400, 60, 100
	false1, falsePlain := 0, 0
	for range tests {
		var a, b Arm
		isFound, isPlain := false, false
		for range looks {
			for range step {
				for _, arm := range []*Arm{&a, &b} {
					arm.Count++
					if random.Float64() < 0.08 {
						arm.Successes++
					}
				}
			}
			_, shown, _ := leader([]Arm{a, b}, false)
			isFound = isFound || shown
			d := CompareRates(a, b)
			isPlain = isPlain || d.Verdict == EffectPositive || d.Verdict == EffectNegative
		}
		if isFound {
			false1++
		}
		if isPlain {
			falsePlain++
		}
	}
	if share := float64(false1) / tests; share > alpha {
		t.Errorf("a winner was found by chance in %.1f %% of the tests", 100*share)
	}
	if share := float64(falsePlain) / tests; share < 2*alpha {
		t.Errorf("the plain interval erred in %.1f %% only: this test shows nothing", 100*share)
	}
}

func TestARealDifferenceIsFound(t *testing.T) {
	t.Parallel()
	a, b, c := Arm{Count: 8000, Successes: 800}, Arm{Count: 8000, Successes: 560}, Arm{Count: 8000, Successes: 500}
	best, isShown, against := leader([]Arm{b, a, c}, false)
	if best != 1 || !isShown || against[0].Low <= 0 || against[0].PValue > alpha {
		t.Errorf("best %d, shown %v, %+v", best, isShown, against)
	}
	if _, isShown, _ := leader([]Arm{{Count: 50, Successes: 4}, {Count: 50, Successes: 2}}, false); isShown {
		t.Error("six buyers show a winner")
	}
	if got := sequential(0, 0, 1, alpha); got.IsShown {
		t.Error("no people show a winner")
	}
}

func TestCredits(t *testing.T) {
	t.Parallel()
	day := int64(24 * time.Hour / time.Microsecond)
	for n := range 6 {
		var touches []touch
		for i := range n {
			touches = append(touches, touch{int64(i), int64(i) * 7 * day})
		}
		sum := credit{}
		list := credits(touches, int64(n)*7*day)
		for _, c := range list {
			sum.first, sum.last, sum.position, sum.decay = sum.first+c.first, sum.last+c.last, sum.position+c.position, sum.decay+c.decay
		}
		if n == 0 {
			continue
		}
		for name, got := range map[string]float64{"first": sum.first, "last": sum.last, "position": sum.position, "decay": sum.decay} {
			near(t, name, got, 1, 1e-12)
		}
		if n == 3 {
			near(t, "middle by position", list[1].position, 0.2, 1e-12)
			near(t, "a week older is half", list[1].decay*2, list[2].decay, 1e-12)
		}
	}
}

func TestTheResultTellsPartsPlanAndAttribution(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	databasetest.EachWith(t, database.Options{Clock: func() time.Time { return now }}, func(t *testing.T, db *database.DB) {
		staged := stage(9000, 900, 1000, 70)
		staged.c.Intent = campaign.Intent{Objective: campaign.Conversion, Target: 200, Breakdown: []int64{41}, Incentive: 10}
		s := serve(t, db, staged)
		ctx := auth.System(context.Background(), "test")
		r, err := s.Result(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		people := map[string]int64{}
		for _, g := range r.Groups {
			people[g.Kind] += g.Treatment.People + g.Control.People
		}
		if people["box"] != 10_000 || people["stage"] != 10_000 || people["segment"] != 5000 {
			t.Errorf("parts: %v", people)
		}
		if r.Cost.Incentive != 9000 || r.Reached == nil || math.Abs(*r.Reached-270.0/200) > 1e-9 {
			t.Errorf("incentive %d, reached %v", r.Cost.Incentive, r.Reached)
		}
		// Every treated buyer had two messages, ours the later one.
		if a := r.Attribution; a == nil || a.Last != 900_000 || a.First != 0 || a.Position != 450_000 || a.Decay <= 450_000 || a.Decay >= 900_000 {
			t.Errorf("attribution %+v", r.Attribution)
		}
		if r.Payback == nil || *r.Payback < 1 || *r.Payback > 2 || r.Plan == nil || len(r.Stages) != 3 {
			t.Errorf("payback %v, plan %v, stages %+v", r.Payback, r.Plan, r.Stages)
		}
		next, err := s.PlanNext(ctx, 1)
		if err != nil || next.ID != 2 {
			t.Fatal(next, err)
		}
		if i := staged.created.Intent; i.OriginID != 1 || i.ExpectedRate != 700 || i.ExpectedLift != 300 || i.OrderValue != 1000 {
			t.Errorf("next plan: %+v", i)
		}
	})
}

func TestWatchEvaluatesOnceAndDecidesTests(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 7, 0, 0, 0, 0, time.UTC)
	databasetest.EachWith(t, database.Options{Clock: func() time.Time { return now }}, func(t *testing.T, db *database.DB) {
		staged := stage(9000, 900, 1000, 70)
		s := serve(t, db, staged)
		ctx := auth.System(context.Background(), "test")
		kept := func() (n int64) {
			if err := db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM results WHERE is_final = 1`); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if err := s.Watch(ctx); err != nil || kept() != 0 {
			t.Fatal("evaluated before the window ended:", err, kept())
		}
		early := staged.c.FinishedAt.AddDate(0, 0, -2)
		staged.c.FinishedAt = &early
		for range 2 {
			if err := s.Watch(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if kept() != 1 {
			t.Errorf("%d results kept, want 1", kept())
		}
		staged.c.State = campaign.Running
		staged.c.Intent = campaign.Intent{TestShare: 5000, TestHours: 24, Variants: []campaign.Variant{{Key: "A", TemplateID: 1, Share: 1}, {Key: "B", TemplateID: 2, Share: 1}}}
		staged.variants = map[int64]string{}
		for id := range staged.arms { // the buyers are 1…900
			staged.variants[id] = "B"
			if id > 4500 || id%10 == 0 {
				staged.variants[id] = "A"
			}
		}
		if err := s.Watch(ctx); err != nil || staged.c.Winner != "B" || staged.c.WinnerHow != campaign.WinnerShown {
			t.Errorf("winner %q %q, %v", staged.c.Winner, staged.c.WinnerHow, err)
		}
		staged.c.Winner = ""
		for id := range staged.arms { // no difference: the time decides
			staged.variants[id] = string("AB"[id%2])
		}
		if err := s.Watch(ctx); err != nil || staged.c.WinnerHow != campaign.WinnerByTime || staged.c.Winner == "" {
			t.Errorf("winner %q %q, %v", staged.c.Winner, staged.c.WinnerHow, err)
		}
	})
}

func TestSummaryAddsUpKeptResults(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	databasetest.EachWith(t, database.Options{Clock: func() time.Time { return now }}, func(t *testing.T, db *database.DB) {
		staged := stage(9000, 900, 1000, 70)
		staged.c.SegmentID = 5
		s := serve(t, db, staged)
		ctx := auth.System(context.Background(), "test")
		for range 2 { // evaluated twice, counted once
			if _, err := s.Evaluate(ctx, 1); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SetBudget(ctx, Budget{Month: "2026-11", Channel: "email", Amount: 50_000}); err != nil {
			t.Fatal(err)
		}
		sum, err := s.Summarise(ctx, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if sum.Total.Campaigns != 1 || sum.Total.Shown != 1 || sum.Total.Budget != 50_000 || len(sum.Months) != 1 || sum.Months[0].Key != "2026-11" || sum.Segments[0].Key != "5" {
			t.Errorf("%+v", sum)
		}
		near(t, "revenue", sum.Total.Revenue.Value, 270_000, 1e-6)
		if r := sum.Total.Revenue; r.Low >= r.Value || r.High <= r.Value || sum.Total.ROI == nil || len(sum.Stages) != 3 {
			t.Errorf("%+v", sum.Total)
		}
		if none, err := s.Summarise(ctx, "2026-01", "2026-10"); err != nil || none.Total.Campaigns != 0 {
			t.Errorf("another time: %+v %v", none.Total, err)
		}
		if _, err := s.Summarise(ctx, "2026-13", "2027-01"); err == nil {
			t.Error("a thirteenth month")
		}
	})
}
