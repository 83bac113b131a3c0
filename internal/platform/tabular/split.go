// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"strings"
)

// splitter walks through the rows of delimited text (RFC 4180; lone quotes
// inside a cell are letters).
type splitter struct {
	text  string
	at    int
	comma byte
	line  int // of the row last read, from 1
	next  int
	cells []string
}

func newSplitter(text string, comma byte) *splitter {
	return &splitter{text: text, comma: comma, next: 1}
}

// read gives the cells of the next row that is not empty; they are valid until
// the next call.
func (s *splitter) read() ([]string, bool) {
	for s.at < len(s.text) {
		s.line = s.next
		s.row()
		if len(s.cells) > 1 || s.cells[0] != "" {
			return s.cells, true
		}
	}
	return nil, false
}

func (s *splitter) row() {
	s.cells = s.cells[:0]
	for {
		if s.at < len(s.text) && s.text[s.at] == '"' {
			s.cells = append(s.cells, s.quoted())
		} else {
			s.cells = append(s.cells, s.plain())
		}
		if s.at >= len(s.text) {
			return
		}
		end := s.text[s.at]
		s.at++
		if end == s.comma {
			continue
		}
		if end == '\r' && s.at < len(s.text) && s.text[s.at] == '\n' {
			s.at++
		}
		s.next++
		return
	}
}

func (s *splitter) plain() string {
	from := s.at
	for s.at < len(s.text) {
		if c := s.text[s.at]; c == s.comma || c == '\n' || c == '\r' {
			break
		}
		s.at++
	}
	return s.text[from:s.at]
}

// quoted reads a cell in quotes; text behind the closing quote is kept.
func (s *splitter) quoted() string {
	from := s.at + 1
	for i := from; i < len(s.text); i++ {
		switch s.text[i] {
		case '\n':
			s.next++
		case '"':
			if i+1 < len(s.text) && s.text[i+1] == '"' {
				i++
				continue
			}
			cell := s.text[from:i]
			if strings.Contains(cell, `""`) {
				cell = strings.ReplaceAll(cell, `""`, `"`)
			}
			s.at = i + 1
			return cell + s.plain()
		}
	}
	// A quote that never closes would swallow the rest of the file: it is a letter of its row.
	s.next = s.line
	return s.plain()
}

// delimiterOf chooses what parts the cells: whatever appears in the header and
// equally often in the rows below it.
func delimiterOf(text string) byte {
	best, most := byte(','), 0
	for _, comma := range []byte{',', '\t', ';', '|'} {
		rows := newSplitter(text, comma)
		head, ok := rows.read()
		if !ok || len(head) < 2 {
			continue
		}
		width, alike := len(head), 1
		const looked = 20
		for i := 0; i < looked; i++ {
			row, ok := rows.read()
			if !ok {
				break
			}
			if len(row) == width {
				alike++
			}
		}
		if score := alike * 100 * min(width, 50); score > most {
			best, most = comma, score
		}
	}
	return best
}
