// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"dangol/internal/platform/fault"
)

// errStray is a quote in the middle of a cell without quotes: the file follows
// no rule by which it could be cut into pieces.
var errStray = errors.New("stray quote")

const (
	// pieceSize is how much of a file one core takes at a time.
	pieceSize = 2 << 20
	// longestRow is where a row is no row any more but a quote never closed.
	longestRow = 64 << 20
)

// rows are the cells of one piece of a file, column by column in each row.
type rows struct {
	cells  [][]byte
	width  int
	ragged int64
	err    error
}

// into cuts the file at ends of rows, parses the pieces on all cores and
// interns the columns in the order of the rows, half of them each.
func (f *textFile) into(ctx context.Context, r *reading) (err error) {
	defer func() { err = errors.Join(err, f.file.Close()) }()
	cutter := &cutter{in: f.in, path: f.path}
	first, atEnd := cutter.next() // a small file is its first piece and its last one
	if atEnd != nil && !errors.Is(atEnd, io.EOF) {
		return atEnd
	}
	head, rest, err := f.header(first)
	if err != nil {
		return err
	}
	p, err := r.plan(head, f.path)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	parsed := make(chan chan *rows, runtime.GOMAXPROCS(0)+1)
	go func() {
		defer close(parsed)
		piece, err := rest, atEnd
		for {
			done := make(chan *rows, 1)
			select {
			case parsed <- done:
			case <-ctx.Done():
				return
			}
			if err != nil && !errors.Is(err, io.EOF) {
				done <- &rows{err: err}
				return
			}
			isLast := errors.Is(err, io.EOF)
			go func(piece []byte) { done <- parsePiece(piece, f.comma, len(head), isLast && !cutter.endsWhole, f.path) }(piece)
			if isLast {
				return
			}
			piece, err = cutter.next()
		}
	}()
	return r.intern(ctx, p, parsed)
}

// intern takes the parsed pieces in order.
func (r *reading) intern(ctx context.Context, p *plan, parsed chan chan *rows) error {
	const lanes = 2
	var lane [lanes]chan *rows
	var group sync.WaitGroup
	var cut [lanes]int64
	for k := range lane {
		lane[k] = make(chan *rows, 1)
		group.Go(func() {
			for piece := range lane[k] {
				for i := k; i < len(p.columns); i += lanes {
					if b := p.columns[i]; b != nil {
						for at := i; at < len(piece.cells); at += piece.width {
							cell := piece.cells[at]
							if len(cell) > longestCell {
								cell = cell[:longestCell]
								cut[k]++
							}
							b.add(cell)
						}
					}
				}
			}
		})
	}
	var err error
	for done := range parsed {
		piece := <-done
		if err = piece.err; err == nil {
			err = ctx.Err()
		}
		if err != nil {
			break
		}
		for k := range lane {
			lane[k] <- piece
		}
		r.ragged += piece.ragged
		for at := 0; at < len(piece.cells); at += piece.width {
			r.record(p, func(i int) []byte { return piece.cells[at+i] })
		}
		if r.options.Progress != nil {
			r.options.Progress(int64(r.table.Rows))
		}
	}
	for k := range lane {
		close(lane[k])
	}
	group.Wait()
	r.cut += cut[0] + cut[1]
	return err
}

// header reads the first row of the first piece.
func (f *textFile) header(piece []byte) ([]string, []byte, error) {
	piece = bytes.TrimLeft(piece, "\r\n")
	row := &rows{}
	end, err := parseRow(piece, f.comma, &row.cells)
	if err != nil || len(row.cells) == 0 {
		return nil, nil, fault.New(fault.Invalid, "match.no_header", fmt.Sprintf("%s has no header row.", f.path))
	}
	names := make([]string, len(row.cells))
	for i, cell := range row.cells {
		names[i] = string(cell)
	}
	return names, piece[end:], nil
}

// cutter cuts a file into pieces that end with a row.
type cutter struct {
	in        io.Reader
	path      string
	carry     []byte
	endsWhole bool // the file ends with a line break
}

// next answers a piece; with io.EOF the last one.
func (c *cutter) next() ([]byte, error) {
	buffer := make([]byte, len(c.carry), len(c.carry)+pieceSize)
	copy(buffer, c.carry)
	c.carry = nil
	for {
		start := len(buffer)
		buffer = append(buffer, make([]byte, pieceSize)...)
		n, err := io.ReadFull(c.in, buffer[start:])
		buffer = buffer[:start+n]
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF) && n < pieceSize:
			// a gzip file that is cut short gives the same error; it says so when asked again
			if _, again := c.in.Read(make([]byte, 1)); again != nil && !errors.Is(again, io.EOF) {
				return nil, cutShort(c.path)
			}
			c.endsWhole = len(buffer) == 0 || buffer[len(buffer)-1] == '\n' || buffer[len(buffer)-1] == '\r'
			return buffer, io.EOF
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", c.path, err)
		}
		if end := lastRowEnd(buffer); end > 0 {
			c.carry = append([]byte(nil), buffer[end:]...)
			return buffer[:end], nil
		}
		if len(buffer) > longestRow {
			return nil, fault.New(fault.Invalid, "match.row_too_long",
				fmt.Sprintf("%s has a row of more than %d MB; probably a quotation mark is never closed.", c.path, longestRow>>20))
		}
	}
}

// lastRowEnd is behind the last line break that lies outside of quotes, 0 for none.
func lastRowEnd(piece []byte) int {
	quotes := bytes.Count(piece, []byte{'"'})
	for end := len(piece); end > 0; {
		at := bytes.LastIndexByte(piece[:end], '\n')
		if at < 0 {
			return 0
		}
		quotes -= bytes.Count(piece[at:end], []byte{'"'})
		if quotes%2 == 0 {
			return at + 1
		}
		end = at
	}
	return 0
}

// parsePiece cuts a piece into cells; every row gets as many as the header has.
func parsePiece(piece []byte, comma byte, width int, mayBeCut bool, path string) *rows {
	out := &rows{width: width, cells: make([][]byte, 0, len(piece)/12)}
	for at := 0; at < len(piece); {
		if piece[at] == '\n' || piece[at] == '\r' {
			at++
			continue
		}
		first := len(out.cells)
		n, err := parseRow(piece[at:], comma, &out.cells)
		if err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				err = cutShort(path)
			}
			return &rows{err: err}
		}
		at += n
		got := len(out.cells) - first
		if got == width {
			continue
		}
		if got < width && mayBeCut && at >= len(piece) {
			return &rows{err: cutShort(path)}
		}
		out.ragged++
		for ; got < width; got++ {
			out.cells = append(out.cells, nil)
		}
		out.cells = out.cells[:first+width]
	}
	return out
}

// parseRow appends the cells of one row (RFC 4180, spaces around cells
// dropped) and answers where the next one begins.
func parseRow(in []byte, comma byte, cells *[][]byte) (int, error) {
	at := 0
	for {
		for at < len(in) && in[at] == ' ' {
			at++
		}
		if at < len(in) && in[at] == '"' {
			cell, end, err := quoted(in, at+1)
			if err != nil {
				return 0, err
			}
			*cells = append(*cells, bytes.TrimSpace(cell))
			at = end
			for at < len(in) && (in[at] == ' ' || in[at] == '\r') {
				at++
			}
			if at < len(in) && in[at] != comma && in[at] != '\n' {
				return 0, errStray
			}
		} else {
			start := at
			for at < len(in) && in[at] != comma && in[at] != '\n' {
				if in[at] == '"' {
					return 0, errStray
				}
				at++
			}
			*cells = append(*cells, bytes.TrimSpace(in[start:at]))
		}
		if at >= len(in) {
			return at, nil
		}
		at++
		if in[at-1] == '\n' {
			return at, nil
		}
	}
}

// quoted reads a cell behind its opening quote and answers what is behind the closing one.
func quoted(in []byte, at int) ([]byte, int, error) {
	start := at
	var joined []byte // only when a doubled quote has to be made single
	for {
		n := bytes.IndexByte(in[at:], '"')
		if n < 0 {
			return nil, 0, io.ErrUnexpectedEOF
		}
		at += n
		if at+1 < len(in) && in[at+1] == '"' {
			joined = append(joined, in[start:at+1]...)
			at += 2
			start = at
			continue
		}
		if joined == nil {
			return in[start:at], at + 1, nil
		}
		return append(joined, in[start:at]...), at + 1, nil
	}
}
