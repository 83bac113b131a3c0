// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what the values of a column are.
type Kind string

// Kinds of columns.
const (
	Number   Kind = "number"
	Date     Kind = "date" // days since 1970-01-01
	Category Kind = "category"
)

// Missing is the code of a category that is not there.
const Missing = int32(-1)

// Column is a named series of values.
type Column struct {
	Name    string
	Kind    Kind
	Numbers []float64 // of numbers and dates; NaN is missing
	Codes   []int32   // of categories: places in Levels
	Levels  []string
}

// Words names a column, or one level of it, in a language ("ko", "en"); level
// is empty for the column itself. A nil Words leaves names as they are in the
// table.
type Words func(column, level, lang string) string

// Column is the name of a column.
func (w Words) Column(column, lang string) string {
	if w == nil {
		return column
	}
	return w(column, "", lang)
}

// Level is the name of one value of a column, with the column where it would
// not be understood alone.
func (w Words) Level(column, level, lang string) string {
	if w == nil {
		return column + " = " + level
	}
	return w(column, level, lang)
}

// Frame is a table.
type Frame struct {
	Columns []*Column
	Rows    int
}

// Find returns the column of a name, or nil.
func (f *Frame) Find(name string) *Column {
	for _, c := range f.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Names are the names of the columns in order.
func (f *Frame) Names() []string {
	names := make([]string, len(f.Columns))
	for i, c := range f.Columns {
		names[i] = c.Name
	}
	return names
}

// Take returns the rows of the given numbers, in their order.
func (f *Frame) Take(rows []int) *Frame {
	out := &Frame{Rows: len(rows)}
	for _, c := range f.Columns {
		out.Columns = append(out.Columns, c.Take(rows))
	}
	return out
}

// Without returns the frame less the columns of these names.
func (f *Frame) Without(names ...string) *Frame {
	out := &Frame{Rows: f.Rows}
	for _, c := range f.Columns {
		if !slices.Contains(names, c.Name) {
			out.Columns = append(out.Columns, c)
		}
	}
	return out
}

// Only returns the columns of these names, in their order; unknown are those
// that are not there.
func (f *Frame) Only(names ...string) (out *Frame, unknown []string) {
	out = &Frame{Rows: f.Rows}
	for _, name := range names {
		if c := f.Find(name); c != nil {
			out.Columns = append(out.Columns, c)
		} else {
			unknown = append(unknown, name)
		}
	}
	return out, unknown
}

// Take returns the values of the given rows.
func (c *Column) Take(rows []int) *Column {
	out := &Column{Name: c.Name, Kind: c.Kind, Levels: c.Levels}
	if c.Kind == Category {
		out.Codes = make([]int32, len(rows))
		for i, row := range rows {
			out.Codes[i] = c.Codes[row]
		}
		return out
	}
	out.Numbers = make([]float64, len(rows))
	for i, row := range rows {
		out.Numbers[i] = c.Numbers[row]
	}
	return out
}

// Len is the number of rows.
func (c *Column) Len() int { return max(len(c.Codes), len(c.Numbers)) }

// IsMissing tells whether a row has no value.
func (c *Column) IsMissing(row int) bool {
	if c.Kind == Category {
		return c.Codes[row] < 0
	}
	return math.IsNaN(c.Numbers[row])
}

// Text is the value of a row as people write it; missing is empty.
func (c *Column) Text(row int) string {
	switch {
	case c.IsMissing(row):
		return ""
	case c.Kind == Category:
		return c.Levels[c.Codes[row]]
	case c.Kind == Date:
		return DateText(c.Numbers[row])
	}
	return strconv.FormatFloat(c.Numbers[row], 'g', -1, 64)
}

// DateText writes days since 1970 as an ISO date.
func DateText(days float64) string {
	return time.Unix(int64(days*86400), 0).UTC().Format(time.DateOnly)
}

// Categorical returns the column as categories: numbers become their text.
func (c *Column) Categorical() *Column {
	if c.Kind == Category {
		return c
	}
	texts := make([]string, c.Len())
	for i := range texts {
		texts[i] = c.Text(i)
	}
	return Categories(c.Name, texts)
}

// Categories makes a column of categories; levels keep the order in which they
// appear, an empty text is missing.
func Categories(name string, texts []string) *Column {
	out := &Column{Name: name, Kind: Category, Codes: make([]int32, len(texts))}
	code := map[string]int32{}
	for i, text := range texts {
		if text == "" {
			out.Codes[i] = Missing
			continue
		}
		at, known := code[text]
		if !known {
			at = int32(len(out.Levels)) //nolint:gosec // a count of rows in memory
			code[text] = at
			out.Levels = append(out.Levels, text)
		}
		out.Codes[i] = at
	}
	return out
}

// Numeric makes a column of numbers; infinite values are missing, because no
// model can compute with them.
func Numeric(name string, numbers []float64) *Column {
	out := slices.Clone(numbers)
	for i, x := range out {
		if math.IsInf(x, 0) {
			out[i] = math.NaN()
		}
	}
	return &Column{Name: name, Kind: Number, Numbers: out}
}

// missing are the texts that stand for no value in files of R, pandas and
// spreadsheets.
var missing = map[string]bool{"": true, "NA": true, "NaN": true, "nan": true, "NULL": true, "null": true, "N/A": true, "#N/A": true}

// Parse finds the kind of a column of text: numbers when every value that is
// there is one, dates likewise, else categories.
func Parse(name string, texts []string) *Column {
	if numbers, ok := parseAll(texts, parseNumber); ok {
		return Numeric(name, numbers)
	}
	if days, ok := parseAll(texts, parseDay); ok {
		return &Column{Name: name, Kind: Date, Numbers: days}
	}
	trimmed := make([]string, len(texts))
	for i, text := range texts {
		if trimmed[i] = strings.TrimSpace(text); missing[trimmed[i]] {
			trimmed[i] = ""
		}
	}
	return Categories(name, trimmed)
}

func parseAll(texts []string, parse func(string) (float64, bool)) ([]float64, bool) {
	out, seen := make([]float64, len(texts)), false
	for i, text := range texts {
		text = strings.TrimSpace(text)
		if missing[text] {
			out[i] = math.NaN()
			continue
		}
		value, ok := parse(text)
		if !ok {
			return nil, false
		}
		out[i], seen = value, true
	}
	return out, seen
}

func parseNumber(text string) (float64, bool) {
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}

func parseDay(text string) (float64, bool) {
	for _, layout := range []string{time.DateOnly, time.DateTime, time.RFC3339, "2006/01/02", "2006.01.02"} {
		if at, err := time.Parse(layout, text); err == nil {
			return float64(at.Unix()) / 86400, true
		}
	}
	return 0, false
}
