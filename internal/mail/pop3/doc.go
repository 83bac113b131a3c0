// SPDX-License-Identifier: Apache-2.0

// Package pop3 reads a mailbox by POP3 (RFC 1939, UIDL and TOP of section 7,
// STLS of RFC 2595).
//
// Words: a mark is the unique id (UIDL) of a mail in its mailbox; a mail whose
// mark is known is not fetched again.
// Uses: net/textproto. Offers: New and Mailbox.Each.
package pop3
