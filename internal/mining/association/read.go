// SPDX-License-Identifier: Apache-2.0

package association

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// peekSize is how much of a file is looked at to find its separator.
const peekSize = 64 << 10

// Read reads a file with one basket a line. Items are separated by commas
// (quoted where they hold one), tabs or semicolons; a file with none of them is
// separated by spaces, as FIMI files are. Blank lines are no baskets.
func Read(from io.Reader) (*Baskets, error) {
	in := bufio.NewReaderSize(from, peekSize)
	start, err := in.Peek(peekSize)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, fmt.Errorf("read baskets: %w", err)
	}
	if bytes.HasPrefix(start, []byte("\ufeff")) {
		_, _ = in.Discard(3) // just peeked
	}
	for _, separator := range ",\t;" {
		if bytes.ContainsRune(start, separator) {
			return readSeparated(in, separator)
		}
	}
	return readSpaced(in)
}

func readSeparated(in io.Reader, separator rune) (*Baskets, error) {
	rows := csv.NewReader(in)
	rows.Comma, rows.FieldsPerRecord, rows.ReuseRecord, rows.LazyQuotes = separator, -1, true, true
	b := NewBuilder()
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return b.Baskets(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("read baskets: %w", err)
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		b.Add(row...)
	}
}

func readSpaced(in io.Reader) (*Baskets, error) {
	const longest = 64 << 20 // of a line: a basket of millions of items is a file of another kind
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longest)
	b := NewBuilder()
	for lines.Scan() {
		if names := strings.Fields(lines.Text()); len(names) > 0 {
			b.Add(names...)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read baskets, line %d: %w", b.Baskets().Count()+1, err)
	}
	return b.Baskets(), nil
}
