// SPDX-License-Identifier: Apache-2.0

// Package dispatch sends mails to one person at a time, outside campaigns: what
// the API asks for, what triggers find due, notices about consent, answers of staff.
//
// Words: an Order says what is to be sent; its key makes asking twice send once;
// a Dispatch is the row of the ledger; a Trigger ties an event to a template; the
// lane is the worker that sends dispatches beside campaigns, the urgent ones first.
// Uses: mail (letters, transports), consent (the gate), database, journal.
// Offers: Service (orders, triggers, the lane), the ledger of notices that come back.
package dispatch
