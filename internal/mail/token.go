// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"sync"

	"dangol/internal/platform/fault"
)

// Kinds of tokens.
const (
	clickToken       = 'c'
	unsubscribeToken = 'u'
)

const (
	tokenVersion = 1
	// macSize: half of SHA-256 is out of reach of guessing and keeps links short.
	macSize      = 16
	tokenLongest = 128
	secretSize   = 32
)

// Click is what a tracked link means.
type Click struct {
	RecipientID int64
	LinkID      int64
}

// Unsubscribe is what a link to unsubscribe means. It names no campaign's row
// only: it must still work when the campaign is long gone.
type Unsubscribe struct {
	RecordID    int64
	SenderID    int64
	RecipientID int64
}

// Key is one secret that signs tokens.
type Key struct {
	ID     int64
	Secret []byte
}

// newSecret makes the secret of a key.
func newSecret() ([]byte, error) {
	secret := make([]byte, secretSize)
	_, err := rand.Read(secret)
	return secret, err
}

// Keys sign and read tokens; the newest key signs, all keys read.
type Keys struct {
	keys map[byte]*signer
	sign *signer
}

type signer struct {
	id   byte
	pool sync.Pool
}

// NewKeys makes Keys out of the stored ones, oldest first.
func NewKeys(list []Key) *Keys {
	k := &Keys{keys: map[byte]*signer{}}
	for _, key := range list {
		secret := key.Secret
		s := &signer{id: byte(key.ID), pool: sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}}
		k.keys[s.id] = s
		k.sign = s
	}
	return k
}

func (s *signer) mac(payload []byte) [sha256.Size]byte {
	var sum [sha256.Size]byte
	h := s.pool.Get().(hash.Hash)
	h.Reset()
	_, _ = h.Write(payload)
	h.Sum(sum[:0])
	s.pool.Put(h)
	return sum
}

func (k *Keys) make(kind byte, numbers ...int64) string {
	var buffer [tokenLongest]byte
	payload := append(buffer[:0], tokenVersion, k.sign.id, kind)
	for _, n := range numbers {
		payload = binary.AppendUvarint(payload, uint64(n))
	}
	sum := k.sign.mac(payload)
	return base64.RawURLEncoding.EncodeToString(append(payload, sum[:macSize]...))
}

// errToken is the same for every defect, so that probing teaches nothing.
func errToken() error {
	return fault.New(fault.NotFound, "mail.bad_link", "The link is not valid.")
}

func (k *Keys) read(kind byte, token string, numbers ...*int64) error {
	if len(token) > tokenLongest {
		return errToken()
	}
	// Strict: other spellings of the same bytes are not the same link.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < 3+macSize || raw[0] != tokenVersion || raw[2] != kind {
		return errToken()
	}
	key, known := k.keys[raw[1]]
	if !known {
		return errToken()
	}
	payload, mac := raw[:len(raw)-macSize], raw[len(raw)-macSize:]
	sum := key.mac(payload)
	if !hmac.Equal(sum[:macSize], mac) {
		return errToken()
	}
	rest := payload[3:]
	for _, n := range numbers {
		value, size := binary.Uvarint(rest)
		if size <= 0 || value > 1<<62 {
			return errToken()
		}
		*n, rest = int64(value), rest[size:]
	}
	if len(rest) != 0 {
		return errToken()
	}
	return nil
}

// ClickToken signs a tracked link.
func (k *Keys) ClickToken(c Click) string { return k.make(clickToken, c.RecipientID, c.LinkID) }

// ReadClick reads the token of a tracked link; an altered one is fault.NotFound.
func (k *Keys) ReadClick(token string) (Click, error) {
	var c Click
	err := k.read(clickToken, token, &c.RecipientID, &c.LinkID)
	return c, err
}

// UnsubscribeToken signs a link to unsubscribe.
func (k *Keys) UnsubscribeToken(u Unsubscribe) string {
	return k.make(unsubscribeToken, u.RecordID, u.SenderID, u.RecipientID)
}

// ReadUnsubscribe reads the token of a link to unsubscribe; an altered one is fault.NotFound.
func (k *Keys) ReadUnsubscribe(token string) (Unsubscribe, error) {
	var u Unsubscribe
	err := k.read(unsubscribeToken, token, &u.RecordID, &u.SenderID, &u.RecipientID)
	return u, err
}
