// SPDX-License-Identifier: Apache-2.0

// Package dataquality turns values as given into values as kept, and says what it found on the way.
//
// Words: to normalise is to bring a value into its one stored form; a finding is what was noticed
// about a value (rule id of the Korea rulebook, severity, message, remedy); a placeholder is a value
// that people type to get past a form; a row is one customer record with all its fields.
// It uses the embedded region and lunar tables and nothing else: no input or output, no clock.
// It offers one function per kind of value (Name, Phone, Email, Address, BirthDate, Money …), Row for
// whole customer records, Redact for resident numbers, Mask* for screens, and keys for search.
package dataquality
