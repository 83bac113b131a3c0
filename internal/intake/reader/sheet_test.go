// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dangol/internal/platform/fault"
)

// workbookOf builds a workbook and returns its bytes.
func workbookOf(t testing.TB, build func(f *excelize.File), options ...excelize.Options) []byte {
	t.Helper()
	f := excelize.NewFile()
	build(f)
	buffer, err := f.WriteToBuffer()
	if len(options) > 0 {
		buffer = new(bytes.Buffer)
		err = f.Write(buffer, options...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func set(t testing.TB, f *excelize.File, cells map[string]any) {
	t.Helper()
	for at, value := range cells {
		if err := f.SetCellValue("Sheet1", at, value); err != nil {
			t.Fatal(err)
		}
	}
}

func style(t testing.TB, f *excelize.File, at string, s excelize.Style) {
	t.Helper()
	id, err := f.NewStyle(&s)
	if err == nil {
		err = f.SetCellStyle("Sheet1", at, at, id)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func custom(code string) excelize.Style { return excelize.Style{CustomNumFmt: &code} }

func TestSheetValues(t *testing.T) {
	t.Parallel()
	raw := workbookOf(t, func(f *excelize.File) {
		set(t, f, map[string]any{
			"A1": "주문번호", "B1": "우편번호", "C1": "휴대폰", "D1": "생년월일", "E1": "주문일시", "F1": "금액", "G1": "비율", "H1": "메모", "I1": "동의", "J1": "시각",
			"A2": 202611210012345, "B2": 4524, "C2": 1023456789, "D2": 32875, "E2": time.Date(2026, 11, 21, 14, 5, 6, 0, time.UTC), "F2": 12000.5, "G2": 0.125,
			"H2": "줄\n바꿈 & <꺾쇠>", "I2": true, "J2": 0.5, "A3": 2, "C3": "010-9876-5432",
		})
		style(t, f, "B2", custom("00000"))
		style(t, f, "C2", custom("000-0000-0000"))
		style(t, f, "D2", excelize.Style{NumFmt: 14})
		style(t, f, "E2", custom("yyyy-mm-dd hh:mm:ss"))
		style(t, f, "F2", custom(`"₩"#,##0`))
		style(t, f, "G2", excelize.Style{NumFmt: 10})
		style(t, f, "J2", custom("h:mm AM/PM"))
	})
	f := openBytes(t, "x.xlsx", string(raw), Options{})
	rows, numbers, messages, err := readAll(f)
	want := `[["202611210012345" "04524" "010-2345-6789"` // 1023456789 in a mask of eleven places
	if err != nil || len(rows) != 2 || len(messages) > 0 || numbers[0] != 2 {
		t.Fatalf("%q %v %q %v", rows, numbers, messages, err)
	}
	if got := fmt.Sprintf("%q", rows[:1]); !strings.HasPrefix(got, want) {
		t.Errorf("got %s", got)
	}
	for column, want := range map[int]string{3: "1990-01-02", 4: "2026-11-21 14:05:06", 5: "₩12000.5", 6: "12.5%", 7: "줄\n바꿈 & <꺾쇠>", 8: "TRUE", 9: "12:00:00"} {
		if rows[0][column] != want {
			t.Errorf("column %d: %q, want %q", column, rows[0][column], want)
		}
	}
	if len(rows[1]) != 10 || rows[1][2] != "010-9876-5432" || rows[1][9] != "" {
		t.Errorf("short row: %q", rows[1])
	}
	if f.Shape().Sheet != "Sheet1" || f.Shape().RowsAbout != 2 {
		t.Errorf("shape %+v", f.Shape())
	}
}

func TestMergedHeaders(t *testing.T) {
	t.Parallel()
	raw := workbookOf(t, func(f *excelize.File) {
		set(t, f, map[string]any{
			"A1": "2026년 고객 명단", "A2": "이름", "B2": "연락처", "D2": "주소", "B3": "휴대폰", "C3": "이메일", "D3": "우편번호", "E3": "기본주소",
			"A4": "홍길동", "B4": "010-2345-6789", "C4": "h@a.kr", "D4": "06236", "E4": "서울 강남구 테헤란로 152", "A5": "합계", "E5": "1명",
		})
		for _, merge := range [][2]string{{"A1", "E1"}, {"A2", "A3"}, {"B2", "C2"}, {"D2", "E2"}} {
			if err := f.MergeCell("Sheet1", merge[0], merge[1]); err != nil {
				t.Fatal(err)
			}
		}
	})
	f := openBytes(t, "x.xlsx", string(raw), Options{})
	if got := fmt.Sprintf("%q", f.Shape().Headers()); got != `["이름" "연락처 / 휴대폰" "연락처 / 이메일" "주소 / 우편번호" "주소 / 기본주소"]` || f.Shape().HeaderRow != 3 || f.Shape().HeaderRows != 2 {
		t.Errorf("headers %s row %d", got, f.Shape().HeaderRow)
	}
	rows, _, messages, err := readAll(f)
	if err != nil || len(rows) != 1 || len(messages) != 1 || rows[0][3] != "06236" {
		t.Errorf("%q %q %v", rows, messages, err)
	}
}

// SmartStore: a notice in row 1, headers in row 2, protected by a password (M-IMP-2).
func TestSmartStore(t *testing.T) {
	t.Parallel()
	raw := workbookOf(t, func(f *excelize.File) {
		set(t, f, map[string]any{
			"A1": "다운로드 받은 파일의 개인정보를 안전하게 관리하세요.", "A2": "상품주문번호", "B2": "주문번호", "C2": "구매자명", "D2": "구매자ID", "E2": "수취인명", "F2": "결제일", "G2": "수량", "H2": "상품별 총 주문금액",
			"A3": "2026112100001", "B3": "2026112100000", "C3": "홍길동", "D3": "hong****", "E3": "김철수", "F3": "2026-11-21 10:00:00", "G3": 2, "H3": 24000,
		})
	}, excelize.Options{Password: "비밀1234"})
	if _, err := OpenAt(bytes.NewReader(raw), int64(len(raw)), "x.xlsx", Options{}); fault.CodeOf(err) != "file.password" {
		t.Errorf("without password: %v", err)
	}
	if _, err := OpenAt(bytes.NewReader(raw), int64(len(raw)), "x.xlsx", Options{Password: "x"}); fault.CodeOf(err) != "file.wrong_password" {
		t.Errorf("wrong password: %v", err)
	}
	f := openBytes(t, "x.xlsx", string(raw), Options{Password: "비밀1234"})
	rows, _, _, err := readAll(f)
	if err != nil || f.Shape().HeaderRow != 2 || len(rows) != 1 || rows[0][2] != "홍길동" || rows[0][7] != "24000" {
		t.Errorf("row %d %q %v", f.Shape().HeaderRow, rows, err)
	}
}

func TestSheetResume(t *testing.T) {
	t.Parallel()
	raw := workbookOf(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3000 {
			row := []any{"이름", "금액"}
			if i > 0 {
				row = []any{fmt.Sprintf("김%d", i), i}
			}
			if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	})
	f := openBytes(t, "x.xlsx", string(raw), Options{})
	if err := f.SkipTo(Position{Row: 2000}); err != nil {
		t.Fatal(err)
	}
	row, number, err := f.Next()
	if err != nil || number != 2001 || row[0] != "김2000" {
		t.Errorf("%q %d %v", row, number, err)
	}
	if f.Shape().RowsAbout < 2000 || f.Shape().RowsAbout > 4500 {
		t.Errorf("about %d rows", f.Shape().RowsAbout)
	}
}

// bomb packs zeros into a part of a workbook.
func bomb(t *testing.T, name string, megabytes int) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	parts := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>이름</t></is></c></row></sheetData></worksheet>`,
		"xl/sharedStrings.xml":       `<sst></sst>`,
	}
	delete(parts, name)
	for part, text := range parts {
		p, err := w.Create(part)
		if err == nil {
			_, err = p.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	head := `<worksheet><sheetData>`
	long := strings.Repeat("a", 4000)
	row := `<row><c t="inlineStr"><is><t>` + long + `</t></is></c></row>`
	if strings.Contains(name, "Strings") {
		head, row = `<sst>`, `<si><t>`+long+`</t></si>`
	}
	block := []byte(strings.Repeat(row, 1<<20/len(row)))
	if _, err := p.Write([]byte(head)); err != nil {
		t.Fatal(err)
	}
	for range megabytes {
		if _, err := p.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func TestBombs(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"} {
		raw := bomb(t, part, 80)
		f, err := OpenAt(bytes.NewReader(raw), int64(len(raw)), "x.xlsx", Options{})
		if err == nil {
			_, _, _, err = readAll(f)
		}
		if fault.CodeOf(err) != "file.bomb" {
			t.Errorf("%s (%d bytes): %v", part, len(raw), err)
		}
	}
	text := pack(t, "이름,메모\n"+strings.Repeat("김철수,"+strings.Repeat("a", 4000)+"\n", 20_000))
	f, err := OpenAt(strings.NewReader(text), int64(len(text)), "x.csv.gz", Options{})
	if err == nil {
		_, _, _, err = readAll(f)
	}
	if fault.CodeOf(err) != "file.bomb" {
		t.Errorf("gzip (%d bytes): %v", len(text), err)
	}
}

func TestZipWithoutWorkbook(t *testing.T) {
	t.Parallel()
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	if _, err := w.Create("a.txt"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenAt(bytes.NewReader(buffer.Bytes()), int64(buffer.Len()), "x.zip", Options{}); fault.CodeOf(err) != "file.zip" {
		t.Error(err)
	}
}

func TestNumberFormats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, raw, want string }{
		{"", "0.1", "0.1"},
		{"", "0.30000000000000004", "0.3"},
		{"", "1.01235E+10", "10123500000"},
		{"#,##0", "12000", "12000"},
		{"000000", "42", "000042"},
		{"000-000", "135080", "135-080"},
		{"[<=9999999]###-####;(0##) ###-####", "23456789", "(02)3456789"},
		{`0##\-###\-####`, "3123456789", "312-345-6789"},
		{"yyyy\"년\" m\"월\" d\"일\"", "32875", "1990-01-02"},
		{"mm/dd/yy", "32875", "1990-01-02"},
		{"[$-412]yyyy-mm-dd", "32875.5", "1990-01-02 12:00:00"},
		{"h:mm", "0.25", "06:00:00"},
		{"yyyy-mm-dd hh:mm", "32875", "1990-01-02 00:00:00"},
		{"0.00%", "0.07", "7%"},
		{"[$₩-412]#,##0", "500", "₩500"},
		{`#,##0"원"`, "500", "원500"},
		{"@", "00123", "00123"},
		{"General", "5", "5"},
	} {
		f := formatOfCode(c.code)
		got := string(f.show(nil, []byte(c.raw), false))
		if c.code == "[<=9999999]###-####;(0##) ###-####" {
			if onlyDigits(got) != "023456789" {
				t.Errorf("%s of %s: %q", c.code, c.raw, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.code, c.raw, got, c.want)
		}
	}
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
