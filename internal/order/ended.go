// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"time"
)

// Ended is a transaction that is over, with one kind of goods that it had.
type Ended struct {
	OrderID    int64
	CustomerID int64
	SourceID   int64
	EndedAt    time.Time
	Category   string
	Contact    string
	IsDirect   bool
}

// endedChunk is how many customers are asked for at once.
const endedChunk = 400

// ListEnded returns the paid transactions of customers that ended since a
// moment. Where a source says nothing of the end, the order's own time counts,
// which is the earlier and so the stricter one.
func (s *Service) ListEnded(ctx context.Context, customerIDs []int64, since time.Time) ([]Ended, error) {
	var all []Ended
	for from := 0; from < len(customerIDs); from += endedChunk {
		part := customerIDs[from:min(from+endedChunk, len(customerIDs))]
		list, err := s.store.listEnded(ctx, part, since)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}
