// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ClickHouse renders the test for ClickHouse over an expression that holds what the image keeps: whole numbers
// (days, µs of local time, 0 and 1), decimals or texts. monthDay is the expression with month*100+day of it.
// The result is 0 or 1, never NULL.
func (t *Test) ClickHouse(expression, monthDay string) string {
	text := "ifNull(" + t.clickHouse(expression, monthDay) + ", 0)"
	if t.negate {
		return "NOT " + text
	}
	return text
}

func (t *Test) clickHouse(column, monthDayColumn string) string {
	switch t.form {
	case formSet:
		if t.isText() {
			return column + " != ''"
		}
		return "isNotNull(" + column + ")"
	case formSpans:
		return t.clickHouseSpans(t.clickHouseDerived(column, monthDayColumn))
	case formDecimal:
		return t.clickHouseDecimal(column)
	case formTexts:
		words := make([]string, len(t.texts))
		for i, s := range t.texts {
			words[i] = ClickHouseText(s)
		}
		if len(words) == 0 {
			return "0"
		}
		return column + " IN (" + strings.Join(words, ", ") + ")"
	case formContains:
		return "position(lowerUTF8(" + column + "), " + ClickHouseText(t.part) + ") > 0"
	case formStarts:
		return "startsWith(lowerUTF8(" + column + "), " + ClickHouseText(t.part) + ")"
	}
	return "0"
}

func (t *Test) clickHouseDerived(column, monthDayColumn string) string {
	day := column
	if t.isTime {
		day = ClickHouseFloor(column, microsPerDay)
	}
	switch t.derive {
	case monthDay:
		return monthDayColumn
	case weekdayOf: // day 0 is a Thursday
		return "(modulo(modulo(" + day + " + 3, 7) + 7, 7) + 1)"
	case hourOf:
		return "(" + ClickHouseFloor(column, microsPerDay/24) + " - 24 * " + ClickHouseFloor(column, microsPerDay) + ")"
	}
	return column
}

func (t *Test) clickHouseSpans(expression string) string {
	var parts []string
	number := func(n int64) string { return "toInt64(" + strconv.FormatInt(n, 10) + ")" }
	for _, s := range t.spans {
		switch {
		case s.low > s.high:
		case s.low == s.high:
			parts = append(parts, expression+" = "+number(s.low))
		case s.low == math.MinInt64 && s.high == math.MaxInt64:
			parts = append(parts, "isNotNull("+expression+")")
		case s.low == math.MinInt64:
			parts = append(parts, expression+" <= "+number(s.high))
		case s.high == math.MaxInt64:
			parts = append(parts, expression+" >= "+number(s.low))
		default:
			parts = append(parts, "("+expression+" >= "+number(s.low)+" AND "+expression+" <= "+number(s.high)+")")
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

func (t *Test) clickHouseDecimal(column string) string {
	var parts []string
	number := func(f float64) string { return strconv.FormatFloat(f, 'e', -1, 64) }
	if t.low != nil {
		parts = append(parts, fmt.Sprintf("%s %s %s", column, map[bool]string{true: ">", false: ">="}[t.lowOpen], number(*t.low)))
	}
	if t.high != nil {
		parts = append(parts, fmt.Sprintf("%s %s %s", column, map[bool]string{true: "<", false: "<="}[t.hiOpen], number(*t.high)))
	}
	if len(parts) == 0 {
		return "isNotNull(" + column + ")"
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

// ClickHouseFloor divides and rounds down; intDiv rounds towards nought.
func ClickHouseFloor(expression string, by int64) string {
	return fmt.Sprintf("(intDiv(%s, toInt64(%d)) - if(modulo(%[1]s, toInt64(%[2]d)) < 0, 1, 0))", expression, by)
}

// ClickHouseText writes a text as a literal.
func ClickHouseText(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\t", `\t`, "\r", `\r`, "\x00", `\0`).Replace(s) + "'"
}
