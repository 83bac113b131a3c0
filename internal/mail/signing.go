// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"dangol/internal/mail/dkim"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// DKIMKey is a key that signs the messages of a domain.
type DKIMKey struct {
	ID        int64     `json:"id"`
	Domain    string    `json:"domain"`
	Selector  string    `json:"selector"`
	Algorithm string    `json:"algorithm" enum:"rsa,ed25519"`
	Name      string    `json:"name" doc:"Where the record stands in the DNS."`
	Record    string    `json:"record" doc:"What the TXT record says."`
	IsActive  bool      `json:"is_active" doc:"Messages are signed; switch it on when the record stands in the DNS."`
	IsLost    bool      `json:"is_lost,omitempty" doc:"The key was sealed with keys that are gone: remove it and make a new one."`
	CreatedAt time.Time `json:"created_at"`
	secret    []byte
}

// DKIMDraft is a key to be made.
type DKIMDraft struct {
	Domain    string `json:"domain" minLength:"3" maxLength:"253"`
	Selector  string `json:"selector" minLength:"1" maxLength:"63"`
	Algorithm string `json:"algorithm" enum:"rsa,ed25519"`
}

var selectorForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// ListDKIM returns the keys with their records.
func (s *Service) ListDKIM(ctx context.Context) ([]DKIMKey, error) {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return nil, err
	}
	list, err := s.store.listDKIM(ctx)
	for i := range list {
		if err == nil {
			err = list[i].describe()
		}
	}
	return list, err
}

func (k *DKIMKey) describe() error {
	if k.IsLost {
		k.Name = k.Selector + "._domainkey." + k.Domain
		return nil
	}
	key, err := dkim.Parse(k.Domain, k.Selector, k.secret)
	if err != nil {
		return err
	}
	k.Name = key.Name()
	k.Record, err = key.Record()
	return err
}

// CreateDKIM makes a key; it signs once it is switched on.
func (s *Service) CreateDKIM(ctx context.Context, d DKIMDraft) (DKIMKey, error) {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return DKIMKey{}, err
	}
	domain, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSpace(d.Domain)))
	if err != nil || !strings.Contains(domain, ".") {
		return DKIMKey{}, fault.New(fault.Invalid, "mail.bad_domain", "\"{domain}\" is no domain.", "domain", d.Domain)
	}
	k := DKIMKey{Domain: domain, Selector: strings.ToLower(d.Selector), Algorithm: d.Algorithm}
	if !selectorForm.MatchString(k.Selector) {
		return k, fault.New(fault.Invalid, "mail.bad_selector", "A selector is made of small letters, digits and hyphens.")
	}
	if k.secret, err = dkim.Generate(k.Algorithm); err != nil {
		return k, err
	}
	if err := k.describe(); err != nil {
		return k, err
	}
	return k, s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.createDKIM(ctx, &k); err != nil {
			return err
		}
		return s.noteSetting(ctx, "mail.dkim_created", "dkim_key", k.ID, k)
	})
}

// SwitchDKIM lets a key sign, or no longer.
func (s *Service) SwitchDKIM(ctx context.Context, id int64, isActive bool) error {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return err
	}
	return s.changeDKIM(ctx, id, "mail.dkim_switched", map[string]bool{"is_active": isActive},
		func(ctx context.Context) (int64, error) { return s.store.switchDKIM(ctx, id, isActive) })
}

// DeleteDKIM removes a key; messages that it has signed lose nothing while its
// record stays in the DNS.
func (s *Service) DeleteDKIM(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return err
	}
	return s.changeDKIM(ctx, id, "mail.dkim_deleted", nil, func(ctx context.Context) (int64, error) { return s.store.deleteDKIM(ctx, id) })
}

func (s *Service) changeDKIM(ctx context.Context, id int64, kind string, after any, change func(context.Context) (int64, error)) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		n, err := change(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "mail.no_dkim", "There is no key {id}.", "id", id)
		}
		database.AfterCommit(ctx, func() { s.refreshRelays(context.WithoutCancel(ctx)) })
		return s.noteSetting(ctx, kind, "dkim_key", id, after)
	})
}
