// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/emersion/go-vcard"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/korean"
)

func generate(t *testing.T, customers int, seed uint64) (Company, string) {
	t.Helper()
	dir := t.TempDir()
	truth := filepath.Join(dir, "truth.csv")
	company, err := Generate(context.Background(), Options{Customers: customers, Seed: seed, Dir: filepath.Join(dir, "exports"), TruthFile: truth})
	if err != nil {
		t.Fatal(err)
	}
	return company, truth
}

func hashes(t *testing.T, company Company, more ...string) map[string]string {
	t.Helper()
	result := map[string]string{}
	paths := more
	for _, f := range company.Files {
		paths = append(paths, f.Path)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		result[filepath.Base(path)] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	return result
}

// rows reads an export the way a program that knows its encoding would.
func rows(t *testing.T, f File) [][]string {
	t.Helper()
	data, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	switch f.Encoding {
	case "utf-8-bom":
		if !bytes.HasPrefix(data, []byte("\ufeff")) {
			t.Fatalf("%s has no byte order mark", f.Name)
		}
		data = data[3:]
	case "cp949":
		if utf8.Valid(data) {
			t.Fatalf("%s is UTF-8, want CP949", f.Name)
		}
		if data, err = korean.EUCKR.NewDecoder().Bytes(data); err != nil {
			t.Fatal(err)
		}
	case "xlsx":
		return sheetRowsOf(t, data)
	case "vcard":
		return cardsOf(t, data)
	}
	if !utf8.Valid(data) {
		t.Fatalf("%s is not valid after decoding from %s", f.Name, f.Encoding)
	}
	reader := csv.NewReader(bytes.NewReader(data))
	all, err := reader.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return all
}

func sheetRowsOf(t *testing.T, data []byte) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	merged, err := book.GetMergeCells("상담이력1")
	if err != nil || len(merged) != 4 {
		t.Fatalf("merged header cells: %d, %v", len(merged), err)
	}
	all, err := book.GetRows("상담이력1")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func cardsOf(t *testing.T, data []byte) [][]string {
	t.Helper()
	var list [][]string
	decoder := vcard.NewDecoder(bytes.NewReader(data))
	for {
		card, err := decoder.Decode()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatalf("card %d: %v", len(list)+1, err)
		}
		list = append(list, []string{card.Value(vcard.FieldVersion), card.Value(vcard.FieldOrganization)})
	}
}

func TestSameSeedGivesSameBytesOnAnyNumberOfProcessors(t *testing.T) {
	before := runtime.GOMAXPROCS(1)
	a, truthA := generate(t, 3000, 7)
	runtime.GOMAXPROCS(4)
	b, truthB := generate(t, 3000, 7)
	runtime.GOMAXPROCS(before)
	first, second := hashes(t, a, truthA), hashes(t, b, truthB)
	for name, want := range first {
		if second[name] != want {
			t.Errorf("%s differs between one and four processors", name)
		}
	}
	c, truthC := generate(t, 3000, 8)
	if other := hashes(t, c, truthC); other["members.csv"] == first["members.csv"] {
		t.Error("another seed gave the same members")
	}
}

func TestFilesParseAndTruthIsComplete(t *testing.T) {
	for _, n := range []int{0, 1, 10, 4000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			company, truthFile := generate(t, n, 42)
			truth := readTruth(t, truthFile)
			var records int64
			persons := map[string]bool{}
			for i, f := range company.Files {
				got := int64(len(rows(t, f)) - f.HeaderRows)
				if got != f.Rows {
					t.Errorf("%s: %d rows, file says %d", f.Name, got, f.Rows)
				}
				if i < fileMembers || i > fileSales {
					continue
				}
				records += f.Rows
				if int64(len(truth[f.Name])) != f.Rows {
					t.Errorf("%s: truth of %d rows, want %d", f.Name, len(truth[f.Name]), f.Rows)
				}
				for row := int64(1); row <= f.Rows; row++ {
					person := truth[f.Name][row]
					if person == "" {
						t.Errorf("%s row %d has no person", f.Name, row)
					}
					persons[person] = true
				}
			}
			if len(persons) != n || company.People != int64(n) || company.Records != records {
				t.Errorf("%d persons in the truth, company says %d persons and %d records of %d", len(persons), company.People, company.Records, records)
			}
		})
	}
}

func readTruth(t *testing.T, path string) map[string]map[int64]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || strings.Join(all[0], ",") != "file,row,person_id,household_id" {
		t.Fatalf("truth: %v, header %v", err, all[0])
	}
	truth := map[string]map[int64]string{}
	for _, line := range all[1:] {
		if truth[line[0]] == nil {
			truth[line[0]] = map[int64]string{}
		}
		row, _ := strconv.ParseInt(line[1], 10, 64)
		truth[line[0]][row] = line[2]
	}
	return truth
}

func TestKeysAreUniqueAndOrdersPointToRecords(t *testing.T) {
	company, _ := generate(t, 6000, 3)
	keys := map[string]map[string]bool{}
	for file, column := range map[int]string{fileMembers: "회원번호", fileStores: "카드번호", fileOnline: "온라인계정", fileProducts: "상품코드"} {
		keys[column] = uniqueColumn(t, company.Files[file], column)
	}
	uniqueColumn(t, company.Files[fileStores], "고객번호")
	for file, columns := range map[int][]string{
		fileOrdersMember: {"회원번호", "상품코드"}, fileOrdersStore: {"카드번호", "상품코드"}, fileOrdersOnline: {"온라인계정", "상품코드"}, fileTargets: {"회원번호"},
	} {
		all := rows(t, company.Files[file])
		if len(all) < 100 {
			t.Errorf("%s has only %d rows", company.Files[file].Name, len(all))
		}
		for _, column := range columns {
			at := position(t, all[0], column)
			for i, row := range all[1:] {
				if !keys[column][row[at]] {
					t.Fatalf("%s row %d: %s %q is in no export", company.Files[file].Name, i+1, column, row[at])
				}
			}
		}
	}
}

func position(t *testing.T, header []string, column string) int {
	t.Helper()
	for i, name := range header {
		if name == column {
			return i
		}
	}
	t.Fatalf("no column %s in %v", column, header)
	return -1
}

func uniqueColumn(t *testing.T, f File, column string) map[string]bool {
	t.Helper()
	all := rows(t, f)
	at := position(t, all[0], column)
	seen := map[string]bool{}
	for i, row := range all[1:] {
		if row[at] == "" || seen[row[at]] {
			t.Fatalf("%s row %d: %s %q is empty or taken", f.Name, i+1, column, row[at])
		}
		seen[row[at]] = true
	}
	return seen
}

func TestRates(t *testing.T) {
	company, _ := generate(t, 20000, 1)
	for _, want := range []struct {
		name      string
		low, high float64
	}{
		{"people_in_several_records", 0.45, 0.75},
		{"duplicates", 0.35, 0.55},
		{"duplicates_two_damaged", 0.40, 0.75},
		{"duplicates_two_altered", 0.30, 0.70},
		{"name_typo", 0.03, 0.2},
		{"name_roman", 0.02, 0.15},
		{"name_dueum", 0.002, 0.05},
		{"address_moved", 0.03, 0.2},
		{"phone_old", 0.02, 0.2},
		{"phone_legacy", 0.003, 0.1},
		{"phone_family", 0.003, 0.1},
		{"excel_zero", 0.005, 0.1},
		{"excel_exponent", 0.001, 0.05},
		{"birth_swapped", 0.003, 0.1},
		{"resident_number", 0.001, 0.01},
		{"placeholder", 0.005, 0.1},
		{"missing", 0.02, 0.2},
		{"twins", 0.005, 0.03},
		{"foreign", 0.015, 0.04},
		{"orders_cancelled_or_returned", 0.03, 0.055},
		{"orders_caused_by_campaigns", 0.005, 0.1},
		{"revenue_of_top_fifth", 0.5, 0.85},
	} {
		rate, ok := company.Find(want.name)
		if !ok || rate.Share < want.low || rate.Share > want.high {
			t.Errorf("%s is %.4f (found %v), want %.3f…%.3f", want.name, rate.Share, ok, want.low, want.high)
		}
	}
	if mean := float64(company.Orders) / float64(company.People); mean < 7 || mean > 9.5 {
		t.Errorf("%.2f orders a person, want about 8", mean)
	}
}

func TestDirtyValuesArePresent(t *testing.T) {
	company, _ := generate(t, 20000, 1)
	var text strings.Builder
	for _, f := range company.Files[fileMembers : fileSales+1] {
		for _, row := range rows(t, f) {
			text.WriteString(strings.Join(row, "\t") + "\n")
		}
	}
	all := text.String()
	for name, pattern := range map[string]string{
		"resident number": `\d{6}-?[1-8]\d{6}`, "E notation": `1\.\d{5}E\+10`, "lost zero": `\t10\d{8}\t`, "typo in domain": `@naver\.con\t`, "placeholder": `01000000000|010-0000-0000`,
		"legacy number": `\t01[16-9]-?\d{3}-?\d{4}\t`, "romanised": `\t[A-Z][a-z]+ [A-Z][a-z]+\t`, "new region": `전남광주통합특별시`, "old region": `광주광역시|전라남도|강원도 `, "full width": `０１０`,
		"spaced name": `\t[가-힣] [가-힣] [가-힣]\t`, "formula": `\t=이전`, "decomposed": "[\u1100-\u1112][\u1161-\u1175]", "version 2.1": `(?m)^2\.1\t`, "version 4.0": `(?m)^4\.0\t`,
	} {
		if !regexp.MustCompile(pattern).MatchString(all) {
			t.Errorf("no %s in the records", name)
		}
	}
}

func TestResidentNumbersAreSynthetic(t *testing.T) {
	weight := [12]int{2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5}
	for i := range 2000 {
		r := newRandom(9, streamRecord, uint64(i))
		p := person{birth: date{1950 + i%60, 1 + i%12, 1 + i%28}, isFemale: i%2 == 0, isForeign: i%7 == 0}
		digits := strings.ReplaceAll(residentNumber(&r, &p), "-", "")
		sum := 0
		for k, w := range weight {
			sum += w * int(digits[k]-'0')
		}
		if last := int(digits[12] - '0'); last == (11-sum%11)%10 || last == (13-sum%11)%10 {
			t.Fatalf("%s has a matching check digit", digits)
		}
	}
}

func TestSeasonsAndChannels(t *testing.T) {
	c := newCalendar(date{2026, 11, 20}.time())
	weight := func(day string) float64 {
		for i, text := range c.text {
			if text == day {
				return c.running[i+1] - c.running[i]
			}
		}
		t.Fatalf("%s is not in the history", day)
		return 0
	}
	if c.text[windowDays-1] != "2026-11-20" || c.text[0] != "2024-11-21" {
		t.Errorf("history runs from %s to %s", c.text[0], c.text[windowDays-1])
	}
	// Wednesdays: a week before Chuseok 2025, an ordinary one, and a Saturday beside it.
	if weight("2025-10-01") < 1.4*weight("2025-08-20") || weight("2026-06-13") < 1.2*weight("2026-06-10") {
		t.Error("no peak before Chuseok or at the weekend")
	}
	if weight("2025-10-06") > 0.6*weight("2025-10-01") {
		t.Error("shops are busy on Chuseok itself")
	}
}

func TestBadOptions(t *testing.T) {
	dir := t.TempDir()
	for name, o := range map[string]Options{
		"negative": {Customers: -1, Dir: dir}, "too many": {Customers: maxCustomers + 1, Dir: dir}, "no folder": {Customers: 1},
		"truth inside": {Customers: 1, Dir: dir, TruthFile: filepath.Join(dir, "deep", "truth.csv")},
	} {
		if _, err := Generate(context.Background(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Generate(ctx, Options{Customers: 5000, Dir: dir}); err == nil {
		t.Error("cancelled: no error")
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%d files left after cancelling", len(left))
	}
}

func TestCustomersCSV(t *testing.T) {
	var a, b bytes.Buffer
	for _, out := range []*bytes.Buffer{&a, &b} {
		if err := GenerateCustomersCSV(out, 2500, 5); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same seed gave other bytes")
	}
	all, err := csv.NewReader(bytes.NewReader(a.Bytes()[3:])).ReadAll()
	if err != nil || len(all) != 2501 || len(all[0]) != 12 {
		t.Fatalf("%d rows of %d columns, %v", len(all), len(all[0]), err)
	}
	seen := map[string]bool{}
	for _, row := range all[1:] {
		if seen[row[0]] {
			t.Fatalf("%s twice", row[0])
		}
		seen[row[0]] = true
	}
}

func TestReportAndAccounts(t *testing.T) {
	company, _ := generate(t, 200, 1)
	var ko, en, machine bytes.Buffer
	if company.WriteReport(&ko, "ko") != nil || company.WriteReport(&en, "en") != nil || company.WriteJSON(&machine) != nil {
		t.Fatal("cannot write a report")
	}
	if !strings.Contains(ko.String(), "중복 기록") || !strings.Contains(en.String(), "duplicates with two") || !strings.Contains(machine.String(), `"duplicates_two_damaged"`) {
		t.Error("a report lacks the rates")
	}
	roles := map[string]bool{}
	for _, a := range Accounts() {
		roles[a.Role] = true
	}
	if len(roles) != 6 {
		t.Errorf("%d roles, want 6", len(roles))
	}
}

func TestStoreNumbersStayUniqueBeyondFourDigits(t *testing.T) {
	w := world{stores: newPermutation(1_600_000, 1, 105)}
	seen := make(map[string]bool, 1_600_000)
	for i := range 1_600_000 {
		n := w.storeNumber(i)
		if len(n) < 4 || len(n) > 5 || seen[n] {
			t.Fatalf("number %q", n)
		}
		seen[n] = true
	}
}

func BenchmarkGenerate20000(b *testing.B) {
	for b.Loop() {
		if _, err := Generate(context.Background(), Options{Customers: 20000, Seed: 1, Dir: b.TempDir()}); err != nil {
			b.Fatal(err)
		}
	}
}
