// SPDX-License-Identifier: Apache-2.0

package clickhouse

import (
	"fmt"
	"slices"
	"strings"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/platform/warehouse/image"
)

// renderer turns a question into statements that 18.16 understands: no WITH, one JOIN a level, no window.
type renderer struct {
	m      *Mirror
	q      *image.Question
	table  *image.Table
	joins  []join
	isText []bool
	dims   []string
	where  string
	sums   []string // pairs: the value of a measure, and how many rows gave one
}

// join is a table whose columns are laid beside the rows: a look-up by a column, or what is known of the subject.
type join struct {
	name    string
	table   *image.Table
	via     string
	columns []warehouse.Column
}

func (r *renderer) tableOf(name string) (*image.Table, error) {
	for i := range r.m.spec {
		if r.m.spec[i].Name == name {
			return &r.m.spec[i], nil
		}
	}
	return nil, unsupported("the table %s is not mirrored", name)
}

func (r *renderer) prepare() (err error) {
	if r.table, err = r.tableOf(r.q.Table); err != nil {
		return err
	}
	conditions := []string{}
	if r.q.Where != nil {
		rows, err := r.row(r.q.Where)
		if err != nil {
			return err
		}
		conditions = append(conditions, rows)
	}
	if r.q.Who != nil {
		who, err := r.who(r.q.Who)
		if err != nil {
			return err
		}
		conditions = append(conditions, keyColumn+" GLOBAL IN ("+who+")")
	}
	r.where = strings.Join(append(conditions, r.living(r.table)...), " AND ")
	for i := range r.q.Dims {
		expression, isText, err := r.dim(&r.q.Dims[i])
		if err != nil {
			return err
		}
		r.dims, r.isText = append(r.dims, expression), append(r.isText, isText)
	}
	for i := range r.q.Measures {
		value, with, err := r.measure(&r.q.Measures[i])
		if err != nil {
			return err
		}
		r.sums = append(r.sums, value, with)
	}
	return nil
}

// living leaves out rows that newer ones have taken the place of.
func (r *renderer) living(t *image.Table) []string {
	if r.m.gone[t.Name] == 0 {
		return nil
	}
	return []string{"(" + keyColumn + ", " + versionColumn + ") GLOBAL NOT IN (SELECT " + keyColumn + ", " + versionColumn + " FROM " + quoted(gonePrefix+t.Name) + ")"}
}

// reference is the expression of a column of the rows, of a look-up or of the subject.
func (r *renderer) reference(table, name, via, lookup string) (expression string, c warehouse.Column, err error) {
	t := r.table
	switch {
	case lookup != "":
		if t, err = r.tableOf(lookup); err != nil {
			return "", c, err
		}
		if _, ok := columnOf(r.table, via); !ok {
			return "", c, unsupported("the column %s is not mirrored", via)
		}
	case table != "" && table != r.table.Name:
		if t, err = r.tableOf(table); err != nil {
			return "", c, err
		}
		if t.Role != image.Subjects && t.Role != image.Profile {
			return "", c, unsupported("%s has many rows for a customer", table)
		}
	}
	c, ok := columnOf(t, name)
	if !ok {
		return "", c, unsupported("the column %s is not mirrored", name)
	}
	if t == r.table {
		return quoted(name), c, nil
	}
	at := slices.IndexFunc(r.joins, func(j join) bool { return j.table == t && j.via == via })
	if at < 0 {
		at = len(r.joins)
		r.joins = append(r.joins, join{name: fmt.Sprintf("j%d_", at), table: t, via: via})
	}
	j := &r.joins[at]
	if !slices.Contains(j.columns, c) {
		j.columns = append(j.columns, c)
	}
	return quoted(j.name + name), c, nil
}

// beside is the expression of a column derived when rows are written.
func beside(expression, suffix string) string {
	return strings.TrimSuffix(expression, "`") + suffix + "`"
}

func (r *renderer) row(n *image.Row) (string, error) {
	if n.Op == "" {
		expression, _, err := r.reference("", n.Column, n.Via, n.Lookup)
		if err != nil {
			return "", err
		}
		return n.Test.ClickHouse(expression, beside(expression, monthDaySufix)), nil
	}
	parts := make([]string, len(n.Rows))
	for i, child := range n.Rows {
		var err error
		if parts[i], err = r.row(child); err != nil {
			return "", err
		}
	}
	return combine(n.Op, parts), nil
}

func combine(op string, parts []string) string {
	switch {
	case op == "not":
		return "NOT (" + strings.Join(parts, " AND ") + ")"
	case len(parts) == 0 && op == "and":
		return "1"
	case len(parts) == 0:
		return "0"
	}
	return "(" + strings.Join(parts, " "+strings.ToUpper(op)+" ") + ")"
}

// who selects the keys of subjects that count.
func (r *renderer) who(rule *image.Rule) (string, error) {
	if len(r.m.spec) == 0 || r.m.spec[0].Role != image.Subjects {
		return "", unsupported("there is no table of customers")
	}
	inner := &renderer{m: r.m, q: r.q, table: &r.m.spec[0]}
	condition, err := inner.rule(rule)
	if err != nil {
		return "", err
	}
	inner.where = strings.Join(append([]string{condition}, inner.living(inner.table)...), " AND ")
	return "SELECT " + keyColumn + inner.from(), nil
}

func (r *renderer) rule(n *image.Rule) (string, error) {
	switch {
	case n.Deed != nil:
		return "", unsupported("behaviour of customers is asked of the image or DuckDB")
	case n.IsList:
		return "", unsupported("lists of customers are asked of the image or DuckDB")
	case n.Op == "":
		expression, _, err := r.reference(n.Table, n.Column, "", "")
		if err != nil {
			return "", err
		}
		return n.Test.ClickHouse(expression, beside(expression, monthDaySufix)), nil
	}
	parts := make([]string, len(n.Rules))
	for i, child := range n.Rules {
		var err error
		if parts[i], err = r.rule(child); err != nil {
			return "", err
		}
	}
	return combine(n.Op, parts), nil
}

func (r *renderer) dim(d *image.Dim) (expression string, isText bool, err error) {
	expression, c, err := r.reference(d.Table, d.Column, d.Via, d.Lookup)
	if err != nil {
		return "", false, err
	}
	day := expression
	if c.Type == warehouse.Timestamp {
		day = condition.ClickHouseFloor(expression, microsPerDay)
	}
	switch d.Unit {
	case warehouse.UnitYear, warehouse.UnitQuarter, warehouse.UnitMonth:
		per := map[warehouse.Unit]int64{warehouse.UnitYear: 12, warehouse.UnitQuarter: 3, warehouse.UnitMonth: 1}[d.Unit]
		return condition.ClickHouseFloor(beside(expression, monthSuffix), per), false, nil
	case warehouse.UnitWeek: // its Monday: day 0 is a Thursday
		return "(" + day + " - modulo(modulo(" + day + " + 3, 7) + 7, 7))", false, nil
	case warehouse.UnitWeekday:
		return "(modulo(modulo(" + day + " + 3, 7) + 7, 7) + 1)", false, nil
	case warehouse.UnitHour:
		return "(" + condition.ClickHouseFloor(expression, microsPerDay/24) + " - 24 * " + day + ")", false, nil
	case warehouse.UnitDay:
		return day, false, nil
	case warehouse.UnitNone:
	default:
		return "", false, unsupported("the unit %s is DuckDB's", d.Unit)
	}
	switch {
	case c.Type == warehouse.Double:
		return "", false, unsupported("decimals are not grouped by")
	case c.Type == warehouse.Timestamp && len(d.Bands) == 0:
		return "", false, unsupported("moments are not grouped by")
	case len(d.Bands) > 0:
		return bands(expression, d.Bands), false, nil
	case d.Scale > 1:
		return condition.ClickHouseFloor(expression, d.Scale), false, nil
	}
	return expression, c.Type == warehouse.Varchar, nil
}

const microsPerDay = 24 * 60 * 60 * 1_000_000

func bands(expression string, list [][2]int64) string {
	parts := []string{}
	for i, b := range list {
		parts = append(parts, fmt.Sprintf("ifNull(%s >= toInt64(%d) AND %[1]s <= toInt64(%[3]d), 0), toNullable(toInt64(%[4]d))", expression, b[0], b[1], i))
	}
	return "multiIf(" + strings.Join(parts, ", ") + ", NULL)"
}

// measure is the value of a measure, and how many rows gave one.
func (r *renderer) measure(m *image.Measure) (value, with string, err error) {
	only := "1"
	if m.Where != nil {
		if only, err = r.row(m.Where); err != nil {
			return "", "", err
		}
	}
	switch m.Kind {
	case image.CountRows:
		return "countIf(" + only + ")", "toInt64(1)", nil
	case image.CountSubjects:
		return fmt.Sprintf("uniqExactIf(%s, %s AND %[1]s != toInt64(%[3]d))", keyColumn, only, int64(noKey)), "toInt64(1)", nil
	}
	expression, c, err := r.reference("", m.Column, "", "")
	if err != nil {
		return "", "", err
	}
	if c.Type == warehouse.Double || c.Type == warehouse.Varchar && m.Kind != image.CountValues {
		return "", "", unsupported("%s is not added up here", m.Column)
	}
	filled := "(" + only + " AND isNotNull(" + expression + "))"
	plain := "assumeNotNull(" + expression + ")"
	function := map[image.Kind]string{image.SumOf: "sumIf", image.LeastOf: "minIf", image.MostOf: "maxIf", image.CountValues: "uniqExactIf"}[m.Kind]
	return function + "(" + plain + ", " + filled + ")", "countIf" + filled, nil
}

// from is the rows with everything laid beside them, and the condition on them.
func (r *renderer) from() string {
	where := ""
	if r.where != "" {
		where = " WHERE " + r.where
	}
	text := quoted(prefix + r.table.Name)
	for i, j := range r.joins {
		right := []string{}
		using := keyColumn
		if j.via != "" {
			using = quoted(j.via)
			right = append(right, quoted(j.table.Key)+" AS "+using)
		} else {
			right = append(right, keyColumn)
		}
		for _, c := range j.columns {
			right = append(right, quoted(c.Name)+" AS "+quoted(j.name+c.Name))
			if isDated(c.Type) {
				right = append(right, quoted(c.Name+monthSuffix)+" AS "+quoted(j.name+c.Name+monthSuffix), quoted(c.Name+monthDaySufix)+" AS "+quoted(j.name+c.Name+monthDaySufix))
			}
		}
		living := ""
		if list := r.living(j.table); len(list) > 0 {
			living = " WHERE " + list[0]
		}
		left := text
		if i > 0 {
			left = "(" + text + ")"
		}
		text = "SELECT * FROM " + left + " GLOBAL ANY LEFT JOIN (SELECT " + strings.Join(right, ", ") + " FROM " + quoted(prefix+j.table.Name) + living + ") USING " + using
	}
	if len(r.joins) > 0 {
		text = "(" + text + ")"
	}
	return " FROM " + text + where
}

// statement asks for the cells of some of the dimensions.
func (r *renderer) statement(set []int) string {
	parts, names := []string{}, []string{}
	for i, d := range set {
		name := fmt.Sprintf("d%d_", i)
		parts, names = append(parts, r.dims[d]+" AS "+name), append(names, name)
	}
	for i, s := range r.sums {
		parts = append(parts, fmt.Sprintf("%s AS m%d_", s, i))
	}
	if len(parts) == 0 {
		parts = append(parts, "count() AS n_")
	}
	text := "SELECT " + strings.Join(parts, ", ") + r.from()
	if len(names) > 0 {
		text += " GROUP BY " + strings.Join(names, ", ")
	}
	return text
}
