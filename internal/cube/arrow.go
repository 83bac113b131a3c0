// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"fmt"
	"io"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"dangol/internal/platform/warehouse"
)

// ArrowType is the media type of an Arrow IPC stream.
const ArrowType = "application/vnd.apache.arrow.stream"

// batchRows is how many rows are written at a time.
const batchRows = 16_384

// schema describes the answer: dimensions are text, counts and money (in minor
// units) whole numbers. The metadata says what the numbers include.
func (r *Result) schema() *arrow.Schema {
	fields := make([]arrow.Field, len(r.Columns))
	for i, c := range r.Columns {
		var kind arrow.DataType = arrow.BinaryTypes.String
		if c.Role == "measure" {
			switch c.Kind {
			case warehouse.KindMoney, warehouse.KindInteger, warehouse.KindQuantity:
				kind = arrow.PrimitiveTypes.Int64
			default:
				kind = arrow.PrimitiveTypes.Float64
			}
		}
		fields[i] = arrow.Field{
			Name: c.Name, Type: kind, Nullable: true,
			Metadata: arrow.NewMetadata([]string{"role", "kind", "currency", "ko", "en"}, []string{c.Role, string(c.Kind), c.Currency, c.Label.Ko, c.Label.En}),
		}
	}
	about := arrow.NewMetadata(
		[]string{"as_of_seq", "as_of_at", "engine", "why", "currency", "row_count", "truncated"},
		[]string{
			strconv.FormatInt(r.AsOf.Seq, 10), r.AsOf.At.UTC().Format("2006-01-02T15:04:05.000000Z"), r.Explain.Engine, r.Explain.Why,
			r.Currency, strconv.FormatInt(r.RowCount, 10), strconv.FormatBool(r.Truncated),
		})
	return arrow.NewSchema(fields, &about)
}

// WriteArrow writes the cells as an Arrow IPC stream.
func (r *Result) WriteArrow(w io.Writer) error { return r.writeArrow(w, r.held) }

// held gives the rows that are in memory.
func (r *Result) held(emit func([][]any) error) error { return emit(r.Rows) }

func (r *Result) writeArrow(w io.Writer, rows func(emit func([][]any) error) error) error {
	schema := r.schema()
	out := ipc.NewWriter(w, ipc.WithSchema(schema))
	if err := recordBatches(schema, rows, out.Write); err != nil {
		return fmt.Errorf("write arrow: %w", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write arrow: %w", err)
	}
	return nil
}

// writeParquet writes the cells as a Parquet file compressed with zstd.
func (r *Result) writeParquet(w io.Writer, rows func(emit func([][]any) error) error) error {
	schema := r.schema()
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd))
	out, err := pqarrow.NewFileWriter(schema, w, properties, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	if err := recordBatches(schema, rows, out.Write); err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return nil
}

func recordBatches(schema *arrow.Schema, rows func(emit func([][]any) error) error, write func(arrow.RecordBatch) error) error {
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer builder.Release()
	held, written := 0, 0
	flush := func() error {
		batch := builder.NewRecordBatch()
		defer batch.Release()
		held, written = 0, written+1
		return write(batch)
	}
	err := rows(func(list [][]any) error {
		for _, row := range list {
			for i, v := range row {
				appendValue(builder.Field(i), v)
			}
			if held++; held == batchRows {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil || held == 0 && written > 0 {
		return err
	}
	return flush()
}

func appendValue(to array.Builder, v any) {
	switch b := to.(type) {
	case *array.Int64Builder:
		if n, ok := asFloat(v); ok {
			if whole, isWhole := v.(int64); isWhole {
				b.Append(whole)
			} else {
				b.Append(int64(n))
			}
			return
		}
	case *array.Float64Builder:
		if n, ok := asFloat(v); ok {
			b.Append(n)
			return
		}
	case *array.StringBuilder:
		if v != nil {
			b.Append(fmt.Sprint(v))
			return
		}
	}
	to.AppendNull()
}
