// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"dangol/internal/platform/warehouse"
)

const secondsPerDay = 24 * 60 * 60

func arrowType(kind string) (arrow.DataType, error) {
	switch kind {
	case warehouse.BigInt:
		return arrow.PrimitiveTypes.Int64, nil
	case warehouse.Integer:
		return arrow.PrimitiveTypes.Int32, nil
	case warehouse.Double:
		return arrow.PrimitiveTypes.Float64, nil
	case warehouse.Varchar:
		return arrow.BinaryTypes.String, nil
	case warehouse.Date:
		return arrow.FixedWidthTypes.Date32, nil
	case warehouse.Timestamp:
		return &arrow.TimestampType{Unit: arrow.Microsecond}, nil
	case warehouse.Boolean:
		return arrow.FixedWidthTypes.Boolean, nil
	}
	return nil, fmt.Errorf("column type %q is not one of the warehouse", kind)
}

func arrowSchema(columns []warehouse.Column) (*arrow.Schema, error) {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		kind, err := arrowType(c.Type)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		fields[i] = arrow.Field{Name: c.Name, Type: kind, Nullable: true}
	}
	return arrow.NewSchema(fields, nil), nil
}

// put appends one value to a column; a value that does not fit its column
// becomes NULL and is counted, because one odd value must not stop the feed.
func (b *batcher) put(builder array.Builder, v any) {
	if v == nil {
		builder.AppendNull()
		return
	}
	ok := false
	switch f := builder.(type) {
	case *array.Int64Builder:
		var n int64
		if n, ok = toInt(v); ok {
			f.Append(n)
		}
	case *array.StringBuilder:
		var s string
		if s, ok = toText(v); ok {
			f.Append(s)
		}
	case *array.TimestampBuilder:
		var n int64
		if n, ok = b.toLocal(v); ok {
			f.Append(arrow.Timestamp(n))
		}
	case *array.Int32Builder:
		var n int64
		if n, ok = toInt(v); ok {
			f.Append(int32(n)) //nolint:gosec // month numbers and small counts
		}
	case *array.Float64Builder:
		var n float64
		if n, ok = toFloat(v); ok {
			f.Append(n)
		}
	case *array.Date32Builder:
		var n int32
		if n, ok = toDays(v); ok {
			f.Append(arrow.Date32(n))
		}
	case *array.BooleanBuilder:
		var is bool
		if is, ok = toBool(v); ok {
			f.Append(is)
		}
	}
	if !ok {
		builder.AppendNull()
		if s, isText := v.(string); !isText || s != "" {
			b.odd.Add(1)
		}
	}
}

// toLocal turns a time (or µs UTC) into µs of wall-clock time in the company's zone.
func (b *batcher) toLocal(v any) (int64, bool) {
	var t time.Time
	switch x := v.(type) {
	case time.Time:
		t = x
	case int64:
		t = time.UnixMicro(x)
	default:
		return 0, false
	}
	_, offset := t.In(b.zone).Zone()
	return t.UnixMicro() + int64(offset)*1e6, true
}

func toInt(v any) (int64, bool) {
	switch x := v.(type) {
	case int64:
		return x, true
	case int:
		return int64(x), true
	case int32:
		return int64(x), true
	case bool:
		if x {
			return 1, true
		}
		return 0, true
	case float64:
		return int64(x), x == float64(int64(x))
	case string:
		n, err := strconv.ParseInt(x, 10, 64)
		return n, err == nil
	}
	return 0, false
}

func toFloat(v any) (float64, bool) {
	switch x := v.(type) {
	case float64:
		return x, isFinite(x)
	case string:
		n, err := strconv.ParseFloat(x, 64)
		return n, err == nil && isFinite(n)
	}
	n, ok := toInt(v)
	return float64(n), ok
}

// isFinite refuses what orders and sums differently on every engine.
func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func toText(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case []byte:
		return string(x), true
	case int64:
		return strconv.FormatInt(x, 10), true
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64), true
	case bool:
		return strconv.FormatBool(x), true
	}
	return "", false
}

func toBool(v any) (bool, bool) {
	switch x := v.(type) {
	case bool:
		return x, true
	case int64:
		return x != 0, true
	case string:
		is, err := strconv.ParseBool(x)
		return is, err == nil
	}
	return false, false
}

// toDays reads an ISO date (or a time) as days since 1970-01-01.
func toDays(v any) (int32, bool) {
	switch x := v.(type) {
	case time.Time:
		y, m, d := x.Date()
		return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay), true //nolint:gosec // fits until year 5 million
	case string:
		if len(x) < len("2006-01-02") {
			return 0, false
		}
		t, err := time.Parse("2006-01-02", x[:10])
		if err != nil || t.Year() < 1 {
			return 0, false
		}
		return floorDays(t.Unix()), true
	}
	return 0, false
}

func floorDays(seconds int64) int32 {
	days := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		days--
	}
	return int32(days) //nolint:gosec // fits until year 5 million
}
