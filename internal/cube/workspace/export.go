// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
)

// sheetRows are the rows that a sheet holds, by the format.
const sheetRows = 1_048_576

// Export is the whole answer of a statement, read while it is written.
type Export struct {
	service *Service
	query   string
	args    []any
	format  string
}

// Export checks a statement, records who takes its answer out and why, and
// makes it ready to be written row by row, however many rows there are.
func (s *Service) Export(ctx context.Context, text, format, purpose string) (*Export, error) {
	if err := auth.Check(ctx, "cube:export"); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{cube.FormatCSV, cube.FormatXLSX}, format) {
		return nil, fault.New(fault.Invalid, "cube.sql_bad_format", "The format must be csv or xlsx.")
	}
	if purpose = strings.TrimSpace(purpose); len([]rune(purpose)) < minPurpose {
		return nil, fault.New(fault.Invalid, "cube.no_purpose", "Say what the export is for; it is kept in the access log.")
	}
	query, args, tables, err := s.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	detail, err := json.Marshal(map[string]any{"sql": text, "format": format, "tables": tables})
	if err != nil {
		return nil, err
	}
	who := person(ctx)
	err = s.access.LogAccess(ctx, journal.AccessEntry{
		ActorID: who.ID, Actor: who.Name, IP: who.Address, Work: "cube.sql_export", Purpose: purpose, SubjectKind: "cube", Detail: string(detail),
	})
	return &Export{s, query, args, format}, err
}

// Name proposes a file name.
func (e *Export) Name() string { return "dangol-sql." + e.format }

// ContentType is the media type of the file.
func (e *Export) ContentType() string {
	if e.format == cube.FormatXLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Write runs the statement and writes the file.
func (e *Export) Write(ctx context.Context, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, exportTime)
	defer cancel()
	rows, err := e.service.reader.Query(ctx, e.query, e.args...)
	if err != nil {
		return explained(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	if e.format == cube.FormatXLSX {
		return explained(ctx, writeSheet(w, rows))
	}
	return explained(ctx, writeCSV(w, rows))
}

func writeCSV(w io.Writer, rows warehouse.Rows) error {
	buffered := bufio.NewWriterSize(w, 64<<10)
	if _, err := buffered.WriteString("\ufeff"); err != nil { // spreadsheet programs take the file for UTF-8 by this mark
		return err
	}
	out := csv.NewWriter(buffered)
	out.UseCRLF = true
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := out.Write(safe(names)); err != nil {
		return err
	}
	cells := make([]string, len(names))
	err = eachRow(rows, func(_ []string, row []any) error {
		for i, v := range row {
			cells[i] = text(v)
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buffered.Flush()
}

func safe(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = cube.SafeText(name)
	}
	return out
}

func text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return cube.SafeText(fmt.Sprint(v))
}

func writeSheet(w io.Writer, rows warehouse.Rows) error {
	file := excelize.NewFile()
	defer func() { _ = file.Close() }()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	sheet, at := 0, sheetRows
	var stream *excelize.StreamWriter
	put := func(cells []any) error {
		if at == sheetRows { // a full sheet goes on in the next one
			if stream != nil {
				if err := stream.Flush(); err != nil {
					return err
				}
			}
			sheet, at = sheet+1, 0
			name := fmt.Sprintf("Sheet%d", sheet)
			if sheet > 1 {
				if _, err := file.NewSheet(name); err != nil {
					return err
				}
			}
			if stream, err = file.NewStreamWriter(name); err != nil {
				return err
			}
		}
		at++
		return stream.SetRow("A"+strconv.Itoa(at), cells)
	}
	head := make([]any, len(names))
	for i, name := range names {
		head[i] = cube.SafeText(name)
	}
	if err := put(head); err != nil {
		return err
	}
	err = eachRow(rows, func(_ []string, row []any) error {
		for i, v := range row {
			if s, ok := v.(string); ok {
				row[i] = cube.SafeText(s)
			}
		}
		return put(row)
	})
	if err != nil {
		return err
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	return file.Write(w)
}
