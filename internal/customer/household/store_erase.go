// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"
	"fmt"

	"dangol/internal/customer"
)

// Eraser tells what households keep of a person: membership and who was told apart. A suggestion that loses its second
// member goes.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{
		Traces: []customer.Trace{
			{What: "households", Table: "household_members", By: "customer_id"},
			{What: "partings", Table: "household_partings", By: "low_id"},
			{What: "partings", Table: "household_partings", By: "high_id"},
			{What: "heads", Table: "households", By: "head_id", Set: "head_id = NULL"},
		},
		Around: s.eraseAround,
	}
}

func (s *Service) eraseAround(ctx context.Context, e *customer.Erasure, rows func() error) error {
	list, err := s.store.memberships(ctx, e.Customers)
	if err != nil {
		return err
	}
	var households []int64
	for _, m := range list {
		households = append(households, m.household)
	}
	if err := rows(); err != nil {
		return err
	}
	if err := s.store.endLonely(ctx, households); err != nil {
		return err
	}
	return s.refreshTold(ctx, households, e.Customers)
}

// endLonely ends suggestions of one member.
func (s *store) endLonely(ctx context.Context, households []int64) error {
	const alone = "(SELECT COUNT(*) FROM household_members m WHERE m.household_id = households.id) < 2"
	for _, statement := range []string{
		"DELETE FROM household_members WHERE household_id IN (SELECT id FROM households WHERE state = 'suggested' AND " + alone + " AND id IN ({ids}))",
		"DELETE FROM households WHERE state = 'suggested' AND " + alone + " AND id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, households); err != nil {
			return fmt.Errorf("end households of one member: %w", err)
		}
	}
	return nil
}
