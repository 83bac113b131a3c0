// SPDX-License-Identifier: Apache-2.0

package team

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Session is who is signed in and what they may do, for the pages.
type Session struct {
	Person        SessionPerson `json:"person"`
	Permissions   []string      `json:"permissions" doc:"Every permission held, patterns written out."`
	Locale        string        `json:"locale" enum:"ko,en"`
	Company       Company       `json:"company"`
	UnmaskUntil   *time.Time    `json:"unmask_until,omitempty" doc:"Until when personal values are shown in clear."`
	UnmaskPurpose string        `json:"unmask_purpose,omitempty"`
}

// SessionPerson is the signed-in person.
type SessionPerson struct {
	ID     int64    `json:"id"`
	Email  string   `json:"email"`
	Name   string   `json:"name"`
	Roles  []string `json:"roles"`
	Scope  string   `json:"scope" enum:"all,branch,own,none"`
	Branch string   `json:"branch,omitempty"`
}

// OwnPatch is what people change of themselves.
type OwnPatch struct {
	Locale          *string `json:"locale,omitempty" enum:"ko,en"`
	Name            *string `json:"name,omitempty" maxLength:"100"`
	Password        *string `json:"password,omitempty" doc:"The new password; needs current_password."`
	CurrentPassword *string `json:"current_password,omitempty"`
}

// Hint is what the sign-in page may show to strangers.
type Hint struct {
	Company string       `json:"company"`
	Demo    *DemoAccount `json:"demo,omitempty" doc:"The account of a demo installation; absent everywhere else."`
}

// DemoAccount is the published account of a demo installation.
type DemoAccount struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// SetDemo publishes the account of a demo installation on the sign-in page.
func (s *Service) SetDemo(account DemoAccount) { s.demo.Store(&account) }

// Hint returns what the sign-in page may show to strangers.
func (s *Service) Hint() Hint { return Hint{Company: s.company.Name, Demo: s.demo.Load()} }

// SignIn opens a session and logs it; a sign-in that cannot be logged does not happen.
func (s *Service) SignIn(ctx context.Context, email, password string, visitor auth.Visitor) (auth.Session, error) {
	session, err := s.auth.SignIn(ctx, email, password, visitor)
	if err != nil {
		return session, err
	}
	ctx = auth.With(ctx, session.Person)
	err = s.access.LogAccess(ctx, journal.AccessEntry{Work: "session.sign_in", IP: visitor.Address, SubjectKind: "person", SubjectIDs: []int64{session.Person.ID}})
	if err != nil {
		if endErr := s.auth.SignOut(ctx); endErr != nil {
			return auth.Session{}, fmt.Errorf("%w (and the session could not be ended: %w)", err, endErr)
		}
		return auth.Session{}, err
	}
	return session, nil
}

// SignOut ends the session of the context.
func (s *Service) SignOut(ctx context.Context) error { return s.auth.SignOut(ctx) }

// Current returns who is signed in; known lists the permissions there are.
func (s *Service) Current(ctx context.Context, known []string) Session {
	person := auth.From(ctx)
	session := Session{
		Person:      SessionPerson{ID: person.ID, Email: person.Email, Name: person.Name, Roles: person.Roles, Branch: person.Scope.Branch},
		Permissions: person.Permissions.Of(known), Locale: person.Locale, Company: s.company,
	}
	if session.Locale == "" {
		session.Locale = "ko"
	}
	switch {
	case person.Scope.All:
		session.Person.Scope = ScopeAll
	case person.Scope.Branch != "":
		session.Person.Scope = ScopeBranch
	case person.Scope.OwnerID != 0:
		session.Person.Scope = ScopeOwn
	default:
		session.Person.Scope = "none"
	}
	if auth.CanSeeClear(ctx) && !person.UnmaskUntil.IsZero() {
		session.UnmaskUntil, session.UnmaskPurpose = &person.UnmaskUntil, person.UnmaskPurpose
	}
	return session
}

// UpdateOwn changes the signed-in person's own settings. A new password needs
// the current one and ends their other sessions.
func (s *Service) UpdateOwn(ctx context.Context, patch OwnPatch) error {
	own := auth.From(ctx)
	if own.ID == 0 {
		return auth.ErrSignedOut()
	}
	before, err := s.store.Find(ctx, own.ID)
	if err != nil {
		return err
	}
	hash := ""
	if patch.Password != nil {
		if own.TokenID != 0 {
			return fault.New(fault.Forbidden, "team.password_by_token", "A token cannot change the password; sign in to do so.")
		}
		if hash, err = s.newHash(ctx, before, patch); err != nil {
			return err
		}
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		after, err := s.apply(ctx, before, Patch{Name: patch.Name, Locale: patch.Locale})
		if err != nil {
			return err
		}
		if hash != "" {
			after.passwordHash = hash
			if err := s.auth.EndOthers(ctx); err != nil {
				return err
			}
		}
		if err := s.store.Update(ctx, after); err != nil {
			return err
		}
		return s.note(ctx, PersonUpdated, "person", own.ID, before.trace(), after.trace())
	})
}

func (s *Service) newHash(ctx context.Context, person Person, patch OwnPatch) (string, error) {
	current := ""
	if patch.CurrentPassword != nil {
		current = *patch.CurrentPassword
	}
	matched, err := auth.VerifyPassword(ctx, current, person.passwordHash)
	if err != nil {
		return "", err
	}
	if !matched {
		return "", fault.New(fault.Invalid, "team.wrong_current_password", "The current password is not right.")
	}
	return s.hash(ctx, *patch.Password, person)
}

// Unmask shows personal values in clear for the purpose and a limited time,
// and logs it first.
func (s *Service) Unmask(ctx context.Context, purpose string) (time.Time, error) {
	var until time.Time
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if until, err = s.auth.Unmask(ctx, purpose); err != nil {
			return err
		}
		person := auth.From(ctx)
		return s.access.LogAccess(ctx, journal.AccessEntry{Work: "session.unmask", Purpose: purpose, IP: person.Address, SubjectKind: "person", SubjectIDs: []int64{person.ID}})
	})
	return until, err
}

// Mask hides personal values again.
func (s *Service) Mask(ctx context.Context) error { return s.auth.Mask(ctx) }
