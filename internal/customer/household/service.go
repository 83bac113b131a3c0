// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"
	"slices"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// Customers is what households need of customer.
type Customers interface {
	// RowsOf returns those of the customers that the person may see, masked, in the order of the ids.
	RowsOf(ctx context.Context, work string, ids []int64) ([]customer.Row, error)
	// RelationsAmong returns the relations between the customers.
	RelationsAmong(ctx context.Context, ids []int64) ([]customer.Relation, error)
	// TimelineOf returns what happened with any of the customers that the person may see.
	TimelineOf(ctx context.Context, ids []int64, cursor string, limit int, only []string) (customer.TimelinePage, error)
}

// Service is what the package does.
type Service struct {
	store     *store
	db        *database.DB
	journal   *journal.Journal
	customers Customers
	ledger    customer.Ledger
	jobs      *job.Queue
	zone      *time.Location
}

// New makes the service; ledger may be nil.
func New(db *database.DB, j *journal.Journal, customers Customers, ledger customer.Ledger, zone *time.Location) *Service {
	if zone == nil {
		zone = time.FixedZone("Asia/Seoul", 9*60*60)
	}
	return &Service{store: &store{db: db}, db: db, journal: j, customers: customers, ledger: ledger, zone: zone}
}

// Follow brings the rows of customers up to date after merges and un-merges; it joins the transaction of
// ctx. Memberships name the ids that people had before, so that nothing has to be moved.
func (s *Service) Follow(ctx context.Context, customerIDs []int64) error {
	list, err := s.store.memberships(ctx, customerIDs)
	if err != nil {
		return err
	}
	rows, err := s.store.rowsOf(ctx, "id", customerIDs)
	if err != nil {
		return err
	}
	households := map[int64]bool{}
	for _, m := range list {
		households[m.household] = true
	}
	for _, row := range rows {
		if row.household != 0 {
			households[row.household] = true
		}
	}
	if len(households) == 0 {
		return nil // most customers live alone as far as is known
	}
	ids := make([]int64, 0, len(households))
	for id := range households {
		ids = append(ids, id)
	}
	return s.refreshTold(ctx, ids, customerIDs)
}

// refreshTold brings customers' rows up to date; of the named ones the caller writes an entry, the others whose rows
// changed with them (the size of their household) get one here, or analysis would never hear of it.
func (s *Service) refreshTold(ctx context.Context, households, named []int64) error {
	changed, err := s.store.refresh(ctx, households, named)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(changed, func(id int64) bool { return slices.Contains(named, id) })
	if len(others) == 0 {
		return nil
	}
	return s.journal.Append(ctx, journal.Entry{
		Capability: "customer", Kind: "customer.household_resized", SubjectKind: "customer", SubjectIDs: others,
	})
}

// mayDecide refuses decisions by people who cannot see everybody: a household may hold customers outside
// their rows, and even saying so would tell them.
func mayDecide(ctx context.Context) error {
	if !auth.ScopeOf(ctx).All {
		return fault.New(fault.Forbidden, "customer.household_scope",
			"Households are decided by people who may see all customers; ask one of them.")
	}
	return nil
}
