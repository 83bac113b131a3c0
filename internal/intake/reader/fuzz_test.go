// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dangol/internal/platform/fault"
)

// tight limits let the fuzzer reach them.
var tight = Limits{CellBytes: 300, RowBytes: 1000, Columns: 50, UnpackedBytes: 1 << 20, StringBytes: 1 << 16}

// readFuzzed reads whatever it is and checks what every reader promises.
func readFuzzed(t *testing.T, raw []byte, o Options) {
	t.Helper()
	o.Limits = tight
	f, err := OpenAt(bytes.NewReader(raw), int64(len(raw)), "x", o)
	if err != nil {
		if _, ok := fault.As(err); !ok {
			t.Fatalf("not a fault: %v", err)
		}
		return
	}
	width, last := len(f.Shape().Columns), 0
	var rows [][]string
	var positions []Position
	for {
		row, number, err := f.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *RowError
		if err != nil && !errors.As(err, &bad) {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		if number < last || err == nil && len(row) != width {
			t.Fatalf("row %d after %d with %d of %d cells", number, last, len(row), width)
		}
		last = number
		if err == nil && len(rows) < 100 {
			rows, positions = append(rows, slices.Clone(row)), append(positions, f.Position())
		}
	}
	for i := 0; i+1 < len(rows); i += 7 {
		if err := f.SkipTo(positions[i]); err != nil {
			t.Fatalf("skip to %+v: %v", positions[i], err)
		}
		for {
			row, _, err := f.Next()
			var bad *RowError
			if errors.As(err, &bad) {
				continue
			}
			if err != nil || !slices.Equal(row, rows[i+1]) {
				t.Fatalf("behind %+v: %q %v, want %q", positions[i], row, err, rows[i+1])
			}
			break
		}
	}
}

func addFiles(f *testing.F, pattern string) {
	f.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
}

func FuzzOpen(f *testing.F) {
	addFiles(f, "testdata/*.good.*")
	addFiles(f, "testdata/*.bad.*")
	f.Add([]byte("a,b\n\"x\n1,2\n3,4\n5,6\n"))
	f.Add([]byte("\xff\xfe\x00\xd8,\x00"))
	f.Add([]byte("\"\r\r\"\r,"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		readFuzzed(t, raw, Options{})
		readFuzzed(t, raw, Options{Format: CSV, HeaderRow: NoHeader})
	})
}

func FuzzCards(f *testing.F) {
	addFiles(f, "testdata/*.vcf")
	f.Fuzz(func(t *testing.T, raw []byte) { readFuzzed(t, raw, Options{Format: VCard}) })
}

func FuzzTable(f *testing.F) {
	addFiles(f, "testdata/table*.xls")
	f.Add([]byte("<table><tr><td rowspan=3>a<td colspan=9>b<tr><td><table><tr><td>c</table><tr><th>d</table>"))
	f.Fuzz(func(t *testing.T, raw []byte) { readFuzzed(t, raw, Options{Format: HTML}) })
}

func FuzzSheet(f *testing.F) {
	f.Add([]byte(`<worksheet><dimension ref="A1:B3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>이름</t></is></c></row><row r="3"><c s="1"><v>32875.5</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`),
		[]byte(`<sst><si><t>주소</t></si><si><r><t>a</t></r><rPh><t>x</t></rPh></si></sst>`),
		[]byte(`<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;년&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`))
	f.Fuzz(func(t *testing.T, sheet, texts, styles []byte) {
		var buffer bytes.Buffer
		w := zip.NewWriter(&buffer)
		for name, text := range map[string][]byte{
			"xl/workbook.xml":            []byte(`<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>`),
			"xl/_rels/workbook.xml.rels": []byte(`<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/><Relationship Id="b" Type="x/sharedStrings" Target="t.xml"/><Relationship Id="c" Type="x/styles" Target="u.xml"/></Relationships>`),
			"xl/s.xml":                   sheet, "xl/t.xml": texts, "xl/u.xml": styles,
		} {
			p, err := w.Create(name)
			if err == nil {
				_, err = p.Write(text)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		readFuzzed(t, buffer.Bytes(), Options{})
	})
}

func FuzzNumberFormat(f *testing.F) {
	f.Add(`[<=9999999]###-####;(0##) ###-####`, "1012345678")
	f.Add(`yyyy"년" m"월"`, "32875.5")
	f.Add(`_-* #,##0_-;\-* #,##0_-`, "-1e300")
	f.Fuzz(func(t *testing.T, code, raw string) {
		format := formatOfCode(code)
		format.show(nil, []byte(raw), false)
		format.show(nil, []byte(raw), true)
	})
}

// What is written reads back as it was, but for neutralised formulas and the spaces around cells.
func FuzzWriter(f *testing.F) {
	f.Add("이름", "=1+1", byte(','))
	f.Add(" a\"b ", "\r\n", byte('\t'))
	f.Fuzz(func(t *testing.T, a, b string, delimiter byte) {
		if !slices.Contains(delimiters, delimiter) || bytes.ContainsRune([]byte(a+b), 0) {
			return
		}
		var buffer bytes.Buffer
		w, err := NewWriter(&buffer, WriterOptions{Delimiter: delimiter})
		if err != nil {
			t.Fatal(err)
		}
		rows := [][]string{{a, b}, {b, a}, {"x", a + b}}
		for _, row := range rows {
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		s := scannerOver(buffer.Bytes()[3:], dialect{delimiter: delimiter, quotes: true})
		d := &delimited{scanner: s}
		for _, row := range rows {
			got, err := s.next()
			if err != nil || got.result != complete {
				t.Fatalf("%q: %v %v", buffer.String(), got.result, err)
			}
			d.build(got)
			if want := []string{Neutralise(row[0]), Neutralise(row[1])}; !slices.Equal(d.row, want) {
				t.Fatalf("%q reads as %q, want %q", buffer.String(), d.row, want)
			}
		}
	})
}
