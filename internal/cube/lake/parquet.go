// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"dangol/internal/cube/workspace"
	"dangol/internal/platform/warehouse"
)

// groupRows is how many rows lie in one row group: what is held in memory.
const groupRows = 1 << 17

var kinds = map[string]arrow.DataType{
	warehouse.BigInt: arrow.PrimitiveTypes.Int64, warehouse.Integer: arrow.PrimitiveTypes.Int32, warehouse.Double: arrow.PrimitiveTypes.Float64,
	warehouse.Varchar: arrow.BinaryTypes.String, warehouse.Date: arrow.FixedWidthTypes.Date32,
	warehouse.Timestamp: &arrow.TimestampType{Unit: arrow.Microsecond}, warehouse.Boolean: arrow.FixedWidthTypes.Boolean,
}

func schemaOf(t *workspace.Table) *arrow.Schema {
	fields := make([]arrow.Field, len(t.Columns))
	for i, c := range t.Columns {
		kind, ok := kinds[c.Type]
		if !ok {
			kind = arrow.BinaryTypes.String
		}
		fields[i] = arrow.Field{Name: c.Name, Type: kind, Nullable: true, Metadata: arrow.NewMetadata([]string{"ko", "en"}, []string{c.Label.Ko, c.Label.En})}
	}
	return arrow.NewSchema(fields, nil)
}

func selectOf(t *workspace.Table) string {
	var out strings.Builder
	out.WriteString("SELECT ")
	for i, c := range t.Columns {
		if i > 0 {
			out.WriteString(", ")
		}
		name := `"` + strings.ReplaceAll(c.Name, `"`, `""`) + `"`
		if _, ok := kinds[c.Type]; !ok {
			name = "CAST(" + name + " AS VARCHAR)"
		}
		out.WriteString(name)
	}
	out.WriteString(` FROM "` + strings.ReplaceAll(t.Name, `"`, `""`) + `"`)
	return out.String()
}

// copyRows streams the rows of a table into a Parquet file.
func copyRows(ctx context.Context, s warehouse.Session, t *workspace.Table, w io.Writer) (n int64, err error) {
	schema := schemaOf(t)
	out, err := pqarrow.NewFileWriter(schema, w, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd)), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return 0, err
	}
	rows, err := s.Query(ctx, selectOf(t))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer builder.Release()
	row, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range row {
		into[i] = &row[i]
	}
	flush := func() error {
		batch := builder.NewRecordBatch()
		defer batch.Release()
		return out.Write(batch)
	}
	held := 0
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		for i, v := range row {
			add(builder.Field(i), v)
		}
		n++
		if held++; held == groupRows {
			if err := flush(); err != nil {
				return n, err
			}
			held = 0
		}
	}
	if err := rows.Err(); err != nil {
		return n, err
	}
	if err := flush(); err != nil {
		return n, err
	}
	return n, out.Close()
}

func add(to array.Builder, v any) {
	switch x := v.(type) {
	case int64:
		if b, ok := to.(*array.Int64Builder); ok {
			b.Append(x)
			return
		}
	case int32:
		switch b := to.(type) {
		case *array.Int32Builder:
			b.Append(x)
			return
		case *array.Int64Builder:
			b.Append(int64(x))
			return
		}
	case float64:
		if b, ok := to.(*array.Float64Builder); ok {
			b.Append(x)
			return
		}
	case string:
		if b, ok := to.(*array.StringBuilder); ok {
			b.Append(x)
			return
		}
	case bool:
		if b, ok := to.(*array.BooleanBuilder); ok {
			b.Append(x)
			return
		}
	case time.Time:
		switch b := to.(type) {
		case *array.Date32Builder:
			b.Append(arrow.Date32FromTime(x))
			return
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp(x.UnixMicro()))
			return
		}
	}
	to.AppendNull()
}
