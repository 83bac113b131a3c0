// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"math"
	"time"
)

// windowDays is the length of the order history: two years.
const windowDays = 730

// Holidays whose sales peak in the two weeks before; the lunar calendar moves them, so they are data.
var (
	seollal = []string{"2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-07", "2028-01-27", "2029-02-13", "2030-02-03"}
	chuseok = []string{"2019-09-13", "2020-10-01", "2021-09-21", "2022-09-10", "2023-09-29", "2024-09-17", "2025-10-06", "2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22", "2030-09-12"}
)

// monthFactor is the season of the whole house: spring and year-end are strong, February and August weak.
var monthFactor = [12]float64{0.98, 0.86, 1.0, 1.03, 1.1, 0.98, 0.94, 0.88, 1.0, 1.05, 1.18, 1.16}

// weekdayFactor starts on Sunday.
var weekdayFactor = [7]float64{1.22, 0.86, 0.84, 0.88, 0.92, 1.1, 1.34}

// calendar holds, for each day of the history, its weight and texts; operational time is the running sum of
// the weights, in which orders of a person form a plain Poisson process.
type calendar struct {
	start     time.Time
	running   [windowDays + 1]float64
	text      [windowDays]string
	month     [windowDays]int
	isFestive [windowDays]bool
	isSale    [windowDays]bool
}

func newCalendar(until time.Time) *calendar {
	c := &calendar{start: until.AddDate(0, 0, 1-windowDays)}
	for i := range windowDays {
		day := c.start.AddDate(0, 0, i)
		c.text[i], c.month[i] = day.Format(time.DateOnly), int(day.Month())-1
		weight := monthFactor[c.month[i]] * weekdayFactor[day.Weekday()]
		if before, ok := daysUntil(day, seollal, chuseok); ok {
			switch {
			case before >= 1 && before <= 14:
				weight *= 1 + 0.9*math.Exp(-math.Pow(float64(before)-6, 2)/18)
				c.isFestive[i] = true
			case before <= 0 && before >= -1:
				weight *= 0.35 // most shops close on the day and the next
			}
		}
		if isSaleDay(day) {
			weight *= 1.35
			c.isSale[i] = true
		}
		c.running[i+1] = c.running[i] + weight
	}
	total := c.running[windowDays]
	for i := range c.running {
		c.running[i] /= total
	}
	return c
}

// daysUntil returns the distance to the nearest holiday, negative when it has passed.
func daysUntil(day time.Time, lists ...[]string) (int, bool) {
	for _, list := range lists {
		for _, text := range list {
			holiday, _ := time.ParseInLocation(time.DateOnly, text, time.UTC)
			if d := int(holiday.Sub(day).Hours() / 24); d >= -1 && d <= 14 {
				return d, true
			}
		}
	}
	return 0, false
}

// isSaleDay marks the house's own sale days: last week of November, Children's Day, the founding week.
func isSaleDay(day time.Time) bool {
	m, d := day.Month(), day.Day()
	return m == time.November && d >= 23 || m == time.May && d >= 3 && d <= 5 || m == time.September && d <= 5
}

// dayAt finds the day of an operational time between 0 and 1.
func (c *calendar) dayAt(t float64) int {
	low, high := 0, windowDays-1
	for low < high {
		middle := (low + high) / 2
		if c.running[middle+1] > t {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// date is a civil date without zone; days of birth need nothing more.
type date struct{ year, month, day int }

func (d date) time() time.Time {
	return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
}

func (d date) add(days int) date {
	t := d.time().AddDate(0, 0, days)
	return date{t.Year(), int(t.Month()), t.Day()}
}

func two(b []byte, n int) []byte { return append(b, byte('0'+n/10%10), byte('0'+n%10)) }

func (d date) iso() string { return d.join("-") }

func (d date) join(separator string) string {
	b := make([]byte, 0, 12)
	b = append(two(two(b, d.year/100), d.year%100), separator...)
	b = append(two(b, d.month), separator...)
	return string(two(b, d.day))
}
