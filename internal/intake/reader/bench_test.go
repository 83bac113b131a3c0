// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"
)

func customersCSV(rows int, quoted bool) []byte {
	var b bytes.Buffer
	b.WriteString("회원번호,이름,휴대폰,이메일,우편번호,주소,생년월일,성별,등급,가입일,메모,점수\n")
	for i := range rows {
		address := "서울특별시 강남구 테헤란로 152 12층"
		if quoted {
			address = `"서울특별시 강남구 테헤란로 152, ""강남"" 12층"`
		}
		fmt.Fprintf(&b, "%010d,김%d,010-%04d-%04d,user%d@naver.com,06236,%s,1990-01-02,남,VIP,2020-05-06,,%d\n", i, i, 2000+i%8000, i%10000, i, address, i%100)
	}
	return b.Bytes()
}

func benchmarkRead(b *testing.B, raw []byte, o Options) {
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	rows := 0
	for b.Loop() {
		f, err := OpenAt(bytes.NewReader(raw), int64(len(raw)), "x", o)
		if err != nil {
			b.Fatal(err)
		}
		rows = 0
		for {
			_, _, err := f.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkCSV(b *testing.B)       { benchmarkRead(b, customersCSV(200_000, false), Options{}) }
func BenchmarkCSVQuoted(b *testing.B) { benchmarkRead(b, customersCSV(200_000, true), Options{}) }

func BenchmarkCSVInCP949(b *testing.B) {
	encoder := cp949Encode()
	var raw []byte
	for _, r := range string(customersCSV(200_000, false)) {
		if r < 0x80 {
			raw = append(raw, byte(r))
			continue
		}
		code := encoder.code(r)
		raw = append(raw, byte(code>>8), byte(code))
	}
	benchmarkRead(b, raw, Options{})
}

func BenchmarkSheet(b *testing.B) {
	raw := workbookOf(b, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		for i := range 50_000 {
			row := []any{"이름", "휴대폰", "이메일", "주소", "금액", "수", "메모", "등급", "성별", "점수"}
			if i > 0 {
				row = []any{fmt.Sprintf("김%d", i), fmt.Sprintf("010-%04d-%04d", 2000+i%8000, i%10000), fmt.Sprintf("user%d@naver.com", i), "서울특별시 강남구 테헤란로 152", i * 100, i % 7, "", "VIP", "남", 1.5}
			}
			if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
	})
	benchmarkRead(b, raw, Options{})
}

func BenchmarkWriter(b *testing.B) {
	row := []string{"홍길동", "010-2345-6789", "hong@naver.com", "서울특별시 강남구 테헤란로 152, 12층", "1990-01-02", "VIP"}
	w, err := NewWriter(io.Discard, WriterOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
}
