// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// ClosedDay is a day besides the public holidays on which the company does not work.
type ClosedDay struct {
	On   string `json:"on" doc:"ISO date"`
	Name string `json:"name" maxLength:"80"`
}

const (
	mostClosed  = 2000
	longestDay  = 80
	closedFresh = 30 * time.Second // other nodes hear of a change this late
)

// closedDays are the company's days off as they were last read.
type closedDays struct {
	list   []ClosedDay
	days   map[time.Time]bool
	readAt time.Time
}

type closedCache struct{ now atomic.Pointer[closedDays] }

func closedOf(list []ClosedDay, at time.Time) *closedDays {
	out := &closedDays{list: list, days: make(map[time.Time]bool, len(list)), readAt: at}
	for _, d := range list {
		if day, err := time.Parse(isoDate, d.On); err == nil {
			out.days[day] = true
		}
	}
	return out
}

// closed returns the company's days off; when they cannot be read those known last stand.
func (s *Service) closed(ctx context.Context) *closedDays {
	known := s.daysOff.now.Load()
	if s.db == nil || known != nil && s.clock().Sub(known.readAt) < closedFresh {
		if known == nil {
			known = &closedDays{}
		}
		return known
	}
	list, err := s.pivots.ClosedDays(ctx)
	if err != nil {
		slog.Warn("cube: the company's days off could not be read", "error", err)
		if known == nil {
			known = &closedDays{}
		}
		return known
	}
	fresh := closedOf(list, s.clock())
	s.daysOff.now.Store(fresh)
	return fresh
}

// lastClosed are the days off as the question at hand has read them.
func (s *Service) lastClosed() map[time.Time]bool {
	if known := s.daysOff.now.Load(); known != nil {
		return known.days
	}
	return nil
}

// ClosedDays lists the company's own days off, in order.
func (s *Service) ClosedDays(ctx context.Context) ([]ClosedDay, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	return s.pivots.ClosedDays(ctx)
}

// SaveClosedDays replaces the company's own days off.
func (s *Service) SaveClosedDays(ctx context.Context, list []ClosedDay) ([]ClosedDay, error) {
	if err := auth.Check(ctx, "cube:define"); err != nil {
		return nil, err
	}
	if len(list) > mostClosed {
		return nil, fault.New(fault.Invalid, "cube.too_many_closed", "At most {most} days off are kept.", "most", mostClosed)
	}
	list = slices.Clone(list)
	for i := range list {
		d := &list[i]
		d.Name = strings.TrimSpace(d.Name)
		if day, err := time.Parse(isoDate, d.On); err != nil || day.Year() < 1990 || day.Year() > 2100 {
			return nil, fault.New(fault.Invalid, "cube.bad_closed_day", "{on} is no day; write it as 2026-05-01.", "on", d.On)
		}
		if d.Name == "" || utf8.RuneCountInString(d.Name) > longestDay || strings.ContainsRune(d.Name, 0) {
			return nil, fault.New(fault.Invalid, "cube.bad_closed_name", "Say what the day {on} is, in at most {most} letters.", "on", d.On, "most", longestDay)
		}
	}
	slices.SortFunc(list, func(a, b ClosedDay) int { return strings.Compare(a.On, b.On) })
	for i := 1; i < len(list); i++ {
		if list[i].On == list[i-1].On {
			return nil, fault.New(fault.Invalid, "cube.closed_twice", "The day {on} is there twice.", "on", list[i].On)
		}
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.pivots.ClosedDays(ctx)
		if err != nil {
			return err
		}
		if err := s.pivots.SaveClosedDays(ctx, list); err != nil {
			return err
		}
		return s.Note(ctx, "closed_days_updated", "calendar", 1, before, list)
	})
	if err != nil {
		return nil, err
	}
	s.daysOff.now.Store(closedOf(list, s.clock()))
	return list, nil
}
