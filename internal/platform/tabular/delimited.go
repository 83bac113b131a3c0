// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// readCSV reads the text twice: once to learn what each column holds, once to
// keep it, so that a late word among numbers costs no second copy of the file.
func readCSV(text string, o Options) (*Table, error) {
	comma := byte(o.Delimiter)
	if o.Delimiter == 0 {
		comma = delimiterOf(text)
	}
	rows := newSplitter(text, comma)
	first, ok := rows.read()
	if !ok {
		return nil, errors.New("the file is empty")
	}
	table := &Table{Format: "csv", Delimiter: string(comma)}
	start := *rows
	if o.IsHeaderless {
		start = *newSplitter(text, comma)
	}
	for i, name := range first {
		name = strings.TrimSpace(name)
		if o.IsHeaderless || name == "" {
			name = "c" + strconv.Itoa(i+1)
		}
		table.Columns = append(table.Columns, &Column{Name: strings.Clone(name)})
	}
	if err := table.has(o.Columns); err != nil {
		return nil, err
	}
	shapes, err := learn(start, table)
	if err != nil {
		return nil, err
	}
	if table.Rows == 0 {
		return nil, errors.New("there is a header but no row")
	}
	builders := plan(table, shapes, o)
	if err := fill(start, builders); err != nil {
		return nil, err
	}
	table.Columns = table.Columns[:0]
	for _, b := range builders {
		if b != nil {
			table.Columns = append(table.Columns, b.column)
		}
	}
	return table, nil
}

// shape is what a column was seen to hold.
type shape struct {
	values              int
	notNumber, notDate  bool
	notComma, hasComma  bool // read with decimals after a comma
	hasCode             bool
	firstBig, secondBig bool // parts above 12 in dates with the year last
	yearLast            bool
}

// learn looks at every cell once.
func learn(rows splitter, table *Table) ([]shape, error) {
	rows.cells = nil
	shapes := make([]shape, len(table.Columns))
	short, long, firstLong := 0, 0, 0
	for {
		cells, ok := rows.read()
		if !ok {
			break
		}
		table.Rows++
		switch {
		case len(cells) < len(shapes):
			short++
		case len(cells) > len(shapes) && strings.Join(cells[len(shapes):], "") != "":
			if long++; long == 1 {
				firstLong = rows.line
			}
		}
		for i := range min(len(cells), len(shapes)) {
			shapes[i].look(cells[i])
		}
	}
	if long*10 > table.Rows {
		return nil, fmt.Errorf("%d of %d rows have more cells than the header (the first is line %d); check the delimiter", long, table.Rows, firstLong)
	}
	if short > 0 {
		table.Notes = append(table.Notes, fmt.Sprintf("%d rows have fewer cells than the header; the rest counts as missing.", short))
	}
	if long > 0 {
		table.Notes = append(table.Notes, fmt.Sprintf("%d rows have more cells than the header (the first is line %d); the surplus was left out.", long, firstLong))
	}
	return shapes, nil
}

func (s *shape) look(cell string) {
	cell = strings.TrimSpace(cell)
	if isBlank(cell) {
		return
	}
	s.values++
	if !s.notNumber {
		_, ok := parseNumber(cell)
		s.notNumber = !ok
		s.hasCode = s.hasCode || isCode(cell)
	}
	if !s.notComma && (s.notNumber || strings.ContainsAny(cell, ",.")) { // a whole number is one either way
		_, ok := parseComma(cell)
		s.notComma = !ok
		s.hasComma = s.hasComma || strings.Contains(cell, ",")
	}
	if s.notDate {
		return
	}
	if _, ok := parseDate(cell, yearFirst, true); ok {
		return
	}
	day, _, _ := strings.Cut(cell, " ")
	parts, ok := dayParts(day, false)
	if !ok || parts[2] < 1000 {
		s.notDate = true
		return
	}
	s.yearLast = true
	s.firstBig = s.firstBig || parts[0] > 12
	s.secondBig = s.secondBig || parts[1] > 12
}

// plan decides the kind of each column; nil is a column nobody asked for.
func plan(table *Table, shapes []shape, o Options) []*builder {
	builders := make([]*builder, len(table.Columns))
	isComma := false
	for i := range shapes {
		s := &shapes[i]
		isComma = isComma || s.notNumber && !s.notComma && s.hasComma
	}
	if isComma {
		table.Notes = append(table.Notes, "Numbers were read with decimals after a comma (1.234,5).")
	}
	for i, c := range table.Columns {
		if !o.wants(c.Name) {
			continue
		}
		s := shapes[i]
		kind := o.kind(c.Name)
		b := &builder{column: c, isForced: kind != Any, isComma: isComma && !s.notComma}
		s.notNumber = s.notNumber && !b.isComma
		switch {
		case s.secondBig && !s.firstBig:
			b.order = monthFirst
		case s.yearLast:
			b.order = dayFirst
		}
		if kind == Any {
			switch {
			case s.values > 0 && !s.notNumber && !s.hasCode:
				kind = Number
			case s.values > 0 && !s.notDate && s.notNumber && s.firstBig != s.secondBig == s.yearLast:
				kind = Date
			default:
				kind = Words
			}
		}
		if kind == Date && s.yearLast && s.firstBig == s.secondBig {
			table.Notes = append(table.Notes, fmt.Sprintf("The dates of column %s could mean day or month first; day first was taken. Write them as 2026-11-21 to be sure.", c.Name))
		}
		c.Kind = kind
		b.prepare(table.Rows)
		builders[i] = b
	}
	return builders
}

func (o *Options) wants(name string) bool {
	if len(o.Columns) == 0 {
		return true
	}
	for _, wanted := range o.Columns {
		if strings.EqualFold(strings.TrimSpace(wanted), name) {
			return true
		}
	}
	return false
}

func (o *Options) kind(name string) Kind {
	for wanted, kind := range o.Kinds {
		if strings.EqualFold(strings.TrimSpace(wanted), name) {
			return kind
		}
	}
	return Any
}

// fill keeps the values.
func fill(rows splitter, builders []*builder) error {
	rows.cells = nil
	for {
		cells, ok := rows.read()
		if !ok {
			return nil
		}
		for i, b := range builders {
			if b == nil {
				continue
			}
			cell := ""
			if i < len(cells) {
				cell = cells[i]
			}
			if !b.add(cell) {
				return fmt.Errorf("line %d: %q in column %s is no %s", rows.line, cell, b.column.Name, b.column.Kind)
			}
		}
	}
}

// builder fills one column.
type builder struct {
	column   *Column
	isForced bool
	isComma  bool // decimals follow a comma
	order    order
	codes    map[string]int32
}

func (b *builder) prepare(rows int) {
	switch b.column.Kind {
	case Number:
		b.column.Numbers = make([]float64, 0, rows)
	case Date:
		b.column.Dates = make([]int64, 0, rows)
	default:
		b.column.Codes = make([]int32, 0, rows)
		b.codes = map[string]int32{}
	}
}

// add keeps a cell; false says that it does not fit the kind.
func (b *builder) add(cell string) bool {
	c := b.column
	if c.Kind == Words {
		b.word(cell)
		return true
	}
	trimmed := strings.TrimSpace(cell)
	blank := isBlank(trimmed)
	if blank {
		c.Missing++
	}
	if c.Kind == Date {
		at := int64(NoDate)
		ok := blank
		if !blank {
			at, ok = parseDate(trimmed, b.order, true)
		}
		c.Dates = append(c.Dates, at)
		return ok
	}
	v, ok := math.NaN(), blank
	if !blank {
		if b.isComma {
			v, ok = parseComma(trimmed)
		} else {
			v, ok = parseNumber(trimmed)
		}
		if math.IsInf(v, 0) {
			c.Infinite++
		}
		if math.IsNaN(v) {
			c.Missing++
		}
	}
	c.Numbers = append(c.Numbers, v)
	return ok
}

func (b *builder) word(cell string) {
	c := b.column
	if cell == "" {
		c.Missing++
		c.Codes = append(c.Codes, NoCode)
		return
	}
	code, known := b.codes[cell]
	if !known {
		code = int32(len(c.Dictionary)) //nolint:gosec // a file of 4 GiB has fewer than 2^31 distinct cells worth a dictionary
		word := strings.Clone(cell)     // or the dictionary would keep the whole file in memory
		b.codes[word] = code
		c.Dictionary = append(c.Dictionary, word)
	}
	c.Codes = append(c.Codes, code)
}
