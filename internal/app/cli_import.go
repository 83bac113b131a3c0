// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"dangol/internal/intake"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/fault"
)

type importCommand struct {
	File      string   `arg:"" help:"File to load: CSV, TSV, XLSX or vCard." type:"path"`
	Source    string   `help:"Where the rows come from; the same name next time remembers the mapping." required:"" placeholder:"NAME"`
	Kind      string   `help:"What the rows are: customers, transactions, products, campaigns or coupons (default: recognised)." enum:"customers,transactions,products,campaigns,coupons," default:""`
	Map       string   `help:"JSON file that says what columns mean, where the recognised meaning is wrong." placeholder:"FILE" type:"path"`
	Key       []string `help:"Column that identifies a customer, the strongest first; may be repeated. COLUMN=SCHEME names the scheme that it shares with other files." sep:"none" placeholder:"COLUMN[=SCHEME]"`
	DryRun    bool     `help:"Only tell what would become of the rows."`
	Encoding  string   `help:"utf-8, cp949, utf-16le… (default: recognised)." placeholder:"NAME"`
	Delimiter string   `help:"Character between columns (default: recognised)." placeholder:"CHAR"`
	HeaderRow int      `help:"Row of the column names, counted from 1; -1 when there is none (default: recognised)." placeholder:"N"`
	Sheet     string   `help:"Sheet of a workbook (default: the one with most rows)." placeholder:"NAME"`
	Currency  string   `help:"ISO currency of amounts (default: recognised)." placeholder:"CODE"`
	Rejects   string   `help:"Write the rejected rows, with reasons, to this file; mended, it can be loaded again." placeholder:"FILE" type:"path"`
}

// Help teaches by examples.
func (importCommand) Help() string {
	return `Encoding, delimiter, header row and the meaning of columns are recognised; --dry-run shows what was, and
what would become of the rows. Rows with the same key become one customer. A batch survives a crash: it goes
on where it stopped when the installation is opened again. It can be undone whole under Imports.

Examples:
  dangol import members.csv --source members --key 회원번호 --dry-run
  dangol import members.csv --source members --key 회원번호=member --key 카드번호=card
  dangol import orders.csv --source shop --kind transactions --key 회원번호=member --json
  dangol import household.csv --source survey --map map.json --rejects mend-me.csv

A mapping names columns and fields, "key:SCHEME" for keys, "attribute:NAME" for attributes of your own:
  {"hh_id": "key:household", "AGE_DESC": "attribute:age_band", "note": "ignore"}

With --json: {"batch":1,"rows":…,"created":…,"updated":…,"linked":…,"unchanged":…,"rejected":…,"findings":…,
"seconds":…}. Exit code 3 when rows were rejected.`
}

// Run loads the file.
func (i importCommand) Run(s *session) (err error) {
	order, err := i.order()
	if err != nil {
		return err
	}
	if _, err := os.Stat(i.File); err != nil {
		return fault.Wrap(err, fault.NotFound, "app.no_file", "{path} cannot be read.", "path", i.File)
	}
	c, err := s.open("import")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	bar := s.progress("sending")
	summary, err := c.importFile(s.ctx, order, bar)
	bar.finish()
	if summary.Batch != 0 {
		if printErr := s.print(summary, summary.text()); err == nil {
			err = printErr
		}
	}
	if err != nil {
		return err
	}
	if i.Rejects != "" && summary.Rejected > 0 && !i.DryRun {
		if _, err := c.fetch(s.ctx, "GET", fmt.Sprintf("/api/batches/%d/rejects.csv", summary.Batch), i.Rejects); err != nil {
			return err
		}
	}
	if summary.Rejected > 0 {
		return partial{fmt.Sprintf("%d of %d rows were rejected", summary.Rejected, summary.Rows)}
	}
	return nil
}

func (i importCommand) order() (importOrder, error) {
	order := importOrder{
		path: i.File, source: i.Source, kind: recognise.Kind(i.Kind), isDryRun: i.DryRun,
		options: intake.Options{Encoding: i.Encoding, Delimiter: unescape(i.Delimiter), HeaderRow: i.HeaderRow, Sheet: i.Sheet, Currency: i.Currency},
	}
	if i.Map != "" {
		mapping, err := readMapping(i.Map)
		if err != nil {
			return order, err
		}
		order.mapping = mapping
	}
	for _, key := range i.Key {
		column, scheme, hasScheme := strings.Cut(key, "=")
		order.options.Keys = append(order.options.Keys, column)
		if hasScheme {
			order.mapping = withKey(order.mapping, column, scheme)
		}
	}
	return order, nil
}

func unescape(delimiter string) string {
	if delimiter == `\t` || strings.EqualFold(delimiter, "tab") {
		return "\t"
	}
	return delimiter
}

// readMapping reads a mapping: whole, as the API gives it, or short, from
// column to field.
func readMapping(path string) (*recognise.Mapping, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "app.no_file", "{path} cannot be read.", "path", path)
	}
	raw = []byte(strings.TrimPrefix(string(raw), "\ufeff"))
	var whole recognise.Mapping
	if err := json.Unmarshal(raw, &whole); err == nil && len(whole.Columns) > 0 {
		if whole.KeyColumns == nil {
			whole.KeyColumns = []int{}
		}
		return &whole, nil
	}
	var short map[string]string
	if err := json.Unmarshal(raw, &short); err != nil {
		return nil, fault.New(fault.Invalid, "app.bad_mapping", "{path} is no mapping: {why}. Write {\"COLUMN\": \"FIELD\", …}; \"dangol import --help\" shows one.", "path", path, "why", err.Error())
	}
	mapping := &recognise.Mapping{KeyColumns: []int{}}
	headers := make([]string, 0, len(short))
	for header := range short {
		headers = append(headers, header)
	}
	slices.Sort(headers)
	for _, header := range headers {
		field, detail, _ := strings.Cut(short[header], ":")
		column := recognise.Column{Header: header, Field: field}
		switch {
		case field == recognise.FieldKey:
			column.Scheme = detail
		case field == recognise.FieldAttribute && detail != "":
			column.Attribute = &recognise.Attribute{Slug: detail, Label: header, Type: recognise.TypeText}
		}
		mapping.Columns = append(mapping.Columns, column)
	}
	return mapping, nil
}

func (i ImportSummary) text() string {
	var out strings.Builder
	verb := "import"
	if i.IsDryRun {
		verb = "dry run"
	}
	fmt.Fprintf(&out, "%s %d (%s): %d rows in %.1f s\n", verb, i.Batch, i.Kind, i.Rows, i.Seconds)
	fmt.Fprintf(&out, "  created %d, linked %d, updated %d, unchanged %d, rejected %d, findings %d\n", i.Created, i.Linked, i.Updated, i.Unchanged, i.Rejected, i.Findings)
	if i.IsSampled {
		out.WriteString("  (counts are projected from a sample of the rows)\n")
	}
	headers := make([]string, 0, len(i.Columns))
	for header := range i.Columns {
		headers = append(headers, header)
	}
	slices.Sort(headers)
	for _, header := range headers {
		fmt.Fprintf(&out, "  %-24s → %s\n", header, i.Columns[header])
	}
	for _, n := range i.Notices {
		fmt.Fprintf(&out, "  %s: %s %s\n", n.Severity, n.Message, n.Remedy)
	}
	for _, code := range slices.Sorted(maps.Keys(i.FindingCodes)) {
		fmt.Fprintf(&out, "  %6d × %s\n", i.FindingCodes[code], code)
	}
	for _, reject := range i.Rejects {
		fmt.Fprintf(&out, "  row %d, %s %q: %s %s\n", reject.Row, reject.Column, reject.Value, reject.Message, reject.Remedy)
	}
	return out.String()
}
