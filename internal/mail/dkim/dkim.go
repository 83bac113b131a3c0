// SPDX-License-Identifier: Apache-2.0

package dkim

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// Algorithms of keys.
const (
	RSA     = "rsa"
	Ed25519 = "ed25519"
)

// rsaBits is what RFC 8301 3.2 asks signers to use.
const rsaBits = 2048

// Key signs for a domain.
type Key struct {
	Domain, Selector string
	signer           crypto.Signer
}

// Generate makes a private key, in PKCS #8.
func Generate(algorithm string) ([]byte, error) {
	var key any
	var err error
	switch algorithm {
	case RSA:
		key, err = rsa.GenerateKey(rand.Reader, rsaBits)
	case Ed25519:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		return nil, fmt.Errorf("%q is no algorithm of DKIM", algorithm)
	}
	if err != nil {
		return nil, fmt.Errorf("make DKIM key: %w", err)
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// Parse reads a key that Generate has made.
func Parse(domain, selector string, private []byte) (Key, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("read DKIM key: %w", err)
	}
	signer, ok := parsed.(crypto.Signer)
	if !ok {
		return Key{}, errors.New("read DKIM key: it cannot sign")
	}
	return Key{Domain: strings.ToLower(domain), Selector: selector, signer: signer}, nil
}

// Name is where the key stands in the DNS.
func (k Key) Name() string { return k.Selector + "._domainkey." + k.Domain }

// Record is what stands there (RFC 6376 3.6.1).
func (k Key) Record() (string, error) {
	switch public := k.signer.Public().(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(public)
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), err
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	}
	return "", errors.New("a key of an unknown kind")
}

// signedHeaders are those that a reader sees or that act (RFC 6376 5.4.1); From
// and Subject are named once more, so that no second one can be added.
var signedHeaders = []string{
	"From", "From", "To", "Subject", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Reply-To", "In-Reply-To", "References",
	"List-Unsubscribe", "List-Unsubscribe-Post",
}

// Signer signs with all keys of a domain.
type Signer struct {
	byDomain map[string][]Key
}

// NewSigner makes a signer of keys.
func NewSigner(keys []Key) *Signer {
	s := &Signer{byDomain: map[string][]Key{}}
	for _, k := range keys {
		s.byDomain[k.Domain] = append(s.byDomain[k.Domain], k)
	}
	return s
}

// Sign returns the signature fields of a message from an address, to stand
// before it; none when there is no key of the domain.
func (s *Signer) Sign(from string, message []byte) ([]byte, error) {
	var head []byte
	for _, k := range s.byDomain[strings.ToLower(from[strings.LastIndexByte(from, '@')+1:])] {
		signer, err := dkim.NewSigner(&dkim.SignOptions{
			Domain: k.Domain, Selector: k.Selector, Signer: k.signer, HeaderKeys: signedHeaders,
			HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		})
		if err != nil {
			return nil, fmt.Errorf("sign for %s: %w", k.Domain, err)
		}
		_, err = signer.Write(message)
		if closed := signer.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, fmt.Errorf("sign for %s: %w", k.Domain, err)
		}
		head = append(head, signer.Signature()...)
	}
	return head, nil
}

// Verdict is what a signature of a received message is worth.
type Verdict struct {
	Domain string
	Err    error
}

// Verify checks the signatures of a message; lookup asks the DNS for texts.
func Verify(message []byte, lookup func(name string) ([]string, error)) ([]Verdict, error) {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: lookup, MaxVerifications: 5})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return nil, fmt.Errorf("check DKIM: %w", err)
	}
	list := make([]Verdict, 0, len(found))
	for _, v := range found {
		list = append(list, Verdict{v.Domain, v.Err})
	}
	return list, nil
}
