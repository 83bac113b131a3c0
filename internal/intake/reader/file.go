// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"dangol/internal/platform/fault"
)

// File is an open file whose rows are read one after the other. It is not safe for concurrent use.
type File struct {
	shape   Shape
	rows    rowSource
	closer  io.Closer
	headers []string
	pads    bool // short rows are filled up: sheets, tables, and files whose writer leaves out empty cells
	row     []string
	last    int
}

// Open opens the file at the path and finds out its shape.
func Open(path string, o Options) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fault.Wrap(err, fault.NotFound, "file.not_found", "There is no file {path}.", "path", path)
		}
		return nil, fault.Wrap(err, fault.Unavailable, "file.unreadable", "The file {path} cannot be opened.", "path", path)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fault.New(fault.Invalid, "file.directory", "{path} is a folder; name a file in it.", "path", path)
	}
	var opened *File
	if err == nil {
		opened, err = OpenAt(file, info.Size(), path, o)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	opened.closer = file
	return opened, nil
}

// OpenAt opens a file held by r, which must stay readable until Close; name is the file name, a hint only.
func OpenAt(r io.ReaderAt, size int64, name string, o Options) (*File, error) {
	o.Limits = o.Limits.withDefaults()
	var err error
	if o.Encoding, err = encodingOf(o.Encoding); err != nil {
		return nil, err
	}
	if size == 0 {
		return nil, fault.New(fault.Invalid, "file.empty", "The file is empty.")
	}
	s := newSource(r, size, o.Limits)
	head, err := s.head(sniffBytes)
	if err != nil {
		return nil, err
	}
	format, err := formatOf(s, head, name, o)
	if err != nil {
		return nil, err
	}
	f := &File{shape: Shape{Format: format}}
	if s.isGzip {
		f.shape.Compression = "gzip"
	}
	switch format {
	case XLSX:
		err = f.openSheet(s, o)
	case VCard:
		err = f.openCards(s, head, o)
	case HTML:
		err = f.openTable(s, head, o)
	default:
		err = f.openDelimited(s, head, o)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Detect finds out the shape of the file at the path.
func Detect(path string, o Options) (*Shape, error) {
	f, err := Open(path, o)
	if err != nil {
		return nil, err
	}
	return f.Shape(), f.Close()
}

// formatOf tells the format by content; names lie (M-IMP-1).
func formatOf(s *source, head []byte, name string, o Options) (string, error) {
	switch {
	case o.Format != "":
		return o.Format, nil
	case len(head) == 0:
		return "", fault.New(fault.Invalid, "file.empty", "The file is empty.")
	case bytes.HasPrefix(head, zipMagic):
		return XLSX, nil
	case bytes.HasPrefix(head, oleMagic):
		return XLSX, nil // protected, or of a time before xlsx: openSheet tells
	}
	if kind := foreignKind(head); kind != "" {
		return "", fault.New(fault.Invalid, "file.kind", "This is a {kind} file. Export the data as CSV, XLSX or vCard.", "kind", kind)
	}
	text := bytes.TrimLeft(sniffText(head), " \t\r\n")
	upper := bytes.ToUpper(text[:min(len(text), 4096)])
	switch {
	case bytes.HasPrefix(upper, []byte("BEGIN:VCARD")):
		return VCard, nil
	case bytes.HasPrefix(upper, []byte("<")) && (bytes.Contains(upper, []byte("<TABLE")) || bytes.Contains(bytes.ToUpper(text), []byte("<TABLE"))):
		return HTML, nil
	case bytes.HasPrefix(upper, []byte("<")) && (bytes.Contains(upper, []byte("<HTML")) || bytes.HasPrefix(upper, []byte("<!DOCTYPE"))):
		return HTML, nil
	case bytes.HasPrefix(upper, []byte("<?XML")):
		return "", fault.New(fault.Invalid, "file.kind", "This is a {kind} file. Export the data as CSV, XLSX or vCard.", "kind", "XML")
	}
	return CSV, nil
}

// sniffText makes UTF-16 readable for the search for words.
func sniffText(head []byte) []byte {
	if bytes.HasPrefix(head, bomUTF8) {
		return head[len(bomUTF8):]
	}
	if bytes.HasPrefix(head, bomUTF16LE) || bytes.HasPrefix(head, bomUTF16BE) || utf16WithoutMark(head) != "" {
		return bytes.ReplaceAll(head, []byte{0}, nil)
	}
	return head
}

// foreignKind names files that people upload by mistake.
func foreignKind(head []byte) string {
	for _, k := range [...]struct{ magic, kind string }{
		{"%PDF-", "PDF"},
		{"\x89PNG", "PNG picture"},
		{"\xFF\xD8\xFF", "JPEG picture"},
		{"GIF8", "GIF picture"},
		{"PAR1", "Parquet"},
		{"SQLite format 3\x00", "SQLite"},
		{"Rar!", "RAR"},
		{"7z\xBC\xAF\x27\x1C", "7-Zip"},
		{"BZh", "bzip2"},
		{"\xFD7zXZ", "xz"},
		{"\x28\xB5\x2F\xFD", "Zstandard"},
		{"{\\rtf", "RTF"},
		{"\x7FELF", "program"},
		{"MZ\x90", "program"},
		{"HWP Document File", "HWP"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return k.kind
		}
	}
	return ""
}

// Shape returns what was found out about the file.
func (f *File) Shape() *Shape { return &f.shape }

// Close releases the file.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Position returns where reading stands: behind the row that Next returned last.
func (f *File) Position() Position { return f.rows.position() }

// SkipTo goes on behind the position, which this file or an equal one opened with equal options gave.
func (f *File) SkipTo(p Position) error {
	if p.Row <= 0 {
		return nil
	}
	f.last = p.Row
	return f.rows.skipTo(p)
}

// Next returns the next data row and its number. Rows are numbered as a spreadsheet shows them: from 1, with
// headers and empty rows; cards by their place in the file. The slice is reused by the next call, the strings
// are not; there is one cell for each column of the shape.
// At the end err is io.EOF; *RowError is one bad row and reading may go on; anything else ends the file.
func (f *File) Next() (row []string, number int, err error) {
	for {
		cells, number, err := f.rows.next()
		if err != nil {
			return nil, number, err
		}
		f.last = number
		if number <= f.shape.HeaderRow {
			continue
		}
		if isBlank(cells) {
			continue
		}
		return f.fit(cells, number)
	}
}

func isBlank(cells []string) bool {
	for _, c := range cells {
		if c != "" && strings.Trim(c, " \t\u00a0\u3000\r") != "" {
			return false
		}
	}
	return true
}

// fit brings the row to the width of the file, or says why it does not fit.
func (f *File) fit(cells []string, number int) ([]string, int, error) {
	width := len(f.shape.Columns)
	switch {
	case len(cells) > width && isBlank(cells[width:]):
		cells = cells[:width]
	case len(cells) > width, len(cells) < width && !f.pads:
		return nil, number, f.ragged(cells, number, width)
	case len(cells) < width:
		f.row = append(f.row[:0], cells...)
		for len(f.row) < width {
			f.row = append(f.row, "")
		}
		cells = f.row
	}
	if width > 1 {
		if cells[0] == f.headers[0] && slices.Equal(cells, f.headers) {
			return nil, number, &RowError{
				Row: number, Rule: "row.header", Cells: slices.Clone(cells),
				Message: fmt.Sprintf("Row %d repeats the header.", number), Remedy: "It was left out; nothing needs to be done.",
			}
		}
		if isTotal(cells) {
			return nil, number, &RowError{
				Row: number, Rule: "row.total", Cells: slices.Clone(cells),
				Message: fmt.Sprintf("Row %d is a line of totals.", number), Remedy: "It was left out; nothing needs to be done.",
			}
		}
	}
	return cells, number, nil
}

func (f *File) ragged(cells []string, number, width int) *RowError {
	remedy := "A line break or a delimiter inside a cell needs quotation marks around the cell."
	if len(cells) > width {
		remedy = "A delimiter inside a cell needs quotation marks around the cell."
	}
	return &RowError{
		Row: number, Rule: "row.ragged", Cells: slices.Clone(cells),
		Message: fmt.Sprintf("Row %d has %d cells and the file has %d columns.", number, len(cells), width), Remedy: remedy,
	}
}

// isTotal reports the line of sums that reports end with (M-IMP-7): its first word says so and most cells are empty.
func isTotal(cells []string) bool {
	const longest = 24 // bytes
	first, empty := "", 0
	for _, c := range cells {
		if first = c; c != "" {
			break
		}
	}
	if len(first) > longest || first == "" || first[0] >= '0' && first[0] <= '9' {
		return false
	}
	switch strings.ToLower(strings.Trim(strings.ReplaceAll(first, " ", ""), ":[]()")) {
	case "합계", "총계", "소계", "총합계", "누계", "total", "grandtotal", "subtotal", "sum":
	default:
		return false
	}
	for _, c := range cells {
		if strings.TrimSpace(c) == "" {
			empty++
		}
	}
	return 3*empty >= len(cells)
}
