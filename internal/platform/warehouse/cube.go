// SPDX-License-Identifier: Apache-2.0

package warehouse

import "context"

// Text is a label in the two languages of the product.
type Text struct {
	Ko string `json:"ko"`
	En string `json:"en"`
}

// Kind says what the values of a dimension, measure or field are.
type Kind string

// Kinds of values.
const (
	KindText     Kind = "text"
	KindChoice   Kind = "choice"
	KindInteger  Kind = "integer"
	KindNumber   Kind = "number"
	KindMoney    Kind = "money"    // minor units with a currency
	KindQuantity Kind = "quantity" // thousandths
	KindPercent  Kind = "percent"  // 0…1
	KindBoolean  Kind = "boolean"
	KindDate     Kind = "date"
	KindTime     Kind = "time"
	KindID       Kind = "id"
)

// Unit is a derivation of a dimension from its column.
type Unit string

// Units of a time or date column; UnitAge is completed years today.
const (
	UnitNone    Unit = ""
	UnitYear    Unit = "year"
	UnitQuarter Unit = "quarter"
	UnitMonth   Unit = "month"
	UnitWeek    Unit = "week" // Monday, ISO 8601
	UnitDay     Unit = "day"
	UnitWeekday Unit = "weekday" // 1 Monday … 7 Sunday
	UnitHour    Unit = "hour"
	UnitAge     Unit = "age"
	// Of a time column with a Month: years that begin Offset months late, their quarters, and
	// what kind of day it is for business: 0 working day, 1 weekend, 2 public holiday.
	UnitFiscalYear    Unit = "fiscal_year"
	UnitFiscalQuarter Unit = "fiscal_quarter"
	UnitDayKind       Unit = "day_kind"
)

// Value is a known value of a dimension, in display order.
type Value struct {
	Value string `json:"value"`
	Label Text   `json:"label"`
}

// Band is a range From ≤ x < To of a number; the last band is open (To = 0).
type Band struct {
	From  int64  `json:"from"`
	To    int64  `json:"to"`
	Label Text   `json:"label"`
	Name  string `json:"name"`
}

// Dimension is something to group and filter by.
type Dimension struct {
	Name   string // "sido" of cube "customer" is asked as "customer.sido"
	Label  Text
	Column string
	Kind   Kind
	Unit   Unit
	Bands  []Band
	Values []Value
	Parent string // the next coarser level of its hierarchy, a name of the same cube
	// Within says that values repeat under different parents (중구 of 서울 and
	// of 부산): the parent is grouped by as well.
	Within bool
	// Display names the column with the text shown for the ids in Column.
	Display string
	// Month names a whole-number column year*12+month-1 of a time column, so
	// that months need not be computed from times.
	Month string
	// MonthDay names a whole-number column month*100+day (plus 10000 for lunar
	// and 20000 for lunar leap dates) for anniversaries.
	MonthDay string
	// IsPersonal marks values that may tell who somebody is: asking needs to
	// see personal values in clear, else the answer would tell what is masked.
	IsPersonal bool
	// Read turns what a person types into the form that Column keeps, such as
	// a telephone number into its digits; nil takes it as typed.
	Read func(text string) string
	// FilterOnly marks what cannot be grouped by, such as a name.
	FilterOnly bool
	// Flag says that Column holds 0 and 1.
	Flag bool
	// Offset is how many months after January the years of this dimension begin.
	Offset int
	// Line marks a dimension below the grain of Measure.Grain: several values
	// may occur inside one order.
	Line bool
}

// Aggregate is how the rows of a cell become one number.
type Aggregate string

// Aggregates. Ratio divides two measures of the same cube.
const (
	Count    Aggregate = "count"
	Sum      Aggregate = "sum"
	Average  Aggregate = "avg"
	Minimum  Aggregate = "min"
	Maximum  Aggregate = "max"
	Median   Aggregate = "median"
	Distinct Aggregate = "distinct"
	Ratio    Aggregate = "ratio"
)

// Condition keeps rows whose column has (or, with Not, has not) one of Values.
type Condition struct {
	Column string
	Not    bool
	Values []any // strings, int64 or bool
}

// Measure is one number with one definition.
type Measure struct {
	Name      string // "revenue" of cube "order" is asked as "order.revenue"
	Label     Text
	About     Text // the definition, in one sentence
	Aggregate Aggregate
	Column    string
	Where     []Condition
	// Over and Under name the measures of a ratio.
	Over, Under string
	Kind        Kind
	// Flag names a column that is 1 on exactly one row of each thing counted
	// distinctly by Column, so that the count is a sum as long as no Line
	// dimension is asked.
	Flag string
	// Currency names the column holding the currency of a money measure.
	Currency string
	// Permission, when set, is needed on top of reading the cube.
	Permission string
	// Event names the event of the cube that the people of a cell did; empty
	// is the first.
	Event string
}

// Join says that Column of this cube's table holds the key of another cube.
type Join struct {
	Cube   string
	Column string
}

// Event says how rows of a cube are behaviour of a customer.
type Event struct {
	Name  string // "order"
	Label Text
	// Base keeps the rows that belong to the event at all.
	Base []Condition
	// Counted keeps the rows that count and have a first and a last; the
	// others, such as refunds, only take part in sums.
	Counted []Condition
	// CountBy names the column whose distinct values are counted; empty counts rows.
	CountBy string
	// CountFlag names a column that is 1 on exactly one counted row of each
	// thing that CountBy counts; used while no condition lies below the thing.
	CountFlag string
	// Sums lists the columns that may be summed.
	Sums []Dimension
	// Currency names the column of the currency of money sums.
	Currency string
}

// Cube is an analytic table with its dimensions, measures and joins.
type Cube struct {
	Name  string
	Label Text
	Table string
	Key   string // key column of the table when other cubes join it
	// Time names the column that a period or comparison applies to.
	Time       string
	Dimensions []Dimension
	Measures   []Measure
	Joins      []Join
	// Customer names the column with the customer id: cells of this cube
	// drill to people, and row scope applies through it.
	Customer string
	// IsCustomers marks the one cube of customers: scope applies to its columns
	// branch and owner_id, and its dimensions are fields of the rule tree.
	IsCustomers bool
	// Profile marks a cube with at most one row per customer whose dimensions
	// are fields of the customer, such as scores ("customer.rfm_score"); its
	// Customer column is its key. Its table may be a derived one.
	Profile bool
	// Events make rows of this cube behaviour in the segment rule tree; the
	// first is the one that cells drill to.
	Events []Event
	// Extra lists dimensions known only at run time (custom attributes).
	Extra func(ctx context.Context) []Dimension
	// Permission is needed to read this cube, for example "order:read".
	Permission string
}

var timeUnits = []struct {
	unit   Unit
	label  Text
	parent Unit
}{
	{UnitYear, Text{"연도", "Year"}, ""},
	{UnitQuarter, Text{"분기", "Quarter"}, UnitYear},
	{UnitMonth, Text{"월", "Month"}, UnitQuarter},
	{UnitWeek, Text{"주", "Week"}, UnitYear},
	{UnitDay, Text{"일", "Day"}, UnitMonth},
	{UnitWeekday, Text{"요일", "Weekday"}, ""},
	{UnitHour, Text{"시간", "Hour"}, ""},
}

// TimeDimensions makes the family year > quarter > month > day (and week,
// weekday, hour) of a time column; prefix "" gives "month", "created_" gives
// "created_month".
func TimeDimensions(prefix, column string, label Text) []Dimension {
	list := make([]Dimension, 0, len(timeUnits))
	for _, u := range timeUnits {
		d := Dimension{
			Name: prefix + string(u.unit), Column: column, Kind: KindTime, Unit: u.unit,
			Label: Text{label.Ko + " " + u.label.Ko, label.En + " " + u.label.En},
		}
		if u.parent != "" {
			d.Parent = prefix + string(u.parent)
		}
		list = append(list, d)
	}
	return list
}

// DateDimensions is TimeDimensions without the hour.
func DateDimensions(prefix, column string, label Text) []Dimension {
	all := TimeDimensions(prefix, column, label)
	list := make([]Dimension, 0, len(all))
	for _, d := range all {
		if d.Unit == UnitHour {
			continue
		}
		d.Kind = KindDate
		list = append(list, d)
	}
	return list
}
