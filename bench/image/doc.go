// SPDX-License-Identifier: Apache-2.0

// Package image measures the customer image against hand-written SQL of DuckDB
// on the same data, in the same run, turn by turn.
package image
