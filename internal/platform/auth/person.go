// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// Person is who acts: a member of staff, one of their API tokens, or the system itself.
type Person struct {
	ID            int64
	Name          string
	Email         string
	Roles         []string
	Permissions   Permissions
	Scope         Scope
	Locale        string
	UnmaskUntil   time.Time
	UnmaskPurpose string
	// IsSystem marks work that the product does by itself; Name then says which.
	IsSystem bool
	// SessionID and TokenID say how the person came in; both are zero in jobs.
	SessionID int64
	TokenID   int64
	// Address is the network address of the request, for the access log.
	Address string
}

// IsSignedIn reports whether somebody acts at all.
func (p Person) IsSignedIn() bool { return p.ID != 0 || p.IsSystem }

type personKey struct{}

// With returns a context in which the person acts.
func With(ctx context.Context, person Person) context.Context {
	return context.WithValue(ctx, personKey{}, person)
}

// From returns who acts in the context; the zero Person when nobody is signed in.
func From(ctx context.Context) Person {
	person, _ := ctx.Value(personKey{}).(Person)
	return person
}

// Check returns nil when the person of the context holds the permission, a
// fault of kind Unauthenticated when nobody is signed in, else Forbidden.
func Check(ctx context.Context, permission string) error {
	person := From(ctx)
	if !person.IsSignedIn() {
		return ErrSignedOut()
	}
	if person.IsSystem || person.Permissions.Allows(permission) {
		return nil
	}
	return fault.New(fault.Forbidden, "auth.forbidden",
		"Your roles do not include the permission {permission}; ask an administrator for it.", "permission", permission)
}

// ErrSignedOut is the fault given to callers that are not signed in.
func ErrSignedOut() error {
	return fault.New(fault.Unauthenticated, "auth.signed_out", "You are not signed in, or the session has ended; sign in and try again.")
}

// CanSeeClear reports whether personal values may be shown unmasked in this
// context: the system may, people only within the time of a stated purpose.
func CanSeeClear(ctx context.Context) bool {
	person := From(ctx)
	if person.IsSystem {
		return true
	}
	return person.Permissions.Allows("customer:unmask") && now(ctx).Before(person.UnmaskUntil)
}

// Permissions is what a person may do: patterns granted by roles, narrowed by
// the scopes of a token. The patterns are "*", "capability:*", "*:action" and
// "capability:action".
type Permissions struct {
	granted  map[string]bool
	narrowed []map[string]bool
}

// Permit builds permissions out of the patterns that roles grant.
func Permit(patterns ...string) Permissions {
	return Permissions{granted: patternSet(patterns)}
}

// Narrow returns the permissions that are also inside the given patterns.
func (p Permissions) Narrow(patterns []string) Permissions {
	p.narrowed = append(slices.Clone(p.narrowed), patternSet(patterns))
	return p
}

// Allows reports whether the permission is granted and inside every narrowing.
func (p Permissions) Allows(permission string) bool {
	if !matches(p.granted, permission) {
		return false
	}
	for _, set := range p.narrowed {
		if !matches(set, permission) {
			return false
		}
	}
	return true
}

// Patterns lists the granted patterns in order, as roles state them.
func (p Permissions) Patterns() []string {
	patterns := make([]string, 0, len(p.granted))
	for pattern := range p.granted {
		patterns = append(patterns, pattern)
	}
	slices.Sort(patterns)
	return patterns
}

// Of returns those of the given permissions that are allowed, in their order.
func (p Permissions) Of(all []string) []string {
	allowed := make([]string, 0, len(all))
	for _, permission := range all {
		if p.Allows(permission) {
			allowed = append(allowed, permission)
		}
	}
	return allowed
}

func patternSet(patterns []string) map[string]bool {
	set := make(map[string]bool, len(patterns))
	for _, pattern := range patterns {
		set[strings.TrimSpace(pattern)] = true
	}
	return set
}

func matches(set map[string]bool, permission string) bool {
	if set[permission] || set["*"] {
		return true
	}
	capability, action, ok := strings.Cut(permission, ":")
	return ok && (set[capability+":*"] || set["*:"+action])
}
