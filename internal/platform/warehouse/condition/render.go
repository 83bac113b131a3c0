// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// SQL renders the test for DuckDB over the expression of its column; alias is
// put before the column name. It is never NULL where it is true, and the
// negative tests are never NULL at all.
func (t *Test) SQL(alias string) (string, []any) {
	column := quoteName(t.Column)
	if alias != "" {
		column = alias + "." + column
	}
	return t.On(column)
}

// On renders the test over an expression instead of its column.
func (t *Test) On(expression string) (string, []any) {
	text, args := t.positive(expression)
	if t.negate {
		if t.form == formSet {
			return "NOT " + text, args
		}
		return "(" + text + ") IS NOT TRUE", args
	}
	return text, args
}

func (t *Test) positive(column string) (string, []any) {
	switch t.form {
	case formSet:
		if t.isText() {
			return "COALESCE(" + column + " <> '', false)", nil
		}
		return "(" + column + " IS NOT NULL)", nil
	case formSpans:
		return t.spansSQL(t.expression(column)), nil
	case formDecimal:
		return t.decimalSQL(column), nil
	case formTexts:
		return textsSQL(column, t.texts)
	case formContains:
		return "contains(lower(" + column + "), ?)", []any{t.part}
	case formStarts:
		return "starts_with(lower(" + column + "), ?)", []any{t.part}
	}
	return "false", nil
}

func (t *Test) isText() bool { return t.Kind == "text" || t.Kind == "choice" }

func (t *Test) expression(column string) string {
	switch t.derive {
	case monthDay:
		return "(month(" + column + ") * 100 + day(" + column + "))"
	case weekdayOf:
		return "isodow(" + column + ")"
	case hourOf:
		return "hour(" + column + ")"
	}
	return column
}

func textsSQL(column string, texts []string) (string, []any) {
	args := make([]any, len(texts))
	for i, s := range texts {
		args[i] = s
	}
	if len(texts) == 1 {
		return column + " = ?", args
	}
	return column + " IN (?" + strings.Repeat(", ?", len(texts)-1) + ")", args
}

func (t *Test) spansSQL(expression string) string {
	var points, ranges []string
	for _, s := range t.spans {
		switch {
		case s.low > s.high:
		case s.low == s.high:
			points = append(points, t.literal(s.low))
		case s.low == math.MinInt64 && s.high == math.MaxInt64:
			ranges = append(ranges, expression+" IS NOT NULL")
		case s.low == math.MinInt64:
			ranges = append(ranges, expression+" <= "+t.literal(s.high))
		case s.high == math.MaxInt64:
			ranges = append(ranges, expression+" >= "+t.literal(s.low))
		default:
			ranges = append(ranges, expression+" BETWEEN "+t.literal(s.low)+" AND "+t.literal(s.high))
		}
	}
	if len(points) == 1 {
		ranges = append(ranges, expression+" = "+points[0])
	} else if len(points) > 1 {
		ranges = append(ranges, expression+" IN ("+strings.Join(points, ", ")+")")
	}
	switch len(ranges) {
	case 0:
		return "false"
	case 1:
		return ranges[0]
	}
	return "(" + strings.Join(ranges, " OR ") + ")"
}

// literal writes a whole number in the type of the column; the numbers are
// our own, so no parameter is needed and the engine can skip row groups.
func (t *Test) literal(n int64) string {
	switch {
	case t.derive != asIs:
		return strconv.FormatInt(n, 10)
	case t.isTime:
		return "TIMESTAMP '" + time.UnixMicro(n).UTC().Format("2006-01-02 15:04:05.000000") + "'"
	case t.isDay:
		return "DATE '" + dateOf(n).Format("2006-01-02") + "'"
	case t.Kind == "boolean" && !t.isFlag:
		return strconv.FormatBool(n != 0)
	}
	return strconv.FormatInt(n, 10)
}

func (t *Test) decimalSQL(column string) string {
	var parts []string
	number := func(f float64) string { return "CAST('" + strconv.FormatFloat(f, 'g', -1, 64) + "' AS DOUBLE)" }
	if t.low != nil && t.high != nil && *t.low == *t.high {
		return column + " = " + number(*t.low)
	}
	if t.low != nil {
		parts = append(parts, fmt.Sprintf("%s %s %s", column, map[bool]string{true: ">", false: ">="}[t.lowOpen], number(*t.low)))
	}
	if t.high != nil {
		parts = append(parts, fmt.Sprintf("%s %s %s", column, map[bool]string{true: "<", false: "<="}[t.hiOpen], number(*t.high)))
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
