// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"dangol/internal/platform/warehouse"
)

// Operator is the name of a comparison in a rule.
type Operator string

// The operators of the rule tree.
const (
	Equal             Operator = "eq"
	NotEqual          Operator = "ne"
	In                Operator = "in"
	NotIn             Operator = "not_in"
	Less              Operator = "lt"
	AtMost            Operator = "lte"
	Greater           Operator = "gt"
	AtLeast           Operator = "gte"
	Between           Operator = "between"
	Contains          Operator = "contains"
	Starts            Operator = "starts"
	IsSet             Operator = "is_set"
	IsNotSet          Operator = "is_not_set"
	InLastDays        Operator = "in_last_days"
	NotInLastDays     Operator = "not_in_last_days"
	AnniversaryInDays Operator = "anniversary_in_days"
)

// Field is a column as conditions see it.
type Field struct {
	Name   string
	Kind   warehouse.Kind
	Unit   warehouse.Unit
	Column string
	// MonthDay names a whole-number column with month*100+day (plus 10000 for
	// lunar, 20000 for lunar leap months) for anniversaries; empty derives it.
	MonthDay string
	// Month names a whole-number column with year*12+month-1 of a time column.
	Month string
	// Flag says that a column of whole numbers 0 and 1 stands for a boolean.
	Flag bool
	// Read turns what a person types into the form that the column keeps; nil
	// takes it as typed.
	Read func(text string) string
}

// Operators lists what may stand under "is" for the field, in menu order.
func (f Field) Operators() []Operator {
	set := []Operator{IsSet, IsNotSet}
	switch f.class() {
	case classText:
		return append([]Operator{Equal, NotEqual, In, NotIn, Contains, Starts}, set...)
	case classDays, classTime:
		if f.Unit == warehouse.UnitNone || f.Unit == warehouse.UnitDay {
			list := []Operator{InLastDays, NotInLastDays, Between, AtLeast, AtMost, Greater, Less, Equal, NotEqual}
			return append(append(list, AnniversaryInDays), set...)
		}
		return append([]Operator{Equal, NotEqual, In, NotIn, Between, AtLeast, AtMost, Greater, Less}, set...)
	case classBoolean:
		return append([]Operator{Equal, NotEqual}, set...)
	default:
		return append([]Operator{Equal, NotEqual, In, NotIn, Between, AtLeast, AtMost, Greater, Less}, set...)
	}
}

type class int

const (
	classWhole class = iota
	classDecimal
	classText
	classDays
	classTime
	classBoolean
)

func (f Field) class() class {
	switch f.Kind {
	case warehouse.KindText, warehouse.KindChoice:
		return classText
	case warehouse.KindNumber, warehouse.KindPercent:
		return classDecimal
	case warehouse.KindDate:
		return classDays
	case warehouse.KindTime:
		return classTime
	case warehouse.KindBoolean:
		return classBoolean
	}
	if f.Unit == warehouse.UnitAge {
		return classDays
	}
	return classWhole
}

// Moment is the day on which relative conditions are asked, in the company's zone.
type Moment struct {
	Today time.Time // only year, month and day count
	// Anniversaries lists the month-day codes whose anniversary lies between
	// two days; nil knows solar dates only.
	Anniversaries func(from, to time.Time) []int64
}

// Days counts the days of a date since 1970-01-01.
func Days(t time.Time) int64 {
	y, m, d := t.Date()
	return floorDivide(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix(), secondsPerDay)
}

const (
	secondsPerDay = 24 * 60 * 60
	microsPerDay  = secondsPerDay * 1_000_000
)

func dateOf(days int64) time.Time { return time.Unix(days*secondsPerDay, 0).UTC() }

func floorDivide(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Value is what a column holds: a whole number (also days, µs of local time,
// 0 and 1), a decimal, a text, or nothing.
type Value struct {
	Kind ValueKind
	Int  int64
	Dec  float64
	Text string
}

// ValueKind says which part of a Value holds.
type ValueKind uint8

// Kinds of values.
const (
	Missing ValueKind = iota
	Whole
	Decimal
	Textual
)

// Int makes a whole value.
func Int(n int64) Value { return Value{Kind: Whole, Int: n} }

// Dec makes a decimal value.
func Dec(n float64) Value { return Value{Kind: Decimal, Dec: n} }

// Text makes a text value.
func Text(s string) Value { return Value{Kind: Textual, Text: s} }

// Bool makes a boolean value.
func Bool(is bool) Value {
	if is {
		return Int(1)
	}
	return Int(0)
}

// Date makes the value of a date column.
func Date(t time.Time) Value { return Int(Days(t)) }

// Local makes the value of a timestamp column from a time, read in its own zone.
func Local(t time.Time) Value {
	_, offset := t.Zone()
	return Int(t.UnixMicro() + int64(offset)*1_000_000)
}

// span is a closed range of whole numbers.
type span struct{ low, high int64 }

type form int

const (
	formSet form = iota // is set
	formSpans
	formDecimal
	formTexts
	formContains
	formStarts
)

// derivation says how the compared whole number comes from the column's value.
type derivation int

const (
	asIs      derivation = iota
	monthDay             // month*100+day of a date or time
	weekdayOf            // 1 Monday … 7 Sunday
	hourOf
)

// Signature is a text that two tests share only if they hold for the same values.
func (t *Test) Signature() string {
	bound := func(x *float64) string {
		if x == nil {
			return "-"
		}
		return strconv.FormatUint(math.Float64bits(*x), 16)
	}
	return fmt.Sprintf("[%q %v %d %t %d %t %t %t %v %s %s %t %t %q %q]", t.Column, t.Kind, t.form, t.negate, t.derive,
		t.isTime, t.isDay, t.isFlag, t.spans, bound(t.low), bound(t.high), t.lowOpen, t.hiOpen, t.texts, t.part)
}

// Test is a compiled condition on one column.
type Test struct {
	// Column is what the test reads.
	Column string
	// Kind of the values in Column.
	Kind    warehouse.Kind
	form    form
	negate  bool
	derive  derivation
	isTime  bool
	isDay   bool
	isFlag  bool
	spans   []span
	low     *float64
	high    *float64
	lowOpen bool
	hiOpen  bool
	texts   []string
	part    string
	moving  bool // compiled from the day of asking
}
