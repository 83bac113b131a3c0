// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"

	"dangol/internal/platform/fault"
	"dangol/internal/segment"
)

// Members answers who is in a segment or fits rules; segment.Service implements
// it. An unknown segment is fault.NotFound.
type Members interface {
	EachMember(ctx context.Context, segmentID int64, fn func(ids []int64) error) (segment.AsOf, error)
	EachMatch(ctx context.Context, rules []byte, fn func(ids []int64) error) (segment.AsOf, error)
}

// UseMembers connects who knows the members of segments.
func (s *Service) UseMembers(m Members) { s.members = m }

// audience are the customers of an RFM group and of a segment; nil is everybody.
func (s *Service) audience(ctx context.Context, group string, segmentID int64) (map[int64]bool, error) {
	var isIn map[int64]bool
	if group != "" {
		var err error
		if isIn, err = s.idsOf(ctx, "SELECT customer_id FROM "+ScoresTable+" WHERE segment = ?", group); err != nil {
			return nil, fmt.Errorf("customers of group %s: %w", group, err)
		}
	}
	if segmentID == 0 {
		return isIn, nil
	}
	if s.members == nil {
		return nil, fault.New(fault.Unavailable, "mining.no_segments", "Segments cannot be asked here.")
	}
	both := map[int64]bool{}
	_, err := s.members.EachMember(ctx, segmentID, func(ids []int64) error {
		for _, id := range ids {
			if isIn == nil || isIn[id] {
				both[id] = true
			}
		}
		return nil
	})
	return both, err
}
