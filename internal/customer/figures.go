// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"slices"
	"time"
)

// Figures are what a customer is worth and may be sent.
type Figures struct {
	Orders   int64      `json:"orders"`
	Revenue  int64      `json:"revenue" doc:"minor units, in the company's currency"`
	Currency string     `json:"currency,omitempty"`
	LastAt   *time.Time `json:"last_at,omitempty"`
	Channels []string   `json:"channels" doc:"channels granted for advertising"`
}

// Add adds the figures of another customer.
func (f *Figures) Add(other Figures) {
	f.Orders, f.Revenue = f.Orders+other.Orders, f.Revenue+other.Revenue
	if other.Currency != "" {
		f.Currency = other.Currency
	}
	if other.LastAt != nil && (f.LastAt == nil || other.LastAt.After(*f.LastAt)) {
		f.LastAt = other.LastAt
	}
	for _, channel := range other.Channels {
		if !slices.Contains(f.Channels, channel) {
			f.Channels = append(f.Channels, channel)
		}
	}
}

// Ledger tells figures of customers; app connects order and consent, as far as the person may read them.
type Ledger interface {
	FiguresOf(ctx context.Context, customerIDs []int64) (map[int64]Figures, error)
}
