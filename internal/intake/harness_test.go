// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"dangol/internal/customer"
	"dangol/internal/match"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/files"
	"dangol/internal/platform/journal"
)

// house is everything an import needs, wired as app does it.
type house struct {
	db        *database.DB
	journal   *journal.Journal
	customers *customer.Service
	intake    *Service
	files     *files.Store
}

func newHouse(t testing.TB, db *database.DB, dir string) *house {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	h := &house{db: db, journal: journal.New(db, keys, journal.Options{Actor: func(ctx context.Context) (int64, string) {
		return auth.From(ctx).ID, auth.From(ctx).Name
	}})}
	h.customers = customer.New(db, h.journal, customer.Options{})
	h.customers.UseLinker(match.NewLinker(h.customers.Store()))
	if h.files, err = files.Open(db, filepath.Join(dir, "files"), 0); err != nil {
		t.Fatal(err)
	}
	h.intake = New(db, h.journal, nil, h.files, h.customers, Config{})
	return h
}

func system() context.Context { return auth.System(context.Background(), "test") }

// person is a made-up customer row of twelve columns.
func person(n int, row []string) {
	family := []string{"김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "황"}
	given := []string{"민준", "서연", "도윤", "하은", "시우", "지우", "주원", "서윤", "하준", "지민", "지호", "수아", "준서", "채원", "현우", "은서", "건우", "다은", "우진", "예은", "선우", "유나", "연우", "수빈", "정우", "소율", "승현", "지안", "민재", "하윤"}
	middle := []string{"길", "철", "영", "순", "혜", "미", "경", "상", "동", "광", "재", "태", "성", "진", "형", "숙"}
	x := uint64(n)*0x9E3779B97F4A7C15 + 0x1234567
	x ^= x >> 29
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 32
	pick := func(list []string, shift uint) string { return list[(x>>shift)%uint64(len(list))] }
	name := pick(family, 3) + pick(given, 9)
	if x&7 == 0 {
		name = pick(family, 3) + pick(middle, 15) + pick(middle, 21)
	}
	region := [][2]string{
		{"서울특별시 강남구 테헤란로", "06236"},
		{"부산광역시 해운대구 센텀중앙로", "48058"},
		{"경기도 수원시 영통구 광교로", "16229"},
		{"대전광역시 유성구 대학로", "34141"},
		{"강원특별자치도 춘천시 중앙로", "24266"},
		{"제주특별자치도 제주시 연동로", "63129"},
	}[(x>>27)%6]
	row[0] = fmt.Sprintf("%010d", n+1)
	row[1] = name
	row[2] = fmt.Sprintf("010-%04d-%04d", 2000+(x>>33)%8000, (x>>46)%10000)
	row[3] = fmt.Sprintf("user%d@naver.com", n)
	row[4] = fmt.Sprintf("%04d-%02d-%02d", 1950+(x>>20)%55, 1+(x>>31)%12, 1+(x>>36)%28)
	row[5] = []string{"남", "여"}[(x>>41)&1]
	row[6] = region[1]
	row[7] = fmt.Sprintf("%s %d", region[0], 1+(x>>22)%300)
	row[8] = fmt.Sprintf("%d층 %d호", 1+(x>>50)%20, 100+(x>>44)%20)
	row[9] = []string{"VIP", "GOLD", "SILVER", "일반"}[(x>>52)%4]
	row[10] = fmt.Sprintf("20%02d-%02d-%02d", 10+(x>>19)%15, 1+(x>>25)%12, 1+(x>>38)%28)
	row[11] = ""
	if x%10 == 0 {
		row[11] = "우수 고객, 재구매 문의"
	}
}
