// SPDX-License-Identifier: Apache-2.0

package smtp

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// signIn authenticates when the address names a user. Passwords travel only
// encrypted, or to this machine itself.
func (k *conn) signIn() error {
	c := k.client
	if c.user == "" {
		return nil
	}
	isSafe := c.security == implicitTLS || k.isEncrypted || isLoopback(c.host)
	if !isSafe {
		return errors.New("a password is not sent without encryption")
	}
	offered := strings.Fields(strings.ToUpper(k.extensions["AUTH"]))
	switch {
	case slices.Contains(offered, "PLAIN"):
		return k.authenticate("AUTH PLAIN " + encode("\x00"+c.user+"\x00"+c.password))
	case slices.Contains(offered, "LOGIN"):
		return k.authenticate("AUTH LOGIN", encode(c.user), encode(c.password))
	}
	return errors.New("it offers neither AUTH PLAIN nor AUTH LOGIN")
}

func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// authenticate sends the steps; the server asks for each next one with 334.
func (k *conn) authenticate(steps ...string) error {
	for i, step := range steps {
		r, err := k.command(step)
		if err != nil {
			return fmt.Errorf("AUTH: %w", err)
		}
		if r.code == 235 {
			return nil
		}
		if r.code != 334 || i == len(steps)-1 {
			return fmt.Errorf("AUTH: %s", r)
		}
	}
	return nil
}
