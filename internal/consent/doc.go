// SPDX-License-Identifier: Apache-2.0

// Package consent keeps what people agreed to and refused, and decides for every
// message and call whether it may go: the one send gate.
//
// Words: a Consent is one entry of an append-only ledger; the State is what holds
// now for sender × purpose × channel × night; a claimed consent comes from an
// import without date and method and is never used; a Permit is what the gate
// issues at hand-over, and nothing is sent without one (L-AD-20); a Suppression
// bars an address; a legal parameter is a figure of the law with the days it holds.
// Uses: database, auth, journal; customers through record links.
// Offers: Gate (permits), the ledger with its projection, notices that are due,
// suppressions, senders, the timeline of a customer.
package consent
