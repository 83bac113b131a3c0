// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Export asks for a file of customers.
type Export struct {
	Request ListRequest
	Columns []string // fields and attr.<attribute>; nil is all
	Purpose string

	service *Service
}

// exportPage is how many customers are read at once.
const exportPage = 500

// PrepareExport checks and logs an export before its first byte: everybody in it is named in the access
// log, masked or not, because a file leaves the house.
func (s *Service) PrepareExport(ctx context.Context, e Export) (*Export, error) {
	if err := auth.Check(ctx, "customer:export"); err != nil {
		return nil, err
	}
	if strings.TrimSpace(e.Purpose) == "" {
		return nil, fault.New(fault.Invalid, "customer.no_purpose", "Say what the export is for; it is logged.")
	}
	for _, name := range e.Columns {
		if name != "id" && name != "created_at" && name != "updated_at" && !s.isField(ctx, name) {
			return nil, errUnknownField(name)
		}
	}
	if e.Columns == nil {
		e.Columns = s.allColumns(ctx)
	}
	if e.Request.Sort == "" {
		e.Request.Sort = "id"
	}
	// What the list would refuse is refused before the first byte of a file.
	if err := s.checkSort(ctx, strings.TrimPrefix(e.Request.Sort, "-")); err != nil {
		return nil, err
	}
	if _, _, err := s.Count(ctx, e.Request); err != nil {
		return nil, err
	}
	e.service = s
	return &e, nil
}

func (s *Service) allColumns(ctx context.Context) []string {
	columns := []string{"id"}
	for f := range fields {
		columns = append(columns, fields[f].Name)
	}
	var custom []string
	for name, a := range s.rules.current(ctx).attributes {
		if a.ArchivedAt == nil {
			custom = append(custom, attributePrefix+name)
		}
	}
	slices.Sort(custom)
	return append(append(columns, custom...), "created_at", "updated_at")
}

// Write writes the file as CSV with a byte order mark, as spreadsheets in Korea expect it (M-IMP-8).
func (e *Export) Write(ctx context.Context, w io.Writer) error {
	buffered := bufio.NewWriter(w)
	if _, err := buffered.WriteString("\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(buffered)
	out.UseCRLF = true
	if err := out.Write(e.Columns); err != nil {
		return err
	}
	request := e.Request
	request.Limit = exportPage
	for {
		page, err := e.service.List(ctx, request)
		if err != nil {
			return err
		}
		if err := e.log(ctx, page.Customers); err != nil {
			return err
		}
		for _, c := range page.Customers {
			if err := out.Write(e.cells(ctx, c)); err != nil {
				return err
			}
		}
		if page.NextCursor == "" {
			break
		}
		request.Cursor = page.NextCursor
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return buffered.Flush()
}

func (e *Export) log(ctx context.Context, customers []*Customer) error {
	person := auth.From(ctx)
	ids := make([]int64, len(customers))
	for i, c := range customers {
		ids[i] = c.ID
	}
	if len(ids) == 0 {
		return nil
	}
	return e.service.journal.LogAccess(ctx, journal.AccessEntry{
		ActorID: person.ID, Actor: person.Name, IP: person.Address, Work: "customer.export", Purpose: e.Purpose,
		SubjectKind: "customer", SubjectIDs: ids, Detail: strings.Join(e.Columns, ","),
	})
}

func (e *Export) cells(ctx context.Context, c *Customer) []string {
	v := limited(e.service.Masked(ctx, c.Values), e.service.HiddenOf(ctx, c.ID))
	cells := make([]string, len(e.Columns))
	for i, name := range e.Columns {
		switch name {
		case "id":
			cells[i] = strconv.FormatInt(c.ID, 10)
		case "created_at":
			cells[i] = c.CreatedAt.In(e.service.zone).Format(time.RFC3339)
		case "updated_at":
			cells[i] = c.UpdatedAt.In(e.service.zone).Format(time.RFC3339)
		default:
			switch value := v.current(name).(type) {
			case nil:
			case string:
				cells[i] = harmless(value)
			default:
				cells[i] = harmless(strings.Trim(string(appendValue(nil, value)), `"`))
			}
		}
	}
	return cells
}

// harmless keeps a spreadsheet from running a cell as a formula. A telephone number in E.164 is none.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if cell[0] == '+' && len(cell) > 1 && strings.Trim(cell[1:], "0123456789") == "" {
		return cell
	}
	return "'" + cell
}
