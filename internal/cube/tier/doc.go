// SPDX-License-Identifier: Apache-2.0

// Package tier says when rows of old move to cheaper storage, has them moved,
// and reports what both tiers hold and cost.
//
// Words: the hot tier is the warehouse file; the cold tier is Parquet in a
// directory of its own; a row is cold from an age in whole months on. Everything
// stays in the system of record; questions read both tiers and do not know.
// Uses: warehouse/duckdb (which moves rows), job for the nightly move, database
// for the setting.
// Offers: Service with Status, Set, Start, Check and Order, which has files
// written anew after a rebuild or an erasure.
package tier
