// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"time"

	"dangol/internal/dataquality"
)

// HolidayNames name the regressors of HolidayEffects.
var HolidayNames = []string{"설 연휴", "추석 연휴", "명절 전 2주", "그 밖의 공휴일"}

// HolidayEffects count, for each step from a start to the next, the days of 설날
// and 추석, the shopping days of the two weeks before them, and the other
// public holidays: effects that move through the calendar year, which a season
// cannot learn.
func HolidayEffects(starts []time.Time, end time.Time) [][]float64 {
	out := make([][]float64, len(HolidayNames))
	for i := range out {
		out[i] = make([]float64, len(starts))
	}
	days := map[time.Time]string{}
	const before = 14
	if len(starts) == 0 {
		return out
	}
	for year := starts[0].Year(); year <= end.AddDate(0, 0, before).Year(); year++ {
		for at, name := range dataquality.Holidays(year) {
			days[at] = name
		}
	}
	for i, start := range starts {
		stop := end
		if i+1 < len(starts) {
			stop = starts[i+1]
		}
		for at := start; at.Before(stop); at = at.AddDate(0, 0, 1) {
			name := days[at]
			switch {
			case name == "설날" || name == "설날 대체":
				out[0][i]++
			case name == "추석" || name == "추석 대체":
				out[1][i]++
			case name != "":
				out[3][i]++
			}
			for k := 1; k <= before && name == ""; k++ {
				if next := days[at.AddDate(0, 0, k)]; next == "설날" || next == "추석" {
					out[2][i]++
					break
				}
			}
		}
	}
	return out
}
