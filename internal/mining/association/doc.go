// SPDX-License-Identifier: Apache-2.0

// Package association finds what occurs together in baskets.
//
// Words: a basket is a set of items; an itemset is frequent when enough baskets
// hold it, closed when no larger set has the same count, maximal when no larger
// set is frequent; a rule says that baskets with the left side tend to have the
// item of the right side too.
// Uses: statistics; it is pure.
// Offers: Mine for itemsets and Rules with their measures. Both grow patterns
// from conditional databases (Han, Pei, Yin 2000), which are kept as columns of
// bits instead of prefix trees: counting an extension is an AND and a count.
package association
