// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/team"
)

// roleBook tells the catalogue of measures which roles may see what.
type roleBook struct{ team *team.Service }

// RolesWith lists the labels of the roles that hold all the permissions.
func (r roleBook) RolesWith(ctx context.Context, permissions []string) ([]warehouse.Text, error) {
	roles, err := r.team.ListRoles(ctx)
	if err != nil {
		return nil, err
	}
	var list []warehouse.Text
	for _, role := range roles {
		holds := auth.Permit(role.Permissions...)
		if len(holds.Of(permissions)) == len(permissions) {
			list = append(list, warehouse.Text{Ko: role.LabelKo, En: role.LabelEn})
		}
	}
	return list, nil
}
