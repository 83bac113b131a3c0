// SPDX-License-Identifier: Apache-2.0

// Package campaign sends one template to one segment, keeps a control group,
// and writes down for every recipient what became of it.
//
// Words: to plan is to freeze the segment's members, ask the send gate and draw
// the control group; a Recipient is one row of the ledger (planned → leased →
// handed_over → delivered, bounced, failed, unknown; skipped, control,
// cancelled); the logbook is the file that tells after a crash which messages
// were under way; unknown is never sent again by itself.
// Uses: segment (members through Recipients), consent (gate), mail (letters,
// transport), job, journal.
// Offers: Service with its jobs and routes, the public pages behind links
// (unsubscribe, click), facts for the warehouse, the timeline of a customer.
package campaign
