// SPDX-License-Identifier: Apache-2.0

// Package recommend finds what a customer may want next.
//
// Words: a history is the items of a customer by time; an item is new when the
// customer has never had it; recall is the share of new items that were among
// those offered, NDCG rewards those offered first, coverage is the share of all
// items that were offered to anybody.
// Uses: statistics for systems of equations.
// Offers: popularity, item-item and matrix factorisation, compared on the time
// after a cut, and offers with the item that speaks for each.
package recommend
