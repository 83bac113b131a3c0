// SPDX-License-Identifier: Apache-2.0

// Package condition is one comparison of a rule: "sido is 서울", "amount ≥ 10,000",
// "birth_on within the next 7 days", compiled once and answered twice.
//
// Words: an Operator is what stands under "is"; a Test is a compiled condition;
// a Value is what a column holds. Every operator becomes one of five forms
// (is set, whole-number ranges, decimal range, text set or range, text part),
// so Match (Go) and SQL (DuckDB) have little room to differ; a property test
// holds them equal.
// Law: a comparison with a missing value is false; the negative operators
// (ne, not_in, not_in_last_days, is_not_set) are exact complements, so they
// are true for a missing value.
// Uses: warehouse. Offers: Compile, Test.
package condition
