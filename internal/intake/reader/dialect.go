// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"io"
	"strings"
)

var delimiters = []byte{',', '\t', ';', '|'}

// detectDialect finds out how a text file is delimited; what the options state is not asked.
func detectDialect(s *source, head []byte, o Options) (d dialect, doubtful bool, err error) {
	found := detected{encoding: o.Encoding, bom: bomOf(head, o.Encoding)}
	if o.Encoding == "" {
		rest, err := s.open(0)
		if err != nil {
			return d, false, err
		}
		found = detectEncoding(head, rest)
	}
	d = dialect{encoding: found.encoding, bom: found.bom, delimiter: o.Delimiter}
	r, err := s.text(d.encoding, d.bom, 0)
	if err != nil {
		return d, false, err
	}
	text := make([]byte, sniffBytes)
	n, err := io.ReadFull(r, text)
	text = text[:n]
	isWhole := err != nil
	d.returns = bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0
	if stated, ok := statedDelimiter(text); ok && d.delimiter == 0 {
		d.delimiter = stated
	}
	if d.delimiter == 0 {
		d.delimiter = bestDelimiter(text, isWhole, d.returns)
	}
	d.quotes = usesQuotes(text, d)
	return d, found.doubtful, nil
}

func bomOf(head []byte, encoding string) int {
	marks := map[string][]byte{UTF8: bomUTF8, UTF16LE: bomUTF16LE, UTF16BE: bomUTF16BE}
	if mark := marks[encoding]; mark != nil && bytes.HasPrefix(head, mark) {
		return len(mark)
	}
	return 0
}

// statedDelimiter reads the line "sep=;" that spreadsheets understand at the top of a file.
func statedDelimiter(text []byte) (byte, bool) {
	if len(text) > 5 && strings.EqualFold(string(text[:4]), "sep=") && (text[5] == '\r' || text[5] == '\n') {
		return text[4], true
	}
	return 0, false
}

// bestDelimiter is the one by which most rows have the same number of columns.
func bestDelimiter(text []byte, isWhole, returns bool) byte {
	best, bestScore := byte(','), 0.0
	for _, delimiter := range delimiters {
		if score := delimiterScore(text, isWhole, dialect{delimiter: delimiter, quotes: true, returns: returns}); score > bestScore+1e-9 {
			best, bestScore = delimiter, score
		}
	}
	return best
}

func delimiterScore(text []byte, isWhole bool, d dialect) float64 {
	const rows = 100
	counts := map[int]int{}
	total := 0
	s := scannerOver(text, d)
	for total < rows {
		got, err := s.next()
		if err != nil || got.last && !isWhole && total > 0 {
			break
		}
		if got.result != complete || isBlankRecord(got) {
			continue
		}
		total++
		counts[len(got.fields)]++
	}
	mode, often := 0, 0
	for columns, n := range counts {
		if columns > 1 && (n > often || n == often && columns > mode) {
			mode, often = columns, n
		}
	}
	if often == 0 {
		return 0
	}
	share := float64(often) / float64(total)
	return share*share + 0.02*min(float64(mode), 20)*share
}

// scannerOver scans text that is in memory as a whole.
func scannerOver(text []byte, d dialect) *scanner {
	s := &scanner{buffer: text, end: len(text), done: true, limits: DefaultLimits}
	s.set(d)
	return s
}

func isBlankRecord(got scanned) bool {
	return len(bytes.TrimSpace(got.record)) == 0
}

// usesQuotes reports whether quotation marks wrap cells; in files that never quote, a mark is just an inch sign.
func usesQuotes(text []byte, d dialect) bool {
	if bytes.IndexByte(text, '"') < 0 {
		return true
	}
	wrapped, loose := 0, 0
	end := byte('\n')
	if d.returns {
		end = '\r'
	}
	for i, c := range text {
		if c != '"' {
			continue
		}
		opens := i == 0 || text[i-1] == d.delimiter || text[i-1] == end || text[i-1] == ' '
		closes := i == len(text)-1 || text[i+1] == d.delimiter || text[i+1] == end || text[i+1] == '\r'
		switch {
		case opens && !closes, closes && !opens:
			wrapped++
		case !opens && !closes && text[i+1] != '"' && text[i-1] != '"':
			loose++
		}
	}
	return d.delimiter != '\t' || wrapped >= loose
}
