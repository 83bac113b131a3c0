// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"time"
)

// recentChunk is how many customers' orders are read at once.
const recentChunk = 200

// ListRecent returns the orders of customers made since a moment, with their lines.
func (s *Service) ListRecent(ctx context.Context, customerIDs []int64, since time.Time) ([]Order, error) {
	var all []Order
	for from := 0; from < len(customerIDs); from += recentChunk {
		part := customerIDs[from:min(from+recentChunk, len(customerIDs))]
		list, err := s.store.listRecent(ctx, part, since)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}
