// SPDX-License-Identifier: Apache-2.0

// Package inbound reads mail that comes in and says what it is: an answer of a
// person, a notice that a message was delivered, delayed or returned (DSN, RFC
// 3464), a receipt of reading (MDN, RFC 8098), a complaint passed on by a
// provider (ARF, RFC 5965), or an automatic answer (RFC 3834).
//
// Words: a Message is one mail as read; a Status is what a notice says of one
// address; hard means the address does not exist, soft that it did not take the
// message this time, and neither is guessed where the notice does not say.
// Uses nothing of the product: no input or output, no clock. Input is hostile:
// everything is bounded, and what cannot be understood is a plain Message of
// kind Reply, never an error that would lose it.
package inbound
