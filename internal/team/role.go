// SPDX-License-Identifier: Apache-2.0

package team

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// ListRoles returns all roles.
func (s *Service) ListRoles(ctx context.Context) ([]Role, error) { return s.store.ListRoles(ctx) }

// CreateRole makes a role; nobody can put into it what they do not hold.
func (s *Service) CreateRole(ctx context.Context, draft RoleDraft) (Role, error) {
	role := Role{Name: draft.Name, LabelKo: draft.LabelKo, LabelEn: draft.LabelEn, Permissions: draft.Permissions, RowScope: draft.RowScope}
	if err := s.checkRole(ctx, role); err != nil {
		return Role{}, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if role.ID, err = s.store.CreateRole(ctx, role); err != nil {
			return err
		}
		return s.note(ctx, RoleCreated, "role", role.ID, nil, role)
	})
	if err != nil {
		return Role{}, fmt.Errorf("create a role: %w", err)
	}
	return role, nil
}

// UpdateRole gives the role new content. Builtin roles keep their names, and
// the administrator keeps every permission.
func (s *Service) UpdateRole(ctx context.Context, id int64, draft RoleDraft) (Role, error) {
	after := Role{ID: id, Name: draft.Name, LabelKo: draft.LabelKo, LabelEn: draft.LabelEn, Permissions: draft.Permissions, RowScope: draft.RowScope}
	if err := s.checkRole(ctx, after); err != nil {
		return Role{}, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.findRole(ctx, id)
		if err != nil {
			return err
		}
		after.IsBuiltin = before.IsBuiltin
		if before.IsBuiltin && before.Name != after.Name {
			return fault.New(fault.Conflict, "team.role_builtin", "The role {role} comes with the product and keeps its name; its labels can be changed.", "role", before.Name)
		}
		if err := mayHandOut(auth.From(ctx), before.Permissions); err != nil {
			return err
		}
		if err := s.store.UpdateRole(ctx, after); err != nil {
			return err
		}
		if err := s.keepAnAdministrator(ctx); err != nil {
			return err
		}
		return s.note(ctx, RoleUpdated, "role", id, before, after)
	})
	if err != nil {
		return Role{}, fmt.Errorf("update role %d: %w", id, err)
	}
	return after, nil
}

// DeleteRole removes a role that nobody has and that is not builtin.
func (s *Service) DeleteRole(ctx context.Context, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		role, err := s.findRole(ctx, id)
		if err != nil {
			return err
		}
		if role.IsBuiltin {
			return fault.New(fault.Conflict, "team.role_builtin", "The role {role} comes with the product and cannot be removed.", "role", role.Name)
		}
		if err := s.store.DeleteRole(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, RoleDeleted, "role", id, role, nil)
	})
}

func (s *Service) findRole(ctx context.Context, id int64) (Role, error) {
	roles, err := s.store.ListRoles(ctx)
	if err != nil {
		return Role{}, err
	}
	at := slices.IndexFunc(roles, func(role Role) bool { return role.ID == id })
	if at < 0 {
		return Role{}, fault.New(fault.NotFound, "team.role_not_found", "Role {id} does not exist.", "id", id)
	}
	return roles[at], nil
}

func (s *Service) checkRole(ctx context.Context, role Role) error {
	if _, err := cleanName(role.Name); err != nil {
		return err
	}
	if !slices.Contains([]string{ScopeAll, ScopeBranch, ScopeOwn}, role.RowScope) {
		return fault.New(fault.Invalid, "team.bad_scope", "The row scope is all, branch or own.")
	}
	if err := checkPatterns(role.Permissions); err != nil {
		return err
	}
	return mayHandOut(auth.From(ctx), role.Permissions)
}

// ListBranches returns all branches.
func (s *Service) ListBranches(ctx context.Context) ([]Branch, error) {
	return s.store.ListBranches(ctx)
}

// CreateBranch makes a branch.
func (s *Service) CreateBranch(ctx context.Context, branch Branch) (Branch, error) {
	var err error
	if branch.Name, err = cleanName(branch.Name); err != nil {
		return Branch{}, err
	}
	if branch.Label = strings.TrimSpace(branch.Label); branch.Label == "" {
		branch.Label = branch.Name
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if branch.ID, err = s.store.CreateBranch(ctx, branch); err != nil {
			return err
		}
		return s.note(ctx, BranchCreated, "branch", branch.ID, nil, branch)
	})
	if err != nil {
		return Branch{}, fmt.Errorf("create a branch: %w", err)
	}
	return branch, nil
}
