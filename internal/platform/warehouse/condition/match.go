// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"slices"
	"strings"
	"time"
)

// Match answers the test for the value of its column.
func (t *Test) Match(v Value) bool { return t.holds(v) != t.negate }

func (t *Test) holds(v Value) bool {
	if v.Kind == Missing {
		return false
	}
	switch t.form {
	case formSet:
		return v.Kind != Textual || v.Text != ""
	case formSpans:
		return v.Kind == Whole && within(t.spans, t.derived(v.Int))
	case formDecimal:
		return t.holdsDecimal(v)
	case formTexts:
		_, found := slices.BinarySearch(t.texts, v.Text)
		return v.Kind == Textual && found
	case formContains:
		return v.Kind == Textual && strings.Contains(Fold(v.Text), t.part)
	case formStarts:
		return v.Kind == Textual && strings.HasPrefix(Fold(v.Text), t.part)
	}
	return false
}

func (t *Test) holdsDecimal(v Value) bool {
	n := v.Dec
	if v.Kind == Whole {
		n = float64(v.Int)
	} else if v.Kind != Decimal {
		return false
	}
	if t.low != nil && (n < *t.low || t.lowOpen && n == *t.low) {
		return false
	}
	return t.high == nil || n < *t.high || !t.hiOpen && n == *t.high
}

func within(spans []span, n int64) bool {
	i, _ := slices.BinarySearchFunc(spans, n, func(s span, n int64) int {
		if s.high < n {
			return -1
		}
		return 1
	})
	return i < len(spans) && spans[i].low <= n && n <= spans[i].high
}

func (t *Test) derived(n int64) int64 {
	if t.derive == asIs {
		return n
	}
	var at time.Time
	if t.isTime {
		at = time.UnixMicro(n).UTC()
	} else {
		at = dateOf(n)
	}
	switch t.derive {
	case monthDay:
		return int64(at.Month())*100 + int64(at.Day())
	case weekdayOf:
		return (int64(at.Weekday())+6)%7 + 1
	case hourOf:
		return int64(at.Hour())
	}
	return n
}

// Ranges returns the test as closed ranges of the column's own whole numbers;
// ok is false when it is no such test. Negated tells whether they are what must
// not be.
func (t *Test) Ranges() (list [][2]int64, ok bool) {
	if t.form != formSpans || t.derive != asIs {
		return nil, false
	}
	for _, s := range t.spans {
		if s.low <= s.high {
			list = append(list, [2]int64{s.low, s.high})
		}
	}
	return list, true
}

// Negated says that the test is the exact complement of a positive one, which
// is false for a missing value.
func (t *Test) Negated() bool { return t.negate }

// IsDaily says that the test looks at the day of a time or date only, and not
// at which day it is: at its place in the week or the year.
func (t *Test) IsDaily() bool { return t.derive == monthDay || t.derive == weekdayOf }

// IsMoving says that the test depends on the day on which it is asked.
func (t *Test) IsMoving() bool { return t.moving }
