// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"dangol/internal/platform/fault"
)

// maxSpan bounds colspan and rowspan, which would multiply cells without end.
const maxSpan = 1000

// table reads the rows of the largest table of a web page, as admin sites deliver under the name .xls.
type table struct {
	open    func() (io.Reader, error)
	limits  Limits
	which   int // the table among those of the page, in the order in which they begin
	z       *html.Tokenizer
	stack   []int // tables that are open
	tables  int   // tables begun so far
	number  int
	row     []string
	carried map[int]carry // cells that reach down from rows above
	held    string        // tag that ended a cell without an end tag of its own
}

type carry struct {
	text string
	rows int
}

// openTable chooses the table of the page and stands in front of its first data row.
func (f *File) openTable(s *source, head []byte, o Options) error {
	rest, err := s.open(0)
	if err != nil {
		return err
	}
	found := detectEncoding(head, rest)
	if o.Encoding != "" {
		found.encoding, found.bom = o.Encoding, bomOf(head, o.Encoding)
	}
	f.shape.Encoding, f.shape.HasBOM = found.encoding, found.bom > 0
	t := &table{limits: o.Limits, open: func() (io.Reader, error) {
		r, err := s.text(found.encoding, found.bom, 0)
		if err != nil || found.encoding != CP949 {
			return r, err
		}
		return &cp949Reader{r: r, table: cp949()}, nil
	}}
	if err := t.choose(); err != nil {
		return err
	}
	f.rows, f.pads = t, true
	if err := f.describe(o, nil); err != nil {
		return err
	}
	return t.skipTo(f.start(t))
}

// choose counts the rows of all tables and takes the one with most.
func (t *table) choose() error {
	if err := t.skipTo(Position{}); err != nil {
		return err
	}
	var rows []int
	for {
		kind := t.z.Next()
		if kind == html.ErrorToken {
			if err := t.z.Err(); !errors.Is(err, io.EOF) {
				return t.problem(err)
			}
			break
		}
		name := t.track(kind)
		for len(rows) < t.tables {
			rows = append(rows, 0)
		}
		if kind == html.StartTagToken && name == "tr" && len(t.stack) > 0 {
			rows[t.stack[len(t.stack)-1]]++
		}
	}
	best := -1
	for i, n := range rows {
		if n > 0 && (best < 0 || n > rows[best]) {
			best = i
		}
	}
	if best < 0 {
		return fault.New(fault.Invalid, "file.no_table", "The page holds no table. Export the data as CSV or XLSX.")
	}
	t.which = best
	return t.skipTo(Position{})
}

// track follows which tables are open and returns the name of the tag.
func (t *table) track(kind html.TokenType) string {
	if kind != html.StartTagToken && kind != html.EndTagToken && kind != html.SelfClosingTagToken {
		return ""
	}
	raw, _ := t.z.TagName()
	name := string(raw)
	if name == "table" {
		if kind == html.StartTagToken {
			t.stack = append(t.stack, t.tables)
			t.tables++
		} else if kind == html.EndTagToken && len(t.stack) > 0 {
			t.stack = t.stack[:len(t.stack)-1]
		}
	}
	return name
}

func (t *table) position() Position { return Position{Row: t.number} }

func (t *table) skipTo(p Position) error {
	r, err := t.open()
	if err != nil {
		return err
	}
	t.z = html.NewTokenizer(r)
	t.z.SetMaxBuf(t.limits.CellBytes)
	t.stack, t.tables, t.number, t.carried, t.held = nil, 0, 0, map[int]carry{}, ""
	for t.number < p.Row {
		var bad *RowError
		if _, _, err := t.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil && !errors.As(err, &bad) {
			return err
		}
	}
	return nil
}

func (t *table) inside() bool { return len(t.stack) > 0 && t.stack[len(t.stack)-1] == t.which }

func (t *table) problem(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if errors.Is(err, html.ErrBufferExceeded) {
		return fault.Wrap(err, fault.TooLarge, "cell.too_long", "The table holds a cell of more than {limit}.", "limit", megabytes(t.limits.CellBytes))
	}
	return err
}

// next reads up to the end of the next row of the chosen table.
func (t *table) next() (cells []string, number int, err error) {
	inRow := false
	for {
		kind, name := t.token()
		if kind == html.ErrorToken {
			err := t.problem(t.z.Err())
			if inRow && errors.Is(err, io.EOF) {
				return nil, t.number, &RowError{
					Row: t.number, Rule: "row.cut", Cells: t.row,
					Message: fmt.Sprintf("Row %d: the file was cut in the middle of this row.", t.number), Remedy: "Export or copy the file again; the rows before this one are complete.",
				}
			}
			return nil, t.number, err
		}
		switch {
		case !t.inside() && (!inRow || name == "table"):
			if inRow && kind == html.EndTagToken {
				return t.row, t.number, nil
			}
		case kind == html.StartTagToken && name == "tr" && t.inside():
			if inRow {
				t.fill(maxSpan)
			}
			t.number++
			t.row, inRow = t.row[:0], true
		case kind == html.StartTagToken && (name == "td" || name == "th") && inRow && t.inside():
			ended, err := t.cell()
			if err != nil {
				return nil, t.number, t.problem(err)
			}
			if ended {
				t.fill(maxSpan)
				return t.row, t.number, nil
			}
		case kind == html.EndTagToken && name == "tr" && inRow && t.inside():
			t.fill(maxSpan)
			return t.row, t.number, nil
		}
	}
}

// token returns the next tag, or the one that is held; its attributes have not been read yet.
func (t *table) token() (html.TokenType, string) {
	if name := t.held; name != "" {
		t.held = ""
		return html.StartTagToken, name
	}
	kind := t.z.Next()
	return kind, t.track(kind)
}

// fill puts the cells that reach down from above in their places, as long as they follow on one another.
func (t *table) fill(most int) {
	for range most {
		c, ok := t.carried[len(t.row)]
		if !ok {
			return
		}
		if c.rows--; c.rows == 0 {
			delete(t.carried, len(t.row))
		} else {
			t.carried[len(t.row)] = c
		}
		t.row = append(t.row, c.text)
	}
}

// cell reads one cell; ended says that its row ended with it.
func (t *table) cell() (ended bool, err error) {
	across, down := 1, 1
	for {
		key, value, more := t.z.TagAttr()
		switch string(key) {
		case "colspan":
			across = span1(value)
		case "rowspan":
			down = span1(value)
		}
		if !more {
			break
		}
	}
	text, ended, err := t.text()
	t.fill(maxSpan)
	for range across {
		if len(t.row) >= t.limits.Columns {
			break
		}
		if down > 1 {
			t.carried[len(t.row)] = carry{text: text, rows: down - 1}
		}
		t.row = append(t.row, text)
	}
	return ended, err
}

func span1(value []byte) int {
	n, err := strconv.Atoi(string(bytes.TrimSpace(value)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxSpan)
}

// text reads the text of a cell up to its end, with line breaks as spaces.
func (t *table) text() (text string, ended bool, err error) {
	var b strings.Builder
	depth := len(t.stack)
	for {
		kind := t.z.Next()
		switch kind {
		case html.ErrorToken:
			if errors.Is(t.z.Err(), io.EOF) {
				return strings.TrimSpace(b.String()), true, nil
			}
			return "", false, t.z.Err()
		case html.TextToken:
			if b.Len() < t.limits.CellBytes {
				b.Write(t.z.Text())
			}
			continue
		case html.CommentToken, html.DoctypeToken:
			continue
		}
		name := t.track(kind)
		switch {
		case name == "br", name == "p" && b.Len() > 0:
			b.WriteByte('\n')
		case len(t.stack) < depth:
			return strings.TrimSpace(b.String()), true, nil
		case len(t.stack) > depth:
		case kind == html.StartTagToken && (name == "td" || name == "th" || name == "tr"):
			t.held = name
			return strings.TrimSpace(b.String()), name == "tr", nil
		case kind == html.EndTagToken && (name == "td" || name == "th"):
			return strings.TrimSpace(b.String()), false, nil
		case kind == html.EndTagToken && (name == "tr" || name == "tbody"):
			return strings.TrimSpace(b.String()), true, nil
		}
	}
}

// cp949Reader turns CP949 into UTF-8.
type cp949Reader struct {
	r     io.Reader
	table *cp949Table
	in    [16 << 10]byte
	held  int
	out   []byte
	at    int
	err   error
}

func (c *cp949Reader) Read(p []byte) (int, error) {
	for c.at == len(c.out) {
		if c.err != nil {
			return 0, c.err
		}
		n, err := c.r.Read(c.in[c.held:])
		n += c.held
		c.err = err
		whole := n
		if err == nil && wholeCharacters(c.in[:n]) < n {
			whole = n - 1
		}
		c.out, c.at = c.table.append(c.out[:0], c.in[:whole]), 0
		c.held = copy(c.in[:], c.in[whole:n])
	}
	n := copy(p, c.out[c.at:])
	c.at += n
	return n, nil
}

// wholeCharacters returns how many bytes make whole characters: the last lead byte may wait for its trail.
func wholeCharacters(b []byte) int {
	i := 0
	for i < len(b) {
		if b[i] < 0x80 {
			i++
			continue
		}
		if i+1 == len(b) {
			return i
		}
		i += 2
	}
	return i
}
