// SPDX-License-Identifier: Apache-2.0

// Package steward measures the quality of customer data and helps people mend it.
//
// Words: a dimension is one of completeness, validity, consistency, freshness, uniqueness (defined at
// Dimensions); a card is one customer judged; a snapshot is the scores of one day by source and field; an
// issue is one thing to mend; a worklist is the open issues of one kind, handed out one by one, each to one
// person at a time; to reconcile is to choose between the values of departments.
// It uses customer (records, golden rows, edits, pins), the pure rules of dataquality and, through an
// interface, consent and team. It offers Service: scan, scores, trend, worklists, contributions.
package steward
