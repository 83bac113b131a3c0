// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"fmt"

	"dangol/internal/platform/fault"
)

// missing is the code of an absent value in every column.
const missing = 0

// Column holds one field of all records as codes into its distinct values.
type Column struct {
	Name   string
	Values []string // Values[0] is the missing value
	Counts []uint32 // how many records hold each value
	Codes  []uint32 // one a record
}

// Table is what is matched: columns of equal length, with the id of each
// record and the file it came from.
type Table struct {
	Rows    int
	IDs     []string
	Source  []uint8
	Sources []string
	Columns []*Column
	// Truth is the known entity of each record, nil when nothing is known; ""
	// is a record of whom nothing is known.
	Truth []string
	// Notes are what a person should know about the reading.
	Notes []string

	spill *spill
}

// Present counts the records that have a value in the column.
func (c *Column) Present() int { return len(c.Codes) - int(c.Counts[missing]) }

// Distinct counts the values of the column.
func (c *Column) Distinct() int { return len(c.Values) - 1 }

// Value is the text that a record has in the column.
func (c *Column) Value(row int) string { return c.Values[c.Codes[row]] }

// Builder makes a table out of rows from anywhere: a database, a form, a file.
type Builder struct {
	table    *Table
	columns  []*columnBuilder
	hasTruth bool
}

// mostSources is how many files or sources one table can hold.
const mostSources = 250

// NewBuilder starts a table with the named columns; a row's values come in
// their order.
func NewBuilder(columns []string) *Builder {
	b := &Builder{table: &Table{}}
	for _, name := range columns {
		b.columns = append(b.columns, newColumnBuilder(name, nil))
	}
	return b
}

// Source names the source of the rows that follow.
func (b *Builder) Source(name string) error {
	if len(b.table.Sources) == mostSources {
		return fault.New(fault.Invalid, "match.too_many_sources", fmt.Sprintf("At most %d files can be matched at once.", mostSources))
	}
	b.table.Sources = append(b.table.Sources, name)
	return nil
}

// Add takes one record, named by its place; "" is missing, and missing values
// at the end of the row may be left out.
func (b *Builder) Add(values []string) { b.AddRecord("", values) }

// AddRecord is Add of a record with a name of its own.
func (b *Builder) AddRecord(id string, values []string) {
	if len(b.table.Sources) == 0 {
		b.table.Sources = []string{"base"}
	}
	b.table.IDs = append(b.table.IDs, id)
	b.table.Source = append(b.table.Source, uint8(len(b.table.Sources)-1))
	b.table.Rows++
	for i, c := range b.columns {
		if i < len(values) {
			c.add([]byte(values[i]))
		} else {
			c.add(nil)
		}
	}
}

// Truth notes who the record last added really is, for measuring.
func (b *Builder) Truth(entity string) {
	b.hasTruth = true
	for len(b.table.Truth) < b.table.Rows-1 {
		b.table.Truth = append(b.table.Truth, "")
	}
	b.table.Truth = append(b.table.Truth, entity)
}

// Table answers what was built.
func (b *Builder) Table() *Table {
	for _, c := range b.columns {
		b.table.Columns = append(b.table.Columns, c.finish())
	}
	b.columns = nil
	for b.hasTruth && len(b.table.Truth) < b.table.Rows {
		b.table.Truth = append(b.table.Truth, "")
	}
	return b.table
}

// columnBuilder interns values as records arrive.
type columnBuilder struct {
	name   string
	values *interner
	counts []uint32
	codes  []uint32
}

func newColumnBuilder(name string, room *spill) *columnBuilder {
	return &columnBuilder{name: name, values: newInterner(room), counts: []uint32{0}}
}

func (b *columnBuilder) add(value []byte) {
	code := uint32(missing)
	if len(value) > 0 {
		isNew := false
		if code, isNew = b.values.add(value); isNew {
			b.counts = append(b.counts, 0)
		}
	}
	b.counts[code]++
	b.codes = append(b.codes, code)
}

// fill adds missing values up to the number of rows.
func (b *columnBuilder) fill(rows int) {
	for len(b.codes) < rows {
		b.codes = append(b.codes, missing)
		b.counts[missing]++
	}
}

func (b *columnBuilder) finish() *Column {
	return &Column{Name: b.name, Values: b.values.values, Counts: b.counts, Codes: b.values.spill.kept(b.codes)}
}
