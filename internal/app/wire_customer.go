// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/consent"
	"dangol/internal/customer"
	"dangol/internal/order"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
	"dangol/internal/platform/web"
)

// customerRoutes registers the routes of all parts of the capability.
func (s *services) customerRoutes(api web.API) {
	s.customer.Routes(api)
	s.household.Routes(api)
	s.referral.Routes(api)
	s.crosswalk.Routes(api)
}

func (s *services) customerJobs(queue *job.Queue) {
	s.customer.RegisterJobs(queue)
	s.household.RegisterJobs(queue)
	s.crosswalk.RegisterJobs(queue)
}

// ledger tells households and referral trees what people bought and which channels they granted, as far
// as whoever asks may read orders and consents.
type ledger struct {
	orders   *order.Service
	consents *consent.Service
}

// FiguresOf returns the figures of customers; those about whom nothing is known are left out.
func (l ledger) FiguresOf(ctx context.Context, customerIDs []int64) (map[int64]customer.Figures, error) {
	figures := map[int64]customer.Figures{}
	if auth.Check(ctx, "order:read") == nil {
		totals, err := l.orders.TotalsOf(ctx, customerIDs)
		if err != nil {
			return nil, err
		}
		for id, total := range totals {
			f := customer.Figures{Orders: total.Orders, Revenue: total.Revenue, Currency: total.Currency}
			if !total.LastAt.IsZero() {
				f.LastAt = &total.LastAt
			}
			figures[id] = f
		}
	}
	if auth.Check(ctx, "consent:read") == nil {
		granted, err := l.consents.Advertising(ctx, customerIDs)
		if err != nil {
			return nil, err
		}
		for id, channels := range granted {
			f := figures[id]
			for _, channel := range channels {
				f.Channels = append(f.Channels, string(channel))
			}
			figures[id] = f
		}
	}
	return figures, nil
}
