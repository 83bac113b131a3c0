// SPDX-License-Identifier: Apache-2.0

// Package uplift tells whom a campaign changes, not who buys anyway.
//
// Words: the arm that was treated is compared with the control group; uplift is
// the difference of outcomes; the Qini curve adds up what targeting the most
// promising people would have brought, Qini is its area above targeting at random.
// Uses: frame, predict.
// Offers: Find, which tries several methods on one part of the people and tests
// them on another, and says when there is nothing to find.
package uplift
