// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"time"
)

// Birth is a birth date in its stored form.
type Birth struct {
	On       string // YYYY-MM-DD, in the calendar below
	Calendar string // solar, lunar or lunar_leap
}

// oldestAge is the age above which a birth date is doubted: nobody in Korea is known to have been older.
const oldestAge = 120

// BirthDate normalises a birth date (F-DATE-1, F-DATE-3). Today bounds it; a zero today does not.
func BirthDate(raw, format string, today Date) (Birth, []Finding) {
	return birthDate(raw, format, "", today)
}

// birthDate reads a birth date whose calendar another column may have stated.
func birthDate(raw, format, calendar string, today Date) (Birth, []Finding) {
	s, findings := raw, []Finding(nil)
	m, ok := isoMoment(raw)
	if !ok || format != "" {
		if s, findings = cell(raw); s == "" {
			return Birth{}, findings
		}
		m = parseMoment(s, format, today)
	}
	if m.calendar == "" && calendar != "" {
		m.calendar = calendar
		if m.problem == "date.no_such_day" && m.exists() {
			m.problem = ""
		}
	}
	if strings.Trim(s, "0-./: ") == "" || m.problem == "" && isSampleBirth(m.Date) {
		return Birth{}, append(findings, dateFinding("date.placeholder", Info, s, "The date is one that people type to get past a form; it was left out.", ""))
	}
	if m.problem != "" {
		return Birth{}, append(findings, explainDate(m.problem, s))
	}
	if m.isSerial && format != FormatSerial {
		findings = append(findings, dateFinding("date.serial", Info, s, "The number was read as the day count of a spreadsheet.", ""))
	}
	birth := Birth{Calendar: m.calendar}
	if birth.Calendar == "" {
		birth.Calendar = Solar
	}
	if today.Year > 0 {
		switch {
		case today.Before(m.Date):
			return Birth{}, append(findings, dateFinding("date.future", Error, s, "The birth date is in the future.", "Check the year."))
		case Age(m.Date, today) > oldestAge:
			findings = append(findings, dateFinding("date.too_old", Warning, s, "The person would be older than 120 years.", "Check the year."))
		}
	}
	if len(s) == 10 && s[4] == '-' && s[7] == '-' && isDigits(s[:4]) {
		birth.On = s
	} else {
		birth.On = m.String()
	}
	return birth, findings
}

func isSampleBirth(d Date) bool {
	switch d {
	case Date{1900, 1, 1}, Date{1900, 1, 2}, Date{1111, 11, 11}, Date{9999, 12, 31}, Date{1, 1, 1}:
		return true
	}
	return false
}

// BirthCalendarOf reads a column that says 양력 or 음력.
func BirthCalendarOf(raw string) (string, []Finding) {
	s, findings := cell(raw)
	switch SearchKey(s) {
	case "":
		return "", findings
	case "양", "양력", "+", "s", "solar", "1", "(양)":
		return Solar, findings
	case "음", "음력", "-", "l", "lunar", "2", "(음)", "평달", "음력평달":
		return Lunar, findings
	case "윤", "윤달", "음력윤달", "음력 윤달", "음력(윤달)", "lunar_leap", "3":
		return LunarLeap, findings
	}
	return "", append(findings, Finding{
		Field: "birth_calendar", Value: s, Rule: "F-DATE-3", Code: "calendar.unknown", Severity: Warning,
		Message: "This says neither 양력 nor 음력.", Remedy: "Write 양력, 음력 or 윤달.",
	})
}

// seoul is the zone of input that states none (F-DATE-2).
var seoul = time.FixedZone("KST", 9*60*60)

// DateTime reads a date with or without time in the zone (nil is Asia/Seoul) when it states none itself.
func DateTime(raw, format string, zone *time.Location) (at time.Time, hasTime bool, findings []Finding) {
	s := raw
	m, ok := isoMoment(raw)
	if !ok || format == FormatYYMD {
		if s, findings = cell(raw); s == "" {
			return time.Time{}, false, findings
		}
		m = parseMoment(s, format, Date{})
	}
	if m.problem == "" && (m.calendar == Lunar || m.calendar == LunarLeap) {
		m.problem = "date.lunar"
	}
	if m.problem != "" {
		return time.Time{}, false, append(findings, explainDate(m.problem, s))
	}
	if m.isSerial && format != FormatSerial {
		findings = append(findings, dateFinding("date.serial", Info, s, "The number was read as the day count of a spreadsheet.", ""))
	}
	switch {
	case m.hasZone:
		zone = time.UTC
	case zone == nil:
		zone = seoul
	}
	at = time.Date(m.Year, time.Month(m.Month), m.Day, m.hour, m.minute, m.second, m.micro*1000, zone)
	if m.hasZone {
		at = at.Add(-time.Duration(m.zoneMinutes) * time.Minute)
	}
	return at, m.hasTime, findings
}

// DayOf reads a date as YYYY-MM-DD; a time of day is left out.
func DayOf(raw, format string) (string, []Finding) {
	s, findings := cell(raw)
	if s == "" {
		return "", findings
	}
	m := parseMoment(s, format, Date{})
	if m.problem == "" && (m.calendar == Lunar || m.calendar == LunarLeap) {
		m.problem = "date.lunar"
	}
	if m.problem != "" {
		return "", append(findings, explainDate(m.problem, s))
	}
	return m.String(), findings
}

// TimeOfDay reads a time of day alone: 14:05, 오후 2:05:30, 140530.
func TimeOfDay(raw string) (time.Duration, []Finding) {
	s, findings := cell(raw)
	if s == "" {
		return 0, findings
	}
	var t dateText
	t.read(asciiWidth(s))
	if t.count == 1 && !t.bad && (t.lengths[0] == 6 || t.lengths[0] == 4 || t.lengths[0] == 5 || t.lengths[0] == 3) { // 140530, 1405; 90530 lost its zero
		v := t.values[0]
		if t.lengths[0] <= 4 {
			v *= 100
		}
		t.values = [8]int{v / 10000, v / 100 % 100, v % 100}
		t.count = 3
		t.lengths = [8]int{2, 2, 2}
	}
	m := moment{}
	problem := "date.no_such_time"
	if !t.bad && t.count > 0 && t.month == 0 {
		problem = t.time(&m, 0)
	}
	if problem != "" || m.hour == 24 {
		return 0, append(findings, explainDate("date.no_such_time", s))
	}
	return time.Duration(m.hour)*time.Hour + time.Duration(m.minute)*time.Minute + time.Duration(m.second)*time.Second + time.Duration(m.micro)*time.Microsecond, findings
}

func explainDate(problem, value string) Finding {
	message, remedy := "This is not a date that can be read.", "Write dates as 2026-11-21."
	switch problem {
	case "date.order":
		message, remedy = "Day and month could be swapped here.", "Say in the mapping whether the day or the month comes first, or write dates as 2026-11-21."
	case "date.century":
		message, remedy = "The year has two digits and the century is not stated.", "Say in the mapping that the column has two-digit years, or write four."
	case "date.incomplete":
		message = "The date is not complete."
	case "date.no_such_day":
		message, remedy = "There is no such day in the calendar.", "Check day and month."
	case "date.no_such_time":
		message, remedy = "There is no such time of day.", "Write times as 14:05:30."
	case "date.lunar":
		message, remedy = "A lunar date cannot be the time of an event.", "Convert the date to the solar calendar."
	}
	return dateFinding(problem, Error, value, message, remedy)
}

func dateFinding(code string, severity Severity, value, message, remedy string) Finding {
	return Finding{Field: "date", Value: maskedDate(value), Rule: "F-DATE-1", Code: code, Severity: severity, Message: message, Remedy: remedy}
}

// maskedDate keeps what explains the problem and hides a number that could be a resident number.
func maskedDate(s string) string {
	s, _ = Redact(s)
	if len(s) > 40 {
		s = keepRunes(s, 12)
	}
	return s
}
