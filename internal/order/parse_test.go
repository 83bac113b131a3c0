// SPDX-License-Identifier: Apache-2.0

package order

import (
	"testing"
	"time"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text   string
		digits int
		want   int64
		exact  bool
		fails  bool
	}{
		{"3.86", 2, 386, true, false},
		{"4.440892e-16", 2, 0, false, false},
		{"1,234,000원", 0, 1234000, true, false},
		{"₩ 12,000", 0, 12000, true, false},
		{"-5,000", 0, -5000, true, false},
		{"(5,000)", 0, -5000, true, false},
		{"△3,300", 0, -3300, true, false},
		{"10.005", 2, 1001, false, false},
		{"10.004", 2, 1000, false, false},
		{"-0.005", 2, -1, false, false},
		{"0.999", 0, 1, false, false},
		{"12", 3, 12000, true, false},
		{".5", 2, 50, true, false},
		{"7.", 2, 700, true, false},
		{"$3.50", 2, 350, true, false},
		{"1.01235E+10", 0, 10123500000, true, false},
		{"", 0, 0, false, true},
		{"-", 0, 0, false, true},
		{".", 0, 0, false, true},
		{"abc", 0, 0, false, true},
		{"1.2.3", 2, 0, false, true},
		{"99999999999999999999", 0, 0, false, true},
		{"9e99", 0, 0, false, true},
		{"nan", 0, 0, false, true},
	}
	for _, c := range cases {
		got, exact, err := parseDecimal(c.text, c.digits)
		if (err != nil) != c.fails || (!c.fails && (got != c.want || exact != c.exact)) {
			t.Errorf("%q with %d digits: %d exact %v err %v, want %d %v", c.text, c.digits, got, exact, err, c.want, c.exact)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	seoul := time.FixedZone("KST", 9*3600)
	cases := map[string]string{
		"2017-01-28 14:06:53":       "2017-01-28T05:06:53Z",
		"2017-01-28":                "2017-01-27T15:00:00Z",
		"19970101":                  "1996-12-31T15:00:00Z",
		"2026-11-21T10:00:00+09:00": "2026-11-21T01:00:00Z",
		"2026-11-21T10:00:00Z":      "2026-11-21T10:00:00Z",
		"2026.11.21":                "2026-11-20T15:00:00Z",
		"2026년 1월 2일":               "2026-01-01T15:00:00Z",
		"1/2/2017":                  "",
		"0001-01-01":                "",
		"":                          "",
		"2026-02-30":                "",
	}
	for text, want := range cases {
		at, _, err := parseTime(text, seoul)
		if want == "" {
			if err == nil {
				t.Errorf("%q is read as %v", text, at)
			}
			continue
		}
		if got := at.Format(time.RFC3339); err != nil || got != want {
			t.Errorf("%q: %s %v, want %s", text, got, err, want)
		}
	}
}

func TestParseStatus(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Status{"": Paid, "결제 완료": Paid, "Cancelled": Cancelled, "반품완료": Returned, "환불": Refunded} {
		if got, ok := ParseStatus(text); !ok || got != want {
			t.Errorf("%q: %s %v", text, got, ok)
		}
	}
	if _, ok := ParseStatus("whatever"); ok {
		t.Error("an unknown word is taken for a status")
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, seed := range []string{"1,234", "-3.5", "(4)", "1e9", "₩", "△", "4.440892e-16"} {
		f.Add(seed, 2)
	}
	f.Fuzz(func(t *testing.T, text string, digits int) {
		if digits < 0 || digits > 3 {
			return
		}
		if value, exact, err := parseDecimal(text, digits); err != nil && (value != 0 && exact) {
			t.Errorf("%q: value %d with error %v", text, value, err)
		}
	})
}
