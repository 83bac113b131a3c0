// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
)

// Formats of exports.
const (
	FormatCSV     = "csv"
	FormatXLSX    = "xlsx"
	FormatParquet = "parquet"
	FormatArrow   = "arrow"
)

const (
	sheetRows    = 1_048_576 // rows of a sheet, by the format
	sheetColumns = 16_384
	minPurpose   = 2
	// maxExport bounds what is held in memory while an export is written; more
	// is refused by name instead of being cut.
	maxExport = 5_000_000
)

// Export is an answer made ready to be written: complete, or refused.
type Export struct {
	format string
	locale string
	result *Result
	rows   int
	flow   *flow                             // gives the lines when there are too many to hold
	names  map[int]map[string]warehouse.Text // of the values of columns
}

// Export answers a question completely and records that it left the product.
func (s *Service) Export(ctx context.Context, q Query, format, purpose string) (*Export, error) {
	if err := auth.Check(ctx, "cube:export"); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{FormatCSV, FormatXLSX, FormatParquet, FormatArrow}, format) {
		return nil, fault.New(fault.Invalid, "cube.bad_format", "The format must be csv, xlsx, parquet or arrow.")
	}
	if purpose = strings.TrimSpace(purpose); len([]rune(purpose)) < minPurpose {
		return nil, fault.New(fault.Invalid, "cube.no_purpose", "Say what the export is for; it is kept in the access log.")
	}
	q.Limit = 0
	q.Totals = slices.DeleteFunc(slices.Clone(q.Totals), func(t string) bool { return t == TotalsOfColumns && len(q.Columns) == 0 })
	position := s.reader.Position()
	result, stream, err := s.makeExport(ctx, &q)
	if err != nil {
		return nil, err
	}
	result.AsOf = AsOf{position.Seq, position.At}
	e := &Export{format: format, locale: auth.From(ctx).Locale, result: result, rows: len(q.Dimensions), flow: stream}
	if width := len(e.heads()) + e.rows; width > sheetColumns && format == FormatXLSX {
		return nil, fault.New(fault.TooLarge, "cube.too_many_columns",
			"A sheet holds {limit} columns, the export has {columns}; lay fewer values across or choose csv.", "limit", sheetColumns, "columns", width)
	}
	return e, s.logExport(ctx, &q, format, purpose, len(result.Rows))
}

// ExportOf is an answer made ready to be written as it is; rows are its dimensions down the page.
func ExportOf(ctx context.Context, result *Result, rows int) *Export {
	return &Export{format: FormatCSV, locale: auth.From(ctx).Locale, result: result, rows: rows}
}

func (s *Service) logExport(ctx context.Context, q *Query, format, purpose string, cells int) error {
	if s.access == nil {
		return nil
	}
	person := auth.From(ctx)
	detail, err := json.Marshal(map[string]any{"query": q, "format": format, "cells": cells})
	if err != nil {
		return fmt.Errorf("describe export: %w", err)
	}
	return s.access.LogAccess(ctx, journal.AccessEntry{
		ActorID: person.ID, Actor: person.Name, IP: person.Address, Work: "cube.export", Purpose: purpose,
		SubjectKind: "cube", Detail: string(detail),
	})
}

// ContentType is the media type of the file.
func (e *Export) ContentType() string {
	switch e.format {
	case FormatParquet:
		return "application/vnd.apache.parquet"
	case FormatArrow:
		return ArrowType
	}
	if e.format == FormatXLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Name proposes a file name.
func (e *Export) Name() string {
	return "dangol-" + e.result.AsOf.At.Format("20060102-1504") + "." + e.format
}

// head is a group of columns of the file: the values laid across.
type head struct {
	key    string
	values []any
}

func (e *Export) split() (rows, across, measures []int) {
	for i, c := range e.result.Columns {
		switch c.Role {
		case "row":
			rows = append(rows, i)
		case "column":
			across = append(across, i)
		default:
			measures = append(measures, i)
		}
	}
	return rows, across, measures
}

// heads lists what is laid across, in the order in which the cells show it.
func (e *Export) heads() []head {
	if e.flow != nil && e.flow.heads != nil {
		return e.flow.heads
	}
	_, across, _ := e.split()
	if len(across) == 0 {
		return []head{{}}
	}
	var list []head
	seen := map[string]bool{}
	for _, row := range e.result.Rows {
		h := head{}
		for _, i := range across {
			h.values = append(h.values, row[i])
		}
		h.key = keyOf(h.values)
		if !seen[h.key] {
			seen[h.key] = true
			list = append(list, h)
		}
	}
	slices.SortStableFunc(list, func(a, b head) int {
		for k, i := range across {
			if c := e.compare(i, a.values[k], b.values[k]); c != 0 {
				return c
			}
		}
		return 0
	})
	return list
}

func (e *Export) compare(column int, a, b any) int {
	rank := map[any]int{}
	for i, v := range e.result.Columns[column].Values {
		rank[v.Value] = i
	}
	return compareKeys(rank, a, b)
}

// each gives the lines of the file: head lines, rows, totals.
func (e *Export) each(ctx context.Context, line func(cells []any) error) error {
	rows, across, measures := e.split()
	l := layout{export: e, rows: rows, across: across, measures: measures, heads: e.heads(), place: map[string]int{}, line: line}
	if err := e.headLines(rows, across, measures, l.heads, line); err != nil {
		return err
	}
	for i, h := range l.heads {
		l.place[h.key] = i
	}
	err := e.batches(ctx, func(list [][]any) error {
		for _, row := range list {
			if err := l.add(row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if l.current != nil {
		if err := line(l.current); err != nil {
			return err
		}
	}
	return e.grandLine(rows, measures, l.heads, line)
}

// batches gives the rows of the answer, out of memory or from the engine.
func (e *Export) batches(ctx context.Context, emit func(rows [][]any) error) error {
	if e.flow == nil {
		return emit(e.result.Rows)
	}
	return e.flow.each(ctx, func(rows [][]any, labels map[string][]warehouse.Value) error {
		for i := range e.result.Columns {
			if named, ok := labels[e.result.Columns[i].Name]; ok {
				e.result.Columns[i].Values = named
				delete(e.names, i)
			}
		}
		return emit(rows)
	})
}

// layout lays the cells of a row beside each other.
type layout struct {
	export                 *Export
	rows, across, measures []int
	heads                  []head
	place                  map[string]int
	line                   func(cells []any) error
	current                []any
	last                   string
}

func (l *layout) add(row []any) error {
	key := keyOf(pick(row, l.rows))
	if l.current == nil || key != l.last {
		if l.current != nil {
			if err := l.line(l.current); err != nil {
				return err
			}
		}
		l.current, l.last = make([]any, len(l.rows)+len(l.heads)*len(l.measures)), key
		for k, i := range l.rows {
			l.current[k] = l.export.label(i, row[i])
		}
	}
	at := 0
	if len(l.across) > 0 {
		known := false
		if at, known = l.place[keyOf(pick(row, l.across))]; !known { // else its numbers would stand under another head
			return fault.New(fault.Conflict, "cube.export_changed", "The data changed while the export was written; begin it again.")
		}
	}
	for k, i := range l.measures {
		l.current[len(l.rows)+at*len(l.measures)+k] = l.export.number(i, row[i])
	}
	return nil
}

func pick(row []any, indexes []int) []any {
	out := make([]any, len(indexes))
	for k, i := range indexes {
		out[k] = row[i]
	}
	return out
}

func (e *Export) headLines(rows, across, measures []int, heads []head, line func([]any) error) error {
	for k, i := range across {
		cells := make([]any, len(rows), len(rows)+len(heads)*len(measures))
		for _, h := range heads {
			for range measures {
				cells = append(cells, e.label(i, h.values[k]))
			}
		}
		if err := line(cells); err != nil {
			return err
		}
	}
	var cells []any
	for _, i := range rows {
		cells = append(cells, e.title(i))
	}
	for range heads {
		for _, i := range measures {
			cells = append(cells, e.title(i))
		}
	}
	return line(cells)
}

func (e *Export) hasGrand(rows []int, heads []head) bool {
	return len(e.result.Totals.Grand) > 0 && len(heads) == 1 && len(rows) > 0
}

func (e *Export) grandLine(rows, measures []int, heads []head, line func([]any) error) error {
	if !e.hasGrand(rows, heads) {
		return nil
	}
	cells := make([]any, len(rows))
	cells[0] = e.text(warehouse.Text{Ko: "합계", En: "Total"})
	for _, i := range measures {
		cells = append(cells, e.number(i, e.result.Totals.Grand[i]))
	}
	return line(cells)
}

func (e *Export) text(t warehouse.Text) string {
	if e.locale == "en" {
		return t.En
	}
	return t.Ko
}

func (e *Export) title(i int) string {
	c := e.result.Columns[i]
	title := e.text(c.Label)
	if c.Currency != "" {
		title += " (" + c.Currency + ")"
	}
	return title
}

// label is a value of a dimension as people read it.
func (e *Export) label(i int, v any) any {
	if v == nil {
		return e.text(warehouse.Text{Ko: "(없음)", En: "(none)"})
	}
	if e.names[i] == nil {
		known := map[string]warehouse.Text{}
		for _, one := range e.result.Columns[i].Values {
			known[one.Value] = one.Label
		}
		if e.names == nil {
			e.names = map[int]map[string]warehouse.Text{}
		}
		e.names[i] = known
	}
	if known, ok := e.names[i][fmt.Sprint(v)]; ok {
		if t := e.text(known); t != "" {
			return t
		}
	}
	return v
}

// number is a measure in the unit that people calculate with: won and cents,
// pieces.
func (e *Export) number(i int, v any) any {
	c := e.result.Columns[i]
	n, isWhole := v.(int64)
	switch {
	case c.Kind == warehouse.KindMoney && isWhole:
		return scaled(n, minorDigits(c.Currency))
	case c.Kind == warehouse.KindQuantity && isWhole:
		return scaled(n, 3)
	}
	return v
}

func scaled(n int64, digits int) any {
	if digits == 0 {
		return n
	}
	return float64(n) / math.Pow10(digits)
}

// MoneyText writes minor units in the unit that people calculate with, without grouping.
func MoneyText(minor int64, currency string) string {
	digits := minorDigits(currency)
	if digits == 0 {
		return strconv.FormatInt(minor, 10)
	}
	return strconv.FormatFloat(float64(minor)/math.Pow10(digits), 'f', digits, 64)
}

// minorDigits is the number of decimals of a currency (ISO 4217).
func minorDigits(currency string) int {
	switch currency {
	case "KRW", "JPY", "VND", "CLP", "ISK", "":
		return 0
	case "BHD", "JOD", "KWD", "OMR", "TND":
		return 3
	}
	return 2
}

// Write writes the file.
func (e *Export) Write(ctx context.Context, w io.Writer) error {
	rows := func(emit func([][]any) error) error { return e.batches(ctx, emit) }
	switch e.format {
	case FormatXLSX:
		return writeWorkbook(w, []book{{"Sheet1", func(line func([]any) error) error { return e.each(ctx, line) }}})
	case FormatParquet:
		return e.result.writeParquet(w, rows)
	case FormatArrow:
		return e.result.writeArrow(w, rows)
	}
	return e.writeCSV(ctx, w)
}

// utf8BOM makes spreadsheet programs read UTF-8 as what it is.
const utf8BOM = "\ufeff"

func (e *Export) writeCSV(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(utf8BOM); err != nil {
		return err
	}
	err := e.each(ctx, func(cells []any) error {
		for i, cell := range cells {
			if i > 0 {
				_ = out.WriteByte(',')
			}
			_, _ = out.WriteString(csvCell(cell))
		}
		_, err := out.WriteString("\r\n") // RFC 4180
		return err
	})
	if err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return out.Flush()
}

func csvCell(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(x)
	}
	s := SafeText(fmt.Sprint(v))
	if strings.ContainsAny(s, ",\"\r\n") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// SafeText keeps spreadsheet programs from taking a text for a formula.
func SafeText(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
