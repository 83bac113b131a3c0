// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"strconv"

	"dangol/internal/dataquality"
)

func dateMeasure(order dateOrder) *measure {
	return &measure{
		labels:  []string{"missing", "equal", "one slip, day and month swapped, or other calendar", "two parts of three equal", "same year", "else"},
		alike:   3,
		clean:   func(v string) string { return dateDigits(v, order) },
		prepare: plain,
		level:   dateLevel,
		sign:    textDigits, isUnlike: isUnlikeDate,
	}
}

func dateLevel(a, b *feature) uint8 {
	x, y := a.text, b.text
	if len(x) != 8 || len(y) != 8 {
		return 5
	}
	differing, swapped := 0, false
	for i := range 8 {
		if x[i] != y[i] {
			differing++
			if i > 0 && x[i] == y[i-1] && x[i-1] == y[i] {
				swapped = true
			}
		}
	}
	if differing == 1 || (differing == 2 && swapped) || (x[:4] == y[:4] && x[4:6] == y[6:] && x[6:] == y[4:6]) || isOtherCalendar(x, y) {
		return 2
	}
	equal := 0
	for _, part := range [][2]int{{0, 4}, {4, 6}, {6, 8}} {
		if x[part[0]:part[1]] == y[part[0]:part[1]] {
			equal++
		}
	}
	switch {
	case equal >= 2:
		return 3
	case x[:4] == y[:4]:
		return 4
	}
	return 5
}

// The lunar date of a day lies 17 to 52 days before it, by the numbers.
const lunarLagLeast, lunarLagMost = 15, 55

// isOtherCalendar: one date is the lunar writing of the other (F-DATE-3).
func isOtherCalendar(x, y string) bool {
	if x > y {
		x, y = y, x
	}
	earlier, okX := dateOf(x)
	later, okY := dateOf(y)
	if !okX || !okY || later.Year-earlier.Year > 1 {
		return false
	}
	if later.IsValid() && earlier.Day <= 30 {
		lag := (later.Year-earlier.Year)*365 + (later.Month-earlier.Month)*30 + later.Day - earlier.Day
		if lag < lunarLagLeast || lag > lunarLagMost {
			return false
		}
		lunar, _, known := dataquality.SolarToLunar(later)
		return known && lunar == earlier
	}
	return false
}

func dateOf(s string) (dataquality.Date, bool) {
	year, err1 := strconv.Atoi(s[:4])
	month, err2 := strconv.Atoi(s[4:6])
	day, err3 := strconv.Atoi(s[6:])
	return dataquality.Date{Year: year, Month: month, Day: day}, err1 == nil && err2 == nil && err3 == nil
}
