// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"math"
	"slices"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// Limits of one condition, so that a rule stays a question and not a program.
const (
	MaxValues   = 10_000
	MaxTextSize = 1_000
	maxDays     = 36_500
	maxAhead    = 366
)

// Compile turns a condition into a Test; value is the decoded JSON under
// "value" (json.Number for numbers). Its faults are of kind Invalid and carry
// no path: the caller knows where the rule stands.
func Compile(f Field, is Operator, value any, at Moment) (*Test, error) {
	if !slices.Contains(f.Operators(), is) {
		return nil, fault.New(fault.Invalid, "rule.bad_operator",
			"{field} cannot be compared with {is}; use one of {allowed}.", "field", f.Name, "is", is, "allowed", f.Operators())
	}
	t := &Test{Column: f.Column, Kind: f.Kind, isTime: f.Kind == warehouse.KindTime, isFlag: f.Flag}
	t.isDay = f.class() == classDays
	if is == IsSet || is == IsNotSet {
		t.form, t.negate = formSet, is == IsNotSet
		return t, nil
	}
	r := reader{field: f, is: is}
	var err error
	switch f.class() {
	case classText:
		err = t.compileText(r, value)
	case classDecimal:
		err = t.compileDecimal(r, value)
	case classBoolean:
		err = t.compileBoolean(r, value)
	case classDays, classTime:
		err = t.compileTime(r, value, at)
	default:
		err = t.compileWhole(r, value)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Test) compileText(r reader, value any) error {
	t.negate = r.is == NotEqual || r.is == NotIn
	switch r.is {
	case Equal, NotEqual:
		s, err := r.text(value)
		t.form, t.texts = formTexts, []string{s}
		return err
	case In, NotIn:
		list, err := readList(r, value, r.text)
		slices.Sort(list)
		t.form, t.texts = formTexts, slices.Compact(list)
		return err
	}
	s, err := r.text(value)
	if err == nil && s == "" {
		return r.wrong("a text of at least one character")
	}
	t.part = Fold(s)
	t.form = formContains
	if r.is == Starts {
		t.form = formStarts
	}
	return err
}

func (t *Test) compileDecimal(r reader, value any) error {
	t.form, t.negate = formDecimal, r.is == NotEqual || r.is == NotIn
	if r.is == In || r.is == NotIn {
		return r.wrong("one number; decimal fields take no lists")
	}
	if r.is == Between {
		pair, err := readPair(r, value, r.decimal)
		t.low, t.high = &pair[0], &pair[1]
		return err
	}
	n, err := r.decimal(value)
	switch r.is {
	case Equal, NotEqual:
		t.low, t.high = &n, &n
	case Less, AtMost:
		t.high, t.hiOpen = &n, r.is == Less
	case Greater, AtLeast:
		t.low, t.lowOpen = &n, r.is == Greater
	}
	return err
}

func (t *Test) compileBoolean(r reader, value any) error {
	is, ok := value.(bool)
	if !ok {
		return r.wrong("true or false")
	}
	n := Bool(is).Int
	t.form, t.negate, t.spans = formSpans, r.is == NotEqual, []span{{n, n}}
	return nil
}

func (t *Test) compileWhole(r reader, value any) error {
	return t.compileSpans(r, value, func(v any) (span, error) {
		n, err := r.whole(v)
		return span{n, n}, err
	})
}

// compileSpans covers every operator over things that are ranges of whole
// numbers: a number is one, a day of a time column is 86,400,000,000.
func (t *Test) compileSpans(r reader, value any, read func(any) (span, error)) error {
	t.form, t.negate = formSpans, r.is == NotEqual || r.is == NotIn
	switch r.is {
	case In, NotIn:
		list, err := readList(r, value, read)
		t.spans = merge(list)
		return err
	case Between:
		pair, err := readPair(r, value, read)
		t.spans = []span{{pair[0].low, pair[1].high}}
		return err
	}
	s, err := read(value)
	if err != nil {
		return err
	}
	switch r.is {
	case Less:
		s = span{math.MinInt64, s.low - 1}
	case AtMost:
		s = span{math.MinInt64, s.high}
	case Greater:
		s = span{s.high + 1, math.MaxInt64}
	case AtLeast:
		s = span{s.low, math.MaxInt64}
	}
	t.spans = []span{s}
	return nil
}

func merge(list []span) []span {
	slices.SortFunc(list, func(a, b span) int {
		if a.low < b.low {
			return -1
		}
		if a.low > b.low {
			return 1
		}
		return 0
	})
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && s.low <= out[n-1].high+1 {
			out[n-1].high = max(out[n-1].high, s.high)
			continue
		}
		out = append(out, s)
	}
	return out
}

func (t *Test) compileTime(r reader, value any, at Moment) error {
	switch r.is {
	case InLastDays, NotInLastDays:
		n, err := r.days(value, maxDays)
		today := Days(at.Today)
		t.form, t.negate, t.moving = formSpans, r.is == NotInLastDays, true
		t.spans = []span{t.stretch(span{today - n + 1, today})}
		return err
	case AnniversaryInDays:
		return t.compileAnniversary(r, value, at)
	}
	switch r.field.Unit {
	case warehouse.UnitNone, warehouse.UnitDay:
		return t.compileSpans(r, value, func(v any) (span, error) { return t.readDay(r, v) })
	case warehouse.UnitAge:
		return t.compileAge(r, value, at)
	case warehouse.UnitWeekday, warehouse.UnitHour:
		t.derive = hourOf
		if r.field.Unit == warehouse.UnitWeekday {
			t.derive = weekdayOf
		}
		return t.compileWhole(r, value)
	}
	return t.compilePeriod(r, value)
}

// stretch turns a range of days into the unit of the column.
func (t *Test) stretch(days span) span {
	if !t.isTime {
		return days
	}
	return span{days.low * microsPerDay, days.high*microsPerDay + microsPerDay - 1}
}

func (t *Test) readDay(r reader, v any) (span, error) {
	s, ok := v.(string)
	if !ok {
		return span{}, r.wrong("a date like 2026-11-21")
	}
	if day, ok := parseDay(s); ok {
		return t.stretch(span{Days(day), Days(day)}), nil
	}
	if at, err := time.Parse("2006-01-02T15:04:05", s); err == nil && t.isTime && at.Year() >= firstYear && at.Year() <= lastYear {
		n := at.UnixMicro()
		return span{n, n + 999_999}, nil
	}
	return span{}, r.wrong("a date like 2026-11-21")
}

// compilePeriod reads years, quarters, months and weeks as ranges of days, or
// of the months column where there is one.
func (t *Test) compilePeriod(r reader, value any) error {
	byMonth := r.field.Month != "" && r.field.Unit != warehouse.UnitWeek
	if byMonth {
		t.Column, t.isTime, t.isDay = r.field.Month, false, false
	}
	return t.compileSpans(r, value, func(v any) (span, error) {
		first, next, err := r.period(v)
		if err != nil {
			return span{}, err
		}
		if byMonth {
			return span{MonthNumber(first), MonthNumber(next) - 1}, nil
		}
		return t.stretch(span{Days(first), Days(next) - 1}), nil
	})
}

// MonthNumber counts the months of a date since year 0, as month columns do.
func MonthNumber(t time.Time) int64 { return int64(t.Year())*12 + int64(t.Month()) - 1 }

// compileAge turns completed years into ranges of birth dates. Who is born on
// 29 February completes a year on 1 March of other years.
func (t *Test) compileAge(r reader, value any, at Moment) error {
	t.moving = true
	y, m, d := at.Today.Date()
	code := int64(y)*10_000 + int64(m)*100 + int64(d)
	err := t.compileSpans(r, value, func(v any) (span, error) {
		n, err := r.whole(v)
		if err == nil && (n < 0 || n > 200) {
			err = r.wrong("an age between 0 and 200")
		}
		return span{n, n}, err
	})
	if err != nil {
		return err
	}
	for i, s := range t.spans {
		low, high := max(s.low, 0), min(s.high, 200)
		if high < low {
			t.spans[i] = span{1, 0}
			continue
		}
		// age ≥ low ⇔ birth ≤ today − low years; age ≤ high ⇔ birth > today − (high+1) years.
		t.spans[i] = span{daysAtOrBefore(code-(high+1)*10_000) + 1, daysAtOrBefore(code - low*10_000)}
	}
	slices.SortFunc(t.spans, func(a, b span) int { return int(a.low - b.low) })
	return nil
}

// LatestBirth is the last day of birth of those who have completed the years.
func LatestBirth(today time.Time, years int64) time.Time {
	y, m, d := today.Date()
	return dateOf(daysAtOrBefore(int64(y-int(years))*10_000 + int64(m)*100 + int64(d)))
}

// daysAtOrBefore is the last real date whose yyyymmdd is not above code.
func daysAtOrBefore(code int64) int64 {
	y, m, d := int(code/10_000), time.Month(code/100%100), int(code%100)
	if m == time.February && d == 29 && time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Month() != m {
		d = 28
	}
	return Days(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

func (t *Test) compileAnniversary(r reader, value any, at Moment) error {
	var from, to int64
	if list, isList := value.([]any); isList {
		pair, err := readPair(r, list, func(v any) (int64, error) { return r.days(v, maxAhead) })
		if err != nil {
			return err
		}
		from, to = pair[0], pair[1]
	} else {
		n, err := r.days(value, maxAhead)
		if err != nil {
			return err
		}
		to = n
	}
	t.form, t.derive, t.moving = formSpans, monthDay, true
	if r.field.MonthDay != "" {
		t.Column, t.derive, t.isTime, t.isDay = r.field.MonthDay, asIs, false, false
	}
	list := at.Anniversaries
	if list == nil {
		list = SolarAnniversaries
	}
	for _, code := range list(at.Today.AddDate(0, 0, int(from)), at.Today.AddDate(0, 0, int(to))) {
		if code < lunarCodes || r.field.MonthDay != "" {
			t.spans = append(t.spans, span{code, code})
		}
	}
	t.spans = merge(t.spans)
	return nil
}

// lunarCodes is where the month-day codes of the lunar calendar begin.
const lunarCodes = 10_000

// SolarAnniversaries lists the month-day codes of the days from … to; a 29
// February falls on the 28th in other years.
func SolarAnniversaries(from, to time.Time) []int64 {
	var list []int64
	for day := from; !day.After(to) && len(list) <= maxAhead+1; day = day.AddDate(0, 0, 1) {
		list = append(list, int64(day.Month())*100+int64(day.Day()))
		if day.Month() == time.February && day.Day() == 28 && day.AddDate(0, 0, 1).Month() == time.March {
			list = append(list, 229)
		}
	}
	return list
}
