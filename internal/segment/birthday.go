// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"time"

	"dangol/internal/dataquality"
)

// Codes of the three calendars of birthdays, as customers' facts write them.
var calendarCodes = map[string]int64{dataquality.Solar: 0, dataquality.Lunar: 10_000, dataquality.LunarLeap: 20_000}

// Anniversaries lists the month-day codes whose birthday falls on one of the
// days from … to, in the solar and both lunar calendars (F-DATE-3).
func Anniversaries(from, to time.Time) []int64 {
	first := dataquality.Date{Year: from.Year(), Month: int(from.Month()), Day: from.Day()}
	var list []int64
	for calendar, code := range calendarCodes {
		for month := 1; month <= 12; month++ {
			for day := 1; day <= 31; day++ {
				// A leap year, so that 29 February is a birthday too.
				birth := dataquality.Date{Year: 2000, Month: month, Day: day}
				if calendar == dataquality.Solar && time.Date(2000, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() != day || calendar != dataquality.Solar && day == 31 {
					continue
				}
				next, ok := dataquality.NextBirthday(birth, calendar, first)
				if !ok {
					continue
				}
				on := time.Date(next.Year, time.Month(next.Month), next.Day, 0, 0, 0, 0, to.Location())
				if last := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, to.Location()); !on.After(last) {
					list = append(list, code+int64(month)*100+int64(day))
				}
			}
		}
	}
	return list
}
