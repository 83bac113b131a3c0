// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/transform"

	"dangol/internal/platform/fault"
)

// ReadOptions say which columns are no evidence.
type ReadOptions struct {
	// ID is the column that names a record; empty means the row number.
	ID string
	// Truth is a column that names the real entity.
	Truth string
	// TruthPattern takes the entity from the id: its first group, or the whole match.
	TruthPattern *regexp.Regexp
	// Ignore lists further columns.
	Ignore []string
}

// rowSource is a file that gives rows of text.
type rowSource interface {
	header() []string
	next() ([]string, error) // io.EOF at the end; the slice is reused
	close() error
}

// Read loads one or two files (CSV, gzip CSV, Parquet) into a table; columns
// of the same name are one column.
func Read(ctx context.Context, paths []string, options ReadOptions) (*Table, error) {
	t := &Table{}
	builders := map[string]*columnBuilder{}
	var order []*columnBuilder
	for n, path := range paths {
		source, err := open(path)
		if err != nil {
			return nil, err
		}
		plan, err := planOf(source.header(), options, path)
		if err != nil {
			return nil, errors.Join(err, source.close())
		}
		for _, name := range plan.names {
			if name == "" || builders[name] != nil {
				continue
			}
			b := newColumnBuilder(name)
			for range t.Rows {
				b.add("")
			}
			builders[name] = b
			order = append(order, b)
		}
		t.Sources = append(t.Sources, filepath.Base(path))
		err = t.take(ctx, source, plan, builders, options, uint8(n))
		if err = errors.Join(err, source.close()); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		for _, b := range order {
			for len(b.column.Codes) < t.Rows {
				b.add("")
			}
		}
	}
	for _, b := range order {
		t.Columns = append(t.Columns, b.column)
	}
	if t.Rows < 2 {
		return nil, fault.New(fault.Invalid, "match.too_few_rows", "There are fewer than two records to compare.")
	}
	return t, nil
}

// plan says what each column of a file is for; names[i] is "" for no evidence.
type plan struct {
	names     []string
	id, truth int
}

func planOf(header []string, options ReadOptions, path string) (plan, error) {
	p := plan{id: -1, truth: -1}
	wanted := map[string]bool{}
	for _, name := range append([]string{options.ID, options.Truth}, options.Ignore...) {
		if name != "" {
			wanted[fold(name)] = false
		}
	}
	for i, name := range header {
		folded := fold(name)
		if _, asked := wanted[folded]; asked {
			wanted[folded] = true
		}
		switch {
		case options.ID != "" && folded == fold(options.ID):
			p.id = i
			p.names = append(p.names, "")
		case options.Truth != "" && folded == fold(options.Truth):
			p.truth = i
			p.names = append(p.names, "")
		case isIgnored(folded, options.Ignore):
			p.names = append(p.names, "")
		default:
			p.names = append(p.names, folded)
		}
	}
	for name, found := range wanted {
		if !found {
			return p, fault.New(fault.Invalid, "match.no_such_column",
				fmt.Sprintf("%s has no column %q; its columns are %s.", path, name, strings.Join(header, ", ")))
		}
	}
	return p, nil
}

func fold(name string) string { return tidy(strings.TrimPrefix(name, "\ufeff")) }

func isIgnored(name string, ignore []string) bool {
	for _, i := range ignore {
		if fold(i) == name {
			return true
		}
	}
	return false
}

func (t *Table) take(ctx context.Context, source rowSource, p plan, builders map[string]*columnBuilder, options ReadOptions, number uint8) error {
	own := make([]*columnBuilder, len(p.names))
	for i, name := range p.names {
		if name != "" {
			own[i] = builders[name]
		}
	}
	for line := 2; ; line++ {
		row, err := source.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if line%100_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		id := fmt.Sprint(line - 2)
		if p.id >= 0 && p.id < len(row) {
			id = strings.Clone(strings.TrimSpace(row[p.id]))
		}
		t.IDs = append(t.IDs, id)
		t.Source = append(t.Source, number)
		t.Rows++
		for i, b := range own {
			if b == nil {
				continue
			}
			if i < len(row) {
				b.add(strings.TrimSpace(row[i]))
			} else {
				b.add("")
			}
		}
		t.addTruth(row, p, options, id)
	}
}

func (t *Table) addTruth(row []string, p plan, options ReadOptions, id string) {
	switch {
	case p.truth >= 0 && p.truth < len(row):
		t.Truth = append(t.Truth, strings.Clone(strings.TrimSpace(row[p.truth])))
	case options.TruthPattern != nil:
		entity := ""
		if found := options.TruthPattern.FindStringSubmatch(id); found != nil {
			entity = found[len(found)-1]
			if len(found) > 1 {
				entity = found[1]
			}
		}
		t.Truth = append(t.Truth, entity)
	case p.truth >= 0:
		t.Truth = append(t.Truth, "")
	}
}

func open(path string) (rowSource, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "match.no_file", fmt.Sprintf("The file %s cannot be opened: %v.", path, err))
	}
	reader := bufio.NewReaderSize(file, 1<<20)
	start, _ := reader.Peek(4)
	switch {
	case string(start) == "PAR1":
		if err := file.Close(); err != nil {
			return nil, err
		}
		return openParquet(path)
	case len(start) >= 2 && start[0] == 0x1f && start[1] == 0x8b:
		unzipped, err := gzip.NewReader(reader)
		if err != nil {
			return nil, fault.New(fault.Invalid, "match.bad_gzip", fmt.Sprintf("%s is not a whole gzip file.", path))
		}
		return openCSV(file, bufio.NewReaderSize(unzipped, 1<<20), path)
	}
	return openCSV(file, reader, path)
}

// encodingSample is how much of a file decides whether it is UTF-8.
const encodingSample = 256 << 10

type csvSource struct {
	file   *os.File
	reader *csv.Reader
	names  []string
}

func openCSV(file *os.File, in *bufio.Reader, path string) (rowSource, error) {
	wide := bufio.NewReaderSize(in, encodingSample)
	sample, _ := wide.Peek(encodingSample)
	for len(sample) > 0 && len(sample) == encodingSample && !utf8.FullRune(lastRune(sample)) {
		sample = sample[:len(sample)-1]
	}
	var text io.Reader = wide
	if !utf8.Valid(sample) {
		text = transform.NewReader(wide, korean.EUCKR.NewDecoder()) // CP949, rulebook F-HAN-8
	}
	reader := csv.NewReader(text)
	reader.ReuseRecord, reader.LazyQuotes, reader.FieldsPerRecord, reader.TrimLeadingSpace = true, true, -1, true
	first, _, _ := strings.Cut(string(sample), "\n")
	for _, comma := range []rune{'\t', ';', '|'} {
		if strings.Count(first, string(comma)) > strings.Count(first, string(reader.Comma)) {
			reader.Comma = comma
		}
	}
	header, err := reader.Read()
	if err != nil {
		return nil, errors.Join(fault.New(fault.Invalid, "match.no_header", fmt.Sprintf("%s has no header row.", path)), file.Close())
	}
	s := &csvSource{file: file, reader: reader}
	for _, name := range header {
		s.names = append(s.names, strings.TrimSpace(strings.Clone(name)))
	}
	return s, nil
}

// lastRune answers the bytes from the start of the last character.
func lastRune(b []byte) []byte {
	for i := len(b) - 1; i >= max(0, len(b)-utf8.UTFMax); i-- {
		if utf8.RuneStart(b[i]) {
			return b[i:]
		}
	}
	return b[len(b)-1:]
}

func (s *csvSource) header() []string { return s.names }
func (s *csvSource) close() error     { return s.file.Close() }

func (s *csvSource) next() ([]string, error) {
	row, err := s.reader.Read()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fault.New(fault.Invalid, "match.cut_short", "The file ends in the middle; it was probably not copied whole.")
	}
	return row, err
}
