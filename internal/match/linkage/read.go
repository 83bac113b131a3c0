// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"dangol/internal/platform/fault"
)

// ReadOptions say which columns are no evidence.
type ReadOptions struct {
	// ID is the column that names a record; empty means a first column that is
	// called so ("id", "unique_id", "번호"), else the row number from 0.
	ID string
	// Truth is a column that names the real entity.
	Truth string
	// TruthPattern takes the entity from the id: its first group, or the whole match.
	TruthPattern *regexp.Regexp
	// Ignore lists further columns.
	Ignore []string
	// Open, when set, reads files of formats that this package does not know;
	// it answers nil for those it does not know either.
	Open func(path string) (RowSource, error)
	// Progress hears how many rows have been read.
	Progress func(rows int64)

	spill *spill
}

// RowSource is a file that gives rows of text.
type RowSource interface {
	// Header returns the names of the columns.
	Header() []string
	// Next returns the next row, io.EOF at the end; the slice is reused.
	Next() ([]string, error)
	// Close lets go of the file.
	Close() error
}

// longestCell is the most bytes of a cell that are compared.
const longestCell = 64 << 10

// reading is a table while files are read into it.
type reading struct {
	options ReadOptions
	table   *Table
	builder map[string]*columnBuilder
	order   []*columnBuilder
	ids     *interner
	cut     int64 // cells longer than longestCell
	ragged  int64 // rows with too few or too many cells
	isPlain bool  // no column is an id by its name
}

// Read loads files (CSV, gzip CSV, Parquet) into a table; columns of the same
// name are one column.
func Read(ctx context.Context, paths []string, options ReadOptions) (*Table, error) {
	if len(paths) > mostSources {
		return nil, fault.New(fault.Invalid, "match.too_many_sources", fmt.Sprintf("At most %d files can be matched at once.", mostSources))
	}
	r := &reading{options: options, table: &Table{spill: options.spill}, builder: map[string]*columnBuilder{}, ids: newInterner(options.spill)}
	for _, path := range paths {
		if err := r.file(ctx, path); err != nil {
			return nil, err
		}
	}
	t := r.table
	for _, b := range r.order {
		t.Columns = append(t.Columns, b.finish())
	}
	if t.Rows < 2 {
		return nil, fault.New(fault.Invalid, "match.too_few_rows", "There are fewer than two records to compare.")
	}
	r.note()
	return t, nil
}

func (r *reading) note() {
	t := r.table
	if r.ragged > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d rows have fewer or more cells than the header; missing ones count as empty, surplus ones are left out", r.ragged))
	}
	if r.cut > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d cells are longer than %d KiB; only their beginning is compared", r.cut, longestCell>>10))
	}
	distinct := len(r.ids.values) - 1
	if len(t.Sources) == 1 && distinct > 0 && distinct < t.Rows {
		t.Notes = append(t.Notes, fmt.Sprintf("%d records share their id with another; they are told apart by their place", t.Rows-distinct))
	}
}

func (r *reading) file(ctx context.Context, path string) error {
	t := r.table
	t.Sources = append(t.Sources, filepath.Base(path))
	before := t.Rows
	source, err := r.open(path)
	if err != nil {
		return err
	}
	err = source.into(ctx, r)
	if errors.Is(err, errStray) { // quotes that follow no rule: once more, slowly and leniently
		r.forget(before)
		if source, err = openSlow(path); err == nil {
			err = source.into(ctx, r)
		}
	}
	if err != nil {
		if _, isFault := fault.As(err); isFault || errors.Is(err, context.Canceled) {
			return err
		}
		return fault.Wrap(err, fault.Invalid, "match.unreadable", "{path} cannot be read to its end: {why}.", "path", path, "why", err.Error())
	}
	for _, b := range r.order {
		b.fill(t.Rows)
	}
	if len(t.Truth) > 0 || r.options.Truth != "" || r.options.TruthPattern != nil {
		for len(t.Truth) < t.Rows {
			t.Truth = append(t.Truth, "")
		}
	}
	return nil
}

// forget takes back the rows of a file that has to be read again.
func (r *reading) forget(rows int) {
	t := r.table
	t.Rows, t.IDs, t.Source = rows, t.IDs[:rows], t.Source[:rows]
	if len(t.Truth) > rows {
		t.Truth = t.Truth[:rows]
	}
	for _, b := range r.order {
		for _, code := range b.codes[min(rows, len(b.codes)):] {
			b.counts[code]--
		}
		b.codes = b.codes[:min(rows, len(b.codes))]
	}
}

// readable is a file that puts its rows into a reading.
type readable interface {
	into(ctx context.Context, r *reading) error
}

func (r *reading) open(path string) (readable, error) {
	if r.options.Open != nil {
		source, err := r.options.Open(path)
		if err != nil {
			return nil, err
		}
		if source != nil {
			return rowFile{source, path}, nil
		}
	}
	return open(path)
}

// plan says what each column of a file is for; columns[i] is nil for no evidence.
type plan struct {
	columns   []*columnBuilder
	id, truth int
	first     int // row number of the file's first record
}

// idNames are headers of a first column that names the record.
var idNames = map[string]bool{
	"id": true, "unique_id": true, "rec_id": true, "record_id": true, "uid": true, "row_id": true, "rowid": true, "unique id": true, "index": true,
	"번호": true, "일련번호": true, "seq": true, "no": true, "no.": true, "record id": true, "recid": true,
}

func (r *reading) plan(header []string, path string) (*plan, error) {
	p := &plan{id: -1, truth: -1, columns: make([]*columnBuilder, len(header)), first: r.table.Rows}
	wanted := map[string]bool{}
	for _, name := range append([]string{r.options.ID, r.options.Truth}, r.options.Ignore...) {
		if name != "" {
			wanted[fold(name)] = false
		}
	}
	seen := map[string]bool{}
	for i, name := range header {
		folded := fold(name)
		if _, asked := wanted[folded]; asked {
			wanted[folded] = true
		}
		switch {
		case r.options.ID != "" && folded == fold(r.options.ID):
			p.id = i
		case r.options.Truth != "" && folded == fold(r.options.Truth):
			p.truth = i
		case isIgnored(folded, r.options.Ignore):
		case r.options.ID == "" && i == 0 && !r.isPlain && idNames[folded]:
			p.id = i
		case folded == "" || seen[folded]:
		default:
			seen[folded] = true
			p.columns[i] = r.column(folded)
		}
	}
	for name, found := range wanted {
		if !found {
			return nil, fault.New(fault.Invalid, "match.no_such_column",
				fmt.Sprintf("%s has no column %q; its columns are %s.", path, name, strings.Join(header, ", ")))
		}
	}
	return p, nil
}

func (r *reading) column(name string) *columnBuilder {
	b := r.builder[name]
	if b == nil {
		b = newColumnBuilder(name, r.options.spill)
		r.builder[name] = b
		r.order = append(r.order, b)
	}
	b.fill(r.table.Rows)
	return b
}

func fold(name string) string { return strings.TrimSpace(tidy(strings.TrimPrefix(name, "\ufeff"))) }

func isIgnored(name string, ignore []string) bool {
	for _, i := range ignore {
		if fold(i) == name {
			return true
		}
	}
	return false
}

// record notes id and truth of a row.
func (r *reading) record(p *plan, cell func(i int) []byte) {
	t := r.table
	var id string
	if p.id >= 0 {
		code, _ := r.ids.add(cell(p.id))
		id = r.ids.values[code]
	} else {
		id = fmt.Sprint(t.Rows - p.first)
	}
	t.IDs = append(t.IDs, id)
	t.Source = append(t.Source, uint8(len(t.Sources)-1))
	t.Rows++
	switch {
	case p.truth >= 0:
		r.fillTruth()
		t.Truth = append(t.Truth, string(cell(p.truth)))
	case r.options.TruthPattern != nil:
		r.fillTruth()
		entity := ""
		if found := r.options.TruthPattern.FindStringSubmatch(id); found != nil {
			entity = found[0]
			if len(found) > 1 {
				entity = found[1]
			}
		}
		t.Truth = append(t.Truth, entity)
	}
}

func (r *reading) fillTruth() {
	for len(r.table.Truth) < r.table.Rows-1 {
		r.table.Truth = append(r.table.Truth, "")
	}
}

// rowFile reads a source of rows one by one.
type rowFile struct {
	source RowSource
	path   string
}

func (f rowFile) into(ctx context.Context, r *reading) (err error) {
	defer func() { err = errors.Join(err, f.source.Close()) }()
	p, err := r.plan(f.source.Header(), f.path)
	if err != nil {
		return err
	}
	for line := 0; ; line++ {
		row, err := f.source.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if line%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		cell := func(i int) []byte {
			if i >= len(row) {
				return nil
			}
			return []byte(strings.TrimSpace(row[i]))
		}
		for i, b := range p.columns {
			if b != nil {
				b.add(r.short(cell(i)))
			}
		}
		if len(row) != len(p.columns) {
			r.ragged++
		}
		r.record(p, cell)
	}
}

func (r *reading) short(cell []byte) []byte {
	if len(cell) > longestCell {
		r.cut++
		return cell[:longestCell]
	}
	return cell
}
