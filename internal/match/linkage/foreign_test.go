// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"fmt"
	"slices"
	"testing"
)

// twoFiles builds a table whose first rows come from one file and the others from a second one.
func twoFiles(t *testing.T, columns []string, first, second [][]string) *Table {
	t.Helper()
	b := NewBuilder(columns)
	for k, rows := range [][][]string{first, second} {
		if err := b.Source(fmt.Sprint("file", k)); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			b.Add(row)
		}
	}
	return b.Table()
}

func TestKeysAreJoinedByTheirValues(t *testing.T) {
	var members, shop [][]string
	for i := range 60 {
		members = append(members, []string{fmt.Sprintf("김%c%c", 0xAC00+i*7, 0xAC00+i*31), fmt.Sprint(3_000_000_000 + i*7_919), ""})
		shop = append(shop, []string{fmt.Sprintf("박%c%c", 0xAC00+i*5, 0xAC00+i*11), "", fmt.Sprint(3_000_000_000 + i/2*7_919)})
	}
	for _, row := range []struct {
		name   string
		change func(i int) string
		want   bool
	}{
		{"the second file refers to the first", func(i int) string { return shop[i][2] }, true},
		{"half of the numbers are unknown there", func(i int) string { return fmt.Sprint(3_000_000_000 + (i/2+i%2*1000)*7_919) }, true},
		{"numbers of another kind", func(i int) string { return fmt.Sprint(8_111_111_111 + i/2*13) }, false},
		{"two digits agree by accident", func(i int) string { return fmt.Sprint(10 + i/2) }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			own := make([][]string, len(shop))
			for i := range shop {
				own[i] = []string{shop[i][0], "", row.change(i)}
			}
			table := twoFiles(t, []string{"이름", "회원번호", "통합번호"}, members, own)
			fields, err := assemble(table, &Result{})
			if err != nil {
				t.Fatal(err)
			}
			joined := slices.ContainsFunc(fields, func(f *field) bool { return len(f.columns) == 2 && f.kind == Identifier })
			if joined != row.want {
				t.Errorf("joined is %v, want %v", joined, row.want)
			}
		})
	}
}

func TestNamesInPartsMeetWholeNames(t *testing.T) {
	var whole, parts [][]string
	for i := range 40 {
		family, given := string(rune(0xAC00+i*3)), string([]rune{rune(0xB000 + i*17), rune(0xC000 + i*13)})
		whole = append(whole, []string{family + given, "", "", fmt.Sprint("010-2345-", 1000+i)})
		parts = append(parts, []string{"", family, given, fmt.Sprint("010-2345-", 1000+i)})
	}
	table := twoFiles(t, []string{"성명", "last name", "first name", "phone"}, whole, parts)
	fields, err := assemble(table, &Result{})
	if err != nil {
		t.Fatal(err)
	}
	f := fields[slices.IndexFunc(fields, func(f *field) bool { return f.kind == Name })]
	for row := range 40 {
		if a, b := f.slots[0][row], f.slots[0][row+40]; a == missing || f.levelOf(a, b) != 1 {
			t.Fatalf("%q and %q are not one name", f.values[a], f.values[b])
		}
	}
	if slices.ContainsFunc(fields, func(f *field) bool { return f.kind == Given || f.kind == Family }) {
		t.Error("the parts of the name are compared beside the whole")
	}
}

func TestMomentsAreNoBirthDates(t *testing.T) {
	for value, want := range map[string]bool{
		"2026-07-11 10:45:34": true, "2026-07-11T10:45": true, "2026-07-11 00:00:00": false, "1990-01-02": false, "10:45": false, "1990.01.02 (음)": false, "": false, ":": false,
	} {
		if got := hasTime(tidy(value)); got != want {
			t.Errorf("hasTime(%q) is %v", value, got)
		}
	}
}

func TestTurnedNames(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"정지훈", "지훈정", true}, {"지훈정", "정지훈", true}, {"남궁민수", "민수남궁", true}, {"정지훈", "훈지정", false}, {"정훈", "훈정", false}, {"abc", "bca", false},
	} {
		if got := isTurned(row.a, row.b); got != row.want {
			t.Errorf("isTurned(%s, %s) is %v", row.a, row.b, got)
		}
	}
}
