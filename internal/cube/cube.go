// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"encoding/json"
	"time"

	"dangol/internal/platform/warehouse"
)

// Query is a question: measures by dimensions.
type Query struct {
	Measures []string `json:"measures" doc:"such as order.revenue; .share appended gives the share of the total"`
	// Dimensions are the rows of the pivot.
	Dimensions []string `json:"dimensions,omitempty" doc:"rows, such as customer.sido"`
	// Columns are dimensions laid across.
	Columns []string `json:"columns,omitempty" doc:"dimensions laid across, such as order.month"`
	Filters *Filter  `json:"filters,omitempty"`
	Period  *Period  `json:"period,omitempty"`
	Order   []Order  `json:"order,omitempty"`
	// Limit is the most rows shown; totals always cover everything.
	Limit int `json:"limit,omitempty" minimum:"0"`
	// Compare asks for the same question of an earlier period.
	Compare string `json:"compare,omitempty" enum:"previous_period,previous_year,"`
	// Totals lists the totals wanted: "rows", "columns", "grand".
	Totals []string `json:"totals,omitempty"`
	// Calculate defines measures of this question alone; they are asked as calc.NAME.
	Calculate []Calculation `json:"calculate,omitempty" maxItems:"20"`
	// Top keeps the largest members of the first row dimension and puts the rest together.
	Top *Top `json:"top,omitempty"`
	// Engine names the one engine that may answer, to compare them; "" leaves the choice to the product.
	Engine string `json:"engine,omitempty" enum:"image,clickhouse,duckdb,"`
	// Subtotals asks for the rows of every coarser level of the row dimensions.
	Subtotals bool `json:"subtotals,omitempty"`
}

// Calculation is a measure made of others by a formula.
type Calculation struct {
	Name    string         `json:"name" pattern:"^[a-z][a-z0-9_]{0,39}$" doc:"asked as calc.NAME"`
	Label   string         `json:"label,omitempty" maxLength:"80"`
	Formula string         `json:"formula" maxLength:"500" doc:"such as order.revenue / order.customers"`
	Kind    warehouse.Kind `json:"kind,omitempty" enum:"number,money,percent,integer,quantity,"`
}

// Top keeps the N largest members of the first row dimension by a measure.
type Top struct {
	N      int    `json:"n" minimum:"1" maximum:"500"`
	By     string `json:"by,omitempty" doc:"a measure of the question; the first one when left out"`
	Others bool   `json:"others,omitempty" doc:"put all other members together in one row"`
}

// Order sorts by a measure or dimension of the question.
type Order struct {
	By   string `json:"by"`
	Desc bool   `json:"desc,omitempty"`
}

// Period limits the time of facts: two dates, both inside, or the last so
// many days, months or years including today.
type Period struct {
	From string `json:"from,omitempty" doc:"ISO date"`
	To   string `json:"to,omitempty" doc:"ISO date, inside the period"`
	Last int    `json:"last,omitempty" minimum:"0"`
	Unit string `json:"unit,omitempty" enum:"day,month,quarter,year,"`
}

// Filter is a rule tree over dimensions, with the operators of segments.
type Filter struct {
	Op    string          `json:"op,omitempty" enum:"and,or,not,"`
	Rules []Filter        `json:"rules,omitempty"`
	Field string          `json:"field,omitempty" doc:"a dimension"`
	Is    string          `json:"is,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

// The totals of a question.
const (
	TotalsOfRows    = "rows"    // one per row, over the columns
	TotalsOfColumns = "columns" // one per column, over the rows
	TotalsGrand     = "grand"
)

// The comparisons of a question.
const (
	PreviousPeriod = "previous_period"
	PreviousYear   = "previous_year"
)

// Column describes one position of a row of the answer.
type Column struct {
	Name  string         `json:"name"`
	Role  string         `json:"role" enum:"row,column,measure"`
	Label warehouse.Text `json:"label"`
	Kind  warehouse.Kind `json:"kind"`
	Unit  warehouse.Unit `json:"unit,omitempty"`
	// Values maps values to labels where they have any, in display order.
	Values []warehouse.Value `json:"values,omitempty"`
	// Currency of a money measure, an ISO code.
	Currency string `json:"currency,omitempty"`
}

// Result is the answer to a Query. Rows hold the values of Columns in order.
type Result struct {
	Columns []Column `json:"columns"`
	Rows    [][]any  `json:"rows"`
	Totals  Totals   `json:"totals"`
	// RowCount counts the rows that there are, shown or not.
	RowCount  int64 `json:"row_count"`
	Truncated bool  `json:"truncated"`
	// Currency is the one currency of all money in the answer; rows in other
	// currencies are never added to it.
	Currency     string `json:"currency,omitempty"`
	Notes        []Note `json:"notes,omitempty"`
	From         string `json:"from,omitempty"`
	To           string `json:"to,omitempty"`
	PreviousFrom string `json:"previous_from,omitempty"`
	PreviousTo   string `json:"previous_to,omitempty"`
	AsOf         AsOf   `json:"as_of"`
	Milliseconds int64  `json:"ms"`
	IsCached     bool   `json:"cached"`
	// Explain says which engine answered, and why that one.
	Explain Explain `json:"explain"`
}

// Totals hold rows of the same Columns with null in the places summed over.
type Totals struct {
	Rows    [][]any `json:"rows,omitempty"`
	Columns [][]any `json:"columns,omitempty"`
	Grand   []any   `json:"grand,omitempty"`
	// Subtotals hold the coarser levels of the rows, the coarsest first.
	Subtotals []Subtotal `json:"subtotals,omitempty"`
}

// Subtotal is a coarser level of the rows: only the first Level row dimensions
// have values. Rows are its cells, Totals its totals over the columns.
type Subtotal struct {
	Level  int     `json:"level"`
	Rows   [][]any `json:"rows"`
	Totals [][]any `json:"totals,omitempty"`
}

// AsOf says what the answer includes.
type AsOf struct {
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
}

// Note is something that must be known to read the numbers right.
type Note struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Fields  map[string]any `json:"fields,omitempty"`
}
