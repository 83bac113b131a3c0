// SPDX-License-Identifier: Apache-2.0

// Package offer keeps the catalogue of offers and chooses the next best one for
// a person.
//
// Words: an offer is what we would like to happen (value, cost, who may have it,
// stock, validity); a show is one offer before one person; an answer is accepted,
// declined, or ignored when none came in time. Choose is pure: Thompson sampling
// of the chance of acceptance, times what it earns, with a floor of exploration,
// contact pressure and diversity.
// Uses: segment through Members. Offers: Service with its jobs and routes.
package offer
