// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"dangol/internal/platform/database"
)

// Vault encrypts secrets at rest; the platform's key file implements it.
type Vault interface {
	SealSecret(label string, plain []byte) ([]byte, error)
	OpenSecret(label string, sealed []byte) ([]byte, error)
}

// UseVault connects what encrypts the passwords of relays and the keys of DKIM;
// without it they are kept as they are.
func (s *Service) UseVault(v Vault) { s.store.vault = v }

// sealedMark begins a secret that is encrypted; what was kept before has none.
const sealedMark = "sealed:"

// errNoKey says that a secret cannot be read with the keys there are, such as after a
// restore without them: it has to be entered anew.
var errNoKey = errors.New("the secret was sealed with other keys")

// seal encrypts a secret for its row.
func (s *store) seal(label, secret string) (string, error) {
	if secret == "" || s.vault == nil {
		return secret, nil
	}
	sealed, err := s.vault.SealSecret(label, []byte(secret))
	if err != nil {
		return "", fmt.Errorf("seal secret: %w", err)
	}
	return sealedMark + base64.StdEncoding.EncodeToString(sealed), nil
}

// unseal reads a secret of a row; errNoKey says that it is lost.
func (s *store) unseal(label, kept string) (string, error) {
	text, isSealed := strings.CutPrefix(kept, sealedMark)
	if !isSealed {
		return kept, nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || s.vault == nil {
		return "", errNoKey
	}
	plain, err := s.vault.OpenSecret(label, raw)
	if err != nil {
		return "", errNoKey
	}
	return string(plain), nil
}

func relayLabel(id int64) string { return fmt.Sprintf("mail_relay:%d", id) }

func dkimLabel(domain, selector string) string { return "dkim:" + selector + "." + domain }

// openRelays fills in the passwords; one that is lost counts as none.
func (s *store) openRelays(list []Relay) {
	for i := range list {
		r := &list[i]
		plain, err := s.unseal(relayLabel(r.ID), r.secret)
		if err != nil {
			r.sealed = r.secret
		}
		r.secret, r.HasSecret, r.IsLost = plain, plain != "", err != nil
	}
}

// SealSecrets encrypts what was kept in clear before; it may be called at every start.
func (s *Service) SealSecrets(ctx context.Context) error {
	if s.store.vault == nil {
		return nil
	}
	if err := s.db.Within(ctx, s.store.sealAll); err != nil {
		return err
	}
	relays, err := s.store.listRelays(ctx)
	if err != nil {
		return err
	}
	for _, r := range relays {
		if r.IsLost {
			slog.Warn("mail: the password of a relay cannot be read and has to be entered anew", "relay", r.Name)
		}
	}
	return nil
}

func (s *store) sealAll(ctx context.Context) error {
	relays, err := database.List(ctx, s.db, scanRelay, "SELECT "+relayColumns+" FROM mail_relays WHERE secret <> '' AND secret NOT LIKE 'sealed:%'")
	if err != nil {
		return fmt.Errorf("seal secrets: %w", err)
	}
	for _, r := range relays {
		sealed, err := s.seal(relayLabel(r.ID), r.secret)
		if err != nil {
			return err
		}
		if _, err := s.db.Exec(ctx, `UPDATE mail_relays SET secret = ? WHERE id = ?`, sealed, r.ID); err != nil {
			return fmt.Errorf("seal password of relay %d: %w", r.ID, err)
		}
	}
	keys, err := database.List(ctx, s.db, scanDKIM, "SELECT "+dkimColumns+" FROM dkim_keys")
	if err != nil {
		return fmt.Errorf("seal secrets: %w", err)
	}
	for _, k := range keys {
		if strings.HasPrefix(string(k.secret), sealedMark) {
			continue
		}
		sealed, err := s.seal(dkimLabel(k.Domain, k.Selector), string(k.secret))
		if err != nil {
			return err
		}
		if _, err := s.db.Exec(ctx, `UPDATE dkim_keys SET secret = ? WHERE id = ?`, []byte(sealed), k.ID); err != nil {
			return fmt.Errorf("seal DKIM key %d: %w", k.ID, err)
		}
	}
	return nil
}
