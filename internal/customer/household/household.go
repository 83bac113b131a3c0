// SPDX-License-Identifier: Apache-2.0

package household

import (
	"slices"
	"time"

	"dangol/internal/platform/fault"
)

// The states of a household and of a member.
const (
	Suggested = "suggested" // by the search; of a member: an addition to a confirmed household
	Confirmed = "confirmed" // by a person
	In        = "in"        // of a member: belongs to it
)

// Household is people who live together. Its JSON is what the journal keeps: numbers, no personal values.
type Household struct {
	ID           int64     `json:"id"`
	State        string    `json:"state"`
	Name         string    `json:"name,omitempty"`
	Confidence   int       `json:"confidence"`
	HeadID       int64     `json:"head_id,omitempty"` // chosen by hand
	Members      []Member  `json:"members"`
	DecidedAt    time.Time `json:"-"`
	DecidedBy    int64     `json:"decided_by,omitempty"`
	DecidedBatch int64     `json:"-"`
	CreatedAt    time.Time `json:"-"`
	UpdatedAt    time.Time `json:"-"`
	Version      int64     `json:"-"`
}

func (h *Household) clone() *Household {
	if h == nil {
		return nil
	}
	c := *h
	c.Members = slices.Clone(h.Members)
	return &c
}

func (h *Household) memberAt(customerID int64) int {
	return slices.IndexFunc(h.Members, func(m Member) bool { return m.CustomerID == customerID })
}

func (h *Household) ids() []int64 {
	if h == nil {
		return nil
	}
	ids := make([]int64, len(h.Members))
	for i, m := range h.Members {
		ids[i] = m.CustomerID
	}
	return ids
}

// same reports whether both say the same about who lives together.
func same(a, b *Household) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.State == b.State && a.HeadID == b.HeadID && a.Name == b.Name &&
		slices.EqualFunc(a.Members, b.Members, func(x, y Member) bool { return x.CustomerID == y.CustomerID && x.State == y.State })
}

func errNoHousehold(id int64) error {
	return fault.New(fault.NotFound, "customer.no_household", "There is no household {id}, or you may not see it.", "id", id)
}

func errTaken(customerID, householdID int64) error {
	return fault.New(fault.Conflict, "customer.household_taken",
		"Customer {id} belongs to the confirmed household {household} already; take the person out of it first.", "id", customerID, "household", householdID)
}
