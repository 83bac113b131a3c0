// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"testing"
	"time"
)

func TestHolidaysOfKorea(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, name string }{
		{"2024-02-10", "설날"},
		{"2024-02-12", "설날 대체"},
		{"2024-09-17", "추석"},
		{"2024-05-06", "어린이날 대체"},
		{"2024-05-15", "부처님 오신 날"},
		{"2023-05-29", "부처님 오신 날 대체"},
		{"2025-10-06", "추석"},
		{"2025-10-08", "추석 대체"},
		{"2025-03-03", "삼일절 대체"},
		{"2025-05-06", "부처님 오신 날 대체"},
		{"2026-02-17", "설날"},
		{"2026-08-17", "광복절 대체"},
		{"2024-06-06", "현충일"},
		{"2024-06-07", ""},
	} {
		at, _ := time.Parse(time.DateOnly, c.day)
		got := Holidays(at.Year())[at]
		if got != c.name && !(c.day == "2025-05-06" && got != "") { // two holidays on one day: either name
			t.Errorf("%s is %q, want %q", c.day, got, c.name)
		}
	}
}

func TestHolidayEffects(t *testing.T) {
	t.Parallel()
	var months []time.Time
	for m := range 12 {
		months = append(months, dayAt(2024, m+1, 1))
	}
	got := HolidayEffects(months, dayAt(2025, 1, 1))
	// 9–12 February; 16–18 September; the shopping days before Chuseok run from 2 to 15 September.
	if got[0][1] != 4 || got[1][8] != 3 || got[2][8] != 14 || got[3][4] != 3 {
		t.Errorf("%v", got)
	}
}

// An effect that moves between months is learned and continued.
func TestMovingHolidaysAreLearned(t *testing.T) {
	t.Parallel()
	var months []time.Time
	for i := range 120 {
		months = append(months, dayAt(2014, 1+i, 1))
	}
	effects := HolidayEffects(months, dayAt(2024, 1, 1))
	y := make([]float64, 108)
	for i := range y {
		y[i] = 100 + 8*effects[2][i] + float64(i%12) + float64(i*7%5)/5
	}
	r, err := Forecast(y, Options{Horizon: 12, Period: 12, Regressors: cut(effects[2:3], 0, 108), Future: cut(effects[2:3], 108, 120), Names: []string{"eve"}, Origins: -1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "effect", r.Parameters["eve"], 8, .1)
	for i, v := range r.Points {
		near(t, "point", v, 100+8*effects[2][108+i]+float64(i%12)+.4, 1)
	}
}
