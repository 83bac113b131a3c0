// SPDX-License-Identifier: Apache-2.0

// Package customer holds who the customers are: source records, the links that make customers of
// them, and the golden rows computed from them.
//
// Words: a record is what one source gave, never changed; a link says whose record it is; the golden
// row is computed from a customer's records by survivorship rules; a pin is a value chosen by hand; a
// key of a scheme finds a customer; merging and un-merging move links only; an alias is a merged id.
// It uses the pure rules of dataquality and, through interfaces it declares, a Linker (match), a
// Finder (segment over the warehouse) and TimelineSources (order, consent, mail, campaign).
// It offers Service: find, list, search, edit, undo, merge, un-merge, attributes, views and Ingest,
// the one path by which records become customers; and facts for the warehouse.
package customer
