// SPDX-License-Identifier: Apache-2.0

// Package direct hands messages to the mail servers of the recipients' domains
// themselves (MX hosts, RFC 5321 5.1), without a relay in between.
//
// Uses: mail's Transport and smtp's Client. Offers: New, a mail.Transport.
package direct
