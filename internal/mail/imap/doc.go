// SPDX-License-Identifier: Apache-2.0

// Package imap reads a mailbox by IMAP (RFC 9051).
//
// Words: a mark is UIDVALIDITY and UID of a mail; a mail whose mark is known is
// not fetched again, and nothing in the mailbox changes, not even "seen".
// Uses: emersion/go-imap for the protocol. Offers: New and Mailbox.Each.
package imap
