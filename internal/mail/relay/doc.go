// SPDX-License-Identifier: Apache-2.0

// Package relay spreads messages over several mail servers and keeps to a pace
// that the receiving domains bear.
//
// Words: a Route is one way out, with its weight and limits; the Pool picks a
// route for each connection and falls over to another one; the Pace holds how
// many messages a domain takes at once, less after each 4xx and more after
// successes; the warm-up is how many messages a new route may carry a day.
// Uses: mail's Transport, Source and Envelope. Offers: Pool, a mail.Transport.
package relay
