// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// reader reads the values of one condition and says what was expected.
type reader struct {
	field Field
	is    Operator
}

func (r reader) wrong(want string) error {
	return fault.New(fault.Invalid, "rule.bad_value", "The value of {field} {is} must be {want}.",
		"field", r.field.Name, "is", r.is, "want", want)
}

func (r reader) text(v any) (string, error) {
	s, ok := v.(string)
	if !ok || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", r.wrong("a text")
	}
	if len(s) > MaxTextSize {
		return "", r.wrong(fmt.Sprintf("a text of at most %d bytes", MaxTextSize))
	}
	if r.field.Read == nil || s == "" {
		return s, nil
	}
	read := r.field.Read(s)
	if read == "" { // letters for a telephone number: no condition that could ever hold
		return "", r.wrong("something that the field can hold, or a part of it")
	}
	return read, nil
}

func (r reader) whole(v any) (int64, error) {
	switch n := v.(type) {
	case json.Number:
		if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil && abs(i) <= maxWhole {
			return i, nil
		}
		if f, err := n.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) <= maxWhole {
			return int64(f), nil
		}
	case float64:
		if n == math.Trunc(n) && math.Abs(n) <= maxWhole {
			return int64(n), nil
		}
	case int64:
		return n, nil
	case int:
		return int64(n), nil
	}
	return 0, r.wrong("a whole number")
}

// maxWhole keeps numbers inside what JSON carries exactly and what may be
// moved by one without running over.
const maxWhole = 1 << 53

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

func (r reader) decimal(v any) (float64, error) {
	var f float64
	switch n := v.(type) {
	case json.Number:
		var err error
		if f, err = n.Float64(); err != nil {
			return 0, r.wrong("a number")
		}
	case float64:
		f = n
	case int64:
		f = float64(n)
	default:
		return 0, r.wrong("a number")
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, r.wrong("a number")
	}
	return f + 0, nil
}

func (r reader) days(v any, most int64) (int64, error) {
	n, err := r.whole(v)
	least := int64(0)
	if r.is != AnniversaryInDays {
		least = 1
	}
	if err != nil || n < least || n > most {
		return 0, r.wrong(fmt.Sprintf("a number of days between %d and %d", least, most))
	}
	return n, nil
}

func readList[T any](r reader, value any, read func(any) (T, error)) ([]T, error) {
	items, ok := value.([]any)
	if !ok || len(items) == 0 || len(items) > MaxValues {
		return nil, r.wrong(fmt.Sprintf("a list of 1 to %d values", MaxValues))
	}
	list := make([]T, len(items))
	for i, item := range items {
		var err error
		if list[i], err = read(item); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func readPair[T any](r reader, value any, read func(any) (T, error)) ([2]T, error) {
	var pair [2]T
	items, ok := value.([]any)
	if !ok || len(items) != 2 {
		return pair, r.wrong("two values, [from, to]")
	}
	for i, item := range items {
		var err error
		if pair[i], err = read(item); err != nil {
			return pair, err
		}
	}
	return pair, nil
}

var (
	yearForm    = regexp.MustCompile(`^(\d{4})$`)
	quarterForm = regexp.MustCompile(`^(\d{4})-Q([1-4])$`)
	monthForm   = regexp.MustCompile(`^(\d{4})-(0[1-9]|1[0-2])$`)
)

// Years outside cannot be written as dates on every engine.
const (
	firstYear = 1000
	lastYear  = 9998
)

var firstMonths = map[string]string{"1": "1", "2": "4", "3": "7", "4": "10"}

func parseDay(s string) (time.Time, bool) {
	day, err := time.Parse("2006-01-02", s)
	return day, err == nil && day.Year() >= firstYear && day.Year() <= lastYear
}

// period reads "2026", "2026-Q1", "2026-03" or the Monday of a week as its
// first day and the first day of the next.
func (r reader) period(v any) (first, next time.Time, err error) {
	s, _ := v.(string)
	if n, isNumber := v.(json.Number); isNumber {
		s = n.String()
	}
	start := func(year, month string, months int) bool {
		y, _ := strconv.Atoi(year)
		m, _ := strconv.Atoi(month)
		first = time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
		next = first.AddDate(0, months, 0)
		return y >= firstYear && y <= lastYear
	}
	switch r.field.Unit {
	case warehouse.UnitYear:
		if m := yearForm.FindStringSubmatch(s); m != nil && start(m[1], "1", 12) {
			return first, next, nil
		}
		return first, next, r.wrong("a year like 2026")
	case warehouse.UnitQuarter:
		if m := quarterForm.FindStringSubmatch(s); m != nil && start(m[1], firstMonths[m[2]], 3) {
			return first, next, nil
		}
		return first, next, r.wrong("a quarter like 2026-Q1")
	case warehouse.UnitMonth:
		if m := monthForm.FindStringSubmatch(s); m != nil && start(m[1], m[2], 1) {
			return first, next, nil
		}
		return first, next, r.wrong("a month like 2026-03")
	}
	day, ok := parseDay(s)
	if !ok {
		return first, next, r.wrong("the Monday of a week like 2026-11-16")
	}
	first = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	return first, first.AddDate(0, 0, 7), nil
}

// Fold makes letters small one by one, as the lower() of DuckDB does.
func Fold(s string) string { return strings.Map(unicode.ToLower, s) }
