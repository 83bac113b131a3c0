// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// people500 has every kind of column and a second record of every fifth person.
func people500(t *testing.T) *Table {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	b.WriteString("id,given name,surname,birth date,phone,email,address,postal code,sex,company,visits,note\n")
	word := func(n int) string {
		letters := make([]byte, n)
		for i := range letters {
			letters[i] = "abcdefghiklmnoprstu"[random.IntN(19)]
		}
		return string(letters)
	}
	for i := range 500 {
		given, family := word(5), word(6)
		row := fmt.Sprintf("%s,%s,19%02d-%02d-%02d,010-%04d-%04d,%s@%s.com,%d %s street,%05d,%s,%s Ltd,%d,%s %s %s", given, family, 40+random.IntN(60), 1+random.IntN(12),
			1+random.IntN(28), random.IntN(10_000), random.IntN(10_000), given+family, word(4), random.IntN(90), word(7), random.IntN(99_999), []string{"F", "M"}[i%2],
			word(8), random.IntN(400), word(4), word(5), word(6))
		fmt.Fprintf(&b, "p%d-1,%s\n", i, row)
		if i%5 == 0 {
			fmt.Fprintf(&b, "p%d-2,%s\n", i, strings.Replace(row, given, word(5), 1))
		}
	}
	table, err := Read(context.Background(), []string{write(t, "people.csv", b.String())}, ReadOptions{TruthPattern: regexp.MustCompile(`^p(\d+)-`)})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestReportSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	table := people500(t)
	result, err := Run(context.Background(), table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	quality := Measure(result.Cluster, table.Truth, nil, false)
	for language, want := range map[Language]string{Korean: "알아본 열", English: "Columns as recognised", "": "Columns as recognised"} {
		var page strings.Builder
		w := bufio.NewWriter(&page)
		result.Language = language
		if err := result.writeReport(w, table, &quality); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page.String(), want) || strings.Contains(page.String(), "%!") || strings.Contains(page.String(), "ZgotmplZ") {
			t.Errorf("the report in %q is not whole", language)
		}
		if got := strings.Count(page.String(), "<details"); got < 21 {
			t.Errorf("the report in %q shows %d foldable parts, want twenty pairs and the table", language, got)
		}
	}
	for _, note := range result.Notes {
		if Korean.note(note) == note {
			t.Errorf("the note %q has no Korean", note)
		}
	}
}

// TestEqualValuesAreEqual: whatever a column holds, two records with the same text in it are at its level "equal".
func TestEqualValuesAreEqual(t *testing.T) {
	t.Parallel()
	table := people500(t)
	result, err := Run(context.Background(), table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range result.Pairs {
		if table.Truth[p.A] != table.Truth[p.B] {
			continue
		}
		seen++
		for i, f := range result.fields {
			if level := levelAt(p.Pattern, i); f.kind != Given && level > 1 {
				t.Errorf("%s of the same record is at level %s", f.name, f.measure.labels[level])
			}
		}
	}
	if seen < 95 {
		t.Errorf("%d of 100 pairs were compared", seen)
	}
}

func TestEveryTextOfTheReportHasItsKorean(t *testing.T) {
	t.Parallel()
	for _, found := range regexp.MustCompile(`\bt "([^"]+)"`).FindAllStringSubmatch(reportText, -1) {
		if _, known := koreanTexts[found[1]]; !known {
			t.Errorf("the text %q has no Korean", found[1])
		}
	}
	for _, kind := range []Kind{Name, Given, Family, Company, Date, Year, Email, Phone, Address, Detail, Postal, Sex, Identifier, Category, Word, Number, Text} {
		for _, text := range append([]string{string(kind)}, measureOf(kind, yearFirst, nil).labels...) {
			if _, known := koreanTexts[text]; !known {
				t.Errorf("%q of the kind %s has no Korean", text, kind)
			}
		}
	}
	for _, form := range []Form{Letters, Sound, YearOf, DayOf, Tail, Head, Local, Area, Rare, AnyOrder} {
		if got := Korean.rule("name (" + string(form) + ") + b"); strings.Contains(got, string(form)) {
			t.Errorf("the form %q has no Korean", form)
		}
	}
	if got := Korean.rule("a and b in any order + city"); got != "a·b (성·이름 순서 무관) + city" {
		t.Errorf("a key in any order reads %q", got)
	}
}
