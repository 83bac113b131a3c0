// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// seeds are values that were wrong once or look like trouble.
var seeds = []string{
	"", " ", "홍길동", "홍 길동 님", "남궁민(南宮珉)", "010-1234-5678", "+82 (0)10 1234 5678", "1.01235E+10", "010/02-345-6789,031",
	"hong@naver.com", "<a@b.co>, c@d.kr", "서울 강남구 테헤란로 152, 12층 (역삼동)", "(06236) 광주시 북구 산12-3번지", "1990-02-30(음)", "오후 2:05",
	"2026. 11. 21. 오후 2:05:06", "Sat, 21 Nov 2026 12:34:56 +0900", "46347.5", "900101-1000006", "９００１０１－１００００07", "12,000원", "3만5천", "△1.2E-5",
	"\xff\xfe", "\u1112\u1161\u11ab", "ﾡﾢ", "a\u200d\u200db", "=\"010\"", "'''", "((()))", "경기도경기도경기도", "1/2/3", "세종특별자치시", "+", "00", "@@@", "\u3000\u00a0",
}

func add(f *testing.F) {
	f.Helper()
	for _, seed := range seeds {
		f.Add(seed)
	}
}

// checkText fails when a stored value is not in its stored form.
func checkText(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || strings.TrimSpace(s) != s || strings.ContainsRune(s, 0) {
		t.Fatalf("not in stored form: %q", s)
	}
}

func FuzzText(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, normalise := range []func(string) (string, []Finding){Text, Line} {
			once, _ := normalise(s)
			checkText(t, once)
			if twice, _ := normalise(once); twice != once {
				t.Fatalf("%q then %q", once, twice)
			}
		}
		if key := SearchKey(s); SearchKey(key) != key {
			t.Fatalf("search key %q then %q", key, SearchKey(key))
		}
		Chosung(s)
		Bigrams(s)
		JosaOf(s, "은/는")
		CompanyKey(s)
		IsCompanyName(s)
		if key, _ := Key(s); key != "" {
			checkText(t, key)
			if again, _ := Key(key); again != key {
				t.Fatalf("key %q then %q", key, again)
			}
		}
	})
}

func FuzzName(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string) {
		once, _ := Name(s)
		checkText(t, once.Full)
		if twice, _ := Name(once.Full); twice.Full != once.Full {
			t.Fatalf("%q then %q", once.Full, twice.Full)
		}
		MaskName(s)
	})
}

func FuzzPhone(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string) {
		once, _ := Phone(s)
		if once.Value == "" {
			return
		}
		twice, findings := Phone(once.Value)
		if twice.Value != once.Value || twice.Class != once.Class {
			t.Fatalf("%+v then %+v %v", once, twice, findings)
		}
		shown, _ := Phone(FormatPhone(once.Value))
		if shown.Value != once.Value {
			t.Fatalf("%q shown as %q reads as %q", once.Value, FormatPhone(once.Value), shown.Value)
		}
		if masked := MaskPhone(once.Value); masked == once.Value && once.Class != ClassSpecial {
			t.Fatalf("%q is not masked", masked)
		}
	})
}

func FuzzEmail(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string) {
		once, _ := Email(s)
		if once.Value == "" {
			return
		}
		checkText(t, once.Value)
		if twice, _ := Email(once.Value); twice.Value != once.Value {
			t.Fatalf("%q then %q", once.Value, twice.Value)
		}
		MaskEmail(s)
	})
}

func FuzzAddress(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string) {
		once, _ := AddressOf(s, "", today)
		checkText(t, once.Line)
		twice, _ := AddressOf(joinReference(&once), once.PostalCode, today)
		if joinReference(&twice) != joinReference(&once) && once.Confidence == 1 {
			t.Fatalf("%q: %+v then %+v", s, once, twice)
		}
		clean, _ := Line(s)
		if got, want := len(wordRunes(once)), countWords(clean); got < want && !IsMissing(clean) {
			if got+len(once.PostalCode)+12 < want { // region names may become shorter; a word may not vanish
				t.Fatalf("text was dropped: %q → %+v", s, once)
			}
		}
		PostalCodeOf(s)
		MaskAddress(s)
	})
}

func wordRunes(a Address) string {
	return a.Line + a.Detail + a.Reference + a.PostalCode
}

func countWords(s string) int {
	return len(strings.ReplaceAll(s, " ", "")) - 6*strings.Count(s, "번지")
}

func FuzzDate(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, format := range append([]string{""}, Formats...) {
			birth, _ := BirthDate(s, format, today)
			if birth.On != "" {
				twice, findings := birthDate(birth.On, "", birth.Calendar, today)
				if twice != birth {
					t.Fatalf("%q as %q: %+v then %+v %v", s, format, birth, twice, findings)
				}
			}
			at, _, _ := DateTime(s, format, nil)
			if !at.IsZero() {
				again, _, _ := DateTime(at.UTC().Format(time.RFC3339Nano), "", nil)
				if at.UTC().Year() > 0 && at.UTC().Year() < 10000 && !again.Equal(at) {
					t.Fatalf("%q as %q: %v then %v", s, format, at, again)
				}
			}
			DayOf(s, format)
		}
		if d, findings := TimeOfDay(s); d < 0 || d >= 24*time.Hour {
			t.Fatalf("%v %v", d, findings)
		}
	})
}

func FuzzNumbers(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, currency := range []string{"KRW", "USD", "KWD"} {
			Money(s, currency)
		}
		Quantity(s)
		if once, _ := Number(s); once != "" {
			if twice, _ := Number(once); twice != once {
				t.Fatalf("%q then %q", once, twice)
			}
		}
		if once, _ := BusinessNumber(s); once.Value != "" {
			if twice, _ := BusinessNumber(FormatBusinessNumber(once.Value)); twice != once {
				t.Fatalf("%v then %v", once, twice)
			}
		}
		CorporateNumber(s)
		ResidentNumber(s, today)
		Boolean(s)
		Consent(s)
		SexOf(s)
		GradeOf(s)
		Choice(s, []string{"a", "홍"})
		BirthCalendarOf(s)
	})
}

func FuzzRedact(f *testing.F) {
	add(f)
	f.Fuzz(func(t *testing.T, s string) {
		safe, found := Redact(s)
		if found == 0 && safe != s {
			t.Fatalf("changed without finding: %q %q", s, safe)
		}
		if again, more := Redact(safe); more != 0 {
			t.Fatalf("%q still holds a number: %q", safe, again)
		}
		for _, mask := range []func(string) string{MaskResident, MaskCard, MaskAccount, MaskIP, MaskBirthDate} {
			mask(s)
		}
	})
}

func FuzzRow(f *testing.F) {
	f.Add("홍길동", "010-2345-6789", "서울 강남구 테헤란로 152", "1990-01-02")
	f.Add("900101-1000006", "900101-1000006", "900101-1000006", "900101-1000006")
	f.Fuzz(func(t *testing.T, name, phone, address, birth string) {
		row := NewRow(Rules{Today: today})
		row.Set(FieldFullName, "", name)
		row.Set(FieldContact, "", phone)
		row.Set(FieldAddress, "", address)
		row.Set(FieldBirthOn, "", birth)
		row.Set(FieldMemo, "", name+phone)
		row.Set(FieldResidentID, "", birth)
		row.Finish()
		row.Each(func(field Field, value string) {
			if HasResidentNumber(value) {
				t.Fatalf("%s holds a resident number: %q", field, value)
			}
		})
		for _, finding := range row.Findings() {
			if HasResidentNumber(finding.Value) || finding.Code == "" || finding.Message == "" || finding.Rule == "" || finding.Field == "" {
				t.Fatalf("finding %+v", finding)
			}
		}
	})
}
