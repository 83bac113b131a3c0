// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"math"
	"strconv"
	"time"

	"dangol/internal/platform/warehouse"
)

// Of makes the value of a column out of what a table's Load emits, by the same
// rules by which the warehouse stores it: what does not fit is missing.
func Of(columnType string, v any, zone *time.Location) Value {
	if v == nil {
		return Value{}
	}
	switch columnType {
	case warehouse.Varchar:
		switch x := v.(type) {
		case string:
			return Text(x)
		case []byte:
			return Text(string(x))
		case int64:
			return Text(strconv.FormatInt(x, 10))
		case float64:
			return Text(strconv.FormatFloat(x, 'g', -1, 64))
		case bool:
			return Text(strconv.FormatBool(x))
		}
	case warehouse.Double:
		return decimalOf(v)
	case warehouse.Date:
		return dayOf(v)
	case warehouse.Timestamp:
		switch x := v.(type) {
		case time.Time:
			return Local(x.In(zone))
		case int64:
			return Local(time.UnixMicro(x).In(zone))
		}
	case warehouse.Boolean:
		switch x := v.(type) {
		case bool:
			return Bool(x)
		case int64:
			return Bool(x != 0)
		case string:
			if is, err := strconv.ParseBool(x); err == nil {
				return Bool(is)
			}
		}
	default:
		return wholeOf(v)
	}
	return Value{}
}

func wholeOf(v any) Value {
	switch x := v.(type) {
	case int64:
		return Int(x)
	case int:
		return Int(int64(x))
	case int32:
		return Int(int64(x))
	case bool:
		return Bool(x)
	case float64:
		if x == float64(int64(x)) {
			return Int(int64(x))
		}
	case string:
		if n, err := strconv.ParseInt(x, 10, 64); err == nil {
			return Int(n)
		}
	}
	return Value{}
}

func decimalOf(v any) Value {
	var f float64
	switch x := v.(type) {
	case float64:
		f = x
	case string:
		n, err := strconv.ParseFloat(x, 64)
		if err != nil {
			return Value{}
		}
		f = n
	default:
		n := wholeOf(v)
		if n.Kind == Missing {
			return Value{}
		}
		f = float64(n.Int)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}
	}
	return Dec(f)
}

func dayOf(v any) Value {
	switch x := v.(type) {
	case time.Time:
		return Date(x)
	case string:
		if len(x) < len("2006-01-02") {
			return Value{}
		}
		if t, err := time.Parse("2006-01-02", x[:10]); err == nil && t.Year() >= 1 {
			return Date(t)
		}
	}
	return Value{}
}
