// SPDX-License-Identifier: Apache-2.0

package image

import (
	"fmt"
	"math"
	"slices"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// Unsupported says that the image cannot answer a question, and why; another
// engine can.
type Unsupported struct{ Why string }

// Error returns the reason.
func (u *Unsupported) Error() string { return "the image cannot answer this: " + u.Why }

func unsupported(format string, args ...any) error { return &Unsupported{fmt.Sprintf(format, args...)} }

// bound is a test bound to the values of a column: its positive form, which is
// false for a missing value, and whether it is turned round.
type bound struct {
	ranges  [][2]int64
	table   []uint8 // by value - low
	low     int64
	match   func(x int64) bool
	negate  bool
	isTable bool
}

// holds answers for one value.
func (b *bound) holds(x int64) bool { return b.positive(x) != b.negate }

func (b *bound) positive(x int64) bool {
	if x == missing {
		return false
	}
	switch {
	case b.isTable:
		i := uint64(x - b.low) //nolint:gosec // a value below low becomes huge
		return i < uint64(len(b.table)) && b.table[i] != 0
	case b.match != nil:
		return b.match(x)
	}
	for _, r := range b.ranges {
		if x >= r[0] && x <= r[1] {
			return true
		}
	}
	return false
}

const (
	// manyRanges is from when on ranges are searched and not tried in turn.
	manyRanges = 8
	// widestTable bounds tables by value.
	widestTable  = 1 << 24
	microsPerDay = 24 * 60 * 60 * 1_000_000
)

// bind binds a test to a column of a table.
func (s *Snapshot) bind(table int, column string, test *condition.Test) (*bound, int, error) {
	t := &s.spec[table]
	if s.stale[t.Name] != 0 {
		return nil, 0, unsupported("the values of %s were computed anew and are being taken in", t.Name)
	}
	c := t.column(column)
	if c < 0 {
		if column == t.Key { // rows hang on it: it is every row's subject
			b := &bound{negate: test.Negated()}
			b.bindWhole(test, false)
			return b, keyColumn, nil
		}
		return nil, 0, unsupported("column %s of %s is not kept", column, t.Name)
	}
	if d := s.numbers[table][c]; d != nil && d.isOver.Load() {
		return nil, 0, unsupported("%s of %s has too many different values to be kept", column, t.Name)
	}
	return s.bindColumn(table, c, test), c, nil
}

// keyColumn stands for the column of keys.
const keyColumn = -1

func (s *Snapshot) bindColumn(table, column int, test *condition.Test) *bound {
	b := &bound{negate: test.Negated()}
	switch kind := s.spec[table].Columns[column].Type; kind {
	case warehouse.Varchar:
		texts := s.texts[table][column]
		b.isTable, b.table = true, make([]uint8, len(texts))
		for i, text := range texts {
			if test.Match(condition.Text(text)) != b.negate {
				b.table[i] = 1
			}
		}
	case warehouse.Double:
		b.match = func(x int64) bool { return test.Match(condition.Dec(math.Float64frombits(uint64(x)))) != b.negate } //nolint:gosec // bits
	default:
		b.bindWhole(test, kind == warehouse.Timestamp)
	}
	return b
}

func (b *bound) bindWhole(test *condition.Test, isTime bool) {
	ranges, ok := test.Ranges()
	switch {
	case !ok && test.IsDaily() && isTime:
		days := newMemo(func(day int64) bool { return test.Match(condition.Int(day*microsPerDay)) != b.negate })
		b.match = func(x int64) bool { return days.at(floorDiv(x, microsPerDay)) }
	case !ok:
		b.match = func(x int64) bool { return test.Match(condition.Int(x)) != b.negate }
	case len(ranges) > manyRanges:
		slices.SortFunc(ranges, func(a, b [2]int64) int {
			if a[0] < b[0] {
				return -1
			}
			return 1
		})
		b.match = func(x int64) bool {
			i, _ := slices.BinarySearchFunc(ranges, x, func(r [2]int64, x int64) int {
				if r[1] < x {
					return -1
				}
				return 1
			})
			return i < len(ranges) && ranges[i][0] <= x
		}
		// A long list of codes close together is one look-up each.
		if low, high := ranges[0][0], ranges[len(ranges)-1][1]; uint64(high)-uint64(low) < 1<<20 {
			b.isTable, b.low, b.table = true, low, make([]uint8, high-low+1)
			for _, r := range ranges {
				for x := r[0]; x <= r[1]; x++ {
					b.table[x-low] = 1
				}
			}
		}
	default:
		b.ranges = ranges
		if ranges == nil {
			b.ranges = [][2]int64{}
		}
	}
}

// bindLookup makes a test of a looked-up column one of the column with the key.
func (s *Snapshot) bindLookup(r *Row) (*bound, error) {
	t := s.spec.table(r.Lookup)
	if t < 0 || s.lookups[r.Lookup] == nil {
		return nil, unsupported("the table %s is not kept", r.Lookup)
	}
	l := s.lookups[r.Lookup]
	value, c, err := s.bind(t, r.Column, r.Test)
	if err != nil {
		return nil, err
	}
	b := &bound{negate: r.Test.Negated()}
	of := func(key int64, row int) int64 {
		if c == keyColumn {
			return key
		}
		return l.columns[c][row]
	}
	if uint64(l.high)-uint64(l.low) < widestTable {
		b.isTable, b.low = true, l.low
		if len(l.keys) > 0 {
			b.table = make([]uint8, l.high-l.low+1)
		}
		l.each(func(key int64, row int) {
			if value.positive(of(key, row)) {
				b.table[key-l.low] = 1
			}
		})
		return b, nil
	}
	b.match = func(x int64) bool {
		row, ok := l.keys[x]
		return ok && value.positive(of(x, int(row)))
	}
	return b, nil
}

// memo remembers answers by day for a span of two hundred years.
type memo struct {
	fn   func(int64) bool
	seen []uint8
}

const (
	memoLow  = -36_525
	memoSize = 73_050
)

// newMemo asks every day at once, so that workers may share the answers.
func newMemo(fn func(day int64) bool) *memo {
	m := &memo{fn: fn, seen: make([]uint8, memoSize)}
	for i := range m.seen {
		if fn(int64(i) + memoLow) {
			m.seen[i] = 1
		}
	}
	return m
}

func (m *memo) at(day int64) bool {
	if i := uint64(day - memoLow); i < memoSize { //nolint:gosec // a day before becomes huge
		return m.seen[i] != 0
	}
	return m.fn(day)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
