// SPDX-License-Identifier: Apache-2.0

// Package intake takes files in: it shows what they hold, tries them without writing, runs them as
// batches that survive a crash, gives back the rows it could not take, and undoes a batch whole.
//
// Words: a source is where files come from; a mapping says what the columns mean and is remembered per
// source and header; a batch is one import of one file; a reject is a row that was not taken, with row,
// column, value, rule and remedy; a slice is what is committed at once, with the position behind it.
// It uses reader, recognise, dataquality and customer's types; customers go in through Customers, sales
// and the like through FactWriter, both connected in app. It offers Service, its jobs and its routes.
package intake
