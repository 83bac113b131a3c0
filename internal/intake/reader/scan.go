// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"
	"io"
)

const (
	firstBuffer = 256 << 10
	// patience is how many bytes an open quote may swallow once the file has shown a quote that never closes.
	patience = 64 << 10
)

// span is one field of the record in the buffer.
type span struct {
	start, end int
	escaped    bool // holds doubled quotes
}

// scanner cuts delimited text into records. It is tolerant: quotes inside quoted fields that are not doubled,
// spaces around quotes, quotes that never close, and line ends of every system.
type scanner struct {
	r      io.Reader
	buffer []byte
	start  int   // of the record
	end    int   // of the data
	offset int64 // of buffer[0] in the text
	done   bool  // r has no more
	cut    bool  // r ended in the middle (a packed file that was cut off)

	delimiter byte
	quotes    bool
	returns   bool // rows end with a lone CR
	stops     [256]bool
	fields    []span
	limits    Limits
	strays    int // quotes seen that never close
	columns   int // expected, 0 when unknown
}

func newScanner(r io.Reader, offset int64, d dialect, limits Limits) *scanner {
	s := &scanner{r: r, buffer: make([]byte, firstBuffer), offset: offset, limits: limits}
	s.set(d)
	return s
}

func (s *scanner) set(d dialect) {
	s.delimiter, s.quotes, s.returns = d.delimiter, d.quotes, d.returns
	s.stops[d.delimiter] = true
	if d.returns {
		s.stops['\r'] = true
	} else {
		s.stops['\n'] = true
	}
}

// outcome says how the attempt to read one record went.
type outcome int

const (
	complete outcome = iota
	needMore
	openQuote // the text ends inside a quoted field
	tooLong
	tooWide
)

// position is the offset behind the record that was read last.
func (s *scanner) position() int64 { return s.offset + int64(s.start) }

// fill reads more behind the present data and moves the record to the front when there is no room.
func (s *scanner) fill() error {
	if s.start > 0 {
		s.offset += int64(s.start)
		s.end = copy(s.buffer, s.buffer[s.start:s.end])
		s.start = 0
	}
	if s.end == len(s.buffer) {
		grown := make([]byte, 2*len(s.buffer))
		copy(grown, s.buffer)
		s.buffer = grown
	}
	for empty := 0; s.end < len(s.buffer); {
		n, err := s.r.Read(s.buffer[s.end:])
		s.end += n
		switch {
		case errors.Is(err, io.EOF):
			s.done = true
			return nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			s.done, s.cut = true, true
			return nil
		case err != nil:
			return err
		case n == 0:
			if empty++; empty > 100 {
				return io.ErrNoProgress
			}
		}
	}
	return nil
}

// scanned is one record, or why there is none.
type scanned struct {
	record []byte
	fields []span
	result outcome
	last   bool // nothing, not even a line end, stands behind the record
}

// next returns the next record; its bytes are valid until the following call. At the end it returns io.EOF.
func (s *scanner) next() (scanned, error) {
	for {
		if s.start == s.end && s.done {
			return scanned{}, io.EOF
		}
		if s.start < s.end || s.done {
			size, ended, result := s.scan()
			switch result {
			case complete:
				record := s.buffer[s.start : s.start+size]
				s.start += size
				return scanned{record: record, fields: s.fields, last: !ended}, nil
			case tooWide:
				return s.skipLine(result)
			case tooLong:
				record := clip(s.buffer[s.start : s.start+size])
				s.start += size
				return scanned{record: record, result: tooLong, last: !ended}, nil
			case openQuote:
				return s.recover(result)
			}
		}
		if s.end-s.start > s.allowance() {
			return s.recover(tooLong)
		}
		if err := s.fill(); err != nil {
			return scanned{}, err
		}
	}
}

// allowance is how long one record may be before it is given up.
func (s *scanner) allowance() int {
	if s.strays > 0 && s.insideQuote() {
		return patience
	}
	return s.limits.RowBytes
}

// insideQuote reports whether the field being read began with a quote.
func (s *scanner) insideQuote() bool {
	if len(s.fields) == 0 {
		return false
	}
	last := s.fields[len(s.fields)-1]
	return last.end < 0
}

// scan reads one record of the data at hand: its size with the line end, and whether a line end was there.
func (s *scanner) scan() (size int, ended bool, result outcome) {
	data := s.buffer[s.start:s.end]
	s.fields = s.fields[:0]
	result = complete
	for at := 0; ; {
		if len(s.fields) == s.limits.Columns {
			return 0, false, tooWide
		}
		field, next, state := s.field(data, at)
		s.fields = append(s.fields, field)
		if state != complete {
			return 0, false, state
		}
		if field.end-field.start > s.limits.CellBytes {
			result = tooLong
		}
		switch {
		case next == len(data):
			return next, false, result
		case data[next] == s.delimiter:
			at = next + 1
		default:
			return next + 1, true, result
		}
	}
}

// field reads one field at data[at:]; next is the offset of the delimiter or line end behind it.
func (s *scanner) field(data []byte, at int) (field span, next int, result outcome) {
	if s.quotes {
		open := at
		for open < len(data) && data[open] == ' ' {
			open++
		}
		if open < len(data) && data[open] == '"' {
			return s.quoted(data, open)
		}
	}
	end := at
	for end < len(data) && !s.stops[data[end]] {
		end++
	}
	if end == len(data) && !s.done {
		return span{at, end, false}, end, needMore
	}
	next = end
	if end > at && data[end-1] == '\r' && (end == len(data) || data[end] == '\n') {
		end--
	}
	return span{at, end, false}, next, complete
}

// quoted reads a quoted field; a quote closes it when a delimiter, a line end or nothing follows.
func (s *scanner) quoted(data []byte, open int) (field span, next int, result outcome) {
	field = span{open + 1, -1, false}
	for at := open + 1; ; {
		i := bytes.IndexByte(data[at:], '"')
		if i < 0 {
			if s.done {
				return field, len(data), openQuote
			}
			return field, len(data), needMore
		}
		at += i
		behind := at + 1
		if behind < len(data) && data[behind] == '"' {
			field.escaped = true
			at = behind + 1
			continue
		}
		for behind < len(data) && (data[behind] == ' ' || data[behind] == '\r' && !s.returns) {
			behind++
		}
		switch {
		case behind == len(data) && !s.done:
			return field, behind, needMore
		case behind == len(data) || s.stops[data[behind]]:
			field.end = at
			return field, behind, complete
		case data[at-1] == s.delimiter && s.isStray(data, open+1, at):
			return field, at, openQuote
		}
		at++ // a quote that belongs to the text
	}
}

// isStray reports that the quote before from was opened by mistake: another cell opens its own at the given place,
// lines further down, and those lines look like rows.
func (s *scanner) isStray(data []byte, from, to int) bool {
	end := s.lineEnd(data[from:to])
	return end > 0 && s.rowsFollow(data[from+end:])
}

// recover gives up the record at hand. A quote that was opened by mistake swallows the lines behind it: when
// they look like rows, only the first line is given up. Else the record is skipped to its end.
func (s *scanner) recover(result outcome) (scanned, error) {
	data := s.buffer[s.start:s.end]
	from := 0
	if s.insideQuote() {
		from = s.fields[len(s.fields)-1].start
	}
	end := from + s.lineEnd(data[from:])
	if s.insideQuote() && end > from && s.rowsFollow(data[end:]) {
		s.strays++
		s.start += end
		return scanned{record: data[:end], result: openQuote}, nil
	}
	if result == openQuote {
		s.start = s.end
		return scanned{record: data, result: openQuote, last: true}, nil
	}
	return s.skipLong(data)
}

// lineEnd returns the offset behind the first line end, 0 when there is none.
func (s *scanner) lineEnd(data []byte) int {
	mark := byte('\n')
	if s.returns {
		mark = '\r'
	}
	return bytes.IndexByte(data, mark) + 1
}

// rowsFollow reports whether most of the next lines have as many delimiters as the file has.
func (s *scanner) rowsFollow(data []byte) bool {
	const lines = 5
	fitting, seen := 0, 0
	for seen < lines && len(data) > 0 {
		end := s.lineEnd(data)
		line := data
		if end > 0 {
			line, data = data[:end], data[end:]
		} else {
			data = nil
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		seen++
		if count := bytes.Count(line, []byte{s.delimiter}) + 1; s.columns > 0 && count == s.columns || s.columns == 0 && count > 1 {
			fitting++
		}
	}
	return seen > 0 && 2*fitting > seen
}

// skipLine gives up one line, for records with too many columns.
func (s *scanner) skipLine(result outcome) (scanned, error) {
	first := bytes.Clone(clip(s.buffer[s.start:s.end]))
	for {
		if end := s.lineEnd(s.buffer[s.start:s.end]); end > 0 {
			s.start += end
			return scanned{record: first, result: result}, nil
		}
		s.start = s.end
		if s.done {
			return scanned{record: first, result: result, last: true}, nil
		}
		if err := s.fill(); err != nil {
			return scanned{}, err
		}
	}
}

// skipLong gives up a record with a cell beyond the limit: to the closing quote when it is quoted, then to the
// end of the line.
func (s *scanner) skipLong(data []byte) (scanned, error) {
	first := bytes.Clone(clip(data))
	inQuote := s.insideQuote()
	if inQuote {
		s.start += s.fields[len(s.fields)-1].start
	}
	for inQuote {
		data = s.buffer[s.start:s.end]
		i := bytes.IndexByte(data, '"')
		switch {
		case i >= 0 && i+1 < len(data) && data[i+1] == '"':
			s.start += i + 2
		case i >= 0 && (i+1 < len(data) || s.done):
			s.start += i + 1
			inQuote = false
		default:
			s.start = s.end
			if i >= 0 {
				s.start--
			}
			if s.done {
				s.start = s.end
				return scanned{record: first, result: tooLong, last: true}, nil
			}
			if err := s.fill(); err != nil {
				return scanned{}, err
			}
		}
	}
	got, err := s.skipLine(tooLong)
	got.record = first
	return got, err
}

// clip bounds what is kept of a record that was given up.
func clip(b []byte) []byte {
	const kept = 64 << 10
	return b[:min(len(b), kept)]
}
