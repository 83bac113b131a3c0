// SPDX-License-Identifier: Apache-2.0

// Package fault names what went wrong in the words of the product, without HTTP and without SQL.
//
// Words: a fault has a kind (what sort of failure), a code (stable dotted id such as
// "customer.not_found", translated by the UI), a message (what was wrong, where, what to do) and
// fields (the values in the message, for translation).
// It uses nothing. It offers New, Wrap, Is, As and KindOf.
package fault
