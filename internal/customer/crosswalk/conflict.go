// SPDX-License-Identifier: Apache-2.0

package crosswalk

import (
	"context"
	"fmt"
	"slices"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
)

// The kinds of conflicts.
const (
	SharedKey = "shared" // one key, several people: a case for a merge
	DoubleKey = "double" // one person, several keys of a scheme: a case for an un-merge, or two cards
)

// conflict is one as stored: a key with its customers, or a customer with its keys.
type conflict struct {
	kind       string
	schemeID   int64
	value      string // of a shared key
	customerID int64
	others     []string // customers of a shared key, or keys of a customer
}

// Counts are what a check came to.
type Counts struct {
	Shared int `json:"shared"`
	Double int `json:"double"`
}

// Check looks through all keys and keeps the report.
func (s *Service) Check(ctx context.Context, fence func(context.Context) error) (Counts, error) {
	var counts Counts
	schemes, err := s.customers.Store().ListSchemes(ctx)
	if err != nil {
		return counts, err
	}
	var found []conflict
	for _, scheme := range schemes {
		if scheme.Kind != "declared" {
			continue // derived keys are no numbers that anybody gave
		}
		shared, err := s.store.sharedKeys(ctx, scheme.ID)
		if err != nil {
			return counts, err
		}
		double, err := s.store.doubleKeys(ctx, scheme.ID)
		if err != nil {
			return counts, err
		}
		counts.Shared, counts.Double = counts.Shared+len(shared), counts.Double+len(double)
		found = append(append(found, shared...), double...)
	}
	err = s.db.WithinBulk(ctx, func(ctx context.Context) error {
		if err := fence(ctx); err != nil {
			return err
		}
		return s.store.replaceConflicts(ctx, found)
	})
	if err != nil {
		return counts, fmt.Errorf("keep the report of keys: %w", err)
	}
	return counts, nil
}

// ShownConflict is a conflict for people.
type ShownConflict struct {
	ID           int64          `json:"id"`
	Kind         string         `json:"kind" enum:"shared,double"`
	Scheme       string         `json:"scheme"`
	Label        string         `json:"label"`
	OnePerPerson bool           `json:"one_per_person" doc:"the scheme promises one key for each person"`
	Keys         []string       `json:"keys"`
	Customers    []customer.Row `json:"customers"`
}

// Ask chooses conflicts.
type Ask struct {
	Kind   string
	Scheme string
	After  int64
	Limit  int
}

// ListConflicts returns the report of the last check with the customers that the person may see; what was
// mended since is left out.
func (s *Service) ListConflicts(ctx context.Context, a Ask) (list []ShownConflict, next, total int64, err error) {
	schemes, err := s.customers.Store().ListSchemes(ctx)
	if err != nil {
		return nil, 0, 0, err
	}
	byID, only := map[int64]customer.KeyScheme{}, int64(0)
	for _, scheme := range schemes {
		byID[scheme.ID] = scheme
		if scheme.Name == a.Scheme {
			only = scheme.ID
		}
	}
	if auth.ScopeOf(ctx).All && a.After == 0 {
		if total, err = s.store.countConflicts(ctx, a, only); err != nil {
			return nil, 0, 0, err
		}
	}
	// Pages are filled up with what may be shown: a short page would tell that something was left out.
	for {
		found, err := s.store.listConflicts(ctx, a, only)
		if err != nil {
			return nil, 0, 0, err
		}
		for i, c := range found {
			if len(list) == a.Limit {
				return list, found[i].id - 1, total, nil
			}
			shown, ok, err := s.show(ctx, c, byID[c.schemeID])
			if err != nil {
				return nil, 0, 0, err
			}
			if ok {
				list = append(list, shown)
			}
			a.After = c.id
		}
		if len(found) <= a.Limit {
			return list, 0, total, nil
		}
	}
}

func (s *Service) show(ctx context.Context, c storedConflict, scheme customer.KeyScheme) (ShownConflict, bool, error) {
	shown := ShownConflict{ID: c.id, Kind: c.kind, Scheme: scheme.Name, Label: scheme.Label, OnePerPerson: scheme.OnePerPerson}
	ids := []int64{c.customerID}
	if c.kind == SharedKey {
		holders, err := s.customers.Store().FindKeys(ctx, []customer.Key{{SchemeID: c.schemeID, Value: c.value}})
		if err != nil {
			return shown, false, err
		}
		ids = ids[:0]
		for _, h := range holders {
			ids = append(ids, h.CustomerID)
		}
		slices.Sort(ids)
		if ids = slices.Compact(ids); len(ids) < 2 {
			return shown, false, nil // merged since
		}
		shown.Keys = []string{customer.MaskKey(ctx, c.value)}
	} else {
		keys, err := s.customers.Store().KeysOf(ctx, ids, map[int64]bool{c.schemeID: true})
		if err != nil {
			return shown, false, err
		}
		for _, key := range customer.SortKeys(keys[c.customerID]) {
			shown.Keys = append(shown.Keys, customer.MaskKey(ctx, key.Value))
		}
		if len(shown.Keys) < 2 {
			return shown, false, nil
		}
	}
	rows, err := s.customers.RowsOf(ctx, "customer.conflict", ids)
	shown.Customers = rows
	// Somebody who sees only one of two people must not learn that there is another.
	return shown, err == nil && (len(rows) > 1 || c.kind == DoubleKey && len(rows) == 1), err
}
