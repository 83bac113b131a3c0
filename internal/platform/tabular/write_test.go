// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"math"
	"testing"
	"time"
)

// Dates and numbers as people in several countries write them.
func TestWaysToWriteDays(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"2020-03": "2020-03-01", "2020/3": "2020-03-01", "202003": "2020-03-01", "2020년 3월": "2020-03-01", "2020M03": "2020-03-01",
		"2020Q2": "2020-04-01", "2020 Q2": "2020-04-01", "Q2 2020": "2020-04-01", "2020년 2분기": "2020-04-01", "1949": "1949-01-01",
		"Jan-49": "1949-01-01", "Mar 2020": "2020-03-01", "05-Mar-2020": "2020-03-05", "5 March 2020": "2020-03-05", "Mar 5, 2020": "2020-03-05", "05-Mar-20": "2020-03-05",
		"2020-03-05": "2020-03-05", "20200305": "2020-03-05", "2020-03-05T10:00:00Z": "2020-03-05", "2020. 3. 5.": "2020-03-05",
	} {
		at, ok := parseDate(cell, yearFirst, true)
		if got := time.UnixMicro(at).UTC().Format(time.DateOnly); !ok || got != want {
			t.Errorf("%q is %s (%v), want %s", cell, got, ok, want)
		}
	}
	for _, cell := range []string{"", "2020-13", "2020Q5", "hello", "Foo 2020", "2020-02-30", "12", "1-2", "M", "Q", "99999999999999999999", "Jan Feb 2020"} {
		if at, ok := parseDate(cell, yearFirst, true); ok {
			t.Errorf("%q is no day, but was read as %s", cell, time.UnixMicro(at).UTC())
		}
	}
}

func TestWaysToWriteNumbers(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]float64{"1,200원": 1200, "(1,200)": -1200, "△1,200": -1200, "1,200-": -1200, "€ 12.5": 12.5, "12.5 €": 12.5, "₩1,000": 1000, "-3e2": -300, "+5": 5} {
		if v, ok := parseNumber(cell); !ok || v != want {
			t.Errorf("%q is %g (%v), want %g", cell, v, ok, want)
		}
	}
	for cell, want := range map[string]float64{"1.234,5": 1234.5, "0,5": .5, "1.200": 1200, "12": 12, "-3,25": -3.25, "1 234,5": 1234.5, "(1.234,5)": -1234.5, "12,50 €": 12.5} {
		if v, ok := parseComma(cell); !ok || math.Abs(v-want) > 1e-12 {
			t.Errorf("%q is %g (%v) with decimals after a comma, want %g", cell, v, ok, want)
		}
	}
	for _, cell := range []string{"", "-", "(", "()", "1,2,3,4", "0x12", "1_000", "12 kg", "--5"} {
		if v, ok := parseNumber(cell); ok {
			t.Errorf("%q is no number, but was read as %g", cell, v)
		}
	}
	table, err := Read(write(t, "a.csv", "when;price;pieces\n05.03.2024;1.200,50;1.000\n17.03.2024;3,25;2\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := table.Columns; c[0].Kind != Date || c[0].Dates[0] != day("2024-03-05") || c[1].Numbers[0] != 1200.5 || c[2].Numbers[0] != 1000 {
		t.Errorf("a file with decimals after a comma: %s %v %v", c[0].Text(0), c[1].Numbers, c[2].Numbers)
	}
}
