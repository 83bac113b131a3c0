// SPDX-License-Identifier: Apache-2.0

package dataquality

// moment puts the numbers together in the order of the format.
func (t *dateText) moment(format string, today Date) moment {
	m := moment{calendar: t.calendar, hasZone: t.hasZone, zoneMinutes: t.zone}
	if t.bad || t.count == 0 {
		m.problem = "date.unknown"
		return m
	}
	used := 0
	switch {
	case t.month > 0:
		used, m.problem = t.namedMonth(&m)
	case t.lengths[0] >= 6:
		used, m.problem = t.compact(&m, format, today)
	case t.count >= 3:
		used = 3
		m.problem = t.threeNumbers(&m, format, today)
	default:
		m.problem = "date.incomplete"
	}
	if m.problem == "" {
		m.problem = t.time(&m, used)
	}
	if m.problem == "" && m.hour == 24 {
		m.Date, m.hour = DateOfDays(m.Days()+1), 0
	}
	if m.problem == "" && !m.exists() {
		m.problem = "date.no_such_day"
	}
	return m
}

// exists accepts the 30th of every month for lunar dates (F-DATE-3).
func (m *moment) exists() bool {
	if m.calendar == Lunar || m.calendar == LunarLeap {
		return m.Year >= 1000 && m.Year <= 2999 && m.Month >= 1 && m.Month <= 12 && m.Day >= 1 && m.Day <= 30
	}
	return m.IsValid()
}

// compact reads dates whose numbers are written together: 20261121, 20261121123456, 901121.
func (t *dateText) compact(m *moment, format string, today Date) (used int, problem string) {
	v, n := t.values[0], t.lengths[0]
	switch n {
	case 14:
		m.second, v = v%100, v/100
		fallthrough
	case 12:
		m.minute, m.hour, m.hasTime = v%100, v/100%100, true
		v /= 10000
		if m.hour > 24 || m.minute > 59 || m.second > 59 {
			return 1, "date.no_such_time"
		}
		fallthrough
	case 8:
		switch format {
		case FormatDMY:
			m.Date = Date{v % 10000, v / 10000 % 100, v / 1000000}
		case FormatMDY:
			m.Date = Date{v % 10000, v / 1000000, v / 10000 % 100}
		default:
			m.Date = Date{v / 10000, v / 100 % 100, v % 100}
		}
		return 1, ""
	case 6:
		if format != FormatYYMD {
			return 1, "date.century"
		}
		m.Date = pastCentury(Date{v / 10000, v / 100 % 100, v % 100}, today)
		return 1, ""
	}
	return 1, "date.unknown"
}

// pastCentury reads a two-digit year so that the date is the latest one not after today.
func pastCentury(d, today Date) Date {
	if today.Year == 0 {
		today.Year = 2099
	}
	d.Year += today.Year / 100 * 100
	if today.Before(d) {
		d.Year -= 100
	}
	return d
}

func (t *dateText) threeNumbers(m *moment, format string, today Date) string {
	a, b, c := t.values[0], t.values[1], t.values[2]
	switch {
	case t.lengths[0] == 4:
		m.Date = Date{a, b, c}
		return ""
	case t.marks[0] == 'Y' && t.lengths[0] == 2:
		m.Date = pastCentury(Date{a, b, c}, today)
		return ""
	case t.lengths[0] == 2 && t.lengths[1] <= 2 && t.lengths[2] <= 2 && format == FormatYYMD:
		m.Date = pastCentury(Date{a, b, c}, today)
		return ""
	case t.lengths[0] > 2 || t.lengths[1] > 2 || t.lengths[2] != 4 && t.lengths[2] != 2:
		return "date.unknown"
	}
	year := c
	if t.lengths[2] == 2 {
		if format != FormatDMY && format != FormatMDY {
			return "date.century"
		}
		year = pastCentury(Date{c, 1, 1}, today).Year
	}
	switch {
	case format == FormatDMY:
		m.Date = Date{year, b, a}
	case format == FormatMDY:
		m.Date = Date{year, a, b}
	case a > 12 && b <= 12 || a == b:
		m.Date = Date{year, b, a}
	case b > 12 && a <= 12:
		m.Date = Date{year, a, b}
	default:
		return "date.order"
	}
	return ""
}

// namedMonth reads 21 Nov 2026, Nov 21, 2026 and 2026 Nov 21.
func (t *dateText) namedMonth(m *moment) (used int, problem string) {
	if t.count < 2 {
		return 0, "date.incomplete"
	}
	day, year := 0, 1
	if t.lengths[0] == 4 {
		day, year = 1, 0
	}
	if t.lengths[year] != 4 || t.lengths[day] > 2 {
		return 0, "date.unknown"
	}
	m.Date = Date{t.values[year], t.month, t.values[day]}
	return 2, ""
}

func (t *dateText) time(m *moment, used int) string {
	left := t.count - used
	if left == 0 {
		return ""
	}
	if m.hasTime || left > 4 {
		return "date.unknown"
	}
	if left == 1 && t.marks[used] != 'h' && t.lengths[used] == 6 { // 2026-11-21 123456
		v := t.values[used]
		m.hour, m.minute, m.second = v/10000, v/100%100, v%100
	} else {
		if left == 1 && t.marks[used] != 'h' && t.afternoon == 0 {
			return "date.unknown"
		}
		m.hour = t.values[used]
		if left > 1 {
			m.minute = t.values[used+1]
		}
		if left > 2 {
			m.second = t.values[used+2]
		}
		if left > 3 {
			m.micro = microseconds(t.values[used+3], t.lengths[used+3])
		}
	}
	m.hasTime = true
	switch {
	case t.afternoon == 1 && m.hour == 12:
		m.hour = 0
	case t.afternoon == 2 && m.hour < 12:
		m.hour += 12
	}
	if m.hour > 24 || m.minute > 59 || m.second > 59 || m.hour == 24 && m.minute+m.second > 0 {
		return "date.no_such_time"
	}
	return ""
}

func microseconds(fraction, digits int) int {
	for ; digits < 6; digits++ {
		fraction *= 10
	}
	for ; digits > 6; digits-- {
		fraction /= 10
	}
	return fraction
}
