// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"fmt"
	"testing"
)

// benchRow is one row of a file as shops have them: most cells clean, some not.
type benchRow struct{ name, mobile, phone, email, postal, address, birth, sex, grade, memo string }

func benchRows() []benchRow {
	rows := make([]benchRow, 1000)
	family, given := []string{"김", "이", "박", "최", "정", "남궁"}, []string{"민수", "서연", "지훈", "하은", "도윤", "수아"}
	roads := []string{"테헤란로", "세종대로", "광교로", "중앙로", "판교역로4번길"}
	places := []string{"서울특별시 강남구", "경기 수원시 영통구", "부산광역시 해운대구", "강원도 춘천시", "전라남도 여수시"}
	postals := []string{"06236", "16229", "48094", "24347", "59675"}
	for i := range rows {
		p := i % 5
		rows[i] = benchRow{
			name: family[i%6] + given[i/6%6], mobile: fmt.Sprintf("010-%04d-%04d", 2000+i*7, i*3%10000),
			phone: []string{"", "02-345-6789", "031-234-5678", ""}[i%4], email: fmt.Sprintf("user%d@%s", i, []string{"naver.com", "gmail.com", "daum.net"}[i%3]),
			postal: postals[p], address: fmt.Sprintf("%s %s %d, %d층 %d호", places[p], roads[i%5], 1+i%300, 1+i%20, 101+i%9),
			birth: []string{"1990-01-02", "1985.12.24", "19770707", "2001-11-30"}[i%4], sex: []string{"남", "여", "M", "F"}[i%4],
			grade: []string{"VIP", "Gold", "일반"}[i%3], memo: []string{"", "", "", "오전에 전화 요망"}[i%4],
		}
	}
	return rows
}

func BenchmarkRow(b *testing.B) {
	rows := benchRows()
	row := NewRow(Rules{Today: today})
	b.ReportAllocs()
	findings := 0
	for i := 0; b.Loop(); i++ {
		r := &rows[i%len(rows)]
		row.Reset()
		row.Set(FieldFullName, "", r.name)
		row.Set(FieldMobile, "", r.mobile)
		row.Set(FieldPhone, "", r.phone)
		row.Set(FieldEmail, "", r.email)
		row.Set(FieldPostalCode, "", r.postal)
		row.Set(FieldAddress, "", r.address)
		row.Set(FieldBirthOn, "", r.birth)
		row.Set(FieldSex, "", r.sex)
		row.Set(FieldGrade, "", r.grade)
		row.Set(FieldMemo, "", r.memo)
		row.Finish()
		findings += len(row.Findings())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(findings)/float64(b.N), "findings/row")
}

func BenchmarkRedactCleanText(b *testing.B) {
	text := "서울특별시 강남구 테헤란로 152, 12층 1203호 (역삼동) 오전에 전화 요망"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Redact(text)
	}
}

func BenchmarkPhone(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Phone("010-2345-6789")
	}
}

func BenchmarkAddress(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		AddressOf("경기 수원시 영통구 광교로 145, 12층 1203호", "16229", today)
	}
}

func BenchmarkDateTime(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		DateTime("2026-11-21 12:34:56", "", nil)
	}
}

func BenchmarkMoney(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Money("12,000원", "KRW")
	}
}

func BenchmarkBigrams(b *testing.B) {
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		buffer = AppendBigrams(buffer[:0], "홍길동 01023456789 hong@naver.com")
	}
}
