// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dangol/internal/platform/fault"
)

// Contribution is what one person of the staff did for the data in a period.
type Contribution struct {
	PersonID  int64   `json:"person_id"`
	Name      string  `json:"name"`
	Entries   int64   `json:"entries" doc:"times that the person entered or changed a customer"`
	Customers int64   `json:"customers" doc:"different ones"`
	Clean     float64 `json:"clean" doc:"percent of the entries in which nothing doubtful was noticed"`
	Lasting   float64 `json:"lasting" doc:"percent of the entries that were not taken back or replaced by somebody else"`
	Mended    int64   `json:"mended" doc:"issues mended"`
	Confirmed int64   `json:"confirmed" doc:"issues found right as they are"`
}

// Board returns the contributions of a period of whole days, most first.
func (s *Service) Board(ctx context.Context, from, to string) ([]Contribution, error) {
	first, err := time.ParseInLocation(time.DateOnly, from, s.zone)
	last := first
	if err == nil {
		last, err = time.ParseInLocation(time.DateOnly, to, s.zone)
	}
	if err != nil || last.Before(first) {
		return nil, fault.New(fault.Invalid, "dataquality.bad_period", "Give the first and the last day, like 2026-11-01 and 2026-11-30.")
	}
	board, err := s.store.contributions(ctx, first, last.AddDate(0, 0, 1))
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(board))
	for id := range board {
		ids = append(ids, id)
	}
	names, err := s.outside.NamesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Contribution, 0, len(board))
	for id, c := range board {
		c.PersonID, c.Name = id, names[id]
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b Contribution) int {
		return cmp.Or(cmp.Compare(b.Mended+b.Confirmed+b.Entries, a.Mended+a.Confirmed+a.Entries), cmp.Compare(a.PersonID, b.PersonID))
	})
	return list, nil
}
