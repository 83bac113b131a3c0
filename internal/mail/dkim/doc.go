// SPDX-License-Identifier: Apache-2.0

// Package dkim signs messages (RFC 6376) with RSA-2048 and Ed25519 (RFC 8463).
//
// Words: a Key belongs to a domain and stands in the DNS under its selector.
// Uses: go-msgauth. Offers: Generate, Parse, Signer.
package dkim
