// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"dangol/internal/platform/fault"
)

// encodingSample is how much of a file decides how it is written.
const encodingSample = 256 << 10

// textFile is a delimited file as UTF-8.
type textFile struct {
	path  string
	file  *os.File
	in    *bufio.Reader
	comma byte
}

func open(path string) (readable, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "match.no_file", "The file {path} cannot be opened.", "path", path)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(fault.New(fault.Invalid, "match.no_file", fmt.Sprintf("%s is a folder; name a file in it.", path)), file.Close())
	}
	reader := bufio.NewReaderSize(file, 1<<20)
	start, _ := reader.Peek(4)
	switch {
	case string(start) == "PAR1":
		if err := file.Close(); err != nil {
			return nil, err
		}
		source, err := openParquet(path)
		if err != nil {
			return nil, err
		}
		return rowFile{source, path}, nil
	case string(start) == "PK\x03\x04":
		return nil, errors.Join(fault.New(fault.Invalid, "match.workbook", fmt.Sprintf("%s is a workbook or an archive; save it as CSV.", path)), file.Close())
	}
	text, err := openText(file, reader, path)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return text, nil
}

func openText(file *os.File, reader *bufio.Reader, path string) (*textFile, error) {
	start, _ := reader.Peek(2)
	var in io.Reader = reader
	if len(start) == 2 && start[0] == 0x1f && start[1] == 0x8b {
		unzipped, err := gzip.NewReader(reader)
		if err != nil {
			return nil, fault.New(fault.Invalid, "match.bad_gzip", fmt.Sprintf("%s is not a whole gzip file.", path))
		}
		in = unzipped
	}
	wide := bufio.NewReaderSize(in, encodingSample)
	sample, err := wide.Peek(encodingSample)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, cutShort(path)
	}
	decoded := decoderOf(sample)
	f := &textFile{path: path, file: file, in: wide}
	if decoded != nil {
		f.in = bufio.NewReaderSize(transform.NewReader(wide, decoded), encodingSample)
		sample, _ = f.in.Peek(encodingSample)
	}
	if bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")) {
		_, _ = f.in.Discard(3)
		sample = sample[3:]
	}
	if len(bytes.TrimSpace(sample)) == 0 {
		return nil, fault.New(fault.Invalid, "match.no_header", fmt.Sprintf("%s is empty: it has no header row.", path))
	}
	if bytes.IndexByte(sample, 0) >= 0 {
		return nil, fault.New(fault.Invalid, "match.no_text", fmt.Sprintf("%s is no text file.", path))
	}
	f.comma = commaOf(sample)
	return f, nil
}

func cutShort(path string) error {
	return fault.New(fault.Invalid, "match.cut_short", fmt.Sprintf("%s ends in the middle; it was probably not copied whole.", path))
}

// decoderOf answers nil for UTF-8. What is neither UTF-8 nor UTF-16 is CP949
// when that gives Hangul (rulebook F-HAN-8, 10), else the Latin code page.
func decoderOf(sample []byte) transform.Transformer {
	switch {
	case bytes.HasPrefix(sample, []byte{0xff, 0xfe}), bytes.HasPrefix(sample, []byte{0xfe, 0xff}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	}
	if bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")) || utf8.Valid(withoutCutRune(sample)) {
		return nil
	}
	text, _, _ := transform.Bytes(korean.EUCKR.NewDecoder(), sample)
	hangul, broken := 0, 0
	for _, r := range string(text) {
		switch {
		case isHangulSyllable(r):
			hangul++
		case r == utf8.RuneError:
			broken++
		}
	}
	if hangul > 0 && broken*20 <= hangul {
		return korean.EUCKR.NewDecoder()
	}
	return charmap.Windows1252.NewDecoder()
}

// withoutCutRune leaves out the first bytes of a character that the end of the
// sample has cut in two.
func withoutCutRune(sample []byte) []byte {
	for back := 1; back < utf8.UTFMax && back <= len(sample); back++ {
		if last := sample[len(sample)-back:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return sample[:len(sample)-back]
			}
			break
		}
	}
	return sample
}

// commaOf is the separator that the first line has most of.
func commaOf(sample []byte) byte {
	line, _, _ := bytes.Cut(bytes.TrimLeft(sample, "\r\n"), []byte("\n"))
	best, most := byte(','), 0
	for _, comma := range []byte{',', '\t', ';', '|'} {
		if n := bytes.Count(line, []byte{comma}); n > most {
			best, most = comma, n
		}
	}
	return best
}

// slowFile reads with Go's lenient reader: for files whose quotes follow no rule.
type slowFile struct {
	text   *textFile
	reader *csv.Reader
	names  []string
}

func openSlow(path string) (readable, error) {
	source, err := open(path)
	if err != nil {
		return nil, err
	}
	text, ok := source.(*textFile)
	if !ok {
		return source, nil
	}
	s := &slowFile{text: text, reader: csv.NewReader(text.in)}
	s.reader.ReuseRecord, s.reader.LazyQuotes, s.reader.FieldsPerRecord, s.reader.TrimLeadingSpace = true, true, -1, true
	s.reader.Comma = rune(text.comma)
	header, err := s.reader.Read()
	if err != nil {
		return nil, errors.Join(cutShort(path), text.file.Close())
	}
	for _, name := range header {
		s.names = append(s.names, strings.TrimSpace(strings.Clone(name)))
	}
	return rowFile{s, path}, nil
}

// Header returns the names of the columns.
func (s *slowFile) Header() []string { return s.names }

// Close lets go of the file.
func (s *slowFile) Close() error { return s.text.file.Close() }

// Next returns the next row.
func (s *slowFile) Next() ([]string, error) {
	row, err := s.reader.Read()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, cutShort(s.text.path)
	}
	return row, err
}
