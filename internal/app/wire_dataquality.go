// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/consent"
	"dangol/internal/platform/fault"
	"dangol/internal/team"
)

// outside tells data quality what consent and team know.
type outside struct {
	consents *consent.Service
	team     *team.Service
}

// BouncedAddresses returns the numbers and addresses that hard bounces have barred.
func (o outside) BouncedAddresses(ctx context.Context) (map[string]bool, error) {
	return o.consents.Bounces(ctx)
}

// UnprovenConsents returns those of the customers whose consent is only claimed.
func (o outside) UnprovenConsents(ctx context.Context, customerIDs []int64) (map[int64]bool, error) {
	return o.consents.Unproven(ctx, customerIDs)
}

// NamesOf returns the names of people of the staff; those who have left the table have none.
func (o outside) NamesOf(ctx context.Context, personIDs []int64) (map[int64]string, error) {
	names := map[int64]string{}
	for _, id := range personIDs {
		person, err := o.team.Find(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		names[id] = person.Name
	}
	return names, nil
}
