// SPDX-License-Identifier: Apache-2.0

package value

import "testing"

func TestStages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		days []int32
		at   int32
		want Stage
	}{
		{nil, 100, Prospect},
		{[]int32{200}, 100, Prospect}, // not yet
		{[]int32{50}, 100, New},
		{[]int32{50}, 150, AtRisk},
		{[]int32{50}, 240, Sleeping},
		{[]int32{50}, 500, Lost},
		{[]int32{10, 40}, 60, Growing},
		{[]int32{10, 40, 70, 100}, 120, Loyal},
		{[]int32{10, 40, 70, 100}, 165, AtRisk}, // 65 days by a rhythm of 30
		{[]int32{1, 3, 5, 7}, 30, Loyal},        // a week off is no risk
		{[]int32{10, 500}, 520, WonBack},
		{[]int32{10, 500}, 480, Lost},
	} {
		if got := UsualStages.StageOf(c.days, c.at); got != c.want {
			t.Errorf("%v at %d: %s, want %s", c.days, c.at, got, c.want)
		}
	}
}

func TestCohortsIntervalsRetention(t *testing.T) {
	t.Parallel()
	s := Summarise([]Purchase{
		{1, 0, 100}, {1, 10, 50}, {1, 400, 70}, {2, 5, 10}, {2, 35, 20}, {3, 40, 5}, {3, 41, -5}, {3, 420, 30}, {4, 700, 1000},
	}, 720, 1)
	cohorts := s.Cohorts(func(day int32) int { return int(day) / 30 }, 0, 14)
	if c := cohorts[0]; c.Customers != 2 || c.Active[0] != 2 || c.Active[1] != 1 || c.Active[13] != 1 || c.Revenue[0] != 160 || c.Revenue[1] != 20 {
		t.Errorf("%+v", c)
	}
	if c := cohorts[1]; c.Customers != 1 || c.Revenue[0] != 5 {
		t.Errorf("%+v", c)
	}
	gaps, median := s.Intervals()
	if median != 205 || gaps[1].Count != 1 || gaps[2].Count != 1 || gaps[7].Count != 2 {
		t.Errorf("%v %g", gaps, median)
	}
	// In the year to day 720 bought 1 (70), 3 (30) and 4 (1000); in the one before 1, 2 and 3.
	if k := s.Retention(720); k.Before != 3 || k.Kept != 2 || k.Buyers != 3 || k.Top != 1 || k.TopRevenue != 1000 || k.LossOfFive != 50 {
		t.Errorf("%+v", k)
	}
}
