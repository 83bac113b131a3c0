// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"dangol/internal/platform/warehouse"
)

// Sheet is an answer as a table for people: lines of cells below Heads lines of titles.
type Sheet struct {
	Title string
	Heads int
	Lines [][]any
	Kinds []warehouse.Kind // of the columns
	// HasTotal says that the last line is the total of the others.
	HasTotal bool
	AsOf     AsOf
	From     string
	To       string
}

// Sheet lays the whole answer out under a title.
func (e *Export) Sheet(title string) (Sheet, error) {
	rows, across, measures := e.split()
	out := Sheet{Title: title, Heads: len(across) + 1, AsOf: e.result.AsOf, From: e.result.From, To: e.result.To}
	out.HasTotal = e.hasGrand(rows, e.heads())
	for range rows {
		out.Kinds = append(out.Kinds, warehouse.KindText)
	}
	for range e.heads() {
		for _, i := range measures {
			kind := e.result.Columns[i].Kind
			if strings.HasSuffix(e.result.Columns[i].Name, ".change") {
				kind = warehouse.KindPercent
			}
			out.Kinds = append(out.Kinds, kind)
		}
	}
	err := e.each(context.Background(), func(cells []any) error {
		out.Lines = append(out.Lines, slices.Clone(cells))
		return nil
	})
	return out, err
}

// WriteWorkbook writes sheets into one XLSX file.
func WriteWorkbook(w io.Writer, sheets []Sheet) error {
	var books []book
	for i, s := range sheets {
		books = append(books, book{sheetName(i, s.Title), func(line func([]any) error) error {
			for _, cells := range s.Lines {
				if err := line(slices.Clone(cells)); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	return writeWorkbook(w, books)
}

// sheetName makes a title one that the format allows: at most 31 letters without : \ / ? * [ ].
func sheetName(i int, title string) string {
	clean := []rune(strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < ' ' {
			return ' '
		}
		return r
	}, title)))
	const longest = 26
	return fmt.Sprintf("%d %s", i+1, string(clean[:min(len(clean), longest)]))
}

// book is one table of a workbook: its sheet, and what gives its lines.
type book struct {
	name string
	each func(line func([]any) error) error
}

func writeWorkbook(w io.Writer, books []book) error {
	file := excelize.NewFile()
	defer func() { _ = file.Close() }()
	for i, b := range books {
		var err error
		if i == 0 {
			err = file.SetSheetName("Sheet1", b.name)
		} else {
			_, err = file.NewSheet(b.name)
		}
		if err == nil {
			err = b.write(file)
		}
		if err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
	}
	if err := file.Write(w); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

// write streams the lines; a full sheet goes on in the next one.
func (b book) write(file *excelize.File) error {
	name, sheet, row := b.name, 1, 0
	stream, err := file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	err = b.each(func(cells []any) error {
		if row == sheetRows {
			if err := stream.Flush(); err != nil {
				return err
			}
			sheet, row = sheet+1, 0
			name = fmt.Sprintf("%s (%d)", b.name, sheet)
			if _, err := file.NewSheet(name); err != nil {
				return err
			}
			if stream, err = file.NewStreamWriter(name); err != nil {
				return err
			}
		}
		row++
		for i, cell := range cells {
			if s, ok := cell.(string); ok { // typed as text already; the sign is for re-exports as csv
				cells[i] = SafeText(s)
			}
		}
		at, err := excelize.CoordinatesToCellName(1, row)
		if err != nil {
			return err
		}
		return stream.SetRow(at, cells)
	})
	if err != nil {
		return err
	}
	return stream.Flush()
}
