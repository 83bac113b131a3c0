// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/platform/fault"
)

// cards reads vCard 2.1, 3.0 and 4.0: one row for each card, one column for each sort of value.
type cards struct {
	source   *source
	encoding string
	bom      int
	limits   Limits
	lines    *cardLines
	columns  []string
	place    map[string]int
	row      []string
	number   int
}

// cardColumns is the order of the columns; further ones of a sort follow it as "Mobile 2".
var cardColumns = []string{
	"Name", "Family name", "Given name", "Nickname", "Mobile", "Phone", "Phone (home)", "Phone (work)", "Fax", "E-mail", "E-mail (home)", "E-mail (work)",
	"Postal code", "Address", "Company", "Department", "Job title", "Birthday", "Gender", "Anniversary", "Group", "Note", "Web", "UID", "Revised",
}

// openCards learns which columns the cards of the file have and stands in front of the first one.
func (f *File) openCards(s *source, head []byte, o Options) error {
	rest, err := s.open(0)
	if err != nil {
		return err
	}
	found := detectEncoding(head, rest)
	c := &cards{source: s, encoding: found.encoding, bom: found.bom, limits: o.Limits, place: map[string]int{}}
	if o.Encoding != "" {
		c.encoding, c.bom = o.Encoding, bomOf(head, o.Encoding)
	}
	f.shape.Encoding, f.shape.HasBOM = c.encoding, c.bom > 0
	total, sample, err := c.survey()
	if err != nil {
		return err
	}
	if total == 0 {
		return fault.New(fault.Invalid, "file.no_rows", "The file holds no card.")
	}
	for _, row := range sample {
		f.shape.Sample = append(f.shape.Sample, append(row, make([]string, len(c.columns)-len(row))...))
	}
	order := c.arrange()
	for i, row := range f.shape.Sample {
		moved := make([]string, len(row))
		for from, to := range order {
			moved[to] = row[from]
		}
		f.shape.Sample[i] = moved
	}
	f.shape.Columns = columnsOf(c.columns, f.shape.Sample)
	f.headers, f.rows, f.pads, f.shape.RowsAbout = c.columns, c, true, int64(total)
	return c.skipTo(Position{})
}

// survey reads all cards once for their columns.
func (c *cards) survey() (total int, sample [][]string, err error) {
	if err := c.skipTo(Position{}); err != nil {
		return 0, nil, err
	}
	for {
		row, number, err := c.next()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			return total, sample, nil
		case errors.As(err, &bad):
			continue
		case err != nil:
			return 0, nil, err
		}
		if total = number; len(sample) < sampleRows {
			sample = append(sample, slices.Clone(row))
		}
	}
}

// arrange puts the columns in their usual order and returns where each one went.
func (c *cards) arrange() []int {
	rank := func(name string) int {
		base, n := name, 1
		if i := strings.LastIndexByte(name, ' '); i > 0 {
			if number, err := strconv.Atoi(name[i+1:]); err == nil {
				base, n = name[:i], number
			}
		}
		at := slices.Index(cardColumns, base)
		if at < 0 {
			at = len(cardColumns)
		}
		return at*1000 + n
	}
	before := slices.Clone(c.columns)
	slices.SortStableFunc(c.columns, func(a, b string) int { return rank(a) - rank(b) })
	order := make([]int, len(before))
	for i, name := range c.columns {
		c.place[name] = i
		order[slices.Index(before, name)] = i
	}
	return order
}

func (c *cards) position() Position { return Position{Row: c.number} }

func (c *cards) skipTo(p Position) error {
	r, err := c.source.text(c.encoding, c.bom, 0)
	if err != nil {
		return err
	}
	c.lines, c.number = &cardLines{r: bufio.NewReaderSize(r, 64<<10), limit: c.limits.CellBytes}, 0
	for c.number < p.Row {
		var bad *RowError
		if _, _, err := c.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil && !errors.As(err, &bad) {
			return err
		}
	}
	return nil
}

// next reads the next card.
func (c *cards) next() (cells []string, number int, err error) {
	inside, depth := false, 0
	card := map[string][]string{}
	for {
		line, err := c.lines.next()
		if err != nil {
			if errors.Is(err, io.EOF) && inside {
				return nil, c.number, &RowError{
					Row: c.number, Rule: "row.cut", Message: fmt.Sprintf("Card %d: the file was cut in the middle of this card.", c.number),
					Remedy: "Export or copy the file again; the cards before this one are complete.",
				}
			}
			return nil, c.number, err
		}
		p, ok := parseProperty(line)
		switch {
		case !ok:
		case p.name == "BEGIN" && strings.EqualFold(string(p.value), "VCARD"):
			if inside {
				depth++ // a card inside a card, as AGENT has
				continue
			}
			inside = true
			c.number++
			clear(card)
		case p.name == "END" && strings.EqualFold(string(p.value), "VCARD"):
			if depth > 0 {
				depth--
				continue
			}
			if inside {
				return c.build(card), c.number, nil
			}
		case inside && depth == 0:
			c.collect(card, p)
		}
	}
}

// build makes the row of a card; new columns come into being while the file is surveyed.
func (c *cards) build(card map[string][]string) []string {
	if len(card["Name"]) == 0 {
		if full := strings.TrimSpace(first(card["Given name"]) + " " + first(card["Family name"])); full != "" {
			if isHangul(full) {
				full = first(card["Family name"]) + first(card["Given name"])
			}
			card["Name"] = []string{full}
		} else if company := first(card["Company"]); company != "" {
			card["Name"] = []string{company}
		}
	}
	names := make([]string, 0, len(card))
	for name := range card {
		names = append(names, name)
	}
	slices.Sort(names)
	for i := range c.row {
		c.row[i] = ""
	}
	for _, name := range names {
		for i, value := range card[name] {
			column := name
			if i > 0 {
				column = name + " " + strconv.Itoa(i+1)
			}
			at, known := c.place[column]
			if !known {
				if len(c.columns) == c.limits.Columns {
					continue
				}
				at = len(c.columns)
				c.columns, c.place[column] = append(c.columns, column), at
			}
			for len(c.row) <= at {
				c.row = append(c.row, "")
			}
			c.row[at] = value
		}
	}
	for len(c.row) < len(c.columns) {
		c.row = append(c.row, "")
	}
	return c.row
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func isHangul(s string) bool {
	for _, r := range s {
		if r != ' ' && (r < 0xAC00 || r > 0xD7A3) {
			return false
		}
	}
	return s != ""
}

// cardLines gives the lines of a file with folded ones joined: by a leading space (3.0, 4.0) or by a = at the end
// of quoted-printable text (2.1).
type cardLines struct {
	r     *bufio.Reader
	limit int
	held  []byte
	has   bool
	done  bool
}

func (l *cardLines) physical() ([]byte, error) {
	if l.has {
		l.has = false
		return l.held, nil
	}
	if l.done {
		return nil, io.EOF
	}
	var line []byte
	for {
		part, err := l.r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			if len(line) > l.limit {
				return nil, fault.New(fault.TooLarge, "cell.too_long", "The file holds a line of more than {limit}.", "limit", megabytes(l.limit))
			}
			continue
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			l.done = true
			if len(line) == 0 {
				return nil, io.EOF
			}
		case err != nil:
			return nil, err
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

func (l *cardLines) next() ([]byte, error) {
	line, err := l.physical()
	if err != nil {
		return nil, err
	}
	quoted := isQuotedPrintable(line)
	for {
		if len(line) > l.limit {
			return nil, fault.New(fault.TooLarge, "cell.too_long", "The file holds a line of more than {limit}.", "limit", megabytes(l.limit))
		}
		following, err := l.physical()
		if errors.Is(err, io.EOF) {
			return line, nil
		}
		if err != nil {
			return nil, err
		}
		switch {
		case quoted && bytes.HasSuffix(line, []byte("=")):
			line = append(line[:len(line)-1:len(line)-1], following...)
		case len(following) > 0 && (following[0] == ' ' || following[0] == '\t'):
			line = append(line, following[1:]...)
		default:
			l.held, l.has = following, true
			return line, nil
		}
	}
}

func isQuotedPrintable(line []byte) bool {
	head, _, _ := bytes.Cut(line, []byte(":"))
	return bytes.Contains(bytes.ToUpper(head), []byte("QUOTED-PRINTABLE"))
}

// property is one line of a card.
type property struct {
	name    string
	types   []string // in upper case, of TYPE and bare parameters
	charset string
	coding  string
	value   []byte
}

func parseProperty(line []byte) (property, bool) {
	end, quoted := 0, false
	for ; end < len(line) && (line[end] != ':' || quoted); end++ {
		if line[end] == '"' {
			quoted = !quoted
		}
	}
	if end == len(line) {
		return property{}, false
	}
	p := property{value: line[end+1:]}
	for i, part := range strings.Split(string(line[:end]), ";") {
		if i == 0 {
			if dot := strings.LastIndexByte(part, '.'); dot >= 0 {
				part = part[dot+1:]
			}
			p.name = strings.ToUpper(strings.TrimSpace(part))
			continue
		}
		key, value, hasValue := strings.Cut(strings.ToUpper(part), "=")
		value = strings.Trim(value, `"`)
		switch {
		case !hasValue && (key == "QUOTED-PRINTABLE" || key == "BASE64"), key == "ENCODING":
			p.coding = key
			if hasValue {
				p.coding = value
			}
		case key == "CHARSET":
			p.charset = value
		case key == "TYPE":
			p.types = append(p.types, strings.Split(value, ",")...)
		case !hasValue:
			p.types = append(p.types, key)
		}
	}
	return p, p.name != ""
}

// text decodes the value by its own parameters, else by the encoding of the file.
func (p *property) text(fileEncoding string) string {
	raw := p.value
	switch p.coding {
	case "QUOTED-PRINTABLE":
		if decoded, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw))); len(decoded) > 0 || err == nil {
			raw = decoded
		}
	case "BASE64", "B":
		if decoded, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(raw), nil))); err == nil {
			raw = decoded
		}
	}
	korean := fileEncoding == CP949
	switch p.charset {
	case "EUC-KR", "KS_C_5601-1987", "CP949", "MS949", "KSC5601", "UHC", "KS_C_5601":
		korean = true
	case "UTF-8":
		korean = false
	}
	if _, bad := countUTF8(raw); korean && !isASCII(raw) && (p.charset != "" || bad > 0) || p.charset == "" && p.coding != "" && bad > 0 {
		raw = cp949().append(nil, raw)
	}
	return string(raw)
}

func (p *property) is(kind string) bool { return slices.Contains(p.types, kind) }
