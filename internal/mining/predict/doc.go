// SPDX-License-Identifier: Apache-2.0

// Package predict learns who will say yes.
//
// Words: the target is the column to predict, its positive value the yes; a
// family is a kind of model (baseline, logistic, tree, forest, boost, mlp); a
// score is the probability of a yes; a column leaks when it tells the future.
// Uses: frame, statistics.
// Offers: Prepare (which columns are fit for use, and why others are not), Fit,
// Evaluate, Choose (the simplest model within noise of the best), Explain
// (permutation importance, TreeSHAP, partial dependence), Model as JSON, Drift.
package predict
