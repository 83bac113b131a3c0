// SPDX-License-Identifier: Apache-2.0

package team

import "context"

// Store keeps people, roles and branches. Methods join the transaction of ctx.
type Store interface {
	// Find returns a person, or fault.NotFound.
	Find(ctx context.Context, id int64) (Person, error)
	// FindByEmail returns the person who signs in with the address, or fault.NotFound.
	FindByEmail(ctx context.Context, email string) (Person, error)
	// FindWithRoles returns a person with the content of their roles, or fault.NotFound.
	FindWithRoles(ctx context.Context, id int64) (Person, []Role, error)
	// List returns all people in order of name.
	List(ctx context.Context) ([]Person, error)
	// Create stores a person with their roles and returns the id.
	Create(ctx context.Context, person Person) (int64, error)
	// Update stores every value of the person and their roles.
	Update(ctx context.Context, person Person) error
	// CountHolding counts people who can sign in and hold the permission pattern itself.
	CountHolding(ctx context.Context, pattern string) (int, error)

	// ListRoles returns all roles in the order they were made.
	ListRoles(ctx context.Context) ([]Role, error)
	// CreateRole stores a role and returns the id; a name in use gives fault.Conflict.
	CreateRole(ctx context.Context, role Role) (int64, error)
	// UpdateRole stores every value of the role.
	UpdateRole(ctx context.Context, role Role) error
	// DeleteRole removes the role; fault.Conflict while people have it.
	DeleteRole(ctx context.Context, id int64) error

	// ListBranches returns all branches in order of name.
	ListBranches(ctx context.Context) ([]Branch, error)
	// CreateBranch stores a branch and returns the id; a name in use gives fault.Conflict.
	CreateBranch(ctx context.Context, branch Branch) (int64, error)
}
