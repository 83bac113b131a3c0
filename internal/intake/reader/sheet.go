// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"errors"
	"fmt"
	"io"

	"dangol/internal/platform/fault"
)

// smallSheet is the unpacked size up to which the whole sheet is read for its merged cells, which stand behind
// the rows; in larger ones merged header cells are told from the cells that they leave empty.
const smallSheet = 64 << 20

// sheet reads the rows of one sheet of a workbook.
type sheet struct {
	book    *workbook
	entry   sheetEntry
	part    *partReader
	x       *xmlScanner
	number  int // of the row that was read last
	row     []string
	scratch []byte
	ends    []int
	about   int64 // rows of the sheet, stated or estimated
	size    int64 // unpacked
	merges  []area
	fillTo  int // last row in which merged cells are filled: header rows only, once those are known
}

// area is a range of cells, 0-based columns and 1-based rows.
type area struct{ left, top, right, bottom int }

func newSheet(book *workbook, entry sheetEntry) (*sheet, error) {
	s := &sheet{book: book, entry: entry, fillTo: headerSearch + 2}
	if part := book.parts[lowerASCII(entry.part)]; part != nil && part.UncompressedSize64 <= smallSheet {
		if err := s.readMerges(); err != nil {
			return nil, err
		}
	}
	return s, s.reopen()
}

func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func (s *sheet) reopen() error {
	if s.part != nil {
		if err := s.part.Close(); err != nil {
			return damagedWorkbook(err)
		}
		s.part = nil
	}
	r, part, err := s.book.open(s.entry.part)
	if err != nil {
		return err
	}
	if part == nil {
		return damagedWorkbook(nil)
	}
	s.part, s.size = r, int64(min(part.UncompressedSize64, 1<<50))
	s.x, s.number = newXMLScanner(r, 2*s.book.limits.CellBytes), 0
	return nil
}

// estimate guesses the number of rows from those read so far when the sheet does not state it.
func (s *sheet) estimate() {
	if s.about < int64(s.number) && s.part.n > 0 {
		s.about = max(int64(s.number), int64(s.number)*s.size/s.part.n)
	}
}

func (s *sheet) hasRows() bool {
	cells, _, err := s.next()
	for err == nil && isBlank(cells) {
		cells, _, err = s.next()
	}
	return err == nil
}

func (s *sheet) position() Position { return Position{Row: s.number} }

// skipTo reads the rows before the position without making cells of them.
func (s *sheet) skipTo(p Position) error {
	if err := s.reopen(); err != nil {
		return err
	}
	for s.number < p.Row {
		if _, err := s.startRow(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if s.number >= p.Row {
			return s.skipRow()
		}
	}
	return nil
}

// readMerges collects the merged areas that begin in the rows where headers stand.
func (s *sheet) readMerges() error {
	r, part, err := s.book.open(s.entry.part)
	if err != nil || part == nil {
		return err
	}
	defer r.Close() //nolint:errcheck // nothing is written
	x := newXMLScanner(r, 2*s.book.limits.CellBytes)
	found, err := x.skip("mergeCells")
	for found && err == nil {
		var token xmlToken
		if token, err = x.next(); err != nil {
			break
		}
		if token.starts("mergeCell") {
			if a, ok := parseArea(token.attr("ref")); ok && a.top <= headerSearch+2 && len(s.merges) < 1000 {
				s.merges = append(s.merges, a)
			}
		}
	}
	if _, isFault := fault.As(err); isFault {
		return err
	}
	return nil // a damaged sheet shows when its rows are read
}

func parseArea(ref []byte) (area, bool) {
	for i, c := range ref {
		if c == ':' {
			left, top := parseRef(ref[:i])
			right, bottom := parseRef(ref[i+1:])
			return area{left, top, right, bottom}, left >= 0 && top > 0 && right >= left && bottom >= top
		}
	}
	return area{}, false
}

// parseRef reads B12 as column 1, row 12; -1 and 0 where it cannot.
func parseRef(ref []byte) (column, row int) {
	column = -1
	i := 0
	for ; i < len(ref) && i < 3; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = (column+1)*26 + int(c-'A')
	}
	for ; i < len(ref); i++ {
		if ref[i] < '0' || ref[i] > '9' || row > 1<<24 {
			return column, 0
		}
		row = row*10 + int(ref[i]-'0')
	}
	return column, row
}

// startRow goes to the next row; it answers whether the row has cells.
func (s *sheet) startRow() (hasCells bool, err error) {
	for {
		token, err := s.x.next()
		switch {
		case err != nil:
			return false, s.broken(err)
		case token.starts("dimension"):
			if a, ok := parseArea(token.attr("ref")); ok {
				s.about = int64(a.bottom)
			}
		case token.starts("row"):
			number := s.number + 1
			if r := token.attr("r"); r != nil {
				if _, n := parseRef(r); n > s.number {
					number = n
				}
			}
			s.number = number
			return token.kind == '<', nil
		case token.ends("sheetData"):
			return false, io.EOF
		}
	}
}

// broken tells a sheet that ends before its end from one that cannot be unpacked.
func (s *sheet) broken(err error) error {
	if _, isFault := fault.As(err); isFault {
		return err
	}
	return damagedWorkbook(err)
}

func (s *sheet) skipRow() error {
	for {
		token, err := s.x.next()
		switch {
		case err != nil:
			return s.broken(err)
		case token.ends("row"):
			return nil
		}
	}
}

// next returns the cells of the next row as they are shown, dates in ISO form.
func (s *sheet) next() (cells []string, number int, err error) {
	hasCells, err := s.startRow()
	if err != nil {
		return nil, s.number, err
	}
	s.scratch, s.ends = s.scratch[:0], s.ends[:0]
	for hasCells {
		token, err := s.x.next()
		if err != nil {
			return nil, s.number, s.broken(err)
		}
		if token.ends("row") {
			break
		}
		if !token.starts("c") {
			continue
		}
		if tooWide, err := s.cell(token); err != nil {
			return nil, s.number, err
		} else if tooWide {
			return nil, s.number, &RowError{
				Row: s.number, Rule: "row.too_wide", Message: fmt.Sprintf("Row %d has more than %d columns.", s.number, s.book.limits.Columns),
				Remedy: "Delete the stray cells far to the right.",
			}
		}
	}
	return s.build(), s.number, nil
}

// cell reads one cell and puts its text behind the others; cells that the file leaves out become empty.
func (s *sheet) cell(token xmlToken) (tooWide bool, err error) {
	column := len(s.ends)
	if ref := token.attr("r"); ref != nil {
		if c, _ := parseRef(ref); c > column {
			column = c
		}
	}
	if column >= s.book.limits.Columns {
		return true, s.skipRow()
	}
	for len(s.ends) < column {
		s.ends = append(s.ends, len(s.scratch))
	}
	kind := cellKind(token.attr("t"))
	style := atoiBytes(token.attr("s"))
	if token.kind == '<' {
		if err := s.value(kind, style); err != nil {
			return false, err
		}
	}
	s.ends = append(s.ends, len(s.scratch))
	return false, nil
}

func cellKind(t []byte) byte {
	switch string(t) {
	case "s":
		return 's'
	case "str", "inlineStr", "e", "d":
		return 't'
	case "b":
		return 'b'
	}
	return 'n'
}

func atoiBytes(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' || n > 1<<24 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// value reads the content of a cell up to its end.
func (s *sheet) value(kind byte, style int) error {
	inValue, phonetic := false, false
	for {
		token, err := s.x.next()
		switch {
		case err != nil:
			return s.broken(err)
		case token.kind == 't':
			if inValue && !phonetic {
				s.appendValue(kind, style, token.text)
			}
		case token.ends("c"):
			return nil
		case string(token.name) == "v", string(token.name) == "t":
			inValue = token.kind == '<'
		case string(token.name) == "rPh":
			phonetic = token.kind == '<'
		}
	}
}

func (s *sheet) appendValue(kind byte, style int, text []byte) {
	switch kind {
	case 's':
		s.scratch = append(s.scratch, s.book.strings.at(atoiBytes(text))...)
	case 't':
		s.scratch = appendText(s.scratch, text)
	case 'b':
		if string(text) == "1" {
			s.scratch = append(s.scratch, "TRUE"...)
		} else {
			s.scratch = append(s.scratch, "FALSE"...)
		}
	default:
		var format *numberFormat
		if style < len(s.book.styles) {
			format = &s.book.styles[style]
		}
		s.scratch = format.show(s.scratch, text, s.book.is1904)
	}
}

// build makes the row: one string cut into cells. Merged header cells show their text in every cell.
func (s *sheet) build() []string {
	text, start := string(s.scratch), 0
	s.row = s.row[:0]
	for _, end := range s.ends {
		s.row = append(s.row, text[start:end])
		start = end
	}
	if s.number > s.fillTo {
		return s.row
	}
	for _, a := range s.merges {
		if a.top != s.number || a.left >= len(s.row) {
			continue
		}
		for c := a.left + 1; c <= a.right && c < s.book.limits.Columns; c++ {
			if c == len(s.row) {
				s.row = append(s.row, "")
			}
			s.row[c] = s.row[a.left]
		}
	}
	return s.row
}
