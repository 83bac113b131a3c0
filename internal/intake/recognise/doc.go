// SPDX-License-Identifier: Apache-2.0

// Package recognise proposes what a file is and what its columns mean.
//
// Words: the kind of a file is what its rows are (customers, transactions, products, campaigns,
// coupons); a mapping says for each column which field it fills; a key column holds a number that
// identifies a customer, under the name of its key scheme; the header signature finds the mapping
// that a person corrected before.
// It uses dataquality to judge sampled values. It offers Propose, Mapping.Validate and Known.
package recognise
