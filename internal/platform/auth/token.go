// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// TokenPrefix marks API tokens, so that secret scanners and people recognise them.
const TokenPrefix = "dangol_"

// TokenLongest is the longest life of an API token.
const TokenLongest = 366 * 24 * time.Hour

// Token is an API token as its owner sees it later: without the secret.
type Token struct {
	ID         int64
	PersonID   int64
	Name       string
	Hint       string // the first characters, to tell tokens apart
	Scopes     []string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt time.Time
	RevokedAt  time.Time
}

// CreateToken makes a token for the person in the context and returns its
// secret, which is shown once. Scopes narrow the person's rights; they cannot widen them.
func (s *Service) CreateToken(ctx context.Context, name string, scopes []string, life time.Duration) (Token, string, error) {
	person := From(ctx)
	name = strings.TrimSpace(name)
	switch {
	case person.ID == 0:
		return Token{}, "", ErrSignedOut()
	case person.TokenID != 0:
		return Token{}, "", fault.New(fault.Forbidden, "auth.token_by_token", "A token cannot make another token; sign in to make one.")
	case name == "" || len([]rune(name)) > 100:
		return Token{}, "", fault.New(fault.Invalid, "auth.token_name", "Give the token a name of 1 to 100 characters.")
	case len(scopes) == 0:
		return Token{}, "", fault.New(fault.Invalid, "auth.token_scopes", "Choose at least one permission for the token.")
	case life <= 0 || life > TokenLongest:
		return Token{}, "", fault.New(fault.Invalid, "auth.token_life", "A token lives between one day and {days} days.", "days", int(TokenLongest.Hours()/24))
	}
	value := TokenPrefix + secret()
	at := s.options.Clock()
	token := Token{
		PersonID: person.ID, Name: name, Hint: value[:len(TokenPrefix)+6], Scopes: scopes,
		CreatedAt: at, ExpiresAt: at.Add(life),
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if token.ID, err = s.db.NextID(ctx, "api_tokens"); err != nil {
			return err
		}
		return s.insertToken(ctx, token, hashOf(value))
	})
	if err != nil {
		return Token{}, "", fmt.Errorf("create an API token: %w", err)
	}
	return token, value, nil
}

// ListTokens returns the tokens of the person in the context, newest first.
func (s *Service) ListTokens(ctx context.Context) ([]Token, error) {
	return s.listTokens(ctx, From(ctx).ID)
}

// RevokeToken ends a token of the person in the context, or gives fault.NotFound.
func (s *Service) RevokeToken(ctx context.Context, id int64) error {
	done, err := s.revokeToken(ctx, From(ctx).ID, id, s.options.Clock())
	if err != nil {
		return err
	}
	if !done {
		return fault.New(fault.NotFound, "auth.token_not_found", "There is no such token of yours.")
	}
	return nil
}

// RecogniseToken returns the person of an API token with the rights they hold
// now, narrowed to the token's scopes, or fault.Unauthenticated. Clear values
// are shown when the scopes name customer:unmask.
func (s *Service) RecogniseToken(ctx context.Context, value string) (Person, error) {
	if !strings.HasPrefix(value, TokenPrefix) {
		return Person{}, ErrSignedOut()
	}
	token, err := s.findToken(ctx, hashOf(value))
	if err != nil {
		return Person{}, err
	}
	at := s.options.Clock()
	if !token.RevokedAt.IsZero() || !at.Before(token.ExpiresAt) {
		return Person{}, ErrSignedOut()
	}
	person, err := s.personNow(ctx, token.PersonID)
	if err != nil {
		return Person{}, err
	}
	person.TokenID = token.ID
	person.Permissions = person.Permissions.Narrow(token.Scopes)
	if person.Permissions.Allows("customer:unmask") {
		person.UnmaskUntil, person.UnmaskPurpose = token.ExpiresAt, "api: "+token.Name
	}
	if at.Sub(token.LastUsedAt) >= time.Minute {
		if err := s.touchToken(ctx, token.ID, at); err != nil {
			return Person{}, err
		}
	}
	return person, nil
}
