// SPDX-License-Identifier: Apache-2.0

// Package reckon computes numbers out of numbers that the cube has answered.
//
// Words: a formula is a calculated measure in a small expression language; a
// point is a value at a step of a time axis; a contribution is the part that
// one member of a dimension has in a difference; an anomaly is a value far
// from what its own past makes likely.
// Uses: expr, which parses formulas and runs them without loops or calls of
// its own; nothing of the product, no input or output.
// Offers: Compile, Running, Moving, Ranks, Contributions, Unusual.
package reckon
