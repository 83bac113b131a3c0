// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func day(text string) int64 {
	at, _ := time.Parse(time.DateOnly, text)
	return at.UnixMicro()
}

const mixed = "고객,번호,금액,날짜,등급\n김,0012,\"1,200원\",2024-03-05,A\n이,0007,-3.5,2024년 3월 6일,\n박,0001,,2024.3.7,B\n"

func TestKindsAreRecognised(t *testing.T) {
	t.Parallel()
	table, err := Read(write(t, "a.csv", mixed), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Kind{Words, Words, Number, Date, Words}
	for i, c := range table.Columns {
		if c.Kind != want[i] {
			t.Errorf("column %s is %s, want %s", c.Name, c.Kind, want[i])
		}
	}
	amount := table.Columns[2]
	if amount.Numbers[0] != 1200 || amount.Numbers[1] != -3.5 || !math.IsNaN(amount.Numbers[2]) || amount.Missing != 1 {
		t.Errorf("amounts %v, missing %d", amount.Numbers, amount.Missing)
	}
	for i, want := range []string{"2024-03-05", "2024-03-06", "2024-03-07"} {
		if table.Columns[3].Dates[i] != day(want) {
			t.Errorf("date %d is %s, want %s", i, table.Columns[3].Text(i), want)
		}
	}
	if table.Columns[1].Text(1) != "0007" || table.Columns[4].Codes[1] != NoCode || table.Columns[4].Missing != 1 {
		t.Error("codes lose their zeros, or empty text is not missing")
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	cp949, _ := korean.EUCKR.NewEncoder().String(mixed)
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(mixed)
	bare, _ := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String("a,b\n1,2\n")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(mixed))
	_ = z.Close()
	for name, text := range map[string]string{"utf-8": "\ufeff" + mixed, "cp949": cp949, "utf-16le": utf16, "utf-8 packed": packed.String()} {
		table, err := Read(write(t, "a.csv", text), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if table.Columns[0].Name != "고객" || table.Columns[0].Text(2) != "박" || !strings.HasPrefix(name, table.Encoding) {
			t.Errorf("%s: read as %s, %q %q", name, table.Encoding, table.Columns[0].Name, table.Columns[0].Text(2))
		}
	}
	if table, err := Read(write(t, "b.csv", bare), Options{}); err != nil || table.Columns[1].Numbers[0] != 2 {
		t.Errorf("UTF-16 without a mark: %v", err)
	}
}

func TestRowsAndCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		rows       int
		last       string
		notes      int
	}{
		{"quotes and lines inside", "a,b\n\"x \"\"y\"\"\",\"1\n2\"\r\n\r\nz,w", 2, "w", 0},
		{"semicolons", "a;b\n1,5;2\n3;4\n", 2, "4", 1},
		{"tabs", "a\tb\n1\tx y\n", 1, "x y", 0},
		{"short and long rows", "a,b\n1\n" + strings.Repeat("1,2\n", 20) + "1,2,3\n", 22, "2", 2},
		{"a quote that never closes", "a,b\n\"x,1\ny,2\n", 2, "2", 0},
		{"quote within a cell", "a,b\n5\" pipe,1\n", 1, "1", 0},
	} {
		table, err := Read(write(t, "a.csv", c.text), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		b := table.Columns[1]
		if table.Rows != c.rows || b.Len() != c.rows || b.Text(c.rows-1) != c.last || len(table.Notes) != c.notes {
			t.Errorf("%s: %d rows, last %q, notes %v", c.name, table.Rows, b.Text(b.Len()-1), table.Notes)
		}
	}
}

func TestBadFilesSayWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, want string
		o                Options
	}{
		{"empty", "", "empty", Options{}},
		{"header only", "a,b\n", "no row", Options{}},
		{"no number", "a,b\n1,2\n1,x\n", "line 3", Options{Kinds: map[string]Kind{"b": Number}}},
		{"no date", "a,b\n1,20240231\n", "is no date", Options{Kinds: map[string]Kind{"b": Date}}},
		{"wrong delimiter", "a,b\n1,2,3\n1,2,3\n", "delimiter", Options{}},
		{"cut gzip", "\x1f\x8b\x08\x00\x00", "", Options{}},
		{"no parquet", "PAR1 and nothing", "Parquet", Options{}},
		{"unknown column", "a,b\n1,2\n", "the file has a, b", Options{Columns: []string{"a", "z"}}},
	} {
		_, err := Read(write(t, "a.csv", c.text), c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none.csv"), Options{}); err == nil || !strings.Contains(err.Error(), "no file") {
		t.Error(err)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cell  string
		order order
		want  string
	}{
		{"19970131", yearFirst, "1997-01-31"},
		{"2024/1/5 13:45", yearFirst, "2024-01-05 13:45:00"},
		{"2024-01-05T13:45:10+09:00", yearFirst, "2024-01-05 13:45:10"},
		{"2024. 3. 5.", yearFirst, "2024-03-05"},
		{"2024. 3. 5. 10:20", yearFirst, "2024-03-05 10:20:00"},
		{"31/12/2023", dayFirst, "2023-12-31"},
		{"12/31/2023", monthFirst, "2023-12-31"},
		{"2023-02-29", yearFirst, ""},
		{"12", yearFirst, ""},
		{"2024-13-01", yearFirst, ""},
	} {
		micro, ok := parseDate(c.cell, c.order, true)
		if got := formatDate(micro); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q: %q %v, want %q", c.cell, got, ok, c.want)
		}
	}
	table, err := Read(write(t, "a.csv", "d\n13/01/2024\n02/01/2024\n"), Options{})
	if err != nil || table.Columns[0].Kind != Date || table.Columns[0].Dates[1] != day("2024-01-02") {
		t.Errorf("day first: %v %+v", err, table.Columns[0])
	}
}

func TestParquet(t *testing.T) {
	t.Parallel()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "x", Type: arrow.PrimitiveTypes.Float64},
		{Name: "s", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "d", Type: arrow.FixedWidthTypes.Date32},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	b.Field(0).(*array.Int64Builder).AppendValues([]int64{19970101, 0}, []bool{true, false})
	b.Field(1).(*array.Float64Builder).AppendValues([]float64{1.5, math.Inf(1)}, nil)
	b.Field(2).(*array.StringBuilder).AppendValues([]string{"가", ""}, []bool{true, false})
	b.Field(3).(*array.Date32Builder).AppendValues([]arrow.Date32{arrow.Date32FromTime(time.UnixMicro(day("2024-03-05"))), 0}, nil)
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(b.NewRecordBatch()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	table, err := Read(write(t, "a.parquet", out.String()), Options{Kinds: map[string]Kind{"n": Date}})
	if err != nil {
		t.Fatal(err)
	}
	c := table.Columns
	if c[0].Dates[0] != day("1997-01-01") || c[0].Dates[1] != NoDate || c[1].Infinite != 1 || c[2].Text(0) != "가" || !c[2].IsMissing(1) || c[3].Text(0) != "2024-03-05" {
		t.Errorf("%+v %+v %+v %+v", c[0], c[1], c[2], c[3])
	}
}

func FuzzRead(f *testing.F) {
	f.Add(mixed)
	f.Add("a\n\"")
	f.Add("PAR1PAR1")
	f.Add("a;b\n1,5;2\n(1.2);Q1 2020\n")
	f.Fuzz(func(_ *testing.T, text string) {
		decoded, _, err := decode([]byte(text), "")
		if err != nil {
			return
		}
		if table, err := readCSV(decoded, Options{}); err == nil {
			for _, c := range table.Columns {
				if c.Len() != table.Rows {
					panic("a column is shorter than its table")
				}
			}
		}
	})
}
