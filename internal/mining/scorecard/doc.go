// SPDX-License-Identifier: Apache-2.0

// Package scorecard turns answers and behaviour into points.
//
// Words: an attribute is one column cut into bins; the weight of evidence of a bin is the logarithm of the odds of
// yes in it against all; the information value sums up what an attribute tells; points double the odds every so many.
// It uses predict (logistic regression) and frame. It offers Learn, Score, Calibrate and Reasons.
package scorecard
