// SPDX-License-Identifier: Apache-2.0

package dataquality

import "time"

// Holidays are the public holidays of Korea in a year (관공서의 공휴일에 관한 규정,
// articles 2 and 3), with substitute days as in force since 2021–2023: for New
// Year's and Memorial Day there is none; 설날 and 추석 move for a Sunday, the
// others for a Saturday or Sunday too.
func Holidays(year int) map[time.Time]string {
	out := map[time.Time]string{}
	add := func(at time.Time, name string, movesSaturday, movesSunday bool) {
		_, taken := out[at]
		out[at] = name
		if !taken && (at.Weekday() != time.Saturday || !movesSaturday) && (at.Weekday() != time.Sunday || !movesSunday) || !movesSaturday && !movesSunday {
			return
		}
		next := at.AddDate(0, 0, 1)
		for out[next] != "" || next.Weekday() == time.Saturday || next.Weekday() == time.Sunday {
			next = next.AddDate(0, 0, 1)
		}
		out[next] = name + " 대체"
	}
	for _, feast := range []struct {
		name       string
		month, day int
	}{{"설날", 1, 1}, {"추석", 8, 15}} {
		middle, ok := lunarDay(year, feast.month, feast.day)
		if !ok {
			continue
		}
		days := []time.Time{middle.AddDate(0, 0, -1), middle, middle.AddDate(0, 0, 1)}
		hasSunday := false
		for _, at := range days {
			out[at] = feast.name
			hasSunday = hasSunday || at.Weekday() == time.Sunday
		}
		if hasSunday && year >= 2014 {
			next := days[2].AddDate(0, 0, 1)
			for next.Weekday() == time.Sunday {
				next = next.AddDate(0, 0, 1)
			}
			out[next] = feast.name + " 대체"
		}
	}
	for _, fixed := range []struct {
		name       string
		month, day int
		since      int // of substitute days
	}{{"삼일절", 3, 1, 2022}, {"어린이날", 5, 5, 2014}, {"광복절", 8, 15, 2021}, {"개천절", 10, 3, 2021}, {"한글날", 10, 9, 2021}, {"성탄절", 12, 25, 2023}} {
		moves := year >= fixed.since
		add(dayAt(year, fixed.month, fixed.day), fixed.name, moves, moves)
	}
	if at, ok := lunarDay(year, 4, 8); ok {
		add(at, "부처님 오신 날", year >= 2023, year >= 2023)
	}
	out[dayAt(year, 1, 1)] = "새해 첫날"
	out[dayAt(year, 6, 6)] = "현충일"
	return out
}

func dayAt(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

func lunarDay(year, month, day int) (time.Time, bool) {
	at, ok := LunarToSolar(Date{Year: year, Month: month, Day: day}, false)
	if !ok {
		return time.Time{}, false
	}
	return dayAt(at.Year, at.Month, at.Day), true
}
