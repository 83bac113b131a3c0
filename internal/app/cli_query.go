// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"dangol/internal/cube"
	"dangol/internal/mining/report"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

type queryCommand struct {
	Measures []string `arg:"" optional:"" help:"Measures such as order.revenue, order.revenue.share, order.count.moving3."`
	By       []string `short:"b" help:"Dimensions that become rows, such as customer.sido." placeholder:"DIM,…"`
	Across   []string `short:"a" help:"Dimensions laid across." placeholder:"DIM,…"`
	Where    []string `short:"w" sep:"none" help:"Condition: DIM=VALUE, DIM!=VALUE, DIM=A|B; may be given several times." placeholder:"COND"`
	Filter   string   `help:"Rule tree as JSON, instead of or beside --where." placeholder:"JSON"`
	From     string   `help:"First day of the period." placeholder:"DATE"`
	To       string   `help:"Last day of the period." placeholder:"DATE"`
	Last     int      `help:"The last so many units, this one included." placeholder:"N"`
	Unit     string   `help:"Unit of --last: day, month, quarter or year." enum:"day,month,quarter,year" default:"month"`
	Compare  string   `help:"previous_period or previous_year." enum:",previous_period,previous_year" default:""`
	Calc     []string `sep:"none" help:"A measure by a formula: NAME=FORMULA; asked as calc.NAME." placeholder:"NAME=FORMULA"`
	Order    []string `help:"Sort by a measure or row; NAME:desc sorts downwards." placeholder:"NAME,…"`
	Top      int      `help:"Keep the N largest members of the first row dimension." placeholder:"N"`
	Others   bool     `help:"With --top: put all other members together."`
	Limit    int      `help:"Most rows (default 100; totals cover everything)." default:"100" placeholder:"N"`
	Totals   bool     `help:"Show the grand total."`
	Format   string   `help:"table, csv, json or arrow (--csv and --json for short); xlsx and parquet with --out." enum:"table,csv,json,arrow,xlsx,parquet" default:"table"`
	All      bool     `help:"The whole answer without a limit, streamed to --out as csv, xlsx, parquet or arrow; needs --purpose."`
	Purpose  string   `help:"With --all: what the data is for; it is written into the access log." placeholder:"TEXT"`
	CSV      bool     `help:"Print CSV." name:"csv"`
	Out      string   `help:"File to write instead of the terminal." placeholder:"FILE" type:"path"`
	Engine   string   `help:"Ask this engine alone: image, clickhouse or duckdb." enum:",image,clickhouse,duckdb" default:""`
	Explain  bool     `help:"Say which engine answered, why, and what the answer includes."`
	List     bool     `help:"List the measures and dimensions that there are."`
}

// Help teaches by examples.
func (queryCommand) Help() string {
	return `A question to the cubes: measures by dimensions. Every answer says what it includes (the position of the change
journal and its time) and which engine computed it.

Examples:
  dangol query --list
  dangol query order.revenue order.customers --by customer.sido --last 12 --order order.revenue:desc
  dangol query order.revenue order.revenue.running --by order.month --from 2026-01-01 --to 2026-12-31 --compare previous_year
  dangol query order.revenue --by product.category --across order.quarter --where order.channel=온라인 --csv > sales.csv
  dangol query calc.each --calc 'each=order.revenue / order.customers' --by customer.age --explain
  dangol query order.revenue --by customer.sigungu,product.name,order.day --all --out sales.parquet --purpose "board meeting"
  dangol query order.revenue --by product.name --top 10 --others --format arrow --out top.arrow

Behind the name of a measure: .share of the total, .row_share, .column_share, .rank, .running (adds up along time),
.moving3 (average of three steps), .step (change against the step before), .per_workday (Korean working days).`
}

// Run asks and prints.
func (c queryCommand) Run(s *session) (err error) {
	if s.line.JSON {
		c.Format = "json"
	}
	if c.CSV {
		c.Format = "csv"
	}
	client, err := s.open("query")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.close()) }()
	if err := client.settle(s.ctx); err != nil {
		return err
	}
	if c.List {
		return c.list(s, client)
	}
	if len(c.Measures) == 0 {
		return fault.New(fault.Invalid, "app.no_measure", "Name at least one measure, such as order.revenue; --list shows all.")
	}
	query, err := c.query()
	if err != nil {
		return err
	}
	if c.All || c.Format == "xlsx" || c.Format == "parquet" {
		return c.whole(s, client, query)
	}
	return c.to(s, func(w io.Writer) error { return c.answer(s, client, query, w) })
}

// whole has the server write the complete answer.
func (c queryCommand) whole(s *session, client *client, query *cube.Query) error {
	if c.Out == "" || c.Purpose == "" {
		return fault.New(fault.Invalid, "app.whole_needs", "A whole answer goes to a file for a purpose: add --out FILE and --purpose TEXT.")
	}
	format := c.Format
	if format == "table" {
		format = strings.TrimPrefix(strings.ToLower(filepath.Ext(c.Out)), ".")
	}
	query.Limit = 0
	return client.exportAnswer(s, query, format, c.Purpose, c.Out)
}

// to writes to the terminal or to a file that appears when it is whole.
func (c queryCommand) to(s *session, write func(io.Writer) error) error {
	if c.Out == "" {
		return write(s.Out)
	}
	return createFile(c.Out, write)
}

func (c queryCommand) query() (*cube.Query, error) {
	q := &cube.Query{Measures: c.Measures, Dimensions: c.By, Columns: c.Across, Compare: c.Compare, Limit: c.Limit, Engine: c.Engine}
	if c.From != "" || c.To != "" || c.Last > 0 {
		q.Period = &cube.Period{From: c.From, To: c.To, Last: c.Last}
		if c.Last > 0 {
			q.Period.Unit = c.Unit
		}
	}
	for _, text := range c.Calc {
		name, formula, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fault.New(fault.Invalid, "app.bad_calc", "--calc takes NAME=FORMULA, such as each='order.revenue / order.customers'.")
		}
		q.Calculate = append(q.Calculate, cube.Calculation{Name: strings.TrimSpace(name), Formula: formula})
	}
	for _, name := range c.Order {
		plain, isDown := strings.CutSuffix(name, ":desc")
		q.Order = append(q.Order, cube.Order{By: plain, Desc: isDown})
	}
	if c.Top > 0 {
		q.Top = &cube.Top{N: c.Top, Others: c.Others}
	}
	if c.Totals {
		q.Totals = []string{cube.TotalsGrand}
	}
	return q, c.addFilters(q)
}

// addFilters reads --where and --filter.
func (c queryCommand) addFilters(q *cube.Query) error {
	all := cube.Filter{Op: "and"}
	if c.Filter != "" {
		var tree cube.Filter
		if err := json.Unmarshal([]byte(c.Filter), &tree); err != nil {
			return fault.New(fault.Invalid, "app.bad_filter", "The filter is no valid JSON.")
		}
		all.Rules = append(all.Rules, tree)
	}
	for _, text := range c.Where {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return fault.New(fault.Invalid, "app.bad_where", "{text} is no condition; write DIM=VALUE, DIM!=VALUE or DIM=A|B.", "text", text)
		}
		plain, isNot := strings.CutSuffix(name, "!")
		leaf := cube.Filter{Field: strings.TrimSpace(plain), Is: "eq", Value: wordOf(value)}
		if parts := strings.Split(value, "|"); len(parts) > 1 {
			words := make([]json.RawMessage, len(parts))
			for i, part := range parts {
				words[i] = wordOf(part)
			}
			raw, err := json.Marshal(words)
			if err != nil {
				return err
			}
			leaf.Is, leaf.Value = "in", raw
		}
		if isNot {
			leaf = cube.Filter{Op: "not", Rules: []cube.Filter{leaf}}
		}
		all.Rules = append(all.Rules, leaf)
	}
	if len(all.Rules) > 0 {
		q.Filters = &all
	}
	return nil
}

// wordOf takes a value as JSON where it is a number or a truth, else as text.
func wordOf(value string) json.RawMessage {
	value = strings.TrimSpace(value)
	if value == "true" || value == "false" || json.Valid([]byte(value)) && !strings.HasPrefix(value, `"`) && value != "null" {
		return json.RawMessage(value)
	}
	raw, _ := json.Marshal(value) // a text always has JSON
	return raw
}

func (c queryCommand) answer(s *session, client *client, query *cube.Query, w io.Writer) error {
	if c.Format == "arrow" {
		raw, err := json.Marshal(query)
		if err != nil {
			return err
		}
		response, err := client.send(s.ctx, "POST", "/api/cube/arrow", "application/json", bytes.NewReader(raw))
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		_, err = io.Copy(w, response.Body)
		return err
	}
	var raw json.RawMessage
	if err := client.call(s.ctx, "POST", "/api/cube/query", query, &raw); err != nil {
		return err
	}
	if c.Format == "json" {
		_, err := fmt.Fprintln(w, string(bytes.TrimSpace(raw)))
		return err
	}
	var result cube.Result
	if err := json.Unmarshal(raw, &result); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if err := c.print(w, &result); err != nil {
		return err
	}
	c.tell(s, &result)
	return nil
}

// print writes the cells as aligned columns or as CSV.
func (c queryCommand) print(w io.Writer, r *cube.Result) error {
	rows := make([][]string, 0, len(r.Rows)+1)
	list := r.Rows
	if r.Totals.Grand != nil && c.Totals {
		list = append(list, r.Totals.Grand)
	}
	for n, row := range list {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = cellText(r.Columns[i], v)
			if n == len(r.Rows) && r.Columns[i].Role != "measure" {
				cells[i] = map[bool]string{true: "total"}[i == 0]
			}
		}
		rows = append(rows, cells)
	}
	header := make([]string, len(r.Columns))
	for i, column := range r.Columns {
		header[i] = column.Name
		if column.Currency != "" {
			header[i] += " (" + column.Currency + ")"
		}
	}
	if c.Format == "csv" {
		out := csv.NewWriter(w)
		if err := out.Write(header); err != nil {
			return err
		}
		for _, row := range rows {
			for i, cell := range row {
				if r.Columns[i].Role != "measure" {
					row[i] = cube.SafeText(cell)
				}
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	}
	_, err := io.WriteString(w, report.Grid(header, rows))
	return err
}

// tell says what the answer includes, apart from the numbers.
func (c queryCommand) tell(s *session, r *cube.Result) {
	s.say("as of %s (change %d) · %d rows · %d ms", r.AsOf.At.Local().Format("2006-01-02 15:04:05"), r.AsOf.Seq, r.RowCount, r.Milliseconds)
	for _, note := range r.Notes {
		s.say("note: %s", note.Message)
	}
	if c.Explain {
		cached := ""
		if r.IsCached {
			cached = ", remembered"
		}
		s.say("engine: %s (%s%s)", r.Explain.Engine, r.Explain.Why, cached)
	}
}

// cellText writes a value as people read it; plain digits, so that other
// programs can read them too.
func cellText(c cube.Column, v any) string {
	number, isNumber := v.(float64) // numbers of JSON
	if !isNumber {
		if v == nil {
			return ""
		}
		text := fmt.Sprint(v)
		for _, known := range c.Values {
			if known.Value == text && known.Label.Ko != "" {
				return known.Label.Ko
			}
		}
		return text
	}
	switch c.Kind {
	case warehouse.KindMoney:
		return cube.MoneyText(int64(number), c.Currency)
	case warehouse.KindQuantity:
		return trimZeros(fmt.Sprintf("%.3f", number/1000))
	case warehouse.KindPercent:
		return fmt.Sprintf("%.1f%%", number*100)
	case warehouse.KindNumber:
		return trimZeros(fmt.Sprintf("%.4f", number))
	}
	text := fmt.Sprintf("%.0f", number)
	for _, known := range c.Values {
		if known.Value == text && known.Label.Ko != "" {
			return known.Label.Ko
		}
	}
	return text
}

func trimZeros(text string) string { return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") }

func (c queryCommand) list(s *session, client *client) error {
	var meta cube.Meta
	if err := client.call(s.ctx, "GET", "/api/cube/meta", nil, &meta); err != nil {
		return err
	}
	var measures, dims [][]string
	for _, m := range meta.Measures {
		measures = append(measures, []string{m.Name, m.Label.Ko, string(m.Kind), m.About.Ko})
	}
	for _, d := range meta.Dimensions {
		if !d.FilterOnly {
			dims = append(dims, []string{d.Name, d.Label.Ko, string(d.Kind)})
		}
	}
	return s.print(meta, report.Grid([]string{"measure", "label", "kind", "meaning"}, measures)+"\n"+report.Grid([]string{"dimension", "label", "kind"}, dims))
}
