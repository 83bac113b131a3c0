// SPDX-License-Identifier: Apache-2.0

// Package referral shows who introduced whom and what that brought.
//
// Words: an introduction is a relation of the kind introducer; a tree has one introducer on top; brought is
// what all people below somebody bought.
// It uses customer (relations, golden rows) and its Ledger. It offers the tree around one customer and the
// list of those who introduced most, both cut to what the person may see.
package referral
