// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"testing"
	"time"
)

func dayAt(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
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
