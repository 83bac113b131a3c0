// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"fmt"
	"testing"
)

// FuzzMeasures holds for every kind and any two texts: cleaning twice changes nothing more, the level lies within its
// bounds, does not depend on the order, and a signature never hides likeness.
func FuzzMeasures(f *testing.F) {
	for _, pair := range [][2]string{
		{"정지훈", "지훈정"},
		{"이지훈 님", "LEE Jihun"},
		{"㈜한국상사", "한국상사 주식회사"},
		{"1980-02-29", "29.2.80"},
		{"010-1234-0000", "+82 11 234 5678"},
		{"a@b.com", "A @b.com"},
		{"06236", "135-080"},
		{"서울특별시 강남구 테헤란로 152", "서울 강남구 역삼동 737"},
		{"", "\xff\xfe"},
		{"1,200원", "$1200.00"},
		{"é", "e\u0301"},
		{"0 !", "(여)"},
	} {
		f.Add(pair[0], pair[1])
	}
	kinds := []Kind{Name, Given, Family, Word, Company, Date, Year, Email, Phone, Address, Postal, Sex, Identifier, Category, Number, Text}
	f.Fuzz(func(t *testing.T, x, y string) {
		for _, kind := range kinds {
			m := measureOf(kind, yearFirst, nil)
			a, b := m.clean(x), m.clean(y)
			if again := m.clean(a); again != a {
				t.Errorf("%s: %q cleaned is %q, and that cleaned %q", kind, x, a, again)
			}
			if a == "" || b == "" || a == b { // equal texts have one code and never reach a measure
				continue
			}
			p, q := m.prepare(a), m.prepare(b)
			level, turned := m.level(&p, &q), m.level(&q, &p)
			if level != turned {
				t.Errorf("%s: %q and %q are %d, the other way round %d", kind, a, b, level, turned)
			}
			if level > m.other() {
				t.Errorf("%s: %q and %q are at level %d of %d", kind, a, b, level, m.other())
			}
			if m.isUnlike != nil {
				s, r := m.sign(&p), m.sign(&q)
				if m.isUnlike(s, r) != m.isUnlike(r, s) {
					t.Errorf("%s: the signatures of %q and %q depend on their order", kind, a, b)
				}
				if m.isUnlike(s, r) && level != m.other() {
					t.Errorf("%s: %q and %q are called unlike, their level is %s", kind, a, b, m.labels[level])
				}
			}
		}
	})
}

// TestKoreanEquivalents: the rulebook's pairs that are one thing written twice (1.1, 1.7 to 1.9).
func TestKoreanEquivalents(t *testing.T) {
	for _, row := range []struct {
		kind  Kind
		a, b  string
		worst uint8 // the last level that is good enough
	}{
		{Name, "이지훈", "리지훈", 2},
		{Name, "김 철 수", "김철수", 1},
		{Name, "이지훈", "LEE Jihun", 2},
		{Phone, "016-234-9876", "010-3234-9876", 2},
		{Phone, "+82-10-2345-6789", "010 2345 6789", 1},
		{Date, "1970-03-08", "1970-08-03", 2},
		{Date, "1970-02-06", "1970-01-01", 2}, // lunar new year's day of 1970
		{Postal, "135-080", "06236", missing},
		{Company, "㈜한국상사", "한국상사 주식회사", 1},
		{Address, "광주광역시 북구 우치로42번길 20", "전남광주통합특별시 북구 우치로42번길 20", 1},
		{Address, "서울 강남구 테헤란로 152, 101동 502호 (역삼동, 역삼아파트)", "서울특별시 강남구 역삼동 737 역삼아파트 101동 502호", 6},
	} {
		m := measureOf(row.kind, yearFirst, nil)
		a, b := m.clean(row.a), m.clean(row.b)
		level := uint8(1)
		if a != b {
			p, q := m.prepare(a), m.prepare(b)
			level = m.level(&p, &q)
		}
		if level > row.worst {
			t.Errorf("%s: %q (%s) and %q (%s) are %q", row.kind, row.a, a, row.b, b, m.labels[level])
		}
	}
}

// TestKindsAreTakenFromRecordsNotFromDifferentValues: the more records, the more kinds of slips; a column of dates is
// still one when most of its different values are slips.
func TestKindsAreTakenFromRecordsNotFromDifferentValues(t *testing.T) {
	t.Parallel()
	b := NewBuilder([]string{"dob"})
	for i := range 20_000 {
		date := fmt.Sprintf("19%02d-%02d-%02d", 50+i%40, 1+i%12, 1+i%27)
		if i%10 == 0 {
			date = fmt.Sprintf("%d-%s", i, date) // no date, and each a different one
		}
		b.Add([]string{date})
	}
	c := b.Table().Columns[0]
	if slips := 2000; c.Distinct() > 2*slips {
		t.Fatalf("%d different values, most of them are to be slips", c.Distinct())
	}
	if kind := Recognise(c); kind != Date {
		t.Errorf("recognised as %s", kind)
	}
}
