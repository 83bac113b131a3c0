// SPDX-License-Identifier: Apache-2.0

package team

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Journal is where changes of people and rights are written.
type Journal interface {
	// Append writes an entry in the transaction of ctx.
	Append(ctx context.Context, entry journal.Entry) error
}

// AccessLog is where sign-ins and the unmasking of values are written.
type AccessLog interface {
	// LogAccess records the access durably; when it fails, the access must not happen.
	LogAccess(ctx context.Context, entry journal.AccessEntry) error
}

// Company is what pages need to know about the installation.
type Company struct {
	Name     string `json:"name"`
	Zone     string `json:"zone"`
	Currency string `json:"currency"`
}

// Service keeps people, roles and branches.
type Service struct {
	db      *database.DB
	store   Store
	journal Journal
	access  AccessLog
	auth    *auth.Service
	company Company
	demo    atomic.Pointer[DemoAccount]
}

// New returns the service over the database.
func New(db *database.DB, journal Journal, access AccessLog, company Company) *Service {
	return &Service{db: db, store: &sqlStore{db: db}, journal: journal, access: access, company: company}
}

// Connect gives the service the sign-in that asks it for people; the two need each other.
func (s *Service) Connect(auth *auth.Service) { s.auth = auth }

// EnsureRoles makes the roles that every installation has; changed ones stay as they are.
func (s *Service) EnsureRoles(ctx context.Context) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		known, err := s.store.ListRoles(ctx)
		if err != nil {
			return err
		}
		for _, role := range builtin {
			if slices.ContainsFunc(known, func(k Role) bool { return k.Name == role.Name }) {
				continue
			}
			role.IsBuiltin = true
			if _, err := s.store.CreateRole(ctx, role); err != nil {
				return fmt.Errorf("make the role %s: %w", role.Name, err)
			}
		}
		return nil
	})
}

// IsEmpty reports whether there are no people yet, as at first start.
func (s *Service) IsEmpty(ctx context.Context) (bool, error) {
	people, err := s.store.List(ctx)
	return len(people) == 0, err
}

// FindAccount returns what sign-in needs, or fault.NotFound.
func (s *Service) FindAccount(ctx context.Context, email string) (auth.Account, error) {
	person, err := s.store.FindByEmail(ctx, email)
	if err != nil {
		return auth.Account{}, err
	}
	return auth.Account{ID: person.ID, PasswordHash: person.passwordHash, IsDisabled: person.IsDisabled}, nil
}

// FindPerson returns the rights the person holds now, or fault.NotFound when
// there is none or they are disabled.
func (s *Service) FindPerson(ctx context.Context, id int64) (auth.Person, error) {
	person, roles, err := s.store.FindWithRoles(ctx, id)
	if err != nil {
		return auth.Person{}, err
	}
	if person.IsDisabled {
		return auth.Person{}, errNoPerson(id)
	}
	var patterns []string
	var scope auth.Scope
	for _, role := range roles {
		patterns = append(patterns, role.Permissions...)
		scope = scope.Widen(role.scopeFor(person))
	}
	return auth.Person{
		ID: person.ID, Name: person.Name, Email: person.Email, Roles: person.Roles,
		Permissions: auth.Permit(patterns...), Scope: scope, Locale: person.Locale,
	}, nil
}

// List returns all people in order of name.
func (s *Service) List(ctx context.Context) ([]Person, error) { return s.store.List(ctx) }

// Find returns a person, or fault.NotFound.
func (s *Service) Find(ctx context.Context, id int64) (Person, error) { return s.store.Find(ctx, id) }

// FindByEmail returns the person who signs in with the address, or fault.NotFound.
func (s *Service) FindByEmail(ctx context.Context, email string) (Person, error) {
	email, err := cleanEmail(email)
	if err != nil {
		return Person{}, err
	}
	return s.store.FindByEmail(ctx, email)
}

// Create makes a person.
func (s *Service) Create(ctx context.Context, draft Draft) (Person, error) {
	person, err := s.prepare(ctx, draft)
	if err != nil {
		return Person{}, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.mayGrant(ctx, draft.Roles); err != nil {
			return err
		}
		if _, err := s.store.FindByEmail(ctx, person.Email); err == nil {
			return fault.New(fault.Conflict, "team.email_taken", "Somebody already signs in with {email}.", "email", person.Email)
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		person.CreatedAt = database.Time(ctx)
		person.UpdatedAt, person.Version = person.CreatedAt, 1
		if person.ID, err = s.store.Create(ctx, person); err != nil {
			return err
		}
		return s.note(ctx, PersonCreated, "person", person.ID, nil, person.trace())
	})
	if err != nil {
		return Person{}, fmt.Errorf("create a person: %w", err)
	}
	return person, nil
}

func (s *Service) prepare(ctx context.Context, draft Draft) (Person, error) {
	var err error
	person := Person{Roles: slices.Compact(slices.Sorted(slices.Values(draft.Roles))), Branch: draft.Branch}
	if person.Email, err = cleanEmail(draft.Email); err != nil {
		return person, err
	}
	if person.Name, err = cleanName(draft.Name); err != nil {
		return person, err
	}
	if person.Locale, err = cleanLocale(draft.Locale); err != nil {
		return person, err
	}
	if len(person.Roles) == 0 {
		return person, errNoRole()
	}
	if draft.Password == "" {
		return person, nil
	}
	person.passwordHash, err = s.hash(ctx, draft.Password, person)
	return person, err
}

// hash checks and hashes outside any transaction: hashing takes 50 ms.
func (s *Service) hash(ctx context.Context, password string, person Person) (string, error) {
	if err := auth.CheckPassword(password, person.Email, person.Name); err != nil {
		return "", err
	}
	return auth.HashPassword(ctx, password)
}

// Update changes a person. Disabling them or setting their password ends all
// their sessions and tokens at once.
func (s *Service) Update(ctx context.Context, id int64, patch Patch) (Person, error) {
	person, err := s.store.Find(ctx, id)
	if err != nil {
		return Person{}, err
	}
	hash := ""
	if patch.Password != nil {
		if hash, err = s.hash(ctx, *patch.Password, person); err != nil {
			return Person{}, err
		}
	}
	var after Person
	err = s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.Find(ctx, id)
		if err != nil {
			return err
		}
		if after, err = s.apply(ctx, before, patch); err != nil {
			return err
		}
		if hash != "" {
			after.passwordHash = hash
		}
		if err := s.store.Update(ctx, after); err != nil {
			return err
		}
		if err := s.keepAnAdministrator(ctx); err != nil {
			return err
		}
		if hash != "" || (after.IsDisabled && !before.IsDisabled) {
			if err := s.auth.EndAll(ctx, id); err != nil {
				return err
			}
		}
		return s.note(ctx, PersonUpdated, "person", id, before.trace(), after.trace())
	})
	if err != nil {
		return Person{}, fmt.Errorf("update person %d: %w", id, err)
	}
	return after, nil
}

func (s *Service) apply(ctx context.Context, person Person, patch Patch) (Person, error) {
	if patch.Version != nil && *patch.Version != person.Version {
		return person, fault.New(fault.Conflict, "team.person_moved", "Somebody else has changed this person meanwhile; load them again and repeat your change.")
	}
	var err error
	if patch.Name != nil {
		if person.Name, err = cleanName(*patch.Name); err != nil {
			return person, err
		}
	}
	if patch.Email != nil {
		if person.Email, err = cleanEmail(*patch.Email); err != nil {
			return person, err
		}
	}
	if patch.Locale != nil {
		if person.Locale, err = cleanLocale(*patch.Locale); err != nil {
			return person, err
		}
	}
	if patch.Branch != nil {
		person.Branch = *patch.Branch
	}
	if patch.Roles != nil {
		if len(*patch.Roles) == 0 {
			return person, errNoRole()
		}
		// Taking a role away is a grant too: nobody may cut down somebody above them.
		if err := s.mayGrant(ctx, slices.Concat(*patch.Roles, person.Roles)); err != nil {
			return person, err
		}
		person.Roles = slices.Compact(slices.Sorted(slices.Values(*patch.Roles)))
	} else if patch.Password != nil || patch.IsDisabled != nil || patch.Email != nil {
		// Whoever sets the password or address of somebody can become them.
		if err := s.mayGrant(ctx, person.Roles); err != nil {
			return person, err
		}
	}
	at := database.Time(ctx)
	if patch.IsDisabled != nil && *patch.IsDisabled != person.IsDisabled {
		person.IsDisabled, person.DisabledAt = *patch.IsDisabled, nil
		if person.IsDisabled {
			person.DisabledAt = &at
		}
	}
	person.UpdatedAt = at
	person.Version++
	return person, nil
}

// mayGrant checks that the roles exist and hold nothing that the granter lacks.
func (s *Service) mayGrant(ctx context.Context, names []string) error {
	roles, err := s.store.ListRoles(ctx)
	if err != nil {
		return err
	}
	granter := auth.From(ctx)
	for _, name := range names {
		at := slices.IndexFunc(roles, func(role Role) bool { return role.Name == name })
		if at < 0 {
			return fault.New(fault.Invalid, "team.no_such_role", "There is no role {role}.", "role", name)
		}
		if err := mayHandOut(granter, roles[at].Permissions); err != nil {
			return err
		}
	}
	return nil
}

func mayHandOut(granter auth.Person, patterns []string) error {
	if granter.IsSystem {
		return nil
	}
	for _, pattern := range patterns {
		if !covers(granter.Permissions, pattern) {
			return fault.New(fault.Forbidden, "team.beyond_own_rights", "You do not hold {permission} yourself, so you cannot give it to or take it from others.", "permission", pattern)
		}
	}
	return nil
}

// keepAnAdministrator refuses the change that would leave nobody able to mend it.
func (s *Service) keepAnAdministrator(ctx context.Context) error {
	count, err := s.store.CountHolding(ctx, "*")
	if err != nil {
		return err
	}
	if count == 0 {
		return fault.New(fault.Conflict, "team.last_administrator", "This is the last administrator who can sign in; make another one first.")
	}
	return nil
}

// note writes the journal entry of a change of rights, which is kept for three years (L-SEC-1).
func (s *Service) note(ctx context.Context, kind, subject string, id int64, before, after any) error {
	entry := journal.Entry{Capability: "team", Kind: kind, SubjectKind: subject, SubjectIDs: []int64{id}}
	var err error
	if before != nil {
		if entry.Before, err = json.Marshal(before); err != nil {
			return err
		}
	}
	if after != nil {
		if entry.After, err = json.Marshal(after); err != nil {
			return err
		}
	}
	return s.journal.Append(ctx, entry)
}

func errNoRole() error {
	return fault.New(fault.Invalid, "team.no_role", "Choose at least one role.")
}

func errNoPerson(id int64) error {
	return fault.New(fault.NotFound, "team.person_not_found", "Person {id} does not exist.", "id", id)
}
