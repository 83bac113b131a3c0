// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"

	"dangol/internal/customer"
)

// Eraser tells what matching keeps of a person: the pairs that wait for a decision and the keys of the live index. A
// run that has them in memory leaves them out when it writes. What people decided stays, as numbers.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{
		Traces: []customer.Trace{
			{What: "pairs", Table: "match_pairs", By: "low_id"},
			{What: "pairs", Table: "match_pairs", By: "high_id"},
		},
		Around: func(ctx context.Context, e *customer.Erasure, rows func() error) error {
			if err := s.Forget(ctx, e.Records); err != nil {
				return err
			}
			return rows()
		},
	}
}
