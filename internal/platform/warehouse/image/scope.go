// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// InScope is the row scope of whoever acts in ctx as a rule over the table of
// subjects; nil is everybody.
func InScope(ctx context.Context, table string) (*Rule, error) {
	scope := auth.ScopeOf(ctx)
	if scope.All {
		return nil, nil //nolint:nilnil // no condition
	}
	either := &Rule{Op: "or"}
	add := func(column string, kind warehouse.Kind, value any) error {
		test, err := condition.Compile(condition.Field{Name: column, Column: column, Kind: kind}, condition.Equal, value, condition.Moment{})
		either.Rules = append(either.Rules, &Rule{Table: table, Column: column, Test: test})
		return err
	}
	if scope.Branch != "" {
		if err := add("branch", warehouse.KindChoice, scope.Branch); err != nil {
			return nil, err
		}
	}
	if scope.OwnerID != 0 {
		if err := add("owner_id", warehouse.KindID, scope.OwnerID); err != nil {
			return nil, err
		}
	}
	return either, nil
}
