// SPDX-License-Identifier: Apache-2.0

// Package profile says in words who the people of a target are.
//
// Words: a condition is a level of a category or a stretch of a number; a rule
// is up to three conditions; lift is the rate of the target among those whom
// the rule describes over the rate of all.
// Uses: frame, statistics, predict (which columns give the target away).
// Offers: Find: rules are looked for among one half of the people and tested on
// the other, with correction for the number of tests.
package profile
