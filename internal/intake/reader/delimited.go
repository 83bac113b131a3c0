// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// rowSource gives the physical rows of one format.
type rowSource interface {
	// next returns the next row and its number, counted from 1 and with headers and empty rows; the slice is
	// reused. The error is io.EOF, a *RowError, or one that ends the file.
	next() (cells []string, number int, err error)
	// position is behind the row that next returned last.
	position() Position
	// skipTo goes on behind the position.
	skipTo(Position) error
}

// delimited reads CSV and TSV.
type delimited struct {
	source   *source
	dialect  dialect
	limits   Limits
	scanner  *scanner
	number   int
	row      []string
	scratch  []byte
	offsets  []int
	table    *cp949Table // nil for UTF-8
	expected int         // columns of the file, 0 while that is not known
	pads     bool        // short rows are usual in this file
	ended    bool        // the end that was cut off has been reported
}

// dialect is how a delimited file is written.
type dialect struct {
	encoding  string
	bom       int
	delimiter byte
	quotes    bool
	returns   bool
}

func newDelimited(s *source, d dialect, limits Limits) (*delimited, error) {
	f := &delimited{source: s, dialect: d, limits: limits}
	if d.encoding == CP949 {
		f.table = cp949()
	}
	return f, f.skipTo(Position{})
}

func (f *delimited) skipTo(p Position) error {
	if p.Offset == 0 && p.Row > 0 {
		return f.skipRows(p.Row)
	}
	r, err := f.source.text(f.dialect.encoding, f.dialect.bom, p.Offset)
	if err != nil {
		return err
	}
	f.scanner = newScanner(r, p.Offset, f.dialect, f.limits)
	f.scanner.columns = f.expected
	f.number, f.ended = p.Row, false
	return nil
}

// skipRows goes on behind a row whose offset is not known, by reading the rows before it.
func (f *delimited) skipRows(row int) error {
	if err := f.skipTo(Position{}); err != nil {
		return err
	}
	for f.number < row {
		if _, err := f.scanner.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		f.number++
	}
	return nil
}

func (f *delimited) position() Position { return Position{Row: f.number, Offset: f.scanner.position()} }

func (f *delimited) next() (cells []string, number int, err error) {
	got, err := f.scanner.next()
	if errors.Is(err, io.EOF) && f.scanner.cut && !f.ended {
		f.number++
		return nil, f.number, f.cutError(nil)
	}
	if err != nil {
		return nil, f.number, err
	}
	f.number++
	if got.result != complete {
		return nil, f.number, f.problem(got)
	}
	if got.last && f.scanner.cut {
		return nil, f.number, f.cutError(got.record)
	}
	f.build(got)
	if got.last && f.expected > 1 && !f.pads && len(f.row) < f.expected && len(strings.TrimSpace(f.row[0])) > 0 {
		return nil, f.number, f.cutError(got.record)
	}
	return f.row, f.number, nil
}

// build makes the cells of a record: one string for the whole row, cut into cells.
func (f *delimited) build(got scanned) {
	f.row = f.row[:0]
	if !f.isSpecial(got) {
		text := string(got.record)
		for _, field := range got.fields {
			f.row = append(f.row, text[field.start:field.end])
		}
		return
	}
	f.scratch, f.offsets = f.scratch[:0], f.offsets[:0]
	for _, field := range got.fields {
		raw := got.record[field.start:field.end]
		if field.escaped {
			raw = bytes.ReplaceAll(raw, []byte(`""`), []byte(`"`))
		}
		if bytes.IndexByte(raw, 0) >= 0 {
			raw = bytes.ReplaceAll(raw, []byte{0}, nil)
		}
		if f.table != nil {
			f.scratch = f.table.append(f.scratch, raw)
		} else {
			f.scratch = append(f.scratch, raw...)
		}
		f.offsets = append(f.offsets, len(f.scratch))
	}
	text, start := string(f.scratch), 0
	for _, end := range f.offsets {
		f.row = append(f.row, text[start:end])
		start = end
	}
}

// isSpecial reports whether the bytes of the record are not yet the text of its cells.
func (f *delimited) isSpecial(got scanned) bool {
	if f.table != nil && !isASCII(got.record) || bytes.IndexByte(got.record, 0) >= 0 {
		return true
	}
	for _, field := range got.fields {
		if field.escaped {
			return true
		}
	}
	return false
}

// problem explains a record that could not be read.
func (f *delimited) problem(got scanned) *RowError {
	e := &RowError{Row: f.number, Raw: bytes.Clone(clip(got.record))}
	switch {
	case got.result == openQuote && got.last:
		return f.cutError(got.record)
	case got.result == openQuote:
		e.Rule, e.Message = "row.quote", fmt.Sprintf("Row %d: a quotation mark is opened and never closed.", f.number)
		e.Remedy = "Close the quotation mark or double it when it belongs to the text."
	case got.result == tooWide:
		e.Rule, e.Message = "row.too_wide", fmt.Sprintf("Row %d has more than %d columns.", f.number, f.limits.Columns)
		e.Remedy = "Check the delimiter of the file."
	default:
		e.Rule, e.Message = "cell.too_long", fmt.Sprintf("Row %d holds a cell of more than %s.", f.number, megabytes(f.limits.CellBytes))
		e.Remedy = "Shorten the cell; such amounts of text belong in an attachment."
	}
	return e
}

func (f *delimited) cutError(record []byte) *RowError {
	f.ended = true
	return &RowError{
		Row: f.number, Rule: "row.cut", Raw: bytes.Clone(clip(record)),
		Message: fmt.Sprintf("Row %d: the file was cut in the middle of this row.", f.number),
		Remedy:  "Export or copy the file again; the rows before this one are complete.",
	}
}

func megabytes(n int) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
