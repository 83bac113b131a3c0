// SPDX-License-Identifier: Apache-2.0

// Package demo makes the demo company: a believable Korean retailer of household goods, fashion and food.
//
// Words: a person is someone of the latent population; a record is what one department's system holds about a
// person; wear is what happened to the record since (typing errors, moves, Excel); the truth says which person
// a record belongs to and is written only when asked for, outside the folder of the exports.
//
// Uses: nothing of the product. Every export is an ordinary file that enters through the ordinary intake.
//
// Offers: Generate (all files of the company), GenerateCustomersCSV (one plain list for benchmarks), Accounts
// (demo staff). The same seed gives byte-identical files on any number of processors.
package demo
