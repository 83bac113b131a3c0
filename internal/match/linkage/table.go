// SPDX-License-Identifier: Apache-2.0

package linkage

import "strings"

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
	// Truth is the known entity of each record, nil when nothing is known.
	Truth []string
}

// Present counts the records that have a value in the column.
func (c *Column) Present() int { return len(c.Codes) - int(c.Counts[missing]) }

// Distinct counts the values of the column.
func (c *Column) Distinct() int { return len(c.Values) - 1 }

// columnBuilder interns values as records arrive.
type columnBuilder struct {
	column *Column
	codes  map[string]uint32
}

func newColumnBuilder(name string) *columnBuilder {
	return &columnBuilder{
		column: &Column{Name: name, Values: []string{""}, Counts: []uint32{0}},
		codes:  map[string]uint32{"": missing},
	}
}

func (b *columnBuilder) add(value string) {
	code, known := b.codes[value]
	if !known {
		code = uint32(len(b.column.Values))
		value = strings.Clone(value)
		b.codes[value] = code
		b.column.Values = append(b.column.Values, value)
		b.column.Counts = append(b.column.Counts, 0)
	}
	b.column.Counts[code]++
	b.column.Codes = append(b.column.Codes, code)
}

// derive makes a column whose value is a function of another's; what becomes
// empty is missing. The function runs once a distinct value.
func (c *Column) derive(name string, of func(string) string) *Column {
	builder := newColumnBuilder(name)
	recode := make([]uint32, len(c.Values))
	for code, value := range c.Values[1:] {
		made := of(value)
		to, known := builder.codes[made]
		if !known {
			to = uint32(len(builder.column.Values))
			builder.codes[made] = to
			builder.column.Values = append(builder.column.Values, made)
			builder.column.Counts = append(builder.column.Counts, 0)
		}
		recode[code+1] = to
	}
	builder.column.Codes = make([]uint32, len(c.Codes))
	for row, code := range c.Codes {
		to := recode[code]
		builder.column.Codes[row] = to
		builder.column.Counts[to]++
	}
	return builder.column
}
