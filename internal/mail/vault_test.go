// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/journal"
)

func openKeys(t *testing.T) *journal.Keys {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	return keys
}

// kept reads the secrets as the database and its backups hold them.
func (o *office) kept(t *testing.T, db *database.DB) string {
	t.Helper()
	list, err := database.List(o.ctx, db, func(rows *sql.Rows) (string, error) {
		var text []byte
		return string(text), rows.Scan(&text)
	}, `SELECT secret FROM dkim_keys`)
	if err != nil {
		t.Fatal(err)
	}
	more, err := database.List(o.ctx, db, func(rows *sql.Rows) (text string, err error) { return text, rows.Scan(&text) }, `SELECT secret FROM mail_relays`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(append(list, more...), "\n")
}

func TestSecretsAreSealedAtRest(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		o := openOffice(t, db)
		// An older version kept them in clear; the next start seals them.
		relay, err := o.s.SaveRelay(o.ctx, 0, RelayContent{Name: "relay", Kind: RelaySMTP, Address: "smtp://mail.x.kr:587", Account: "me", Password: "hunter2-old", Weight: 1})
		if err != nil {
			t.Fatal(err)
		}
		key, err := o.s.CreateDKIM(o.ctx, DKIMDraft{Domain: "shop.kr", Selector: "a", Algorithm: "ed25519"})
		if err != nil {
			t.Fatal(err)
		}
		if kept := o.kept(t, db); !strings.Contains(kept, "hunter2-old") {
			t.Fatal("the test does not see the column of the secrets")
		}
		o.s.UseVault(openKeys(t))
		for range 2 {
			if err := o.s.SealSecrets(o.ctx); err != nil {
				t.Fatal(err)
			}
		}
		relay.Name = "renamed"
		content := RelayContent{Name: "renamed", Kind: RelaySMTP, Address: "smtp://mail.x.kr:587", Account: "me", Weight: 2, Version: relay.Version}
		if relay, err = o.s.SaveRelay(o.ctx, relay.ID, content); err != nil || relay.secret != "hunter2-old" {
			t.Fatalf("%+v %v", relay, err)
		}
		if _, err := o.s.SaveRelay(o.ctx, 0, RelayContent{Name: "two", Kind: RelaySMTP, Address: "smtp://b.x.kr", Account: "me", Password: "hunter2-new", Weight: 1}); err != nil {
			t.Fatal(err)
		}
		kept := o.kept(t, db)
		if strings.Contains(kept, "hunter2") || strings.Contains(kept, "PRIVATE") || strings.Count(kept, sealedMark) != 3 {
			t.Error("a secret stands in the database:\n" + kept)
		}
		list, err := o.s.ListRelays(o.ctx)
		if err != nil || len(list) != 2 || list[0].secret != "hunter2-old" || list[1].secret != "hunter2-new" {
			t.Errorf("%+v %v", list, err)
		}
		if keys, err := o.s.ListDKIM(o.ctx); err != nil || len(keys) != 1 || keys[0].Record != key.Record {
			t.Errorf("%+v %v", keys, err)
		}
		// A restore without the keys: the lists say what is lost, and nothing else breaks.
		right := o.s.store.vault
		o.s.UseVault(openKeys(t))
		if list, err = o.s.ListRelays(o.ctx); err != nil || !list[0].IsLost || list[0].HasSecret {
			t.Errorf("%+v %v", list, err)
		}
		if keys, err := o.s.ListDKIM(o.ctx); err != nil || !keys[0].IsLost {
			t.Errorf("%+v %v", keys, err)
		}
		if _, err := o.s.signer(o.ctx); err != nil {
			t.Error(err)
		}
		// Another change of the relay leaves the secret, so that it is there when the keys are found.
		content.Weight, content.Version = 3, list[0].Version
		if _, err := o.s.SaveRelay(o.ctx, relay.ID, content); err != nil {
			t.Fatal(err)
		}
		o.s.UseVault(right)
		if list, err = o.s.ListRelays(o.ctx); err != nil || list[0].Weight != 3 || list[0].secret != "hunter2-old" {
			t.Errorf("the secret went with a change of the weight: %+v %v", list[0], err)
		}
	})
}
