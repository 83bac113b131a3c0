// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// xmlToken is one tag or one run of text. Slices are valid until the next call.
type xmlToken struct {
	kind  byte // '<' start, '/' end, 'x' start and end in one, 't' text
	name  []byte
	attrs []byte
	text  []byte
}

// xmlScanner reads the XML of sheets, five times faster than encoding/xml: tags and text only, no entities but
// the predefined ones (V1.5), prefixes of names dropped.
type xmlScanner struct {
	r      io.Reader
	buffer []byte
	at     int
	end    int
	done   bool
	limit  int // longest tag or text
}

func newXMLScanner(r io.Reader, limit int) *xmlScanner {
	return &xmlScanner{r: r, buffer: make([]byte, 64<<10), limit: limit}
}

// more reads on; it answers false at the end.
func (x *xmlScanner) more() (bool, error) {
	if x.done {
		return false, nil
	}
	if x.at > 0 {
		x.end = copy(x.buffer, x.buffer[x.at:x.end])
		x.at = 0
	}
	if x.end == len(x.buffer) {
		if len(x.buffer) > x.limit {
			return false, fault.New(fault.TooLarge, "cell.too_long", "The workbook holds a cell of more than {limit}.", "limit", megabytes(x.limit))
		}
		grown := make([]byte, 2*len(x.buffer))
		copy(grown, x.buffer)
		x.buffer = grown
	}
	n, err := io.ReadAtLeast(x.r, x.buffer[x.end:], 1)
	x.end += n
	if errors.Is(err, io.EOF) {
		x.done = true
		return false, nil
	}
	return err == nil, err
}

// find returns the offset of the mark behind the present place, counted from there; -1 at the end.
func (x *xmlScanner) find(mark string, from int) (int, error) {
	for {
		if i := bytes.Index(x.buffer[x.at+from:x.end], []byte(mark)); i >= 0 {
			return from + i, nil
		}
		from = max(from, x.end-x.at-len(mark)+1)
		ok, err := x.more()
		if err != nil || !ok {
			return -1, err
		}
	}
}

// skip goes on behind the mark and drops everything before it; it answers false when the mark does not come.
func (x *xmlScanner) skip(mark string) (bool, error) {
	for {
		if i := bytes.Index(x.buffer[x.at:x.end], []byte(mark)); i >= 0 {
			x.at += i + len(mark)
			return true, nil
		}
		x.at = max(x.at, x.end-len(mark)+1)
		if ok, err := x.more(); err != nil || !ok {
			return false, err
		}
	}
}

// next returns the next tag or text, io.EOF at the end.
func (x *xmlScanner) next() (xmlToken, error) {
	for {
		if x.at == x.end {
			if ok, err := x.more(); err != nil || !ok {
				return xmlToken{}, errors.Join(err, endOf(err))
			}
		}
		if x.buffer[x.at] != '<' {
			size, err := x.find("<", 0)
			if err != nil {
				return xmlToken{}, err
			}
			if size < 0 {
				size = x.end - x.at
			}
			text := x.buffer[x.at : x.at+size]
			x.at += size
			return xmlToken{kind: 't', text: text}, nil
		}
		token, skip, err := x.tag()
		if err != nil || !skip {
			return token, err
		}
	}
}

func endOf(err error) error {
	if err != nil {
		return nil
	}
	return io.EOF
}

// tag reads what begins with <; comments and instructions are skipped.
func (x *xmlScanner) tag() (token xmlToken, skip bool, err error) {
	for x.end-x.at < 9 && !x.done {
		if ok, err := x.more(); err != nil {
			return token, false, err
		} else if !ok {
			break
		}
	}
	open, closing := 1, ">"
	switch head := x.buffer[x.at:x.end]; {
	case bytes.HasPrefix(head, []byte("<!--")):
		open, closing = 4, "-->"
	case bytes.HasPrefix(head, []byte("<![CDATA[")):
		open, closing = 9, "]]>"
	}
	size, err := x.find(closing, open)
	if err != nil {
		return token, false, err
	}
	if size < 0 {
		return token, false, io.ErrUnexpectedEOF
	}
	body := x.buffer[x.at+open : x.at+size]
	x.at += size + len(closing)
	switch {
	case open == 9:
		return xmlToken{kind: 't', text: body}, false, nil
	case open == 4, len(body) == 0, body[0] == '?', body[0] == '!':
		return token, true, nil
	}
	return parseTag(body), false, nil
}

func parseTag(body []byte) xmlToken {
	token := xmlToken{kind: '<'}
	switch {
	case body[0] == '/':
		token.kind, body = '/', body[1:]
	case body[len(body)-1] == '/':
		token.kind, body = 'x', body[:len(body)-1]
	}
	end := 0
	for end < len(body) && body[end] > ' ' {
		end++
	}
	token.name, token.attrs = body[:end], body[end:]
	if i := bytes.IndexByte(token.name, ':'); i >= 0 {
		token.name = token.name[i+1:]
	}
	return token
}

// is reports whether the token is a start of the name.
func (t *xmlToken) starts(name string) bool {
	return (t.kind == '<' || t.kind == 'x') && string(t.name) == name
}

// ends reports whether the token ends the element of the name; an empty element ends where it starts.
func (t *xmlToken) ends(name string) bool {
	return (t.kind == '/' || t.kind == 'x') && string(t.name) == name
}

// attr returns the value of the attribute, nil when there is none. The name is compared with its prefix.
func (t *xmlToken) attr(name string) []byte {
	rest := t.attrs
	for {
		i := bytes.IndexByte(rest, '=')
		if i < 0 || i+2 > len(rest) {
			return nil
		}
		key := bytes.TrimSpace(rest[:i])
		value := bytes.TrimLeft(rest[i+1:], " \t\r\n")
		if len(value) < 2 {
			return nil
		}
		end := bytes.IndexByte(value[1:], value[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return value[1 : 1+end]
		}
		rest = value[end+2:]
	}
}

// appendText appends text with its entities replaced; escaped controls of spreadsheets (_x000D_) are undone.
func appendText(dst, text []byte) []byte {
	if bytes.IndexByte(text, '&') < 0 && !bytes.Contains(text, []byte("_x")) {
		return append(dst, text...)
	}
	for i := 0; i < len(text); {
		switch {
		case text[i] == '&':
			end := bytes.IndexByte(text[i:min(len(text), i+12)], ';')
			if r, ok := entity(text[i+1 : i+max(end, 1)]); ok && end > 0 {
				dst = utf8.AppendRune(dst, r)
				i += end + 1
				continue
			}
		case text[i] == '_' && i+6 < len(text) && text[i+1] == 'x' && text[i+6] == '_':
			if r, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16); err == nil {
				if r >= 0x20 || r == '\n' || r == '\t' {
					dst = utf8.AppendRune(dst, rune(r))
				}
				i += 7
				continue
			}
		}
		dst = append(dst, text[i])
		i++
	}
	return dst
}

func entity(name []byte) (rune, bool) {
	switch string(name) {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := string(name[1:]), 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n <= utf8.MaxRune && n > 0
}
