// SPDX-License-Identifier: Apache-2.0

// Package match decides who is who.
//
// Words: a record links to a customer when it shares a key of a declared scheme, or e-mail or mobile
// together with the same name; a conflict is a link that would give one person two values of a
// one-per-person scheme; a bridge is a record that shows two customers to be one.
// It uses customer's types and reads keys through Directory. It offers Linker, the exact-key linking of
// every import and edit; the folders compare, weight and linkage hold the Fellegi–Sunter engine that
// scores what keys cannot decide.
package match
