// SPDX-License-Identifier: Apache-2.0

package order

import "context"

// CountOf returns how many orders hang on each customer; those without any are missing.
func (s *Service) CountOf(ctx context.Context, customerIDs []int64) (map[int64]int64, error) {
	return s.store.countOf(ctx, customerIDs)
}
