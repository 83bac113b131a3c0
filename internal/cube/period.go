// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

const isoDate = "2006-01-02"

// span is a resolved period; both days are inside.
type span struct{ from, to time.Time }

func (s span) days() int64 { return condition.Days(s.to) - condition.Days(s.from) + 1 }

// months counts the months of a span of whole months, 0 for any other.
func (s span) months() int {
	if s.from.Day() != 1 || s.to.AddDate(0, 0, 1).Day() != 1 {
		return 0
	}
	return int(condition.MonthNumber(s.to) - condition.MonthNumber(s.from) + 1)
}

// resolve turns a period into days; today counts as a part of it.
func (p *Period) resolve(today time.Time) (span, error) {
	wrong := fault.New(fault.Invalid, "cube.bad_period",
		"The period must be two dates, from and to, or the last so many days, months, quarters or years.")
	y, m, d := today.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if p.Last > 0 {
		if p.From != "" || p.To != "" || p.Last > 4000 {
			return span{}, wrong
		}
		first := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		switch p.Unit {
		case "day":
			return span{day.AddDate(0, 0, 1-p.Last), day}, nil
		case "month":
			return span{first.AddDate(0, 1-p.Last, 0), day}, nil
		case "quarter":
			start := time.Date(y, (m-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
			return span{start.AddDate(0, 3*(1-p.Last), 0), day}, nil
		case "year":
			return span{time.Date(y+1-p.Last, 1, 1, 0, 0, 0, 0, time.UTC), day}, nil
		}
		return span{}, wrong
	}
	from, err := time.Parse(isoDate, p.From)
	if err != nil {
		return span{}, wrong
	}
	to, err := time.Parse(isoDate, p.To)
	if err != nil || to.Before(from) || from.Year() < 1000 || to.Year() > 9998 {
		return span{}, wrong
	}
	return span{from, to}, nil
}

// shift is how an earlier period lies to the asked one.
type shift struct {
	months int
	days   int
}

// before finds the period to compare with.
func (s span) before(compare string) (span, shift) {
	if compare == PreviousYear {
		to := s.to.AddDate(-1, 0, 0)
		if s.to.AddDate(0, 0, 1).Day() == 1 { // the end of a month stays one: 29 February
			to = s.to.AddDate(0, 0, 1).AddDate(-1, 0, 0).AddDate(0, 0, -1)
		}
		return span{s.from.AddDate(-1, 0, 0), to}, shift{months: 12}
	}
	if n := s.months(); n > 0 {
		return span{s.from.AddDate(0, -n, 0), s.from.AddDate(0, 0, -1)}, shift{months: n}
	}
	n := int(s.days())
	return span{s.from.AddDate(0, 0, -n), s.from.AddDate(0, 0, -1)}, shift{days: n}
}

// fits says whether the keys of a time dimension can be laid over each other.
func (s shift) fits(unit warehouse.Unit) bool {
	size := map[warehouse.Unit]int{warehouse.UnitMonth: 1, warehouse.UnitQuarter: 3, warehouse.UnitYear: 12, warehouse.UnitFiscalQuarter: 3, warehouse.UnitFiscalYear: 12}[unit]
	switch {
	case size > 0:
		return s.days == 0 && s.months%size == 0
	case unit == warehouse.UnitWeek:
		return s.days%7 == 0 && (s.days > 0 || s.months == 12)
	}
	return true
}

// move turns the key of a time dimension in the earlier period into the key it
// is compared with; ok is false where there is none, as for 29 February.
func (s shift) move(unit warehouse.Unit, key any) (any, bool) {
	if day, isDay := key.(time.Time); isDay {
		switch {
		case s.days > 0:
			return day.AddDate(0, 0, s.days), true
		case unit == warehouse.UnitWeek:
			return day.AddDate(0, 0, 52*7), true
		}
		moved := day.AddDate(0, s.months, 0)
		return moved, moved.Day() == day.Day()
	}
	number, isNumber := key.(int64)
	size := map[warehouse.Unit]int64{warehouse.UnitMonth: 1, warehouse.UnitQuarter: 3, warehouse.UnitYear: 12, warehouse.UnitFiscalQuarter: 3, warehouse.UnitFiscalYear: 12}[unit]
	if !isNumber || size == 0 {
		return key, true
	}
	return number + int64(s.months)/size, true
}

// Spans resolves a period and the one that it is compared with into days, both inside.
func Spans(p Period, compare string, today time.Time) (now, before [2]time.Time, err error) {
	s, err := p.resolve(today)
	if err != nil {
		return now, before, err
	}
	if compare == "" {
		compare = PreviousPeriod
	}
	b, _ := s.before(compare)
	return [2]time.Time{s.from, s.to}, [2]time.Time{b.from, b.to}, nil
}
