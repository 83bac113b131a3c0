// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"math"
	"strings"

	"dangol/internal/platform/fault"
)

// Kind is what a column holds.
type Kind int

// The kinds of columns.
const (
	Any    Kind = iota // decided by what the file holds
	Number             // Numbers
	Words              // Codes and Dictionary
	Date               // Dates
)

// String names the kind for people.
func (k Kind) String() string {
	return [...]string{"any", "number", "text", "date"}[k]
}

// NoDate is a missing date.
const NoDate = math.MinInt64

// NoCode is missing text.
const NoCode int32 = -1

// Column is one column; only the fields of its kind are set.
type Column struct {
	Name string
	Kind Kind
	// Numbers are NaN where the value is missing; infinite values are kept.
	Numbers []float64
	// Codes are places in Dictionary, NoCode where the value is missing.
	Codes      []int32
	Dictionary []string // in the order of first appearance
	// Dates are microseconds since 1970 as the wall clock of the file shows them, NoDate where missing.
	Dates []int64
	// Missing and Infinite count such values.
	Missing, Infinite int
}

// Len is the number of rows.
func (c *Column) Len() int {
	switch c.Kind {
	case Number:
		return len(c.Numbers)
	case Date:
		return len(c.Dates)
	}
	return len(c.Codes)
}

// Text is the value of a row as text, "" where it is missing.
func (c *Column) Text(row int) string {
	switch c.Kind {
	case Number:
		return formatNumber(c.Numbers[row])
	case Date:
		return formatDate(c.Dates[row])
	}
	if c.Codes[row] < 0 {
		return ""
	}
	return c.Dictionary[c.Codes[row]]
}

// IsMissing reports whether a row has no value.
func (c *Column) IsMissing(row int) bool {
	switch c.Kind {
	case Number:
		return math.IsNaN(c.Numbers[row])
	case Date:
		return c.Dates[row] == NoDate
	}
	return c.Codes[row] < 0
}

// Table is the columns of one file.
type Table struct {
	Columns []*Column
	Rows    int
	// Format is csv or parquet, Encoding that of the text, Delimiter what parts its cells.
	Format, Encoding, Delimiter string
	// Notes tell what was decided or repaired.
	Notes []string
}

// Column finds a column by name: as written, or without regard to case and
// spaces around it. It returns fault.Invalid naming the columns there are.
func (t *Table) Column(name string) (*Column, error) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c, nil
		}
	}
	for _, c := range t.Columns {
		if strings.EqualFold(strings.TrimSpace(c.Name), strings.TrimSpace(name)) {
			return c, nil
		}
	}
	const most = 30
	names := make([]string, 0, len(t.Columns))
	for i, c := range t.Columns {
		if i == most {
			names = append(names, "…")
			break
		}
		names = append(names, c.Name)
	}
	return nil, fault.New(fault.Invalid, "tabular.no_column", "There is no column {column}; the file has {columns}.",
		"column", name, "columns", strings.Join(names, ", "))
}

// has checks that all named columns are there.
func (t *Table) has(names []string) error {
	for _, name := range names {
		if _, err := t.Column(name); err != nil {
			return err
		}
	}
	return nil
}
