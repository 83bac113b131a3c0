// SPDX-License-Identifier: Apache-2.0

package consent

import "context"

// Unproven returns those of the customers for whom a consent to advertising is claimed by a source without
// evidence, and nothing better is known for the channel (rulebook 4.2).
func (s *Service) Unproven(ctx context.Context, customerIDs []int64) (map[int64]bool, error) {
	ledgers, err := s.store.ledger(ctx, customerIDs)
	if err != nil {
		return nil, err
	}
	unproven := map[int64]bool{}
	for id, ledger := range ledgers {
		for _, state := range States(ledger) {
			if state.Purpose == Advertising && !state.IsNight && state.Status == Claimed {
				unproven[id] = true
				break
			}
		}
	}
	return unproven, nil
}

// Bounces returns the addresses that a hard bounce has barred and that nobody has freed since.
func (s *Service) Bounces(ctx context.Context) (map[string]bool, error) { return s.store.bounces(ctx) }
