// SPDX-License-Identifier: Apache-2.0

// Package cube is the semantic layer: one question form for every number on
// every screen, in the API, in exports and alerts.
//
// Words: cube, dimension, measure, hierarchy, join as in warehouse; a cell is
// one value of each dimension; a period is the time that a question is about;
// a pivot is a saved question. "Segment" means customers: a condition inside a
// question is a filter.
// Uses: warehouse (facts of the capabilities, conditions), auth for permission
// and row scope, database for saved pivots.
// Offers: Meta, Query, People (who is behind a cell, and the rules of the
// segment that they are), Export and saved pivots.
package cube
