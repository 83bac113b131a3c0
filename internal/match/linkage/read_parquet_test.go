// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"dangol/internal/platform/fault"
)

// parquetOf writes people with numbers, dates, texts and gaps.
func parquetOf(t testing.TB, people int) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: arrow.PrimitiveTypes.Int64},
		{Name: "name", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "birth", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "phone", Type: arrow.BinaryTypes.LargeString},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for i := range people {
		b.Field(0).(*array.Int64Builder).Append(int64(100 + i))
		if i%7 == 3 {
			b.Field(1).AppendNull()
			b.Field(2).AppendNull()
		} else {
			b.Field(1).(*array.StringBuilder).Append("김" + string(rune('가'+i*28)))
			b.Field(2).(*array.Date32Builder).Append(arrow.Date32(3650 + i))
		}
		b.Field(3).(*array.LargeStringBuilder).Append("010-2345-" + strconv.Itoa(1000+i))
	}
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy)), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	record := b.NewRecordBatch()
	defer record.Release()
	if err := w.Write(record); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestParquetIsReadLikeText(t *testing.T) {
	t.Parallel()
	whole := parquetOf(t, 50)
	table, err := Read(context.Background(), []string{write(t, "people.parquet", string(whole))}, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var first []string
	for _, c := range table.Columns {
		first = append(first, c.Name+"="+c.Value(0)+"/"+c.Value(3))
	}
	if got, want := strings.Join(first, " "), "name=김가/ birth=1979-12-30/ phone=010-2345-1000/010-2345-1003"; table.Rows != 50 || table.IDs[3] != "103" || got != want {
		t.Errorf("%d rows, id %s, %s; want %s", table.Rows, table.IDs[3], got, want)
	}
	for _, at := range []int{4, len(whole) / 3, len(whole) / 2, len(whole) - 5} {
		if _, err := Read(context.Background(), []string{write(t, "cut.parquet", string(whole[:at]))}, ReadOptions{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("cut at %d of %d: the error is %v", at, len(whole), err)
		}
	}
}

// TestDamagedParquetIsReadOrRefused turns over bytes: pages are trusted by the library, which falls over some of them.
func TestDamagedParquetIsReadOrRefused(t *testing.T) {
	t.Parallel()
	whole := parquetOf(t, 30)
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		damaged := bytes.Clone(whole)
		for range 1 + random.IntN(4) {
			damaged[random.IntN(len(damaged))] = byte(random.IntN(256))
		}
		if _, err := Read(context.Background(), []string{write(t, "damaged.parquet", string(damaged))}, ReadOptions{}); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatalf("the error is %v", err)
		}
	}
}

// FuzzReadParquet turns over bytes of a whole file: it is read or refused, nothing falls over.
func FuzzReadParquet(f *testing.F) {
	whole := parquetOf(f, 30)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, content []byte) {
		table, err := Read(context.Background(), []string{write(t, "fuzz.parquet", string(content))}, ReadOptions{})
		if err != nil {
			return
		}
		for _, c := range table.Columns {
			if len(c.Codes) != table.Rows {
				t.Fatalf("column %q has %d codes for %d rows", c.Name, len(c.Codes), table.Rows)
			}
		}
	})
}
