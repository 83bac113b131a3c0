// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"crypto/rand"
	"fmt"
)

// SealSecret encrypts a secret of the installation, such as a password of a mail server,
// with the installation's own key. The key is not in the database and not in an ordinary
// backup, so that neither gives the secret away; label binds it to its row.
func (k *Keys) SealSecret(label string, plain []byte) ([]byte, error) {
	aead, err := k.aead(0)
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, nonceSize, nonceSize+len(plain)+aead.Overhead())
	if _, err := rand.Read(sealed); err != nil {
		return nil, err
	}
	return aead.Seal(sealed, sealed, plain, []byte("secret:"+label)), nil
}

// OpenSecret decrypts what SealSecret has made; another label or other keys are an error.
func (k *Keys) OpenSecret(label string, sealed []byte) ([]byte, error) {
	aead, err := k.aead(0)
	if err != nil {
		return nil, err
	}
	if len(sealed) < nonceSize {
		return nil, fmt.Errorf("open secret %s: %w", label, errDamaged)
	}
	plain, err := aead.Open(nil, sealed[:nonceSize], sealed[nonceSize:], []byte("secret:"+label))
	if err != nil {
		return nil, fmt.Errorf("open secret %s: %w", label, err)
	}
	return plain, nil
}
