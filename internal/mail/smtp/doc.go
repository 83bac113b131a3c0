// SPDX-License-Identifier: Apache-2.0

// Package smtp hands messages over to a mail server (RFC 5321) on pooled
// connections, pipelined (RFC 2920): the next envelope travels with the end of
// the message before, so that a message costs one round trip.
//
// Words: a Client knows a server; a connection delivers one envelope after the
// other; the final dot is where responsibility passes: what is cut after it is
// unknown, what is cut before it was not sent.
// Uses: mail for its types. Offers: New, which makes a mail.Transport.
package smtp
