// SPDX-License-Identifier: Apache-2.0

// Package mail makes e-mail: templates with versions and merge fields, the
// labels that the law asks for, messages built for one recipient, and the
// transports that hand them over.
//
// Words: a Template has Versions; a merge field is written {{name}}; a Letter is
// a version compiled for one campaign and sender; an Envelope is one message to
// one address with its permit; a Transport hands envelopes over (SMTP, or the
// Outbox that keeps them in the data directory and sends nothing); a token is a
// signed id in a link, for clicks and unsubscribing.
// Uses: database, journal, auth, consent (classes, senders, permits).
// Offers: Service (templates, preview, test mail, outbox), Letter, Transport,
// Keys (tokens), Profiles (values of merge fields).
package mail
