// SPDX-License-Identifier: Apache-2.0

// Package linkage finds the records of one person in files without training
// labels and without configuration: it recognises what columns hold, proposes
// comparisons and blocking rules, estimates a Fellegi–Sunter model, scores the
// candidate pairs and clusters them with a guard against chains.
//
// Words (as in Splink): a blocking rule makes candidate pairs; a comparison
// has levels; clusters are what is believed to be one person.
// It uses match/compare for likeness and match/weight for the model; it offers
// Run, which `dangol match` calls.
package linkage
