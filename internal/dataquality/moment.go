// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"time"
	"unicode/utf8"
)

// The date formats that a column can be read with; "" reads everything that is not ambiguous.
const (
	FormatYMD       = "ymd"     // year, month, day in this order, with any marks or none: 2026-01-31, 20260131, 2026년 1월 31일
	FormatDMY       = "dmy"     // 31/01/2026
	FormatMDY       = "mdy"     // 01/31/2026
	FormatYYMD      = "yymd"    // two-digit years: 900131, 90.1.31; the latest past date is meant
	FormatSerial    = "serial"  // days since 1900 as spreadsheets count
	FormatUnix      = "unix"    // seconds since 1970
	FormatUnixMilli = "unix_ms" // milliseconds since 1970
)

// Formats lists the date formats.
var Formats = []string{FormatYMD, FormatDMY, FormatMDY, FormatYYMD, FormatSerial, FormatUnix, FormatUnixMilli}

// serialZero is day 0 of the 1900 system of spreadsheets, moved by the day that it wrongly has in 1900.
var serialZero = Date{1899, 12, 30}

// The serials that are taken for dates where the format is not stated: 1910-01-02 to 2064-04-08.
const (
	lowestSerial  = 3655
	highestSerial = 59999
)

// moment is a date and time as written.
type moment struct {
	Date
	hour, minute, second, micro int
	hasTime                     bool
	hasZone                     bool
	zoneMinutes                 int
	calendar                    string // "" when not marked
	isSerial                    bool
	problem                     string // code of what is wrong, "" when nothing is
}

// parseMoment reads a date with or without time. The century of two-digit years is chosen so that the
// date is not after today.
func parseMoment(s, format string, today Date) moment {
	if m, ok := isoMoment(s); ok && format != FormatUnix && format != FormatSerial && format != FormatYYMD {
		return m
	}
	if format == FormatUnix || format == FormatUnixMilli {
		return unixMoment(s, format)
	}
	if isNumeric(s) {
		if m, ok := serialMoment(s, format); ok {
			return m
		}
	}
	var t dateText
	t.read(asciiWidth(s))
	return t.moment(format, today)
}

// isoMoment is the short way for 2026-11-21, 2026-11-21 12:34:56 and the same with T.
func isoMoment(s string) (moment, bool) {
	if len(s) != 10 && len(s) != 19 && len(s) != 16 || s[4] != '-' || s[7] != '-' {
		return moment{}, false
	}
	m := moment{Date: Date{number(s, 0, 4), number(s, 5, 2), number(s, 8, 2)}}
	if len(s) > 10 {
		if s[10] != ' ' && s[10] != 'T' || s[13] != ':' {
			return moment{}, false
		}
		m.hour, m.minute, m.hasTime = number(s, 11, 2), number(s, 14, 2), true
		if len(s) == 19 {
			if s[16] != ':' {
				return moment{}, false
			}
			m.second = number(s, 17, 2)
		}
		if m.hour < 0 || m.hour > 23 || m.minute < 0 || m.minute > 59 || m.second < 0 || m.second > 59 {
			return moment{}, false
		}
	}
	return m, m.IsValid()
}

func isNumeric(s string) bool {
	whole, fraction, hasPoint := strings.Cut(s, ".")
	return isDigits(whole) && (!hasPoint || isDigits(fraction))
}

func serialMoment(s, format string) (moment, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	if len(whole) > 6 || format != FormatSerial && (len(whole) != 5 && len(whole) != 4 || format != "" && format != FormatYMD) {
		return moment{}, false
	}
	serial := number(whole, 0, len(whole))
	if format != FormatSerial && (serial < lowestSerial || serial > highestSerial) || serial < 1 || format != FormatSerial && len(whole) == 4 {
		return moment{}, false
	}
	if serial < 60 {
		serial++ // before the day that never was, 1900-02-29
	}
	m := moment{Date: DateOfDays(serialZero.Days() + serial), isSerial: true}
	if strings.Trim(fraction, "0") != "" {
		if len(fraction) > 9 {
			fraction = fraction[:9]
		}
		scaled := number(fraction, 0, len(fraction))
		for i := len(fraction); i < 9; i++ {
			scaled *= 10
		}
		seconds := (scaled*864 + 5_000_000) / 10_000_000 // nanodays to seconds, rounded
		m.hour, m.minute, m.second, m.hasTime = seconds/3600, seconds/60%60, seconds%60, true
		if m.hour == 24 {
			m.Date, m.hour = DateOfDays(m.Days()+1), 0
		}
	}
	return m, m.IsValid()
}

func unixMoment(s, format string) moment {
	whole, _, _ := strings.Cut(s, ".")
	if !isDigits(whole) || len(whole) > 14 {
		return moment{problem: "date.unknown"}
	}
	value := int64(number(whole, 0, len(whole)))
	if format == FormatUnix {
		value *= 1000
	}
	t := time.UnixMilli(value).UTC()
	if t.Year() > 9999 {
		return moment{problem: "date.unknown"}
	}
	return moment{
		Date: Date{t.Year(), int(t.Month()), t.Day()}, hour: t.Hour(), minute: t.Minute(), second: t.Second(),
		micro: t.Nanosecond() / 1000, hasTime: true, hasZone: true,
	}
}

// dateText is a written date taken apart into its numbers.
type dateText struct {
	values    [8]int
	lengths   [8]int
	marks     [8]byte // what stands behind each number: 'Y' 'M' 'D' 'h' 'm' 's' for 년 월 일 시 분 초, ':' '.' or ' '
	count     int
	month     int // named in English
	monthAt   int // how many numbers stand before it
	afternoon int // 1 for 오전, 2 for 오후
	calendar  string
	hasZone   bool
	zone      int // minutes
	bad       bool
}

func (t *dateText) read(s string) {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			i = t.readNumber(s, i)
		case t.count >= 5 && (c == '+' || c == '-') && t.readZone(s[i:]):
			return
		case c == ' ' || c == '-' || c == '/' || c == ',' || c == '\'' || c == '(' || c == ')':
			i++
		case c == '.' || c == ':':
			if t.count > 0 && t.marks[t.count-1] == 0 {
				t.marks[t.count-1] = c
			}
			i++
		case c < 0x80:
			word := wordAt(s, i)
			i += len(word)
			t.readLatin(word)
		default:
			_, size := utf8.DecodeRuneInString(s[i:])
			i += t.readHangul(s[i:], size)
		}
	}
}

func (t *dateText) readNumber(s string, i int) int {
	start := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if t.count == len(t.values) || i-start > 14 {
		t.bad = true
		return i
	}
	t.values[t.count], t.lengths[t.count] = number(s, start, i-start), i-start
	t.count++
	return i
}

func wordAt(s string, i int) string {
	end := i + 1
	for end < len(s) && (s[end] >= 'a' && s[end] <= 'z' || s[end] >= 'A' && s[end] <= 'Z') {
		end++
	}
	return s[i:end]
}

var englishMonths = [12]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

var englishDays = map[string]bool{"mon": true, "tue": true, "wed": true, "thu": true, "fri": true, "sat": true, "sun": true}

func (t *dateText) readLatin(word string) {
	lower := strings.ToLower(word)
	switch lower {
	case "t", "st", "nd", "rd", "th", "of", "at":
		return
	case "z", "utc", "gmt":
		t.hasZone = true
		return
	case "kst":
		t.hasZone, t.zone = true, 9*60
		return
	case "am":
		t.afternoon = 1
		return
	case "pm":
		t.afternoon = 2
		return
	}
	if len(lower) >= 3 {
		for i, name := range englishMonths {
			if strings.HasPrefix(lower, name) && t.month == 0 {
				t.month, t.monthAt = i+1, t.count
				return
			}
		}
		if englishDays[lower[:3]] {
			return
		}
	}
	t.bad = true
}

var hangulMarks = []struct {
	word string
	mark byte
}{
	{"년", 'Y'}, {"월", 'M'}, {"일", 'D'}, {"시", 'h'}, {"분", 'm'}, {"초", 's'},
}

var hangulWords = []struct {
	word      string
	afternoon int
	calendar  string
}{
	{"오전", 1, ""},
	{"오후", 2, ""},
	{"음력윤달", 0, LunarLeap},
	{"윤달", 0, LunarLeap},
	{"윤", 0, LunarLeap},
	{"음력", 0, Lunar},
	{"양력", 0, Solar},
	{"음", 0, Lunar},
	{"양", 0, Solar},
	{"생일", 0, ""},
	{"생", 0, ""},
	{"요일", 0, ""},
	{"화", 0, ""},
	{"수", 0, ""},
	{"목", 0, ""},
	{"금", 0, ""},
	{"토", 0, ""},
}

func (t *dateText) readHangul(s string, size int) int {
	for _, h := range hangulWords {
		if strings.HasPrefix(s, h.word) {
			if h.afternoon != 0 {
				t.afternoon = h.afternoon
			}
			if h.calendar != "" && t.calendar != LunarLeap {
				t.calendar = h.calendar
			}
			return len(h.word)
		}
	}
	for _, h := range hangulMarks {
		if strings.HasPrefix(s, h.word) {
			if t.count > 0 && t.marks[t.count-1] == 0 {
				t.marks[t.count-1] = h.mark
			}
			return len(h.word) // 월 and 일 are days of the week too: (월)
		}
	}
	t.bad = true
	return size
}

// readZone reads +09:00, +0900 or +09 at the end.
func (t *dateText) readZone(s string) bool {
	digits := strings.ReplaceAll(s[1:], ":", "")
	if len(digits) != 2 && len(digits) != 4 || !isDigits(digits) {
		return false
	}
	minutes := number(digits, 0, 2) * 60
	if len(digits) == 4 {
		minutes += number(digits, 2, 2)
	}
	if s[0] == '-' {
		minutes = -minutes
	}
	t.hasZone, t.zone = true, minutes
	return minutes >= -12*60 && minutes <= 14*60
}
