// SPDX-License-Identifier: Apache-2.0

// Package household finds out which customers live together and keeps what people decided about it.
//
// Words: a place is an address down to the flat, in any of its forms; evidence is what speaks for or against
// two people of one place living together, in bits (log2 of a likelihood ratio, as in match); confidence is
// the probability of the least sure member; a crowded place (head office, dormitory) makes no household; a
// suggestion is dropped or changed by the next search, a confirmed household only by a person; parted people
// are never suggested together again; the head is the one whom a campaign addresses for all.
// It uses customer (golden rows, relations, timeline) and, through an interface, orders and consents.
// It offers Suggest (pure), and Service: search, list, open, confirm, reject, edit, undo, follow merges.
package household
