// SPDX-License-Identifier: Apache-2.0

// Package crosswalk answers which customer is behind a key of another system, and the reverse.
//
// Words: a scheme is one system's way to number customers; the crosswalk is the table of customers by all
// schemes; a conflict is a key that points to two people (shared) or a person with two keys of one scheme
// (double).
// It uses customer. It offers Find, Export and the report of conflicts, on pages, over HTTP and for the
// command line.
package crosswalk
