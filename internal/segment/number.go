// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"cmp"
	"slices"

	"dangol/internal/platform/warehouse/condition"
)

const microsPerDay = 24 * 60 * 60 * 1_000_000

func dayOf(at int64) int64 {
	day := at / microsPerDay
	if at%microsPerDay < 0 {
		day--
	}
	return day
}

// takesPart says whether a row belongs to the behaviour, and when it was.
func (d *deed) takesPart(s Slice, row int) (at condition.Value, ok bool) {
	at = s.Value(d.read, row, d.time)
	for _, test := range d.within {
		if !test.Match(at) {
			return at, false
		}
	}
	return at, d.rows.matches(s, row)
}

// number is what the rows of a customer come to.
func (d *deed) number(s Slice) condition.Value {
	if d.days > 0 {
		return condition.Int(d.best(s))
	}
	t := tally{d: d}
	isFollowed := d.followed(s)
	for row := range s.Rows(d.read) {
		if at, ok := d.takesPart(s, row); ok && isFollowed(at) {
			t.add(s, row, at)
		}
	}
	return t.result()
}

// tally adds up the rows of a customer.
type tally struct {
	d        *deed
	number   int64
	things   int64
	seen     bool
	distinct map[condition.Value]struct{}
}

func (t *tally) add(s Slice, row int, at condition.Value) {
	d := t.d
	switch d.kind {
	case byCount, byDistinct:
		t.count(s, row, d)
	case bySum:
		t.number += s.Value(d.read, row, d.value).Int
	case byAverage:
		t.number += s.Value(d.read, row, d.value).Int
		if d.per.rows.matches(s, row) {
			t.count(s, row, d.per)
		}
	case byLast, byFirst:
		if at.Kind != condition.Missing && (!t.seen || d.kind == byLast == (at.Int > t.number)) {
			t.number, t.seen = at.Int, true
		}
	}
}

func (t *tally) count(s Slice, row int, d *deed) {
	if d.value < 0 {
		t.things++
		return
	}
	v := s.Value(d.read, row, d.value)
	if v.Kind == condition.Missing {
		return
	}
	if t.distinct == nil {
		t.distinct = map[condition.Value]struct{}{}
	}
	t.distinct[v] = struct{}{}
	t.things = int64(len(t.distinct))
}

func (t *tally) result() condition.Value {
	switch t.d.kind {
	case byCount, byDistinct:
		return condition.Int(t.things)
	case byAverage:
		if t.things == 0 {
			return condition.Value{}
		}
		number := t.number / t.things
		if t.number%t.things < 0 {
			number--
		}
		return condition.Int(number)
	case byLast, byFirst:
		if !t.seen {
			return condition.Value{}
		}
	}
	return condition.Int(t.number)
}

// followed returns whether a row of a time is followed by one of then: later,
// and at most thenDays days after it.
func (d *deed) followed(s Slice) func(at condition.Value) bool {
	if d.then == nil {
		return func(condition.Value) bool { return true }
	}
	var times []int64
	for row := range s.Rows(d.then.read) {
		if at, ok := d.then.takesPart(s, row); ok && at.Kind != condition.Missing {
			times = append(times, at.Int)
		}
	}
	slices.Sort(times)
	return func(at condition.Value) bool {
		if at.Kind == condition.Missing {
			return false
		}
		i, _ := slices.BinarySearch(times, at.Int+1)
		return i < len(times) && dayOf(times[i])-dayOf(at.Int) <= d.thenDays
	}
}

// occurrence is a row on a day.
type occurrence struct {
	day   int64
	value condition.Value
}

// best is the most that lies within some days in a row which end with a day on
// which something happened.
func (d *deed) best(s Slice) int64 {
	var list []occurrence
	isFollowed := d.followed(s)
	for row := range s.Rows(d.read) {
		at, ok := d.takesPart(s, row)
		if !ok || at.Kind == condition.Missing || !isFollowed(at) {
			continue
		}
		one := occurrence{day: dayOf(at.Int), value: condition.Int(1)}
		if d.value >= 0 {
			one.value = s.Value(d.read, row, d.value)
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b occurrence) int { return cmp.Compare(a.day, b.day) })
	return bestOf(list, d.days, d.kind == byCount && d.value >= 0)
}

func bestOf(list []occurrence, days int64, isDistinct bool) int64 {
	best, held, first, hasBest := int64(0), int64(0), 0, false
	inside := map[condition.Value]int{}
	step := func(v condition.Value, by int) {
		if !isDistinct {
			held += v.Int * int64(by)
			return
		}
		if v.Kind == condition.Missing {
			return
		}
		if inside[v] += by; inside[v] == 0 {
			delete(inside, v)
		}
		held = int64(len(inside))
	}
	for i, one := range list {
		step(one.value, 1)
		for list[first].day <= one.day-days {
			step(list[first].value, -1)
			first++
		}
		if i+1 < len(list) && list[i+1].day == one.day {
			continue // all rows of a day belong to the window
		}
		if !hasBest || held > best {
			best, hasBest = held, true
		}
	}
	return best
}
