// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"testing"
	"time"
)

func TestAddressOf(t *testing.T) {
	t.Parallel()
	before := Date{2026, 6, 30}
	for _, c := range []struct {
		in, postal string
		on         Date
		line       string
		detail     string
		reference  string
		sido       string
		sigungu    string
		isFull     bool
	}{
		{"서울 강남구 테헤란로 152, 12층 (역삼동)", "", today, "서울특별시 강남구 테헤란로 152", "12층", "역삼동", "서울특별시", "강남구", true},
		{"서울특별시 강남구 테헤란로 152,12층", "", today, "서울특별시 강남구 테헤란로 152", "12층", "", "서울특별시", "강남구", true},
		{"(06236) 서울시 강남구 테헤란로152 12층 1203호", "", today, "서울특별시 강남구 테헤란로 152", "12층 1203호", "", "서울특별시", "강남구", true},
		{"서울특별시강남구 테헤란로 4길 15-3", "", today, "서울특별시 강남구 테헤란로4길 15-3", "", "", "서울특별시", "강남구", true},
		{"서울 중구 세종대로 지하 2", "", today, "서울특별시 중구 세종대로 지하 2", "", "", "서울특별시", "중구", true},
		{"광주광역시 북구 용봉로 77", "", today, "전남광주통합특별시 북구 용봉로 77", "", "", "전남광주통합특별시", "북구", true},
		{"광주광역시 북구 용봉로 77", "", before, "광주광역시 북구 용봉로 77", "", "", "광주광역시", "북구", true},
		{"전라남도 여수시 시청로 1", "", today, "전남광주통합특별시 여수시 시청로 1", "", "", "전남광주통합특별시", "여수시", true},
		{"경기도 광주시 행정타운로 50", "", today, "경기도 광주시 행정타운로 50", "", "", "경기도", "광주시", true},
		{"광주시 행정타운로 50", "12738", today, "경기도 광주시 행정타운로 50", "", "", "경기도", "광주시", true},
		{"광주시 북구 용봉로 77", "", today, "전남광주통합특별시 북구 용봉로 77", "", "", "전남광주통합특별시", "북구", true},
		{"광주시 행정타운로 50", "", today, "광주시 행정타운로 50", "", "", "", "", false},
		{"경기 수원시 영통구 광교로 145", "", today, "경기도 수원시 영통구 광교로 145", "", "", "경기도", "수원시 영통구", true},
		{"경기 수원 영통구 광교로 145", "", today, "경기도 수원시 영통구 광교로 145", "", "", "경기도", "수원시 영통구", true},
		{"성남시 분당구 판교역로 235", "", today, "경기도 성남시 분당구 판교역로 235", "", "", "경기도", "성남시 분당구", true},
		{"강원도 춘천시 중앙로 1", "", today, "강원특별자치도 춘천시 중앙로 1", "", "", "강원특별자치도", "춘천시", true},
		{"전라북도 전주시 완산구 효자로 225", "", today, "전북특별자치도 전주시 완산구 효자로 225", "", "", "전북특별자치도", "전주시 완산구", true},
		{"경북 군위군 군위읍 군청로 200", "", today, "대구광역시 군위군 군위읍 군청로 200", "", "", "대구광역시", "군위군", true},
		{"인천광역시 동구 금곡로 67", "", today, "인천광역시 제물포구 금곡로 67", "", "", "인천광역시", "제물포구", true},
		{"인천 서구 서곶로 307 (심곡동)", "", today, "인천광역시 서해구 서곶로 307", "", "심곡동", "인천광역시", "서해구", true},
		{"인천 서구 완정로 1 (마전동)", "", today, "인천광역시 검단구 완정로 1", "", "마전동", "인천광역시", "검단구", true},
		{"인천 중구 운서동 2850", "", today, "인천광역시 영종구 운서동 2850", "", "", "인천광역시", "영종구", true},
		{"인천 중구 제물량로 1", "", today, "인천광역시 중구 제물량로 1", "", "", "인천광역시", "중구", true},
		{"인천 중구 제물량로 1", "", before, "인천광역시 중구 제물량로 1", "", "", "인천광역시", "중구", true},
		{"서울특별시 강남구 역삼동 737 강남빌딩 3층", "", today, "서울특별시 강남구 역삼동 737", "강남빌딩 3층", "", "서울특별시", "강남구", true},
		{"서울 중구 을지로3가 12-3번지", "", today, "서울특별시 중구 을지로3가 12-3", "", "", "서울특별시", "중구", true},
		{"경기도 가평군 청평면 삼회리 산12-3", "", today, "경기도 가평군 청평면 삼회리 산 12-3", "", "", "경기도", "가평군", true},
		{"세종특별자치시 한누리대로 2130", "", today, "세종특별자치시 한누리대로 2130", "", "", "세종특별자치시", "", true},
		{"제주특별자치도 제주시 애월읍 애월로 1", "", today, "제주특별자치도 제주시 애월읍 애월로 1", "", "", "제주특별자치도", "제주시", true},
		{"서울 중구 퇴계로77번길 5", "", today, "서울특별시 중구 퇴계로77번길 5", "", "", "서울특별시", "중구", true},
		{"152, Teheran-ro, Gangnam-gu, Seoul 06236", "", today, "152, Teheran-ro, Gangnam-gu, Seoul", "", "", "서울특별시", "", false},
		{"어딘가 먼 곳 (산골)", "", today, "어딘가 먼 곳 (산골)", "", "", "", "", false},
		{"중구 세종대로 110", "04524", today, "서울특별시 중구 세종대로 110", "", "", "서울특별시", "중구", true},
		{"중구 세종대로 110", "", today, "중구 세종대로 110", "", "", "", "", false},
	} {
		got, _ := AddressOf(c.in, c.postal, c.on)
		if got.Line != c.line || got.Detail != c.detail || got.Reference != c.reference || got.Sido != c.sido || got.Sigungu != c.sigungu || (got.Confidence == 1) != c.isFull {
			t.Errorf("AddressOf(%q, %q) =\n %+v", c.in, c.postal, got)
		}
	}
	got, _ := AddressOf("서울 강남구 테헤란로 152-7, 12층 (역삼동)", "", today)
	if got.Road != "테헤란로" || got.BuildingMain != 152 || got.BuildingSub != 7 || got.SidoCode != "11" {
		t.Errorf("parts: %+v", got)
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	count := func(on Date) (first, second int) {
		for _, r := range Regions(on) {
			if r.Sigungu == "" {
				first++
			} else {
				second++
			}
		}
		return first, second
	}
	if first, _ := count(Date{2026, 7, 1}); first != 16 {
		t.Errorf("%d regions on 2026-07-01, want 16", first)
	}
	if first, _ := count(Date{2026, 6, 30}); first != 17 {
		t.Errorf("%d regions on 2026-06-30, want 17", first)
	}
	inside := 0
	for _, r := range Regions(today) {
		if r.Sido == "전남광주통합특별시" && r.Sigungu != "" {
			inside++
		}
	}
	if inside != 27 { // F-ADDR-8
		t.Errorf("전남광주통합특별시 has %d units, want 27", inside)
	}
}

func TestPostalCodeOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, codes string }{
		{"04524", "04524", ""},
		{"4524", "04524", "postal.lost_zero"},
		{"4524.0", "04524", "postal.lost_zero"},
		{"135-080", "135080", "postal.old"},
		{"99999", "", "postal.unknown"},
		{"00123", "", "postal.unknown"},
		{"", "", ""},
	} {
		if got, findings := PostalCodeOf(c.in); got != c.want || codes(findings) != c.codes {
			t.Errorf("PostalCodeOf(%q) = %q %s", c.in, got, codes(findings))
		}
	}
}

func TestBirthDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, format, on, calendar, codes string }{
		{"1990-01-02", "", "1990-01-02", Solar, ""},
		{"1990.01.02", "", "1990-01-02", Solar, ""},
		{"1990. 1. 2.", "", "1990-01-02", Solar, ""},
		{"1990/1/2", "", "1990-01-02", Solar, ""},
		{"19900102", "", "1990-01-02", Solar, ""},
		{"1990년 1월 2일", "", "1990-01-02", Solar, ""},
		{"1990년 1월 2일(화)", "", "1990-01-02", Solar, ""},
		{"900102", FormatYYMD, "1990-01-02", Solar, ""},
		{"050102", FormatYYMD, "2005-01-02", Solar, ""},
		{"90.1.2", FormatYYMD, "1990-01-02", Solar, ""},
		{"900102", "", "", "", "date.century"},
		{"1990-01-02 00:00:00", "", "1990-01-02", Solar, ""},
		{"32875", "", "1990-01-02", Solar, "date.serial"},
		{"32875", FormatSerial, "1990-01-02", Solar, ""},
		{"1990-02-30(음)", "", "1990-02-30", Lunar, ""},
		{"음력 1990.5.15", "", "1990-05-15", Lunar, ""},
		{"1990-05-15(윤)", "", "1990-05-15", LunarLeap, ""},
		{"01/02/1990", "", "", "", "date.order"},
		{"01/02/1990", FormatDMY, "1990-02-01", Solar, ""},
		{"01/02/1990", FormatMDY, "1990-01-02", Solar, ""},
		{"13/02/1990", "", "1990-02-13", Solar, ""},
		{"2 Jan 1990", "", "1990-01-02", Solar, ""},
		{"Jan 2, 1990", "", "1990-01-02", Solar, ""},
		{"1990-02-29", "", "", "", "date.no_such_day"},
		{"2030-01-01", "", "", "", "date.future"},
		{"1900-01-01", "", "", "", "date.placeholder"},
		{"0000-00-00", "", "", "", "date.placeholder"},
		{"1850-01-01", "", "1850-01-01", Solar, "date.too_old"},
		{"모름", "", "", "", ""},
		{"abc", "", "", "", "date.unknown"},
	} {
		got, findings := BirthDate(c.in, c.format, today)
		if got.On != c.on || got.Calendar != c.calendar || codes(findings) != c.codes {
			t.Errorf("BirthDate(%q, %q) = %+v %s", c.in, c.format, got, codes(findings))
		}
	}
}

func TestDateTime(t *testing.T) {
	t.Parallel()
	newYork := time.FixedZone("EST", -5*3600)
	for _, c := range []struct {
		in, format string
		zone       *time.Location
		want       string
		hasTime    bool
		codes      string
	}{
		{"2026-11-21 12:34:56", "", nil, "2026-11-21T03:34:56Z", true, ""},
		{"2026-11-21T12:34:56Z", "", nil, "2026-11-21T12:34:56Z", true, ""},
		{"2026-11-21T12:34:56.789+09:00", "", nil, "2026-11-21T03:34:56.789Z", true, ""},
		{"2026-11-21 12:34", "", newYork, "2026-11-21T17:34:00Z", true, ""},
		{"2026-11-21", "", nil, "2026-11-20T15:00:00Z", false, ""},
		{"20261121", "", nil, "2026-11-20T15:00:00Z", false, ""},
		{"20261121123456", "", nil, "2026-11-21T03:34:56Z", true, ""},
		{"2026-11-21 오후 2:05", "", nil, "2026-11-21T05:05:00Z", true, ""},
		{"2026-11-21 오전 12:05:06", "", nil, "2026-11-20T15:05:06Z", true, ""},
		{"2026. 11. 21. 오후 2:05:06", "", nil, "2026-11-21T05:05:06Z", true, ""},
		{"2026년 11월 21일 14시 5분", "", nil, "2026-11-21T05:05:00Z", true, ""},
		{"11/21/2026 2:05 PM", "", nil, "2026-11-21T05:05:00Z", true, ""},
		{"2026-11-21 24:00", "", nil, "2026-11-21T15:00:00Z", true, ""},
		{"46347.5", FormatSerial, nil, "2026-11-21T03:00:00Z", true, ""},
		{"1795260896", FormatUnix, nil, "2026-11-21T11:34:56Z", true, ""},
		{"2026-11-21 25:00", "", nil, "", false, "date.no_such_time"},
		{"02/03/2026", "", nil, "", false, "date.order"},
		{"2026-13-01", "", nil, "", false, "date.no_such_day"},
		{"Sat Nov 21 2026 12:34:56 GMT", "", nil, "2026-11-21T12:34:56Z", true, ""},
	} {
		at, hasTime, findings := DateTime(c.in, c.format, c.zone)
		got := ""
		if !at.IsZero() {
			got = at.UTC().Format(time.RFC3339Nano)
		}
		if got != c.want || hasTime != c.hasTime || codes(findings) != c.codes {
			t.Errorf("DateTime(%q, %q) = %s %v %s", c.in, c.format, got, hasTime, codes(findings))
		}
	}
	if got, findings := TimeOfDay("오후 2:05:06"); got != 14*time.Hour+5*time.Minute+6*time.Second {
		t.Errorf("TimeOfDay: %v %v", got, findings)
	}
	if got, findings := TimeOfDay("90530"); got != 9*time.Hour+5*time.Minute+30*time.Second {
		t.Errorf("TimeOfDay without zero: %v %v", got, findings)
	}
}

func TestLunarCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lunar Date
		leap  bool
		want  Date
	}{
		{Date{2024, 1, 1}, false, Date{2024, 2, 10}},  // 설날
		{Date{2025, 1, 1}, false, Date{2025, 1, 29}},  // 설날
		{Date{2026, 1, 1}, false, Date{2026, 2, 17}},  // 설날
		{Date{2027, 1, 1}, false, Date{2027, 2, 7}},   // 설날; the Chinese calendar has 6 February
		{Date{2024, 8, 15}, false, Date{2024, 9, 17}}, // 추석
		{Date{2025, 8, 15}, false, Date{2025, 10, 6}}, // 추석
		{Date{2026, 8, 15}, false, Date{2026, 9, 25}}, // 추석
		{Date{2024, 4, 8}, false, Date{2024, 5, 15}},  // 부처님오신날
		{Date{2023, 2, 1}, true, Date{2023, 3, 22}},   // 윤2월
		{Date{2025, 6, 1}, true, Date{2025, 7, 25}},   // 윤6월
		{Date{1900, 1, 1}, false, Date{1900, 1, 31}},
		{Date{2026, 6, 1}, true, Date{}},
	} {
		if got, _ := LunarToSolar(c.lunar, c.leap); got != c.want {
			t.Errorf("LunarToSolar(%v, %v) = %v, want %v", c.lunar, c.leap, got, c.want)
		}
	}
	for day := firstLunarDay.Days(); day < (Date{2051, 1, 1}).Days(); day++ {
		lunar, leap, ok := SolarToLunar(DateOfDays(day))
		back, alsoOK := LunarToSolar(lunar, leap)
		if !ok || !alsoOK || back.Days() != day {
			t.Fatalf("%v → %v %v → %v", DateOfDays(day), lunar, leap, back)
		}
	}
}

func TestNextBirthday(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		birth    Date
		calendar string
		from     Date
		want     Date
	}{
		{Date{1990, 11, 21}, Solar, today, today},
		{Date{1990, 11, 20}, Solar, today, Date{2027, 11, 20}},
		{Date{1992, 2, 29}, Solar, today, Date{2027, 2, 28}},
		{Date{1990, 1, 1}, Lunar, today, Date{2027, 2, 7}},
		{Date{1990, 8, 15}, Lunar, Date{2026, 1, 1}, Date{2026, 9, 25}},
		{Date{2006, 7, 1}, LunarLeap, Date{2026, 1, 1}, Date{2026, 8, 13}}, // no leap month: the ordinary one
		{Date{1987, 6, 1}, LunarLeap, Date{2025, 7, 1}, Date{2025, 7, 25}},
	} {
		if got, ok := NextBirthday(c.birth, c.calendar, c.from); !ok || got != c.want {
			t.Errorf("NextBirthday(%v %s from %v) = %v, want %v", c.birth, c.calendar, c.from, got, c.want)
		}
	}
	// A lunar 30th is kept on the 29th of a short month, never lost.
	for year := 2020; year < 2049; year++ {
		if _, ok := NextBirthday(Date{1990, 3, 30}, Lunar, Date{year, 1, 1}); !ok {
			t.Errorf("no birthday from %d", year)
		}
	}
	if Age(Date{2012, 11, 22}, today) != 13 || Age(Date{2012, 11, 21}, today) != 14 {
		t.Error("age is wrong around the birthday")
	}
}

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, currency string
		minor        int64
		want         string
		codes        string
	}{
		{"12000", "", 12000, "KRW", ""},
		{"12,000원", "", 12000, "KRW", ""},
		{"₩12,000", "", 12000, "KRW", ""},
		{"￦ 12,000", "", 12000, "KRW", ""},
		{"(12,000)", "", -12000, "KRW", ""},
		{"△12,000", "", -12000, "KRW", ""},
		{"-12,000", "", -12000, "KRW", ""},
		{"12,000-", "", -12000, "KRW", ""},
		{"12,000.00", "", 12000, "KRW", ""},
		{"12,000.5", "", 12001, "KRW", "money.rounded"},
		{"3만원", "", 30000, "KRW", ""},
		{"3만5천원", "", 35000, "KRW", ""},
		{"1억2,000만원", "", 120000000, "KRW", ""},
		{"$12.50", "", 1250, "USD", ""},
		{"12.5", "USD", 1250, "USD", ""},
		{"3.86", "USD", 386, "USD", ""},
		{"4.4e-16", "USD", 0, "USD", "money.rounded"},
		{"1.9900000000000002", "USD", 199, "USD", "money.rounded"},
		{"1.234,56", "EUR", 123456, "EUR", ""},
		{"1,234.56", "EUR", 123456, "EUR", ""},
		{"1.2E+05", "", 120000, "KRW", ""},
		{"abc", "", 0, "KRW", "money.unknown"},
		{"1,2,3", "", 0, "KRW", "money.unknown"},
		{"99999999999999999999", "", 0, "KRW", "money.range"},
		{"", "", 0, "KRW", ""},
	} {
		got, findings := Money(c.in, c.currency)
		if got.Minor != c.minor || got.Currency != c.want || codes(findings) != c.codes {
			t.Errorf("Money(%q, %q) = %+v %s", c.in, c.currency, got, codes(findings))
		}
	}
	for _, c := range []struct {
		in    string
		want  int64
		isSet bool
	}{{"1", 1000, true}, {"1.5kg", 1500, true}, {"3개", 3000, true}, {"1,000 EA", 1000000, true}, {"-2", -2000, true}, {"0.0005", 1, true}, {"x", 0, false}, {"", 0, false}} {
		if got, isSet, _ := Quantity(c.in); got != c.want || isSet != c.isSet {
			t.Errorf("Quantity(%q) = %d %v", c.in, got, isSet)
		}
	}
	for _, c := range [][2]string{{"1,234.5", "1234.5"}, {"-0.25", "-0.25"}, {"12%", "12"}, {"1e3", "1000"}, {"5.0", "5.0"}} {
		if got, _ := Number(c[0]); got != c[1] {
			t.Errorf("Number(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"남", "male"}, {"F", "female"}, {"2", "female"}, {"남성", "male"}, {"?", ""}} {
		if got, _ := SexOf(c[0]); got != c[1] {
			t.Errorf("SexOf(%q) = %q", c[0], got)
		}
	}
	for _, c := range [][2]string{{"Y", Granted}, {"동의", Granted}, {"수신 거부", Refused}, {"미수신", Refused}, {"T", Granted}, {"", ""}, {"글쎄", ""}} {
		if got, _ := Consent(c[0]); got != c[1] {
			t.Errorf("Consent(%q) = %q", c[0], got)
		}
	}
	if got, _ := GradeOf("VIP등급"); got != "VIP" {
		t.Errorf("GradeOf: %q", got)
	}
	if got, _ := Choice("gold ", []string{"Silver", "Gold"}); got != "Gold" {
		t.Errorf("Choice: %q", got)
	}
	if _, findings := Choice("Bronze", []string{"Silver", "Gold"}); codes(findings) != "choice.unknown" {
		t.Errorf("Choice: %v", findings)
	}
}
