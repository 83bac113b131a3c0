// SPDX-License-Identifier: Apache-2.0

// Package cluster finds groups of customers who are alike.
//
// Words: a centre is the mean of a group; within is the sum of squared
// distances to the centres; a portrait says what stands out in a group; linkage
// joins the two nearest groups again and again.
// Uses: frame, statistics.
// Offers: KMeans, Choose (how many groups the data carry), Portraits, Linkage.
package cluster
