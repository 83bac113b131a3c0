// SPDX-License-Identifier: Apache-2.0

package image

import "dangol/internal/platform/warehouse/condition"

// Row is a condition on a row: a group (Op) or a test of one column.
type Row struct {
	Op   string // "and", "or", "not"
	Rows []*Row

	Column string
	Test   *condition.Test
	// Via names the column that holds the key of a row of the table Lookup, in
	// which Column lies.
	Via, Lookup string
}

// Rule is a condition on a subject: a group (Op), a test of an attribute, what
// his rows come to (Deed), or being in a list (Keys).
type Rule struct {
	Op    string
	Rules []*Rule

	Table, Column string
	Test          *condition.Test

	Deed *Deed
	// Keys lists the subjects that are meant, in order; used when IsList is set.
	Keys   []int64
	IsList bool
}

// Aggregate is how the rows of one subject become a number.
type Aggregate int

// Aggregates of a Deed.
const (
	Count Aggregate = iota
	Sum
	First // of Column, a time by which the rows are sorted or any other: the least
	Last  // the greatest
	Distinct
	Mean // rounded down, of rows with a value
)

// Deed is what the rows of a subject come to, and what that must be. A subject
// without such rows has Count, Sum and Distinct 0, and First, Last, Mean missing.
type Deed struct {
	Table     string
	Where     *Row
	Aggregate Aggregate
	Column    string
	Test      *condition.Test
	// Via and Lookup, when set, say that Column lies in the table Lookup, of
	// which Via holds the key; for Distinct only.
	Via, Lookup string
	// Days, when set, makes of Count, Sum or Distinct the most that lies within
	// so many days in a row which end with a day that has such a row.
	Days int64
	// Time names the column that says when, for Days and Then.
	Time string
	// Then, when set, keeps rows that are followed by another row.
	Then *Then
	// Per, when set, makes of Mean the sum divided by the number of things.
	Per *Per
}

// Then is the row that has to follow: of a later moment, at most Within days after.
type Then struct {
	Table  string
	Where  *Row
	Time   string
	Within int64
}

// Per says what a sum is divided by: rows that pass Where, or the different
// values of Column in them; IsFlag adds up Column instead.
type Per struct {
	Where  *Row
	Column string
	IsFlag bool
}

// And joins rules; nil ones are left out.
func And(rules ...*Rule) *Rule {
	out := &Rule{Op: "and"}
	for _, r := range rules {
		if r != nil {
			out.Rules = append(out.Rules, r)
		}
	}
	return out
}
