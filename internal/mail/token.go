// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"strings"
	"sync"

	"dangol/internal/platform/fault"
)

// Kinds of tokens.
const (
	clickToken       = 'c'
	unsubscribeToken = 'u'
	returnToken      = 'r'
	dispatchToken    = 'd'
	openToken        = 'o'
	trapToken        = 'h'
	preferenceToken  = 'p'
	invitationToken  = 'a'
)

const (
	tokenVersion = 1
	// macSize: half of SHA-256 is out of reach of guessing and keeps links short.
	macSize = 16
	// returnMac is shorter: the local part of an address ends at 64 characters
	// (RFC 5321 4.5.3.1.1), and each guess costs a message.
	returnMac    = 10
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

// addressEncoding survives servers that fold the case of addresses.
var addressEncoding = base32.HexEncoding.WithPadding(base32.NoPadding)

// returnSign signs the recipient of a message for its return address.
func (k *Keys) returnSign(recipientID int64) string { return k.signAddress(returnToken, recipientID) }

// DispatchReturn signs a single mail for its return address.
func (k *Keys) DispatchReturn(dispatchID int64) string {
	return k.signAddress(dispatchToken, dispatchID)
}

func (k *Keys) signAddress(kind byte, id int64) string {
	var buffer [tokenLongest]byte
	payload := binary.AppendUvarint(append(buffer[:0], tokenVersion, k.sign.id, kind), uint64(id))
	sum := k.sign.mac(payload)
	return strings.ToLower(addressEncoding.EncodeToString(append(payload, sum[:returnMac]...)))
}

// readReturn reads what returnSign has signed.
func (k *Keys) readReturn(token string) (int64, error) { return k.readAddress(returnToken, token) }

// readDispatch reads what DispatchReturn has signed.
func (k *Keys) readDispatch(token string) (int64, error) { return k.readAddress(dispatchToken, token) }

func (k *Keys) readAddress(kind byte, token string) (int64, error) {
	raw, err := addressEncoding.DecodeString(strings.ToUpper(token))
	// Other spellings of the same bytes are not the same address, but for the case.
	if len(token) > tokenLongest || err != nil || !strings.EqualFold(addressEncoding.EncodeToString(raw), token) {
		return 0, errToken()
	}
	var id int64
	return id, k.readSigned(kind, raw, returnMac, &id)
}

// OpenToken signs the picture that tells that a message was shown.
func (k *Keys) OpenToken(recipientID int64) string { return k.make(openToken, recipientID) }

// ReadOpen reads the token of that picture; an altered one is fault.NotFound.
func (k *Keys) ReadOpen(token string) (recipientID int64, err error) {
	return recipientID, k.read(openToken, token, &recipientID)
}

// TrapToken signs the link that no person sees: who follows it is a machine.
func (k *Keys) TrapToken(recipientID int64) string { return k.make(trapToken, recipientID) }

// ReadTrap reads the token of that link; an altered one is fault.NotFound.
func (k *Keys) ReadTrap(token string) (recipientID int64, err error) {
	return recipientID, k.read(trapToken, token, &recipientID)
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
	if err != nil {
		return errToken()
	}
	return k.readSigned(kind, raw, macSize, numbers...)
}

// readSigned checks the mac at the end of raw and reads the numbers before it.
func (k *Keys) readSigned(kind byte, raw []byte, size int, numbers ...*int64) error {
	if len(raw) < 3+size || raw[0] != tokenVersion || raw[2] != kind {
		return errToken()
	}
	key, known := k.keys[raw[1]]
	if !known {
		return errToken()
	}
	payload, mac := raw[:len(raw)-size], raw[len(raw)-size:]
	sum := key.mac(payload)
	if !hmac.Equal(sum[:size], mac) {
		return errToken()
	}
	rest := payload[3:]
	for _, n := range numbers {
		value, width := binary.Uvarint(rest)
		if width <= 0 || value > 1<<62 {
			return errToken()
		}
		*n, rest = int64(value), rest[width:]
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

// PreferenceToken signs a link to the preference centre. It is another kind than the one
// that unsubscribes, which travels in headers and is followed by machines.
func (k *Keys) PreferenceToken(u Unsubscribe) string {
	return k.make(preferenceToken, u.RecordID, u.SenderID, u.RecipientID)
}

// ReadPreference reads the token of a link to the preference centre; an altered one is fault.NotFound.
func (k *Keys) ReadPreference(token string) (Unsubscribe, error) {
	var u Unsubscribe
	err := k.read(preferenceToken, token, &u.RecordID, &u.SenderID, &u.RecipientID)
	return u, err
}

// InvitationToken signs a link at which an invited person answers.
func (k *Keys) InvitationToken(id int64) string { return k.make(invitationToken, id) }

// ReadInvitation reads the token of such a link; an altered one is fault.NotFound.
func (k *Keys) ReadInvitation(token string) (id int64, err error) {
	return id, k.read(invitationToken, token, &id)
}
