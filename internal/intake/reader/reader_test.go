// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dangol/internal/platform/fault"
)

// readAll reads a file to its end: rows, messages of bad rows, and what ended it.
func readAll(f *File) (rows [][]string, numbers []int, messages []string, err error) {
	for {
		row, number, err := f.Next()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			return rows, numbers, messages, nil
		case errors.As(err, &bad):
			messages = append(messages, bad.Message)
			if bad.Rule == "" || bad.Remedy == "" || bad.Row == 0 || bad.Row != number {
				messages = append(messages, fmt.Sprintf("incomplete: %+v", bad))
			}
		case err != nil:
			return rows, numbers, messages, err
		default:
			rows, numbers = append(rows, slices.Clone(row)), append(numbers, number)
		}
	}
}

func openBytes(t *testing.T, name, content string, o Options) *File {
	t.Helper()
	f, err := OpenAt(strings.NewReader(content), int64(len(content)), name, o)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return f
}

var goodRows = [][]string{
	{"홍길동", "010-2345-6789", "hong@naver.com", "서울 강남구 테헤란로 152, 12층"},
	{"뷁똠", "010-9876-5432", "ppyo@daum.net", "경기 수원시 영통구 광교로 145"},
}

// The same two customers in every encoding, delimiter and format.
func TestGoodFiles(t *testing.T) {
	t.Parallel()
	want := map[string]Shape{
		"cp949.good.csv":       {Format: CSV, Encoding: CP949, Delimiter: ",", HeaderRow: 1},
		"bom.good.csv":         {Format: CSV, Encoding: UTF8, Delimiter: ",", HeaderRow: 1, HasBOM: true},
		"utf8.good.csv":        {Format: CSV, Encoding: UTF8, Delimiter: ",", HeaderRow: 1},
		"utf16le.good.csv":     {Format: TSV, Encoding: UTF16LE, Delimiter: "\t", HeaderRow: 1, HasBOM: true},
		"utf16be.good.csv":     {Format: CSV, Encoding: UTF16BE, Delimiter: ",", HeaderRow: 1, HasBOM: true},
		"utf16plain.good.csv":  {Format: CSV, Encoding: UTF16LE, Delimiter: ",", HeaderRow: 1},
		"cr.good.csv":          {Format: CSV, Encoding: UTF8, Delimiter: ",", HeaderRow: 1},
		"semicolon.good.csv":   {Format: CSV, Encoding: UTF8, Delimiter: ";", HeaderRow: 2},
		"pipe.good.csv":        {Format: CSV, Encoding: UTF8, Delimiter: "|", HeaderRow: 1},
		"tsv.good.xls":         {Format: TSV, Encoding: CP949, Delimiter: "\t", HeaderRow: 1},
		"notice.good.csv":      {Format: CSV, Encoding: UTF8, Delimiter: ",", HeaderRow: 3},
		"packed.good.csv.gz":   {Format: CSV, Encoding: CP949, Delimiter: ",", HeaderRow: 1, Compression: "gzip"},
		"table.good.xls":       {Format: HTML, Encoding: UTF8, HeaderRow: 2},
		"table-cp949.good.xls": {Format: HTML, Encoding: CP949, HeaderRow: 2},
	}
	paths, err := filepath.Glob("testdata/*.good.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if name == "cards.good.vcf" {
			continue // TestCards
		}
		f, err := Open(path, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, expected := f.Shape(), want[name]
		if got.Format != expected.Format || got.Encoding != expected.Encoding || got.Delimiter != expected.Delimiter || got.HeaderRow != expected.HeaderRow ||
			got.HasBOM != expected.HasBOM || got.Compression != expected.Compression {
			t.Errorf("%s: shape %+v", name, got)
		}
		if headers := got.Headers(); !slices.Equal(headers, []string{"이름", "휴대폰", "이메일", "주소"}) {
			t.Errorf("%s: headers %q", name, headers)
		}
		rows, numbers, messages, err := readAll(f)
		if err != nil || !slices.EqualFunc(rows, goodRows, slices.Equal[[]string]) || len(messages) > 0 && name != "notice.good.csv" {
			t.Errorf("%s: rows %q numbers %v messages %q err %v", name, rows, numbers, messages, err)
		}
		if len(numbers) > 0 && numbers[0] != got.HeaderRow+1 {
			t.Errorf("%s: first row has number %d", name, numbers[0])
		}
		if err := f.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each bad file has a text beside it with the messages that people read, one a line.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.bad.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		name, _, _ := strings.Cut(filepath.Base(path), ".bad.")
		if filepath.Ext(path) == ".txt" || filepath.Ext(path) == ".gz" {
			continue
		}
		expected, err := os.ReadFile("testdata/" + name + ".bad.txt")
		if err != nil {
			t.Fatal(err)
		}
		var got string
		f, err := Open(path, Options{})
		if err == nil {
			var messages []string
			_, _, messages, err = readAll(f)
			got = strings.Join(messages, "\n") + "\n"
			if closing := f.Close(); closing != nil {
				t.Error(closing)
			}
		}
		if f, ok := fault.As(err); ok {
			got = f.Message + "\n"
		} else if err != nil {
			t.Errorf("%s: not a fault: %v", name, err)
		}
		if got != string(expected) {
			t.Errorf("%s: got\n%swant\n%s", filepath.Base(path), got, expected)
		}
	}
}

func TestPackedFileCutInTheMiddle(t *testing.T) {
	t.Parallel()
	f, err := Open("testdata/gz-cut.bad.csv.gz", Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, _, messages, err := readAll(f)
	if err != nil || len(rows) == 0 || len(messages) != 1 || !strings.Contains(messages[0], "cut in the middle") {
		t.Fatalf("%d rows, %q, %v", len(rows), messages, err)
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"doubled quotes", "a,b\n\"x \"\"y\"\" z\",1\n", `["x \"y\" z" "1"]`},
		{"quotes not doubled", "a,b\n\"x \"y\" z\",1\n", `["x \"y\" z" "1"]`},
		{"spaces around quotes", "a,b\n \"x, y\" ,1\n", `["x, y" "1"]`},
		{"line end in quotes", "a,b\n\"x\r\ny\",1\n", `["x\r\ny" "1"]`},
		{"zero bytes", "a,b\nx\x00y,1\n", `["xy" "1"]`},
		{"empty cells", "a,b\n,1\n", `["" "1"]`},
		{"no line end at the end", "a,b\nx,1", `["x" "1"]`},
		{"empty lines", "a,b\n\n\nx,1\n\n", `["x" "1"]`},
		{"extra empty cells", "a,b\nx,1,,\n", `["x" "1"]`},
		{"quote inside", "a,b\n5\" pipe,1\n", `["5\" pipe" "1"]`},
		{"lone return inside", "a,b\nx\ry,1\n", `["x\ry" "1"]`},
	} {
		f := openBytes(t, "x.csv", c.text, Options{HeaderRow: 1})
		rows, _, messages, err := readAll(f)
		if err != nil || len(rows) != 1 || len(messages) > 0 || fmt.Sprintf("%q", rows[0]) != c.want {
			t.Errorf("%s: %q %q %v", c.name, rows, messages, err)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		row        int
		headers    string
	}{
		{"none", "홍길동,010-2345-6789,서울\n김철수,010-2345-6780,부산\n이영희,010-2345-6781,서울\n", 0, `["column 1" "column 2" "column 3"]`},
		{"words unknown", "갑,을\n1,2\n3,4\n", 1, `["갑" "을"]`},
		{"all text, values come again", "서울,VIP\n부산,일반\n서울,일반\n", 0, `["column 1" "column 2"]`},
		{"twice the same", "이름,전화,전화,\nA,B,C,D\n", 1, `["이름" "전화" "전화 (2)" "column 4"]`},
		{"two rows", "이름,연락처,,주소,\n,휴대폰,이메일,우편번호,기본주소\n홍길동,010-2345-6789,h@a.kr,06236,서울\n", 2, `["이름" "연락처 / 휴대폰" "연락처 / 이메일" "주소 / 우편번호" "주소 / 기본주소"]`},
		{"notice above", "※ 개인정보 취급에 유의하세요,,\n이름,휴대폰,주소\n홍길동,010-2345-6789,서울\n", 2, `["이름" "휴대폰" "주소"]`},
		{"who made the list", "작성자,김철수,\n이름,휴대폰,주소\n홍길동,010-2345-6789,서울\n", 2, `["이름" "휴대폰" "주소"]`},
		{"groups told apart", "주문자,,수취인,\n이름,연락처,이름,연락처\n홍길동,010-2345-6789,김철수,010-2345-6780\n", 2, `["주문자 / 이름" "주문자 / 연락처" "수취인 / 이름" "수취인 / 연락처"]`},
		{"one column", "email\na@b.kr\nc@d.kr\n", 1, `["email"]`},
		{"one column without header", "a@b.kr\nc@d.kr\n", 0, `["column 1"]`},
		{"short codes over text", "Q1,X9,C3\nkim,red,seoul\nlee,blue,busan\npark,red,seoul\n", 1, `["Q1" "X9" "C3"]`},
		{"short codes and words", "V1,CD1,등급2\n서울,김철수,VIP\n부산,이영희,GOLD\n", 1, `["V1" "CD1" "등급2"]`},
		{"keys without header", "A1,red,seoul\nA2,blue,busan\nB33,red,jeju\n", 0, `["column 1" "column 2" "column 3"]`},
		{"only a header", "이름,휴대폰\n", 1, `["이름" "휴대폰"]`},
	} {
		f := openBytes(t, "x.csv", c.text, Options{})
		if c.row > 0 { // stated as it was found, the header reads the same
			again := openBytes(t, "x.csv", c.text, Options{HeaderRow: c.row})
			if !slices.Equal(again.Shape().Headers(), f.Shape().Headers()) {
				t.Errorf("%s: stated %q, found %q", c.name, again.Shape().Headers(), f.Shape().Headers())
			}
		}
		if s := f.Shape(); s.HeaderRow != c.row || fmt.Sprintf("%q", s.Headers()) != c.headers {
			t.Errorf("%s: row %d %q", c.name, s.HeaderRow, s.Headers())
		}
	}
	f := openBytes(t, "x.csv", "a,b\nc,d\ne,f\n", Options{HeaderRow: 2})
	if s := f.Shape(); fmt.Sprintf("%q", s.Headers()) != `["c" "d"]` {
		t.Errorf("forced: %q", s.Headers())
	}
	f = openBytes(t, "x.csv", "이름,휴대폰\n홍길동,1\n", Options{HeaderRow: NoHeader})
	if rows, _, _, _ := readAll(f); len(rows) != 2 {
		t.Errorf("forced without header: %q", rows)
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("id,이름,메모\n")
	for i := range 5000 {
		fmt.Fprintf(&text, "%d,김%d,\"줄\n바꿈 %d\"\n", i, i, i)
	}
	utf16 := bytes.NewBuffer([]byte{0xFF, 0xFE})
	for _, r := range text.String() {
		utf16.WriteByte(byte(r))
		utf16.WriteByte(byte(r >> 8))
	}
	for name, content := range map[string]string{"x.csv": text.String(), "utf16.csv": utf16.String(), "x.csv.gz": pack(t, text.String())} {
		f := openBytes(t, name, content, Options{})
		var at Position
		for i := range 3000 {
			row, number, err := f.Next()
			if err != nil || row[0] != fmt.Sprint(i) || number != i+2 {
				t.Fatalf("%s: %v %d %v", name, row, number, err)
			}
		}
		at = f.Position()
		again := openBytes(t, name, content, Options{})
		if err := again.SkipTo(at); err != nil {
			t.Fatal(err)
		}
		row, number, err := again.Next()
		if err != nil || row[0] != "3000" || number != 3002 {
			t.Fatalf("%s: after resume %v %d %v", name, row, number, err)
		}
	}
}

func TestResumeByRowNumberAlone(t *testing.T) {
	t.Parallel()
	f := openBytes(t, "x.csv", "이름,메모\n가,1\n나,\"2\n2\"\n다,3\n", Options{})
	if err := f.SkipTo(Position{Row: 3}); err != nil {
		t.Fatal(err)
	}
	if row, number, err := f.Next(); err != nil || number != 4 || row[0] != "다" {
		t.Errorf("%q %d %v", row, number, err)
	}
}

func TestEncodingNames(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/cp949.good.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"EUC-KR", "ms949", "cp949"} {
		if rows, _, _, err := readAll(openBytes(t, "x.csv", string(raw), Options{Encoding: name})); err != nil || rows[0][0] != "홍길동" {
			t.Errorf("%s: %q %v", name, rows, err)
		}
	}
	if _, err := OpenAt(bytes.NewReader(raw), int64(len(raw)), "x", Options{Encoding: "koi8-r"}); fault.CodeOf(err) != "file.encoding_name" {
		t.Error(err)
	}
	if rows, _, _, err := readAll(openBytes(t, "x.csv", string(raw), Options{Encoding: UTF8})); err != nil || !strings.Contains(rows[0][0], "\xc8") {
		t.Errorf("the choice of a person counts: %q %v", rows, err)
	}
}

// Ten megabytes in one cell are refused, and the rows around it are read.
func TestTenMegabyteCell(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("가나다라 ", 1_000_000)
	f := openBytes(t, "x.csv", "이름,메모\n김철수,짧음\n홍길동,\""+big+"\"\n이영희,짧음\n", Options{})
	rows, _, messages, err := readAll(f)
	if err != nil || len(rows) != 2 || len(messages) != 1 || messages[0] != "Row 3 holds a cell of more than 10 MB." {
		t.Errorf("%d rows %q %v", len(rows), messages, err)
	}
}

func TestLongCells(t *testing.T) {
	t.Parallel()
	limits := Limits{CellBytes: 1000, RowBytes: 4000}
	long := strings.Repeat("가나다", 1000)
	for name, text := range map[string]string{
		"plain":           "이름,메모\n홍길동," + long + "\n김철수,짧음\n",
		"quoted":          "이름,메모\n홍길동,\"" + long + "\"\n김철수,짧음\n",
		"quoted, lines":   "이름,메모\n홍길동,\"" + strings.Repeat("가나다\n", 1000) + "\"\n김철수,짧음\n",
		"within the row":  "이름,메모\n홍길동,\"" + strings.Repeat("x\n", 1000) + "\"\n김철수,짧음\n",
		"first cell long": "이름,메모\n" + long + ",a\n김철수,짧음\n",
	} {
		f := openBytes(t, "x.csv", text, Options{Limits: limits, HeaderRow: 1})
		rows, _, messages, err := readAll(f)
		if err != nil || len(rows) != 1 || rows[0][0] != "김철수" || len(messages) != 1 || !strings.Contains(messages[0], "more than 1000 bytes") {
			t.Errorf("%s: %d rows %q %v", name, len(rows), messages, err)
		}
	}
}

func TestManyColumns(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for c := range 200 {
		fmt.Fprintf(&text, "항목%d,", c)
	}
	text.WriteString("끝\n")
	for r := range 50 {
		for c := range 200 {
			fmt.Fprintf(&text, "%d,", r*c)
		}
		text.WriteString("끝\n")
	}
	f := openBytes(t, "wide.csv", text.String(), Options{})
	rows, _, messages, err := readAll(f)
	if err != nil || len(f.Shape().Columns) != 201 || len(rows) != 50 || len(messages) > 0 {
		t.Fatalf("%d columns %d rows %q %v", len(f.Shape().Columns), len(rows), messages, err)
	}
}

func TestStrayQuotesStayCheap(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("id,메모,수\n")
	for i := range 2000 {
		fmt.Fprintf(&text, "%d,\"열린 따옴표,1\n", i)
		for j := range 9 {
			fmt.Fprintf(&text, "%d.%d,보통,1\n", i, j)
		}
	}
	f := openBytes(t, "x.csv", text.String(), Options{HeaderRow: 1})
	rows, _, messages, err := readAll(f)
	if err != nil || len(messages) < 1000 || len(rows) < 17000 {
		t.Fatalf("%d rows, %d messages, %v", len(rows), len(messages), err)
	}
}

func TestCards(t *testing.T) {
	t.Parallel()
	f, err := Open("testdata/cards.good.vcf", Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, numbers, messages, err := readAll(f)
	if err != nil || len(rows) != 3 || len(messages) > 0 || !slices.Equal(numbers, []int{1, 2, 3}) {
		t.Fatalf("%q %v %q %v", rows, numbers, messages, err)
	}
	get := func(card int, column string) string {
		i := slices.Index(f.Shape().Headers(), column)
		if i < 0 {
			t.Fatalf("no column %q in %q", column, f.Shape().Headers())
		}
		return rows[card][i]
	}
	for _, c := range []struct {
		card         int
		column, want string
	}{
		{0, "Name", "홍길동"},
		{0, "Family name", "홍"},
		{0, "Given name", "길동"},
		{0, "Mobile", "010-2345-6789"},
		{0, "Phone (work)", "02-345-6789"},
		{0, "E-mail", "hong@naver.com"},
		{0, "Address", "서울특별시 강남구 테헤란로 152"},
		{0, "Postal code", "06236"},
		{1, "Name", "김철수"},
		{1, "Company", "㈜한국상사"},
		{1, "Department", "영업부"},
		{1, "Job title", "과장"},
		{1, "Mobile", "010-9876-5432"},
		{1, "Phone (home)", "031-234-5678"},
		{1, "E-mail (home)", "kim@daum.net"},
		{1, "E-mail", "kim2@daum.net"},
		{1, "Note", "첫 줄\n둘째, 줄과 아주 긴 글이 이어집니다"},
		{1, "Birthday", "1985-12-24"},
		{2, "Name", "이영희"},
		{2, "Mobile", "+82-10-5555-6666"},
		{2, "Address", "서울특별시 중구 세종대로 110"},
		{2, "Gender", "F"},
		{2, "Birthday", ""},
	} {
		if got := get(c.card, c.column); got != c.want {
			t.Errorf("card %d %s: %q, want %q", c.card, c.column, got, c.want)
		}
	}
	again, err := Open("testdata/cards.good.vcf", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.SkipTo(Position{Row: 2}); err != nil {
		t.Fatal(err)
	}
	if row, number, err := again.Next(); err != nil || number != 3 || row[0] != "이영희" {
		t.Errorf("resume: %v %d %v", row, number, err)
	}
}

func TestWriter(t *testing.T) {
	t.Parallel()
	var buffer bytes.Buffer
	w, err := NewWriter(&buffer, WriterOptions{Encoding: CP949})
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{{"이름", "메모", "수"}, {"뷁", "=1+1", "-12.5"}, {"a\"b", "—😀é", "+82"}, {"@x", "\tx", "-1+1"}, {"한\n줄", " 끝 ", ""}}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	list, total := w.Replaced()
	if total != 3 || len(list) != 3 || list[0] != (Replaced{Row: 3, Column: 2, Character: "—"}) {
		t.Errorf("replaced %v %d", list, total)
	}
	f := openBytes(t, "x.csv", buffer.String(), Options{HeaderRow: 1})
	got, _, _, err := readAll(f)
	want := `[["뷁" "'=1+1" "-12.5"] ["a\"b" "???" "'+82"] ["'@x" "'\tx" "'-1+1"] ["한\n줄" " 끝 " ""]]`
	if err != nil || fmt.Sprintf("%q", got) != want || f.Shape().Encoding != CP949 {
		t.Errorf("got %q %v %s", got, err, f.Shape().Encoding)
	}
	for text, length := range map[string]int{"안녕하세요": 10, "(광고)": 6, "무료수신거부 0801234567": 23} {
		if n, fits := CP949Length(text); n != length || !fits {
			t.Errorf("CP949Length(%q) = %d %v", text, n, fits)
		}
	}
	for _, text := range []string{"😀", "—", "é"} {
		if _, fits := CP949Length(text); fits {
			t.Errorf("%q fits CP949", text)
		}
	}
}
