// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"time"

	"dangol/internal/platform/fault"
)

// Customer is a golden row.
type Customer struct {
	ID         int64
	Values     Values
	Provenance Provenance
	Pins       map[string]int64 // field or attribute name → record
	Records    int              // live records
	AliasOf    int64
	Hidden     bool
	Household  HouseholdMark
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
}

// HouseholdMark is what the row of a customer says of the household; package household alone writes it.
type HouseholdMark struct {
	ID     int64
	State  string // suggested or confirmed
	Size   int
	IsHead bool
}

// Faults of this capability.
var (
	errSelfMerge = fault.New(fault.Invalid, "customer.merge_with_itself",
		"A customer cannot be merged with itself; choose another customer.")
)

func errNotFound(id int64) error {
	return fault.New(fault.NotFound, "customer.not_found",
		"There is no customer {id}, or you may not see it.", "id", id)
}

func errChanged(id, version int64) error {
	return fault.New(fault.Conflict, "customer.changed",
		"Somebody changed customer {id} meanwhile (now version {version}). Nothing was saved; look at the new values and try again.",
		"id", id, "version", version)
}
