// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/fault"
)

// Directory knows who people are and what their roles allow at this moment.
type Directory interface {
	// FindAccount returns the account with the sign-in name, or fault.NotFound.
	FindAccount(ctx context.Context, email string) (Account, error)
	// FindPerson returns the person with the rights they hold now, or
	// fault.NotFound when there is none or they have been disabled.
	FindPerson(ctx context.Context, id int64) (Person, error)
}

// Account is what sign-in needs to know about a person.
type Account struct {
	ID           int64
	PasswordHash string
	IsDisabled   bool
}

type (
	directoryKey struct{}
	clockKey     struct{}
)

// WithDirectory returns a context in which ActAs can look people up.
func WithDirectory(ctx context.Context, directory Directory) context.Context {
	return context.WithValue(ctx, directoryKey{}, directory)
}

// WithClock returns a context whose time for rights (how long values stay
// clear) comes from the clock; for tests.
func WithClock(ctx context.Context, clock func() time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, clock)
}

func now(ctx context.Context) time.Time {
	if clock, ok := ctx.Value(clockKey{}).(func() time.Time); ok {
		return clock()
	}
	return time.Now()
}

// System returns a context in which the product itself acts, with every
// permission; work names what it does, for journal and access log.
func System(ctx context.Context, work string) context.Context {
	return With(ctx, Person{IsSystem: true, Name: work, Roles: []string{"system"}, Scope: Scope{All: true}, Permissions: Permit("*")})
}

// ActAs returns a context in which the person acts with the rights they hold
// now, not those of the moment the work was ordered. Work ordered by the
// system itself (id 0) goes on as the system. A person who has been disabled
// or removed meanwhile gives fault.Forbidden.
func ActAs(ctx context.Context, personID int64) (context.Context, error) {
	if personID == 0 {
		return System(ctx, "system"), nil
	}
	directory, ok := ctx.Value(directoryKey{}).(Directory)
	if !ok {
		return nil, fault.New(fault.Unavailable, "auth.no_directory", "Nobody can be looked up here: the context carries no directory of people.")
	}
	person, err := directory.FindPerson(ctx, personID)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.Forbidden, "auth.person_gone", "The person who ordered this work has been disabled or removed; order it again as somebody else.")
	}
	if err != nil {
		return nil, fmt.Errorf("act as person %d: %w", personID, err)
	}
	return With(ctx, person), nil
}
