// SPDX-License-Identifier: Apache-2.0

// Package door is where mail servers deliver to the product: an SMTP server
// that takes mail for its own addresses only and relays nothing.
//
// Words: a return address is the one that messages carry as their envelope
// sender, with the recipient's token behind a plus sign; a mailbox is any other
// address that the door takes mail for.
// Uses: emersion/go-smtp for the protocol; an Inbox that keeps the mail.
// Offers: Listen. 250 is said after the mail is durable (RFC 5321 4.2.5, 6.1).
package door
