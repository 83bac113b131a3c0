// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed" // for the list of common passwords
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"dangol/internal/platform/fault"
)

// Argon2id parameters: the OWASP profile of 19 MiB, two passes, one lane
// (about 50 ms on one core). Hashes carry their own, so these may grow.
const (
	argonMemory  = 19 * 1024
	argonPasses  = 2
	argonLanes   = 1
	argonKeySize = 32
	saltSize     = 16
)

// Length bounds of ASVS 5.0 V6.2: at least 8, and long phrases are welcome. The
// upper bound keeps hashing cost bounded.
const (
	passwordMin = 8
	passwordMax = 256
)

// hashing bounds how many passwords are hashed at once: each takes 19 MiB and a
// core, and strangers can ask for it.
var hashing = make(chan struct{}, 2)

//go:embed common_passwords.txt
var commonPasswordList string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	lines := bufio.NewScanner(strings.NewReader(commonPasswordList))
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			set[line] = true
		}
	}
	return set
})

// CheckPassword refuses passwords that are too short, too long, very common,
// or made of the person's own name or address. Nothing else is demanded.
func CheckPassword(password, email, name string) error {
	length := utf8.RuneCountInString(password)
	lower := strings.ToLower(strings.TrimSpace(password))
	mailbox, _, _ := strings.Cut(strings.ToLower(email), "@")
	switch {
	case length < passwordMin:
		return fault.New(fault.Invalid, "auth.password_short", "The password has {length} characters; use at least {min}.", "length", length, "min", passwordMin)
	case length > passwordMax || !utf8.ValidString(password):
		return fault.New(fault.Invalid, "auth.password_long", "The password is longer than {max} characters or not valid text.", "max", passwordMax)
	case commonPasswords()[lower]:
		return fault.New(fault.Invalid, "auth.password_common", "This password is on the list of common ones; choose another, for example four words that do not belong together.")
	case lower == strings.ToLower(email) || lower == mailbox || (name != "" && lower == strings.ToLower(name)):
		return fault.New(fault.Invalid, "auth.password_personal", "The password is your own name or address; choose another.")
	}
	return nil
}

// HashPassword returns the argon2id hash of the password in PHC string form. It
// waits for a free place, and gives fault.Busy when ctx ends first.
func HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	key, err := derive(ctx, password, salt, argonPasses, argonMemory, argonLanes, argonKeySize)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// VerifyPassword reports whether the password belongs to the hash.
func VerifyPassword(ctx context.Context, password, hash string) (bool, error) {
	if utf8.RuneCountInString(password) > passwordMax {
		return false, nil
	}
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("the stored password hash has an unknown form")
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false, fmt.Errorf("read the password hash: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("read the salt of the password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("read the key of the password hash: %w", err)
	}
	got, err := derive(ctx, password, salt, passes, memory, lanes, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func derive(ctx context.Context, password string, salt []byte, passes, memory uint32, lanes uint8, size uint32) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, fault.New(fault.Busy, "auth.busy", "Too many people are signing in at this moment; try again in a few seconds.")
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, size), nil
}
