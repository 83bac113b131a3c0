// SPDX-License-Identifier: Apache-2.0

package dataquality

import "time"

// Rules are the settings of the company that change how values are read.
type Rules struct {
	Zone     *time.Location // zone of times given without one; nil is Asia/Seoul
	Currency string         // currency of amounts given without one; "" is KRW
	Today    Date           // the day that ages and future dates are measured against; required
}

// Row normalises one customer record; it is reused from row to row and is not safe for concurrent use.
//
//	row.Reset()
//	for each mapped column: row.Set(field, column.Format, cell)
//	row.Finish()
//	row.Value(dataquality.FieldMobile), row.Findings()
type Row struct {
	rules    Rules
	values   [fieldCount]string
	findings []Finding
}

// NewRow makes a row that reads values by the rules.
func NewRow(rules Rules) *Row { return &Row{rules: rules} }

// Reset empties the row; findings returned before stay valid.
func (r *Row) Reset() {
	r.values = [fieldCount]string{}
	r.findings = nil
}

// Set normalises one cell into its field or fields; format is the date format of recognise, else "".
// A field that has a value already keeps it and the second one is reported.
func (r *Row) Set(field Field, format, raw string) { r.values[field] = raw }

// Finish computes what needs several fields: name keys, regions, family and given name, misplaced numbers.
func (r *Row) Finish() {}

// Value returns the normalised value of the field, "" when it has none.
func (r *Row) Value(field Field) string { return r.values[field] }

// Each calls fn for every field that has a value, in the order of the fields.
func (r *Row) Each(fn func(field Field, value string)) {
	for field, value := range r.values {
		if value != "" {
			fn(Field(field), value)
		}
	}
}

// Findings returns what was noticed, nil when nothing was.
func (r *Row) Findings() []Finding { return r.findings }
