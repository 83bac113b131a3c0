// SPDX-License-Identifier: Apache-2.0

package dataquality

// Date is a day of a calendar; the zero Date is no day.
type Date struct{ Year, Month, Day int }

var monthDays = [13]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func isLeapYear(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// IsValid reports whether the day exists in the Gregorian calendar between the years 1 and 9999.
func (d Date) IsValid() bool {
	if d.Year < 1 || d.Year > 9999 || d.Month < 1 || d.Month > 12 || d.Day < 1 {
		return false
	}
	return d.Day <= monthDays[d.Month] || d.Month == 2 && d.Day == 29 && isLeapYear(d.Year)
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool {
	if d.Year != other.Year {
		return d.Year < other.Year
	}
	if d.Month != other.Month {
		return d.Month < other.Month
	}
	return d.Day < other.Day
}

// String returns the day as YYYY-MM-DD, "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	var b [10]byte
	return string(d.append(b[:0]))
}

func (d Date) append(b []byte) []byte {
	return append(b,
		byte('0'+d.Year/1000%10), byte('0'+d.Year/100%10), byte('0'+d.Year/10%10), byte('0'+d.Year%10), '-',
		byte('0'+d.Month/10%10), byte('0'+d.Month%10), '-', byte('0'+d.Day/10%10), byte('0'+d.Day%10))
}

// Days returns the number of days since 1970-01-01.
func (d Date) Days() int {
	year, month := d.Year, d.Month
	if month <= 2 {
		year--
	}
	era := floorDivide(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*((month+9)%12)+2)/5 + d.Day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

func floorDivide(a, b int) int {
	if a < 0 {
		return (a - b + 1) / b
	}
	return a / b
}

// DateOfDays is the reverse of Days.
func DateOfDays(days int) Date {
	days += 719468
	era := floorDivide(days, 146097)
	dayOfEra := days - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	d := Date{yearOfEra + era*400, shifted + 3, dayOfYear - (153*shifted+2)/5 + 1}
	if d.Month > 12 {
		d.Month -= 12
		d.Year++
	}
	return d
}

// ParseDate reads YYYY-MM-DD, the stored form.
func ParseDate(s string) (Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, false
	}
	d := Date{number(s, 0, 4), number(s, 5, 2), number(s, 8, 2)}
	return d, d.IsValid()
}

// Age returns the completed years on the day (만 나이, F-DATE-4).
func Age(birth, on Date) int {
	age := on.Year - birth.Year
	if (Date{birth.Year, on.Month, on.Day}).Before(birth) {
		age--
	}
	return age
}
