// SPDX-License-Identifier: Apache-2.0

// Package statistics tells whether what was seen may be chance.
//
// Words: an effect size says how large a difference is, a p value how easily
// chance makes one as large; adjusted p values take into account that many
// questions were asked.
// Uses: frame.
// Offers: distributions, comparisons of groups, cross-tables, correlation,
// regression with standard errors, and corrections for many tests. Every
// routine names its source.
package statistics
