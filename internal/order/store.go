// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"fmt"

	"dangol/internal/platform/database"
)

// store keeps orders in the system of record; every method joins the
// transaction of its ctx. Find methods return fault.NotFound.
type store struct {
	db *database.DB
}

// inChunk bounds the values of one IN list.
const inChunk = 500

// chunks calls fn with parts of list of at most inChunk values.
func chunks[T any](list []T, fn func(part []T) error) error {
	for len(list) > 0 {
		n := min(len(list), inChunk)
		if err := fn(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// arguments turns a list into query arguments.
func arguments[T any](list []T, before ...any) []any {
	args := append(make([]any, 0, len(list)+len(before)), before...)
	for _, item := range list {
		args = append(args, item)
	}
	return args
}

// expectGrowth makes PostgreSQL plan each statement of this transaction anew: a
// plan kept from when a table was empty scans it as a whole ever after.
func (s *store) expectGrowth(ctx context.Context) error {
	if !s.db.IsPostgres() {
		return nil
	}
	if _, err := s.db.Exec(ctx, "SET LOCAL plan_cache_mode = force_custom_plan"); err != nil {
		return fmt.Errorf("set planning: %w", err)
	}
	return nil
}
