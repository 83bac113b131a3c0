// SPDX-License-Identifier: Apache-2.0

package consent

import "context"

// Spoken returns what customers themselves said, by customer: the states with evidence of date and method.
// What an import merely claims is left out.
func (s *Service) Spoken(ctx context.Context, customerIDs []int64) (map[int64][]State, error) {
	ledger, err := s.store.ledger(ctx, customerIDs)
	if err != nil {
		return nil, err
	}
	spoken := make(map[int64][]State, len(ledger))
	for id, list := range ledger {
		evident := list[:0:0]
		for i := range list {
			if !list[i].IsClaimed {
				evident = append(evident, list[i])
			}
		}
		if len(evident) > 0 {
			spoken[id] = States(evident)
		}
	}
	return spoken, nil
}
