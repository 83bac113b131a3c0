// SPDX-License-Identifier: Apache-2.0

// Package weight is the Fellegi–Sunter model of record linkage: comparisons
// with levels, the m and u probability of each level, match weights, and
// their estimation by expectation maximisation.
//
// Words (as in Splink): a comparison looks at one or more columns of a pair
// and answers a level; m is the probability of that level among matches, u
// among non-matches; the Bayes factor is m/u, the match weight its binary
// logarithm; λ is the probability that two records drawn at random match.
// Level 0 is "missing" everywhere: it is neutral and never counted.
// Sources: Fellegi and Sunter 1969 (JASA 64:328); Winkler 1988 for the EM;
// Enamorado, Fifield and Imai 2019 for the λ, m and u steps as used here.
package weight
