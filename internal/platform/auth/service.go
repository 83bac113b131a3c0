// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Options are the times that sign-in keeps to; zero values take the defaults.
type Options struct {
	// Idle ends a session after this time without a request by the person
	// (default 30 minutes); Absolute ends it whatever they do (12 hours).
	Idle, Absolute time.Duration
	// Clear is how long values stay unmasked for one stated purpose (30 minutes).
	Clear time.Duration
	// Clock replaces the clock in tests.
	Clock func() time.Time
}

// Service signs people in and out and recognises sessions and API tokens.
type Service struct {
	db        *database.DB
	directory Directory
	options   Options
	throttle  *throttle
}

// New returns the service; the directory knows the people.
func New(db *database.DB, directory Directory, options Options) *Service {
	if options.Idle <= 0 {
		options.Idle = 30 * time.Minute
	}
	if options.Absolute <= 0 {
		options.Absolute = 12 * time.Hour
	}
	if options.Clear <= 0 {
		options.Clear = 30 * time.Minute
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	return &Service{db: db, directory: directory, options: options, throttle: newThrottle()}
}

// Directory returns who knows the people, for contexts of jobs.
func (s *Service) Directory() Directory { return s.directory }

// Visitor is what is known about a caller before sign-in.
type Visitor struct {
	Address string // network address
	Agent   string // what the browser calls itself
	Device  string // the device cookie, if the browser has one
}

// Session is a fresh session: its secret token goes into a cookie and is stored
// only as a hash.
type Session struct {
	ID        int64
	Token     string
	Device    string // secret that marks this browser as known to the person
	ExpiresAt time.Time
	Person    Person
}

// dummyHash is verified when the account is unknown, so that the answer takes
// the same time as for a known one.
var dummyHash = sync.OnceValues(func() (string, error) {
	return HashPassword(context.Background(), secret())
})

// SignIn checks the password and opens a session. Unknown names, wrong
// passwords and disabled people look alike: fault.Unauthenticated with code
// auth.wrong_credentials. Too many failures give fault.Busy.
func (s *Service) SignIn(ctx context.Context, email, password string, visitor Visitor) (Session, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	account, err := s.directory.FindAccount(ctx, email)
	isKnown := err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Session{}, fmt.Errorf("find the account: %w", err)
	}
	var device int64
	if isKnown && visitor.Device != "" {
		if device, err = s.findDevice(ctx, account.ID, visitor.Device); err != nil {
			return Session{}, err
		}
	}
	keys := keysFor(email, visitor.Address, device)
	if err := s.throttle.admit(keys, s.options.Clock()); err != nil {
		return Session{}, err
	}
	matched, err := s.passwordMatches(ctx, account, isKnown, password)
	if err != nil {
		s.throttle.forgive(keys)
		return Session{}, err
	}
	if !matched {
		return Session{}, fault.New(fault.Unauthenticated, "auth.wrong_credentials",
			"The e-mail address or the password is not right.")
	}
	s.throttle.forgive(keys)
	return s.open(ctx, account.ID, device, visitor)
}

// passwordMatches always hashes once, so that its time tells nothing.
func (s *Service) passwordMatches(ctx context.Context, account Account, isKnown bool, password string) (bool, error) {
	hash := account.PasswordHash
	usable := isKnown && !account.IsDisabled && hash != ""
	if hash == "" {
		var err error
		if hash, err = dummyHash(); err != nil {
			return false, err
		}
	}
	matched, err := VerifyPassword(ctx, password, hash)
	if err != nil {
		return false, fmt.Errorf("verify the password: %w", err)
	}
	return matched && usable, nil
}

func (s *Service) open(ctx context.Context, personID, device int64, visitor Visitor) (Session, error) {
	session := Session{Token: secret()}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		person, err := s.directory.FindPerson(ctx, personID)
		if err != nil {
			return fmt.Errorf("find the person: %w", err)
		}
		at := s.options.Clock()
		session.ExpiresAt = at.Add(s.options.Absolute)
		session.ID, err = s.db.NextID(ctx, "sessions")
		if err != nil {
			return err
		}
		if device == 0 {
			session.Device = secret()
			if err := s.insertDevice(ctx, personID, session.Device, at); err != nil {
				return err
			}
		}
		person.SessionID, person.Address = session.ID, visitor.Address
		session.Person = person
		return s.insertSession(ctx, session, visitor, at)
	})
	if err != nil {
		return Session{}, fmt.Errorf("open a session: %w", err)
	}
	return session, nil
}

// Recognise returns the person of a session token with the rights they hold
// now, or fault.Unauthenticated. A request made by the person (not by polling)
// extends the session.
func (s *Service) Recognise(ctx context.Context, token string, byPerson bool) (Person, error) {
	row, err := s.findSession(ctx, hashOf(token))
	if err != nil {
		return Person{}, err
	}
	at := s.options.Clock()
	if !at.Before(row.expiresAt) || at.Sub(row.lastUsedAt) >= s.options.Idle {
		return Person{}, ErrSignedOut()
	}
	person, err := s.personNow(ctx, row.personID)
	if err != nil {
		return Person{}, err
	}
	person.SessionID = row.id
	person.UnmaskUntil, person.UnmaskPurpose = row.unmaskUntil, row.unmaskPurpose
	// Once a minute is enough: a write per request would cost more than the request.
	if byPerson && at.Sub(row.lastUsedAt) >= time.Minute {
		if err := s.touchSession(ctx, row.id, at); err != nil {
			return Person{}, err
		}
	}
	return person, nil
}

// personNow looks the person up; a person who is gone is signed out.
func (s *Service) personNow(ctx context.Context, id int64) (Person, error) {
	person, err := s.directory.FindPerson(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Person{}, ErrSignedOut()
	}
	if err != nil {
		return Person{}, fmt.Errorf("find the person of the session: %w", err)
	}
	return person, nil
}

// SignOut ends the session of the person in the context.
func (s *Service) SignOut(ctx context.Context) error {
	return s.deleteSession(ctx, From(ctx).SessionID)
}

// EndAll ends every session and revokes every token of the person; to be
// called when they are disabled or their password is changed by somebody else.
func (s *Service) EndAll(ctx context.Context, personID int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.deleteSessionsOf(ctx, personID, 0); err != nil {
			return err
		}
		return s.revokeTokensOf(ctx, personID, s.options.Clock())
	})
}

// EndOthers ends the person's other sessions and forgets their known devices;
// to be called after they changed their own password.
func (s *Service) EndOthers(ctx context.Context) error {
	person := From(ctx)
	return s.db.Within(ctx, func(ctx context.Context) error {
		return s.deleteSessionsOf(ctx, person.ID, person.SessionID)
	})
}

// Unmask lets the session see personal values in clear for the stated purpose
// and a limited time; the caller logs it (SAFE article 8).
func (s *Service) Unmask(ctx context.Context, purpose string) (time.Time, error) {
	if err := Check(ctx, "customer:unmask"); err != nil {
		return time.Time{}, err
	}
	purpose = strings.TrimSpace(purpose)
	if len([]rune(purpose)) < 3 || len([]rune(purpose)) > 200 {
		return time.Time{}, fault.New(fault.Invalid, "auth.purpose_missing", "Say in 3 to 200 characters what the clear values are needed for.")
	}
	session := From(ctx).SessionID
	if session == 0 {
		return time.Time{}, fault.New(fault.Invalid, "auth.no_session", "Only a signed-in session can be unmasked; an API token sees clear values by its scope.")
	}
	until := s.options.Clock().Add(s.options.Clear)
	return until, s.setUnmask(ctx, session, until, purpose)
}

// Mask ends the time of clear values at once.
func (s *Service) Mask(ctx context.Context) error {
	return s.setUnmask(ctx, From(ctx).SessionID, time.Time{}, "")
}

// Purge removes sessions, tokens and devices that have lapsed; for a periodic job.
func (s *Service) Purge(ctx context.Context) error {
	at := s.options.Clock()
	return s.deleteLapsed(ctx, at, at.Add(-s.options.Idle), at.AddDate(0, -6, 0))
}

// secret returns 256 random bits as text.
func secret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // crypto/rand.Read never fails since Go 1.24; it stops the process instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

// hashOf is how secrets are stored: they have 256 random bits, so a plain hash is enough.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
