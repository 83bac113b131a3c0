// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// WriterOptions say how a file is written for spreadsheets (M-IMP-8).
type WriterOptions struct {
	Encoding  string // UTF8 (with byte order mark, as Excel needs it) or CP949
	Delimiter byte   // , when zero
}

// Replaced is one place where a character had no form in CP949 and "?" was written.
type Replaced struct {
	Row       int    `json:"row"`
	Column    int    `json:"column"` // from 1
	Character string `json:"character"`
}

// Writer writes CSV that is safe to open in a spreadsheet: cells that would be taken for a formula get a leading
// apostrophe (V1.2), which reading takes away again.
type Writer struct {
	w         *bufio.Writer
	delimiter byte
	encode    *cp949Encoder // nil for UTF-8
	rows      int
	buffer    []byte
	replaced  []Replaced
	count     int
}

// mostReplaced bounds the list of replaced characters.
const mostReplaced = 1000

// NewWriter makes a writer; Flush must be called at the end.
func NewWriter(w io.Writer, o WriterOptions) (*Writer, error) {
	out := &Writer{w: bufio.NewWriterSize(w, 64<<10), delimiter: o.Delimiter}
	if out.delimiter == 0 {
		out.delimiter = ','
	}
	switch o.Encoding {
	case "", UTF8:
		if _, err := out.w.Write(bomUTF8); err != nil {
			return nil, fmt.Errorf("write byte order mark: %w", err)
		}
	case CP949:
		out.encode = cp949Encode()
	default:
		return nil, fault.New(fault.Invalid, "export.encoding", "{encoding} is no encoding for exports; choose utf-8 or cp949.", "encoding", o.Encoding)
	}
	return out, nil
}

// Write writes one row.
func (w *Writer) Write(row []string) error {
	w.rows++
	w.buffer = w.buffer[:0]
	for i, cell := range row {
		if i > 0 {
			w.buffer = append(w.buffer, w.delimiter)
		}
		w.append(Neutralise(cell), i+1)
	}
	if len(row) == 1 && row[0] == "" {
		w.buffer = append(w.buffer, '"', '"') // else the row would read as an empty line
	}
	w.buffer = append(w.buffer, '\r', '\n')
	if _, err := w.w.Write(w.buffer); err != nil {
		return fmt.Errorf("write row %d: %w", w.rows, err)
	}
	return nil
}

func (w *Writer) append(cell string, column int) {
	quoted := strings.ContainsAny(cell, "\"\r\n") || strings.IndexByte(cell, w.delimiter) >= 0 || cell != "" && (cell[0] == ' ' || cell[len(cell)-1] == ' ')
	if quoted {
		w.buffer = append(w.buffer, '"')
		cell = strings.ReplaceAll(cell, `"`, `""`)
	}
	if w.encode == nil {
		w.buffer = append(w.buffer, cell...)
	} else {
		w.appendCP949(cell, column)
	}
	if quoted {
		w.buffer = append(w.buffer, '"')
	}
}

func (w *Writer) appendCP949(cell string, column int) {
	for _, r := range cell {
		if r < 0x80 {
			w.buffer = append(w.buffer, byte(r))
			continue
		}
		if code := w.encode.code(r); code != 0 {
			w.buffer = append(w.buffer, byte(code>>8), byte(code))
			continue
		}
		w.buffer = append(w.buffer, '?')
		if w.count++; len(w.replaced) < mostReplaced {
			w.replaced = append(w.replaced, Replaced{Row: w.rows, Column: column, Character: string(r)})
		}
	}
}

// Flush writes what is still held back.
func (w *Writer) Flush() error {
	if err := w.w.Flush(); err != nil {
		return fmt.Errorf("write the end of the file: %w", err)
	}
	return nil
}

// Replaced lists the characters that CP949 does not have (F-HAN-9), the first thousand of them, and counts all.
func (w *Writer) Replaced() (list []Replaced, total int) { return w.replaced, w.count }

// Neutralise puts an apostrophe before text that a spreadsheet would run as a formula: text that begins with = + - @
// or a tab or line end, in full width too. Plain numbers such as -12.5 stay numbers.
func Neutralise(cell string) string {
	if cell == "" {
		return cell
	}
	r, _ := utf8.DecodeRuneInString(cell)
	switch r {
	case '=', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return "'" + cell
	case '+':
		return "'" + cell
	case '-':
		if isPlainNegative(cell) {
			return cell
		}
		return "'" + cell
	}
	return cell
}

func isPlainNegative(s string) bool {
	whole, fraction, hasPoint := strings.Cut(s[1:], ".")
	return isPlainDigits(strings.ReplaceAll(whole, ",", "")) && (!hasPoint || isPlainDigits(fraction))
}

// cp949Encoder is the reverse of cp949Table.
type cp949Encoder struct{ codes [1 << 16]uint16 }

func (e *cp949Encoder) code(r rune) uint16 {
	if r > 0xFFFF {
		return 0
	}
	return e.codes[r]
}

var cp949Encode = sync.OnceValue(func() *cp949Encoder {
	encoder := new(cp949Encoder)
	for i, r := range cp949() {
		if r != 0 && encoder.codes[r] == 0 {
			lead, trail := i/cp949Width+cp949Low, i%cp949Width+cp949Trail
			encoder.codes[r] = uint16(lead)<<8 | uint16(trail)
		}
	}
	return encoder
})

// CP949Length returns how many bytes the text takes in CP949, as messages are counted, and false when it holds a
// character that CP949 does not have.
func CP949Length(s string) (int, bool) {
	encoder := cp949Encode()
	length, fits := 0, true
	for _, r := range s {
		switch {
		case r < 0x80:
			length++
		default:
			length += 2
			fits = fits && encoder.code(r) != 0
		}
	}
	return length, fits
}
