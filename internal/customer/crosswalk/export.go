// SPDX-License-Identifier: Apache-2.0

package crosswalk

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Export asks for the crosswalk as a file.
type Export struct {
	Schemes []string // names; empty is all declared ones
	Format  string   // csv or xlsx
	Purpose string

	service *Service
	schemes []customer.KeyScheme
}

const (
	exportPage = 1000
	// sheetRows is the most that one sheet of a workbook holds.
	sheetRows = 1_048_575
)

// Prepare checks an export before its first byte.
func (s *Service) Prepare(ctx context.Context, e Export) (*Export, error) {
	if err := auth.Check(ctx, "customer:export"); err != nil {
		return nil, err
	}
	if strings.TrimSpace(e.Purpose) == "" {
		return nil, fault.New(fault.Invalid, "customer.no_purpose", "Say what the export is for; it is logged.")
	}
	all, err := s.customers.Store().ListSchemes(ctx)
	if err != nil {
		return nil, err
	}
	for _, scheme := range all {
		if scheme.Kind == "declared" && (len(e.Schemes) == 0 || slices.Contains(e.Schemes, scheme.Name)) {
			e.schemes = append(e.schemes, scheme)
		}
	}
	if len(e.schemes) < len(e.Schemes) {
		return nil, fault.New(fault.Invalid, "customer.no_scheme", "There is no key scheme {name}.", "name", strings.Join(e.Schemes, ", "))
	}
	if len(e.Schemes) > 0 { // the columns stand as they were asked for
		slices.SortFunc(e.schemes, func(a, b customer.KeyScheme) int {
			return slices.Index(e.Schemes, a.Name) - slices.Index(e.Schemes, b.Name)
		})
	}
	e.service = s
	return &e, nil
}

// sink takes rows; close ends the file.
type sink struct {
	row   func(cells []string) error
	close func() error
}

func (e *Export) sink(w io.Writer) (sink, error) {
	if e.Format == "xlsx" {
		return workbook(w)
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // as spreadsheets in Korea expect it (M-IMP-8)
		return sink{}, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return sink{out.Write, func() error { out.Flush(); return out.Error() }}, nil
}

func workbook(w io.Writer) (sink, error) {
	book := excelize.NewFile()
	sheets := 1
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return sink{}, err
	}
	row := 0
	put := func(cells []string) error {
		if row == sheetRows { // Excel's limit; the rest goes on the next sheet
			if err := stream.Flush(); err != nil {
				return err
			}
			sheets++
			name := "Sheet" + strconv.Itoa(sheets)
			if _, err := book.NewSheet(name); err != nil {
				return err
			}
			if stream, err = book.NewStreamWriter(name); err != nil {
				return err
			}
			row = 0
		}
		row++
		values := make([]any, len(cells))
		for i, cell := range cells {
			values[i] = cell
		}
		return stream.SetRow("A"+strconv.Itoa(row), values)
	}
	return sink{put, func() error {
		if err := stream.Flush(); err != nil {
			return err
		}
		if _, err := book.WriteTo(w); err != nil {
			return err
		}
		return book.Close()
	}}, nil
}

// Write writes one row for each customer that the person may see: its number, the numbers merged into it,
// and its keys by scheme, several with a semicolon between. Everybody in it is named in the access log.
func (e *Export) Write(ctx context.Context, w io.Writer) error {
	out, err := e.sink(w)
	if err != nil {
		return err
	}
	header := []string{"customer_id", "merged_ids"}
	column := map[int64]int{}
	for i, scheme := range e.schemes {
		header = append(header, scheme.Name)
		column[scheme.ID] = i + 2
	}
	if err := out.row(header); err != nil {
		return err
	}
	for after := int64(0); ; {
		ids, err := e.service.store.visibleAfter(ctx, after, exportPage)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		after = ids[len(ids)-1]
		if err := e.page(ctx, ids, column, len(header), out); err != nil {
			return err
		}
	}
	if err := out.close(); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}

func (e *Export) page(ctx context.Context, ids []int64, column map[int64]int, width int, out sink) error {
	person := auth.From(ctx)
	err := e.service.journal.LogAccess(ctx, journal.AccessEntry{
		ActorID: person.ID, Actor: person.Name, IP: person.Address, Work: "customer.crosswalk", Purpose: e.Purpose,
		SubjectKind: "customer", SubjectIDs: ids, Detail: "keys",
	})
	if err != nil {
		return err
	}
	schemes := map[int64]bool{}
	for id := range column {
		schemes[id] = true
	}
	keys, err := e.service.customers.Store().KeysOf(ctx, ids, schemes)
	if err != nil {
		return err
	}
	merged, err := e.service.store.mergedInto(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		cells := make([]string, width)
		cells[0] = strconv.FormatInt(id, 10)
		for _, alias := range merged[id] {
			cells[1] = joinCell(cells[1], strconv.FormatInt(alias, 10))
		}
		for _, key := range customer.SortKeys(keys[id]) {
			at := column[key.SchemeID]
			cells[at] = joinCell(cells[at], customer.MaskKey(ctx, key.Value))
		}
		for i := range cells {
			cells[i] = customer.Harmless(cells[i])
		}
		if err := out.row(cells); err != nil {
			return err
		}
	}
	return nil
}

func joinCell(cell, value string) string {
	if cell == "" {
		return value
	}
	return cell + ";" + value
}
