// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dangol/internal/cube"
)

// TestStreamedExport: what is streamed holds the lines of what is held in memory.
func TestStreamedExport(t *testing.T) {
	t.Parallel()
	shop := newShop(11, 90, 2500)
	held, _ := shop.openOptions(t, cube.Options{})
	streamed, _ := shop.openOptions(t, cube.Options{HeldCells: 5})
	questions := []cube.Query{
		{Measures: []string{"order.revenue", "order.customers"}, Dimensions: []string{"customer.sido", "order.day"}},
		{Measures: []string{"order.revenue", "order.average"}, Dimensions: []string{"product.name"}, Columns: []string{"order.month", "order.channel"}},
		{Measures: []string{"order.revenue", "order.revenue.share"}, Dimensions: []string{"order.day"}, Totals: []string{"grand"}},
		{Measures: []string{"order.count"}, Dimensions: []string{"order.week", "customer.age"}, Order: []cube.Order{{By: "order.count", Desc: true}}},
		{
			Measures: []string{"order.quantity"}, Dimensions: []string{"order.day"}, Columns: []string{"customer.sex"},
			Period: &cube.Period{From: "2025-01-01", To: "2025-12-31"}, Filters: &cube.Filter{Field: "customer.sido", Is: "is_set"},
		},
	}
	for i, q := range questions {
		for _, format := range []string{cube.FormatCSV, cube.FormatXLSX, cube.FormatParquet} {
			a, b := exported(t, held, q, format), exported(t, streamed, q, format)
			if format == cube.FormatParquet {
				if len(b) < 500 || !bytes.HasPrefix(b, []byte("PAR1")) || !bytes.HasSuffix(b, []byte("PAR1")) {
					t.Errorf("question %d: %d bytes of Parquet, %d in memory", i, len(b), len(a))
				}
				continue
			}
			x, y := linesOf(t, a, format), linesOf(t, b, format)
			if x[0] != y[0] || len(x) != len(y) {
				t.Fatalf("question %d as %s: %d lines in memory, %d streamed\n%s\n%s", i, format, len(x), len(y), x[0], y[0])
			}
			slices.Sort(x)
			slices.Sort(y)
			for k := range x {
				if x[k] != y[k] {
					t.Fatalf("question %d as %s:\nin memory %s\nstreamed  %s", i, format, x[k], y[k])
				}
			}
		}
	}
}

func exported(t *testing.T, s *cube.Service, q cube.Query, format string) []byte {
	t.Helper()
	e, err := s.Export(boss(), q, format, "시험")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := e.Write(boss(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func linesOf(t *testing.T, file []byte, format string) (lines []string) {
	t.Helper()
	if format == cube.FormatCSV {
		return strings.Split(strings.TrimSpace(string(file)), "\r\n")
	}
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		lines = append(lines, strings.Join(row, "|"))
	}
	return lines
}
