// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"

	"dangol/internal/platform/fault"
)

type exportCommand struct {
	Customers exportCustomersCommand `cmd:"" help:"All customers, or those that a rule tree matches."`
	Segment   exportSegmentCommand   `cmd:"" help:"The members of a segment."`
	Pivot     exportPivotCommand     `cmd:"" help:"The whole answer of a saved pivot."`
}

// outFlags say where an export goes.
type outFlags struct {
	Out      string `help:"File to write." required:"" placeholder:"FILE" type:"path"`
	Format   string `help:"csv or xlsx (default: by the file's name)." enum:"csv,xlsx," default:""`
	Encoding string `help:"Encoding of CSV: utf-8 (with a byte order mark) or cp949." enum:"utf-8,cp949" default:"utf-8"`
	Purpose  string `help:"What the data is for; it is written into the access log." required:"" placeholder:"TEXT"`
	Replace  bool   `help:"Write over a file that is there already."`
}

const exportHelp = `
Cells that a spreadsheet would run as a formula are made harmless. Everybody whose data leaves is named in the
access log together with the purpose.`

func (f *outFlags) check() error {
	if _, err := os.Stat(f.Out); err == nil && !f.Replace {
		return fault.New(fault.Conflict, "app.file_exists", "{path} is there already and stays as it is. Say --replace to write over it, or another --out.", "path", f.Out)
	}
	if f.Format == "" {
		f.Format = "csv"
		if strings.EqualFold(filepath.Ext(f.Out), ".xlsx") {
			f.Format = "xlsx"
		}
	}
	if f.Format == "xlsx" && f.Encoding != "utf-8" {
		return fault.New(fault.Invalid, "app.xlsx_encoding", "A workbook has no encoding; --encoding goes with --format csv.")
	}
	return nil
}

type exportCustomersCommand struct {
	outFlags
	Filter  string   `help:"Rule tree of segments as JSON." placeholder:"JSON"`
	Query   string   `help:"Name, initial consonants, digits of a telephone number, e-mail address or key." placeholder:"TEXT"`
	Columns []string `help:"Fields to write (default: all)." placeholder:"NAME,…"`
}

// Help teaches by examples.
func (exportCustomersCommand) Help() string {
	return `Examples:
  dangol export customers --out customers.xlsx --purpose "monthly report"
  dangol export customers --out seoul.csv --encoding cp949 --columns id,full_name,email --purpose "direct mail" \
    --filter '{"field":"sido","is":"eq","value":"서울특별시"}'
` + exportHelp
}

// Run writes customers.
func (e exportCustomersCommand) Run(s *session) error {
	if e.Filter != "" && !json.Valid([]byte(e.Filter)) {
		return fault.New(fault.Invalid, "app.bad_filter", "The filter is no valid JSON.")
	}
	return s.export(&e.outFlags, "customers", func(c *client) (string, any, error) {
		return "/api/customers/export", customersRequest(e.Purpose, e.Query, json.RawMessage(e.Filter), e.Columns), nil
	})
}

func customersRequest(purpose, query string, filter json.RawMessage, columns []string) map[string]any {
	request := map[string]any{"purpose": purpose}
	if query != "" {
		request["q"] = query
	}
	if len(filter) > 0 {
		request["filter"] = filter
	}
	if len(columns) > 0 {
		request["columns"] = columns
	}
	return request
}

type exportSegmentCommand struct {
	outFlags
	Segment string   `arg:"" help:"Name or number of the segment."`
	Columns []string `help:"Fields to write (default: all)." placeholder:"NAME,…"`
}

// Help teaches by examples.
func (exportSegmentCommand) Help() string {
	return `Example:
  dangol export segment "서울 우수 고객" --out vip.xlsx --purpose "autumn event"
` + exportHelp
}

// Run writes the members of a segment.
func (e exportSegmentCommand) Run(s *session) error {
	return s.export(&e.outFlags, "segment", func(c *client) (string, any, error) {
		id, err := c.idOf(s.ctx, "/api/segments", e.Segment, "segment")
		filter := fmt.Sprintf(`{"segment":%d}`, id)
		return "/api/customers/export", customersRequest(e.Purpose, "", json.RawMessage(filter), e.Columns), err
	})
}

type exportPivotCommand struct {
	Pivot   string `arg:"" help:"Name or number of a saved pivot that is shared with everybody."`
	Out     string `help:"File to write." required:"" placeholder:"FILE" type:"path"`
	Format  string `help:"csv, xlsx, parquet or arrow (default: by the file's name)." enum:"csv,xlsx,parquet,arrow," default:""`
	Purpose string `help:"What the data is for; it is written into the access log." required:"" placeholder:"TEXT"`
}

// Help teaches by examples.
func (exportPivotCommand) Help() string {
	return `Example:
  dangol export pivot "월별 매출" --out sales.xlsx --purpose "board meeting"
` + exportHelp
}

// Run writes the answer of a pivot.
func (e exportPivotCommand) Run(s *session) error {
	if e.Format == "" {
		e.Format = strings.TrimPrefix(strings.ToLower(filepath.Ext(e.Out)), ".")
	}
	return s.withClient(func(c *client) error {
		if err := c.settle(s.ctx); err != nil {
			return err
		}
		id, err := c.idOf(s.ctx, "/api/pivots", e.Pivot, "pivot")
		if err != nil {
			return err
		}
		var pivot struct {
			Query json.RawMessage `json:"query"`
		}
		if err := c.call(s.ctx, "GET", fmt.Sprintf("/api/pivots/%d", id), nil, &pivot); err != nil {
			return err
		}
		return c.exportAnswer(s, pivot.Query, e.Format, e.Purpose, e.Out)
	})
}

// exportAnswer has the server stream the complete answer of a question into a file.
func (c *client) exportAnswer(s *session, query any, format, purpose, to string) error {
	raw, err := json.Marshal(map[string]any{"query": query, "purpose": purpose})
	if err != nil {
		return err
	}
	response, err := c.send(s.ctx, "POST", "/api/cube/export?format="+url.QueryEscape(format), "application/json", bytes.NewReader(raw))
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var size int64
	err = createFile(to, func(w io.Writer) (err error) {
		size, err = io.Copy(w, response.Body)
		return err
	})
	if err != nil {
		return err
	}
	return s.print(map[string]any{"file": to, "bytes": size, "format": format}, fmt.Sprintf("%s: %d bytes (%s)", to, size, format))
}

// idOf finds a thing by its number or name.
func (c *client) idOf(ctx context.Context, path, wanted, what string) (int64, error) {
	var list struct {
		Items []struct {
			ID   int64  `json:"id"`
			Name string `json:"name"`
		} `json:"items"`
	}
	if err := c.call(ctx, "GET", path, nil, &list); err != nil {
		return 0, err
	}
	number, _ := strconv.ParseInt(wanted, 10, 64) // a name that is no number matches no id
	for _, item := range list.Items {
		if item.ID == number || item.Name == wanted {
			return item.ID, nil
		}
	}
	return 0, fault.New(fault.NotFound, "app.no_such_"+what, "There is no {what} {name}.", "what", what, "name", wanted)
}

// export asks the API for CSV and writes it in the wanted form.
func (s *session) export(flags *outFlags, what string, ask func(*client) (path string, request any, err error)) (err error) {
	if err := flags.check(); err != nil {
		return err
	}
	c, err := s.open("export")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.settle(s.ctx); err != nil {
		return err
	}
	path, request, err := ask(c)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(request)
	if err != nil {
		return err
	}
	response, err := c.send(s.ctx, "POST", path, "application/json", bytes.NewReader(raw))
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var rows int64
	err = createFile(flags.Out, func(w io.Writer) error {
		rows, err = flags.write(w, response.Body)
		return err
	})
	if err != nil {
		return err
	}
	return s.print(map[string]any{"file": flags.Out, "rows": rows, "format": flags.Format}, fmt.Sprintf("%s: %d rows (%s)", flags.Out, rows, what))
}

// write passes the CSV on in the wanted form and counts its rows.
func (f *outFlags) write(w io.Writer, from io.Reader) (int64, error) {
	in := bufio.NewReader(from)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // just peeked
	}
	rows := csv.NewReader(in)
	rows.FieldsPerRecord, rows.ReuseRecord = -1, true
	put, finish, err := f.sink(w)
	if err != nil {
		return 0, err
	}
	count := int64(-1) // the header is no row
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return count, fault.Wrap(err, fault.Unavailable, "app.export_broken", "The export broke off before it was complete.")
		}
		if err := put(row); err != nil {
			return count, err
		}
		count++
	}
	return max(count, 0), finish()
}

func (f *outFlags) sink(w io.Writer) (put func([]string) error, finish func() error, err error) {
	if f.Format == "xlsx" {
		return workbook(w)
	}
	if f.Encoding == "cp949" {
		// Letters that CP949 lacks become their numeric reference, so that nothing is lost silently.
		w = encoding.HTMLEscapeUnsupported(korean.EUCKR.NewEncoder()).Writer(w)
	} else if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, nil, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return out.Write, func() error { out.Flush(); return out.Error() }, nil
}

// workbook writes rows as text cells of one sheet, streamed.
func workbook(w io.Writer) (put func([]string) error, finish func() error, err error) {
	book := excelize.NewFile()
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, nil, err
	}
	row := 0
	put = func(cells []string) error {
		row++
		values := make([]any, len(cells))
		for i, cell := range cells {
			values[i] = cell
		}
		return stream.SetRow("A"+strconv.Itoa(row), values)
	}
	finish = func() error {
		if err := stream.Flush(); err != nil {
			return err
		}
		_, err := book.WriteTo(w)
		return errors.Join(err, book.Close())
	}
	return put, finish, nil
}
