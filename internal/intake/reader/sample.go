// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"errors"
	"io"
	"slices"

	"dangol/internal/platform/fault"
)

const (
	// sampleRows is how many rows from the beginning are looked at, and moreRows how many from other places.
	sampleRows = 1000
	moreRows   = 250
)

// openDelimited finds the dialect and header of a text file and stands in front of its first data row.
func (f *File) openDelimited(s *source, head []byte, o Options) error {
	d, doubtful, err := detectDialect(s, head, o)
	if err != nil {
		return err
	}
	rows, err := newDelimited(s, d, o.Limits)
	if err != nil {
		return err
	}
	f.rows = rows
	f.shape.Encoding, f.shape.HasBOM = d.encoding, d.bom > 0
	f.shape.Delimiter, f.shape.IsQuoted = string(d.delimiter), d.quotes
	if d.delimiter == '\t' {
		f.shape.Format = TSV
	}
	if doubtful {
		f.notice("file.encoding", "warning", "Neither UTF-8 nor CP949 fits the whole file; "+d.encoding+" fits better.",
			"Compare the samples and choose the other encoding when letters look wrong.")
	}
	if err := f.describe(o, s); err != nil {
		return err
	}
	rows.expected, rows.pads = len(f.shape.Columns), f.pads
	return rows.skipTo(f.start(rows))
}

func (f *File) notice(code, severity, message, remedy string) {
	f.shape.Notices = append(f.shape.Notices, Notice{Code: code, Severity: severity, Message: message, Remedy: remedy})
}

// start is the position behind the header.
func (f *File) start(rows rowSource) Position {
	if f.shape.HeaderRow == 0 {
		return Position{}
	}
	if err := rows.skipTo(Position{}); err != nil {
		return Position{}
	}
	for {
		_, number, err := rows.next()
		var bad *RowError
		if err != nil && !errors.As(err, &bad) || number >= f.shape.HeaderRow {
			return rows.position()
		}
	}
}

// describe samples the rows, finds the header and names the columns.
func (f *File) describe(o Options, s *source) error {
	first, ended, err := f.take(sampleRows)
	if err != nil {
		return err
	}
	if len(first) == 0 {
		return fault.New(fault.Invalid, "file.no_rows", "The file holds no rows.")
	}
	h := findHeader(first[:min(len(first), 200)], o.HeaderRow)
	f.shape.HeaderRow, f.shape.HeaderRows = h.row, h.rows
	read := f.rows.position().Offset
	var data [][]string
	for _, row := range first {
		if row.number > h.row {
			data = append(data, row.cells)
		}
	}
	f.pads = f.pads || leavesOut(data, len(h.texts))
	if !ended && s != nil {
		data = append(data, f.elsewhere(s, read, len(h.texts))...)
	}
	f.shape.Sample = fitting(data, len(h.texts), f.pads)
	f.shape.Columns = columnsOf(h.texts, f.shape.Sample)
	f.headers = slices.Clone(h.texts[:len(f.shape.Columns)])
	f.shape.RowsAbout = int64(len(data))
	switch {
	case ended || s == nil || read == 0:
	case s.isGzip:
		f.shape.RowsAbout = s.size * int64(len(data)) / max(s.packed.n, 1)
	default:
		f.shape.RowsAbout = (s.size*int64(len(first))/read*bytesFactor(f.shape.Encoding) + 1) / 2
	}
	if len(f.shape.Columns) > o.Limits.Columns {
		return fault.New(fault.TooLarge, "file.columns", "The file has more than {limit} columns.", "limit", o.Limits.Columns)
	}
	return nil
}

// bytesFactor corrects the estimate of rows, in halves: offsets of UTF-16 files count UTF-8 bytes.
func bytesFactor(encoding string) int64 {
	if encoding == UTF16LE || encoding == UTF16BE {
		return 1
	}
	return 2
}

// take reads up to n rows that can be read.
func (f *File) take(n int) (rows []physical, ended bool, err error) {
	for len(rows) < n {
		cells, number, err := f.rows.next()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			return rows, true, nil
		case errors.As(err, &bad):
			if number > 10*n {
				return rows, false, nil
			}
			continue
		case err != nil:
			return nil, false, err
		}
		if !isBlank(cells) {
			rows = append(rows, physical{cells: slices.Clone(cells), number: number})
		}
	}
	return rows, false, nil
}

// elsewhere samples the middle and the end of a file that can be entered anywhere.
func (f *File) elsewhere(s *source, read int64, width int) [][]string {
	if s.isGzip || f.shape.Encoding == UTF16LE || f.shape.Encoding == UTF16BE {
		more, _, err := f.take(2 * moreRows)
		if err != nil {
			return nil
		}
		return cellsOf(more)
	}
	var found [][]string
	for _, at := range [...]int64{read + (s.size-read)/2, s.size - min(s.size-read, read/4)} {
		if at <= read || f.rows.skipTo(Position{Row: 1, Offset: at}) != nil {
			continue
		}
		more, _, err := f.take(moreRows)
		if err != nil || len(more) < 2 {
			continue
		}
		for _, cells := range cellsOf(more[1:]) { // the first one begins anywhere
			if len(cells) == width {
				found = append(found, cells)
			}
		}
	}
	return found
}

func cellsOf(rows []physical) [][]string {
	cells := make([][]string, len(rows))
	for i := range rows {
		cells[i] = rows[i].cells
	}
	return cells
}

// leavesOut reports files whose writer drops empty cells at the end of rows: many rows are short, none is long.
func leavesOut(rows [][]string, width int) bool {
	const often = 0.3
	short := 0
	for _, cells := range rows {
		if len(cells) > width && !isBlank(cells[width:]) {
			return false
		}
		if len(cells) < width {
			short++
		}
	}
	return short > 2 && float64(short) >= often*float64(len(rows)) && len(rows) > 1
}

// fitting keeps the rows of the right width for the sample.
func fitting(rows [][]string, width int, pads bool) [][]string {
	kept := rows[:0:0]
	for _, cells := range rows {
		switch {
		case len(cells) == width:
			kept = append(kept, cells)
		case len(cells) < width && pads:
			kept = append(kept, append(cells, make([]string, width-len(cells))...))
		case len(cells) > width && isBlank(cells[width:]):
			kept = append(kept, cells[:width])
		}
	}
	return kept
}
