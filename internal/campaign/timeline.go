// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"cmp"
	"context"
	"slices"

	"dangol/internal/customer"
)

// TimelineName says whose events these are.
func (s *Service) TimelineName() string { return "campaign" }

// Timeline returns what campaigns sent to the records of a customer and what
// came of it, newest first.
func (s *Service) Timeline(ctx context.Context, subject customer.Subject, before customer.Position, limit int) ([]customer.TimelineItem, error) {
	if len(subject.RecordIDs) == 0 {
		return nil, nil
	}
	items, err := s.store.events(ctx, subject.RecordIDs)
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, func(item customer.TimelineItem) bool { return !before.Passed(item) })
	slices.SortFunc(items, func(a, b customer.TimelineItem) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.ID, a.ID))
	})
	return items[:min(len(items), limit)], nil
}
