// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/customer"
)

// introducers lets mining know who introduced whom.
type introducers struct{ customers *customer.Store }

// IntroducerOf returns customers with who introduced them, by the ids that hold their records now.
func (i introducers) IntroducerOf(ctx context.Context) (map[int64]int64, error) {
	list, err := i.customers.ListIntroductions(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, 2*len(list))
	for _, one := range list {
		ids = append(ids, one.IntroducerID, one.CustomerID)
	}
	now, err := i.customers.Current(ctx, ids)
	if err != nil {
		return nil, err
	}
	by := map[int64]int64{}
	for _, one := range list { // the oldest introduction counts
		whom, introducer := now[one.CustomerID], now[one.IntroducerID]
		if _, known := by[whom]; !known && whom != introducer {
			by[whom] = introducer
		}
	}
	return by, nil
}
