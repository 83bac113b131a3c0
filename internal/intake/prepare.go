// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/zeebo/xxh3"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/intake/recognise"
)

// plan is a mapping made ready: what to do with each cell of a row.
type plan struct {
	kind       recognise.Kind
	headers    []string
	cells      []cellPlan
	primary    int // column of the strongest key, -1 for none
	keyed      []int
	searchable []string
	rules      dataquality.Rules
	isPerson   bool // some column describes the customer, beyond keys
}

// cellPlan is what to do with the cells of one column.
type cellPlan struct {
	index     int
	header    string
	field     dataquality.Field   // field of the customer, or NoField
	scheme    int64               // key scheme, or 0
	attribute *customer.Attribute // custom attribute, or nil
	fact      string              // field of a fact, or ""
	isExtra   bool
	format    string
	isScanned bool // searched for resident numbers
	isSparse  bool // a key that most rows lack: it links, but no row is found again by it
	// isOptional says that rows may lack the key: those are found again by their content.
	isOptional bool
}

// worker turns rows into records and facts; each goroutine has one of its own.
type worker struct {
	plan    *plan
	row     *dataquality.Row
	buffer  []byte
	cells   []string
	pending []dataquality.Finding
}

func newWorker(p *plan) *worker { return &worker{plan: p, row: dataquality.NewRow(p.rules)} }

// eNotation is a long number that a spreadsheet has cut: as a key it would make one customer of many.
var eNotation = regexp.MustCompile(`^\d(?:\.\d+)?[eE]\+?\d{1,2}$`)

// take turns one row into a record (and a fact), or into a reject.
func (w *worker) take(cells []string, number int64, out *chunkResult) {
	given := w.redact(cells)
	record := &customer.Record{RowNumber: number, Kind: customer.RecordGiven}
	if reject := w.readKeys(cells, record); reject != nil {
		out.reject(reject, number, w.given(given))
		return
	}
	if w.plan.kind == recognise.Customers {
		w.takeCustomer(cells, given, record, out)
		return
	}
	w.takeFact(cells, given, record, out)
}

// redact returns the cells with resident numbers made unreadable; most rows come back as they are.
func (w *worker) redact(cells []string) []string {
	redacted := cells
	for _, c := range w.plan.cells {
		if !c.isScanned || c.index >= len(cells) || len(cells[c.index]) < residentLength {
			continue
		}
		text, n := dataquality.Redact(cells[c.index])
		if n == 0 {
			continue
		}
		if &redacted[0] == &cells[0] {
			w.cells = append(w.cells[:0], cells...)
			redacted = w.cells
		}
		redacted[c.index] = text
	}
	return redacted
}

// residentLength is the length of the shortest text that can hold a resident number.
const residentLength = 13

func (w *worker) given(cells []string) []byte {
	w.buffer = customer.AppendCells(w.buffer[:0], cells)
	return append([]byte(nil), w.buffer...)
}

// readKeys reads the key columns of a row into the record.
func (w *worker) readKeys(cells []string, record *customer.Record) *Reject {
	for _, at := range w.plan.keyed {
		c := &w.plan.cells[at]
		raw := ""
		if c.index < len(cells) {
			raw = strings.TrimSpace(cells[c.index])
		}
		isPrimary := at == w.plan.primary
		if raw == "" || dataquality.IsMissing(raw) {
			if isPrimary && !c.isOptional && w.plan.kind == recognise.Customers {
				return &Reject{
					Column: c.header, Rule: "intake.key", Code: "intake.key_missing",
					Message: "The key column is empty, so the row could not be found again later.",
					Remedy:  "Fill in the key, or import the file without a key column.",
				}
			}
			continue
		}
		if c.isScanned && dataquality.HasResidentNumber(raw) {
			return &Reject{
				Column: c.header, Value: shorten(dataquality.MaskResident(raw)), Rule: "F-RRN-7", Code: "intake.key_resident",
				Message: "The key looks like a resident registration number; those are never stored.",
				Remedy:  "Use the member number of the source as key.",
			}
		}
		if eNotation.MatchString(raw) {
			return &Reject{
				Column: c.header, Value: raw, Rule: "M-IMP-7", Code: "intake.key_e_notation",
				Message: "A spreadsheet has cut this number; different customers would become one.",
				Remedy:  "Format the column as text in the spreadsheet and export the file again.",
			}
		}
		key := customer.NormalKey(raw)
		if key == "" {
			return &Reject{
				Column: c.header, Value: shorten(raw), Rule: "intake.key", Code: "intake.key_bad",
				Message: "This is no usable key: it has no letter or digit, or more than 200 of them.",
				Remedy:  "Correct the key.",
			}
		}
		if isPrimary {
			record.SourceKey = key
		}
		record.Keys = append(record.Keys, customer.Key{SchemeID: c.scheme, Value: key})
	}
	return nil
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}

// takeCustomer makes the record of a row about a customer.
func (w *worker) takeCustomer(cells, given []string, record *customer.Record, out *chunkResult) {
	w.readValues(cells, record)
	if record.Values.IsEmpty() && len(record.Keys) == 0 {
		out.reject(&Reject{
			Rule: "intake.empty", Code: "intake.row_empty", Message: "The row says nothing about a customer.",
			Remedy: "Check the mapping of the columns, or delete the row.",
		}, record.RowNumber, w.given(given))
		return
	}
	w.seal(record, w.given(given), out)
	out.records = append(out.records, record)
}

// readValues normalises the customer's columns of a row.
func (w *worker) readValues(cells []string, record *customer.Record) {
	w.row.Reset()
	w.pending = w.pending[:0]
	for i := range w.plan.cells {
		c := &w.plan.cells[i]
		if c.field != dataquality.NoField && c.index < len(cells) && cells[c.index] != "" {
			w.row.Set(c.field, c.format, cells[c.index])
		}
	}
	w.row.Finish()
	record.Values = customer.FromRow(w.row)
	for i := range w.plan.cells {
		c := &w.plan.cells[i]
		if c.attribute == nil || c.index >= len(cells) || cells[c.index] == "" {
			continue
		}
		text, _ := dataquality.Redact(cells[c.index])
		value, err := c.attribute.Read(text, c.format, w.plan.rules)
		if err != nil {
			w.pending = append(w.pending, attributeFinding(c, text, err))
			continue
		}
		if value != nil {
			record.Values.SetAttribute(c.attribute.Name, value)
		}
	}
}

func attributeFinding(c *cellPlan, text string, err error) dataquality.Finding {
	value := shorten(text)
	if c.attribute.IsPersonal {
		value = "***"
	}
	return dataquality.Finding{
		Field: "attr." + c.attribute.Name, Value: value, Rule: "attribute.type", Code: "attribute.bad_value",
		Severity: dataquality.Warning, Message: err.Error(), Remedy: "Correct the value or change the mapping of the column.",
	}
}

// seal adds what the record needs to be compared and found: keys, findings, hash and search tokens.
func (w *worker) seal(record *customer.Record, given []byte, out *chunkResult) {
	record.Given = given
	record.Keys = customer.SortKeys(customer.DerivedKeys(record.Keys, &record.Values))
	findings := append(w.pending, w.row.Findings()...)
	if len(findings) > 0 {
		out.findings += int64(len(findings))
		for i := range findings {
			out.code(findings[i].Code)
		}
		raw, err := json.Marshal(findings)
		if err == nil { // findings are text
			record.Findings = raw
		}
	}
	normal := record.Prepare(w.plan.searchable)
	w.buffer = append(append(append(w.buffer[:0], given...), 0), normal...)
	for _, key := range record.Keys {
		w.buffer = append(fmt.Appendf(w.buffer, "\x00%d=", key.SchemeID), key.Value...)
	}
	record.Hash = xxh3.Hash128(w.buffer).Bytes()
}

// takeFact makes the fact of a row, and a record when the row says something about its customer.
func (w *worker) takeFact(cells, given []string, record *customer.Record, out *chunkResult) {
	fact := Fact{Row: record.RowNumber, Values: make(map[string]string, len(w.plan.cells))}
	var extra map[string]string
	for i := range w.plan.cells {
		c := &w.plan.cells[i]
		if c.index >= len(given) || given[c.index] == "" {
			continue
		}
		switch {
		case c.fact != "":
			fact.Values[c.fact] = given[c.index]
		case c.isExtra:
			if extra == nil {
				extra = map[string]string{}
			}
			extra[c.header] = given[c.index]
		}
	}
	if extra != nil {
		raw, err := json.Marshal(extra)
		if err == nil {
			fact.Extra = string(raw)
		}
	}
	row := factRow{fact: fact}
	if w.plan.isPerson {
		w.readValues(cells, record)
		w.seal(record, nil, out)
	} else {
		w.sealStub(record)
	}
	if len(record.Keys) > 0 || !record.Values.IsEmpty() {
		row.record = record
		row.fact.Customer = record.SourceKey
	}
	row.given = w.given(given)
	out.facts = append(out.facts, row)
}

// sealStub prepares a record of a customer of whom the row knows nothing but keys.
func (w *worker) sealStub(record *customer.Record) {
	record.Kind = customer.RecordStub
	record.Keys = customer.SortKeys(record.Keys)
	w.buffer = append(w.buffer[:0], "stub"...)
	for _, key := range record.Keys {
		w.buffer = append(fmt.Appendf(w.buffer, "\x00%d=", key.SchemeID), key.Value...)
	}
	record.Hash = xxh3.Hash128(w.buffer).Bytes()
}

// factRow is a fact with the record it hangs on, which may not exist yet.
type factRow struct {
	fact   Fact
	record *customer.Record // nil when the row names no customer
	given  []byte
}

// chunkResult is what a worker made of a chunk of rows.
type chunkResult struct {
	rows     int64
	records  []*customer.Record
	facts    []factRow
	rejects  []Reject
	findings int64
	codes    map[string]int64
}

func (r *chunkResult) reject(reject *Reject, row int64, cells []byte) {
	reject.Row, reject.cells = row, cells
	r.rejects = append(r.rejects, *reject)
	r.code(reject.Code)
}

func (r *chunkResult) code(code string) {
	if r.codes == nil {
		r.codes = map[string]int64{}
	}
	r.codes[code]++
}
