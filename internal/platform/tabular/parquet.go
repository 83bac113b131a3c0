// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// parquetBatch is how many rows are decoded at a time.
const parquetBatch = 64 << 10

func readParquet(path string, raw []byte, o Options) (table *Table, err error) {
	// A damaged file makes the library panic in places; for a person it is a bad file like any other.
	defer func() {
		if r := recover(); r != nil {
			table, err = nil, inFile(path, fmt.Errorf("it cannot be read as Parquet; write it again (%v)", r))
		}
	}()
	table, err = parquetTable(raw, o)
	if err != nil {
		return nil, inFile(path, fmt.Errorf("it cannot be read as Parquet; write it again (%w)", err))
	}
	for i, c := range table.Columns {
		if table.Columns[i], err = c.As(o.kind(c.Name)); err != nil {
			return nil, err
		}
	}
	return table, nil
}

func parquetTable(raw []byte, o Options) (*Table, error) {
	reader, err := file.NewParquetReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }()
	arrows, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{BatchSize: parquetBatch}, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	records, err := arrows.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		return nil, err
	}
	defer records.Release()
	table := &Table{Format: "parquet"}
	for _, field := range records.Schema().Fields() {
		table.Columns = append(table.Columns, &Column{Name: field.Name})
	}
	if err := table.has(o.Columns); err != nil {
		return nil, err
	}
	table.Columns = nil
	var builders []*builder
	for _, field := range records.Schema().Fields() {
		if !o.wants(field.Name) {
			builders = append(builders, nil)
			continue
		}
		b := &builder{column: &Column{Name: field.Name, Kind: kindOf(field.Type)}}
		b.prepare(int(reader.NumRows()))
		builders = append(builders, b)
		table.Columns = append(table.Columns, b.column)
	}
	for records.Next() {
		batch := records.RecordBatch()
		table.Rows += int(batch.NumRows())
		for i, values := range batch.Columns() {
			if builders[i] != nil {
				builders[i].take(values)
			}
		}
	}
	if table.Rows == 0 && records.Err() == nil {
		return nil, errors.New("it holds no row")
	}
	return table, records.Err()
}

func kindOf(t arrow.DataType) Kind {
	switch t.ID() {
	case arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64, arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64,
		arrow.FLOAT16, arrow.FLOAT32, arrow.FLOAT64, arrow.DECIMAL32, arrow.DECIMAL64, arrow.DECIMAL128, arrow.DECIMAL256:
		return Number
	case arrow.DATE32, arrow.DATE64, arrow.TIMESTAMP:
		return Date
	}
	return Words
}

// take keeps the values of one batch.
func (b *builder) take(values arrow.Array) {
	for i := range values.Len() {
		switch {
		case values.IsNull(i):
			b.add("")
		case b.column.Kind == Date:
			b.column.Dates = append(b.column.Dates, dateAt(values, i))
		case b.column.Kind == Number:
			b.number(values, i)
		default:
			b.word(values.ValueStr(i))
		}
	}
}

func dateAt(values arrow.Array, i int) int64 {
	switch a := values.(type) {
	case *array.Date32:
		return a.Value(i).ToTime().UnixMicro()
	case *array.Date64:
		return a.Value(i).ToTime().UnixMicro()
	case *array.Timestamp:
		return a.Value(i).ToTime(a.DataType().(*arrow.TimestampType).Unit).UnixMicro()
	}
	return NoDate
}

func (b *builder) number(values arrow.Array, i int) {
	var v float64
	switch a := values.(type) {
	case *array.Int64:
		v = float64(a.Value(i))
	case *array.Int32:
		v = float64(a.Value(i))
	case *array.Float64:
		v = a.Value(i)
	case *array.Float32:
		v = float64(a.Value(i))
	default:
		b.add(values.ValueStr(i)) // small integers and decimals
		return
	}
	if math.IsInf(v, 0) {
		b.column.Infinite++
	}
	if math.IsNaN(v) {
		b.column.Missing++
	}
	b.column.Numbers = append(b.column.Numbers, v)
}
