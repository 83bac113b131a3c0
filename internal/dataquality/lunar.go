// SPDX-License-Identifier: Apache-2.0

package dataquality

// The calendars of a birthday (F-DATE-3).
const (
	Solar     = "solar"
	Lunar     = "lunar"
	LunarLeap = "lunar_leap"
)

const (
	firstLunarYear = 1900
	lastLunarYear  = firstLunarYear + len(lunarYears) - 1
)

// firstLunarDay is the first day of the first month of the lunar year 1900.
var firstLunarDay = Date{1900, 1, 31}

// lunarYears holds the Korean lunisolar calendar: bits 0–3 are the leap month (0 for none), bit 4+i says
// that the i-th month of the year, the leap month counted behind its ordinary one, has 30 days.
// It was computed from the published calendar of the Korea Astronomy and Space Science Institute as two
// independent programs give it, which agree on every month. Korea and China differ: 2012, 2017, 2027.
var lunarYears = [...]uint32{
	0x16d28, 0x07520, 0x0ea50, 0x164a5, 0x064b0, 0x0a9b0, 0x15564, 0x056a0, 0x0b590, 0x17522, // 1900
	0x07520, 0x1b256, 0x0b250, 0x0a4b0, 0x129b5, 0x0aad0, 0x056a0, 0x0b692, 0x0ba90, 0x1b527, // 1910
	0x0d920, 0x0d250, 0x1a4d5, 0x09560, 0x02b50, 0x15ad4, 0x06d40, 0x0da90, 0x1d922, 0x0e920, // 1920
	0x0d266, 0x05270, 0x0a570, 0x12b65, 0x0ada0, 0x06d40, 0x0ea93, 0x07490, 0x16937, 0x0a930, // 1930
	0x052b0, 0x0a5b6, 0x096d0, 0x0b6a0, 0x1b544, 0x0ba40, 0x0b490, 0x1a932, 0x0a950, 0x152b7, // 1940
	0x052d0, 0x0aad0, 0x156a5, 0x0db20, 0x0da40, 0x1d493, 0x0d4a0, 0x1a958, 0x0a960, 0x05560, // 1950
	0x0ab56, 0x0ad50, 0x06d20, 0x0ea54, 0x0ea50, 0x0e4a0, 0x0c963, 0x0a9b0, 0x15567, 0x056a0, // 1960
	0x0b590, 0x17525, 0x07520, 0x07250, 0x164b4, 0x0a4b0, 0x12ab8, 0x02ad0, 0x056b0, 0x0b696, // 1970
	0x0da90, 0x0d920, 0x1b254, 0x0d250, 0x1a4da, 0x0a560, 0x02b60, 0x15ad6, 0x06d40, 0x0da90, // 1980
	0x1d925, 0x0e920, 0x0d260, 0x0a563, 0x0a570, 0x12b68, 0x0b5a0, 0x06d40, 0x0ec95, 0x07490, // 1990
	0x06930, 0x15274, 0x052b0, 0x0a5b0, 0x155a2, 0x036a0, 0x1b557, 0x0ba40, 0x0b490, 0x1a935, // 2000
	0x0a950, 0x052d0, 0x0a5d3, 0x0aad0, 0x15aa9, 0x05d20, 0x0da50, 0x1d4a5, 0x0d4a0, 0x0a950, // 2010
	0x152d4, 0x05560, 0x0ab50, 0x15aa2, 0x06d20, 0x0ea56, 0x0ea50, 0x0e4a0, 0x0c965, 0x0c9b0, // 2020
	0x055a0, 0x0ad53, 0x0b690, 0x1752b, 0x07520, 0x0b250, 0x164b6, 0x0a4b0, 0x04ab0, 0x055b5, // 2030
	0x056d0, 0x0b690, 0x1b522, 0x0d920, 0x1d257, 0x0d250, 0x0a4d0, 0x14ad5, 0x02b60, 0x05b50, // 2040
	0x05a93, // 2050
}

func lunarMonths(entry uint32) int {
	if entry&0xF != 0 {
		return 13
	}
	return 12
}

func lunarMonthDays(entry uint32, index int) int { return 29 + int(entry>>(4+index)&1) }

func lunarYearDays(entry uint32) int {
	days := 0
	for i := range lunarMonths(entry) {
		days += lunarMonthDays(entry, i)
	}
	return days
}

// lunarIndex is the place of the month in the sequence of its year, -1 when the year has no such leap month.
func lunarIndex(entry uint32, month int, leap bool) int {
	leapMonth := int(entry & 0xF)
	switch {
	case leap && month != leapMonth:
		return -1
	case leap || leapMonth != 0 && month > leapMonth:
		return month
	}
	return month - 1
}

// LunarToSolar converts a Korean lunar date of the years 1900 to 2050; false when there is no such day.
func LunarToSolar(lunar Date, leap bool) (Date, bool) {
	if lunar.Year < firstLunarYear || lunar.Year > lastLunarYear || lunar.Month < 1 || lunar.Month > 12 || lunar.Day < 1 {
		return Date{}, false
	}
	entry := lunarYears[lunar.Year-firstLunarYear]
	index := lunarIndex(entry, lunar.Month, leap)
	if index < 0 || lunar.Day > lunarMonthDays(entry, index) {
		return Date{}, false
	}
	days := firstLunarDay.Days()
	for year := firstLunarYear; year < lunar.Year; year++ {
		days += lunarYearDays(lunarYears[year-firstLunarYear])
	}
	for i := range index {
		days += lunarMonthDays(entry, i)
	}
	return DateOfDays(days + lunar.Day - 1), true
}

// SolarToLunar converts a day of 1900-01-31 to the end of the lunar year 2050 into the Korean lunar calendar.
func SolarToLunar(solar Date) (lunar Date, leap, ok bool) {
	left := solar.Days() - firstLunarDay.Days()
	if left < 0 || !solar.IsValid() {
		return Date{}, false, false
	}
	for i, entry := range lunarYears {
		if days := lunarYearDays(entry); left >= days {
			left -= days
			continue
		}
		leapMonth := int(entry & 0xF)
		for index := range lunarMonths(entry) {
			if days := lunarMonthDays(entry, index); left >= days {
				left -= days
				continue
			}
			month := index + 1
			if leapMonth != 0 && index >= leapMonth {
				month, leap = index, index == leapMonth
			}
			return Date{firstLunarYear + i, month, left + 1}, leap, true
		}
	}
	return Date{}, false, false
}

// NextBirthday returns the first day not before from on which the birthday is kept (F-DATE-3): a lunar
// 30th moves to the 29th in a short month, a leap-month birthday to the ordinary month when the leap month
// does not occur, and 29 February to the 28th.
func NextBirthday(birth Date, calendar string, from Date) (Date, bool) {
	if calendar != Lunar && calendar != LunarLeap {
		if !birth.IsValid() {
			return Date{}, false
		}
		for year := from.Year; year <= from.Year+1; year++ {
			day := Date{year, birth.Month, birth.Day}
			if !day.IsValid() {
				day.Day = 28
			}
			if !day.Before(from) {
				return day, true
			}
		}
		return Date{}, false
	}
	for year := from.Year - 1; year <= from.Year+1; year++ {
		if day, ok := lunarBirthday(birth, calendar == LunarLeap, year); ok && !day.Before(from) {
			return day, true
		}
	}
	return Date{}, false
}

func lunarBirthday(birth Date, leap bool, year int) (Date, bool) {
	if year < firstLunarYear || year > lastLunarYear {
		return Date{}, false
	}
	leap = leap && int(lunarYears[year-firstLunarYear]&0xF) == birth.Month
	if day, ok := LunarToSolar(Date{year, birth.Month, birth.Day}, leap); ok {
		return day, true
	}
	if birth.Day == 30 {
		return LunarToSolar(Date{year, birth.Month, 29}, leap)
	}
	return Date{}, false
}
