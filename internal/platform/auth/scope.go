// SPDX-License-Identifier: Apache-2.0

package auth

import "context"

// Scope says which customers' rows a person may reach: all, those of a branch,
// those of an owner, or (with both set) those of either.
type Scope struct {
	All     bool
	Branch  string
	OwnerID int64
}

// Widen returns the scope that reaches the rows of both; a person with two
// roles reaches what either role reaches.
func (s Scope) Widen(other Scope) Scope {
	if s.All || other.All {
		return Scope{All: true}
	}
	if s.Branch == "" {
		s.Branch = other.Branch
	}
	if s.OwnerID == 0 {
		s.OwnerID = other.OwnerID
	}
	return s
}

// Reaches reports whether a row of the branch and owner is inside the scope.
func (s Scope) Reaches(branch string, ownerID int64) bool {
	return s.All || (s.Branch != "" && s.Branch == branch) || (s.OwnerID != 0 && s.OwnerID == ownerID)
}

// ScopeOf returns the row scope of whoever acts in the context; nobody reaches nothing.
func ScopeOf(ctx context.Context) Scope {
	person := From(ctx)
	if person.IsSystem {
		return Scope{All: true}
	}
	return person.Scope
}

// ScopeSQL returns a condition over the columns branch and owner_id of the
// table alias (may be empty) and its arguments; it is valid for SQLite,
// PostgreSQL and DuckDB and is never empty.
func ScopeSQL(ctx context.Context, alias string) (string, []any) {
	scope := ScopeOf(ctx)
	if alias != "" {
		alias += "."
	}
	switch {
	case scope.All:
		return "1=1", nil
	case scope.Branch != "" && scope.OwnerID != 0:
		return "(" + alias + "branch = ? OR " + alias + "owner_id = ?)", []any{scope.Branch, scope.OwnerID}
	case scope.Branch != "":
		return alias + "branch = ?", []any{scope.Branch}
	case scope.OwnerID != 0:
		return alias + "owner_id = ?", []any{scope.OwnerID}
	}
	return "1=0", nil
}
