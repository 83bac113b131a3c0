// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/consent"
	"dangol/internal/match"
	"dangol/internal/order"
	"dangol/internal/platform/auth"
)

// stakes tells match what hangs on customers: it knows neither orders nor consents.
type stakes struct {
	orders   *order.Service
	consents *consent.Service
}

// Stakes returns what hangs on the customers, as far as the person may read it.
func (s stakes) Stakes(ctx context.Context, customerIDs []int64) (map[int64]match.Stake, error) {
	found := map[int64]match.Stake{}
	if auth.Check(ctx, "order:read") == nil {
		counts, err := s.orders.CountOf(ctx, customerIDs)
		if err != nil {
			return nil, err
		}
		for id, n := range counts {
			found[id] = match.Stake{Orders: n}
		}
	}
	if auth.Check(ctx, "consent:read") != nil {
		return found, nil
	}
	spoken, err := s.consents.Spoken(ctx, customerIDs)
	if err != nil {
		return nil, err
	}
	for id, states := range spoken {
		stake := found[id]
		for _, state := range states {
			if state.Purpose == consent.Advertising && !state.IsNight && (state.IsGranted() || state.IsRefused()) {
				stake.Consents = append(stake.Consents, match.ConsentAtStake{Channel: string(state.Channel), IsGrant: state.IsGranted()})
			}
		}
		found[id] = stake
	}
	return found, nil
}
