// SPDX-License-Identifier: Apache-2.0

package compare

import (
	"math"
	"testing"
)

func TestLevenshtein(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"kitten", "sitting", 3},
		{"flaw", "lawn", 2},
		{"김철수", "김철호", 1},
		{"김철수", "", 3},
		{"1990-01-01", "1990-10-01", 2},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b", 64},
	} {
		if got := Levenshtein(row.a, row.b); got != row.want {
			t.Errorf("Levenshtein(%q, %q) = %d, want %d", row.a, row.b, got, row.want)
		}
	}
}

// Published values: Winkler 1994, table of the U.S. Census Bureau's comparator.
func TestJaroWinkler(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b string
		want float64
	}{
		{"MARTHA", "MARHTA", .961},
		{"DWAYNE", "DUANE", .84},
		{"DIXON", "DICKSONX", .813},
		{"ABROMS", "ABRAMS", .922},
		{"JONES", "JOHNSON", .832},
		{"김철수", "김철수", 1},
		{"", "x", 0},
	} {
		if got := JaroWinkler(row.a, row.b); math.Abs(got-row.want) > .001 {
			t.Errorf("JaroWinkler(%q, %q) = %.4f, want %.3f", row.a, row.b, got, row.want)
		}
	}
}

func TestHangulCountsLetters(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b string
		want int
	}{{"김철수", "긴철수", 1}, {"한국", "한구", 1}, {"박", "팍", 1}, {"홍길동", "홍길동", 0}, {"가", "나", 1}} {
		if got := HangulDistance(row.a, row.b); got != row.want {
			t.Errorf("HangulDistance(%q, %q) = %d, want %d", row.a, row.b, got, row.want)
		}
	}
	if s := HangulSimilarity("김철수", "긴철수"); s < .9 {
		t.Errorf("one slip of the final consonant gives similarity %.3f", s)
	}
}

func FuzzProperties(f *testing.F) {
	f.Add("김철수", "긴 철수")
	f.Add("Robert", "Bob")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 300 || len(b) > 300 {
			t.Skip()
		}
		if Levenshtein(a, b) != Levenshtein(b, a) || HangulDistance(a, b) != HangulDistance(b, a) {
			t.Fatalf("distance of %q and %q depends on their order", a, b)
		}
		if rows := rowByRow([]rune(a), []rune(b)); a != b && isASCII(a) && isASCII(b) && rows != Levenshtein(a, b) {
			t.Fatalf("bit-parallel distance of %q and %q is %d, by rows %d", a, b, Levenshtein(a, b), rows)
		}
		for _, s := range []float64{JaroWinkler(a, b), HangulSimilarity(a, b)} {
			if s < 0 || s > 1 || math.IsNaN(s) {
				t.Fatalf("similarity of %q and %q is %v", a, b, s)
			}
		}
		if math.Abs(JaroWinkler(a, b)-JaroWinkler(b, a)) > 1e-12 {
			t.Fatalf("similarity of %q and %q depends on their order", a, b)
		}
		if JaroWinkler(a, a) != 1 || Levenshtein(a, a) != 0 {
			t.Fatalf("%q is not equal to itself", a)
		}
	})
}

func BenchmarkJaroWinkler(b *testing.B) {
	for b.Loop() {
		JaroWinkler("gildong.hong", "gildong.hwang")
	}
}

func BenchmarkLevenshtein(b *testing.B) {
	for b.Loop() {
		Levenshtein("gildong.hong", "gildong.hwang")
	}
}
