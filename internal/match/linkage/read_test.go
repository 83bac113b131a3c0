// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/korean"

	"dangol/internal/platform/fault"
)

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const people = `rec,name,phone,born
a-1,김철수,010-1234-5678,1980-01-02
b-1,이영희,010-2222-3333,1990-05-06
a-2,긴철수,01012345678,1980-01-02
`

func TestReadUnderstandsEncodingsAndTruth(t *testing.T) {
	t.Parallel()
	cp949, err := korean.EUCKR.NewEncoder().String(people)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"utf8.csv": people, "bom.csv": "\ufeff" + people, "cp949.csv": cp949, "tab.csv": strings.ReplaceAll(people, ",", "\t")} {
		table, err := Read(context.Background(), []string{write(t, name, content)}, ReadOptions{ID: "rec", TruthPattern: regexp.MustCompile(`^(\w)-`)})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if table.Rows != 3 || len(table.Columns) != 3 || table.Truth[2] != "a" || table.IDs[0] != "a-1" {
			t.Errorf("%s: %d rows, %d columns, truth %v, ids %v", name, table.Rows, len(table.Columns), table.Truth, table.IDs)
		}
		if got := table.Columns[0].Values[table.Columns[0].Codes[0]]; got != "김철수" {
			t.Errorf("%s: first name is %q", name, got)
		}
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		path    string
		options ReadOptions
		message string
	}{
		"no file":   {filepath.Join(t.TempDir(), "none.csv"), ReadOptions{}, "cannot be opened"},
		"empty":     {write(t, "empty.csv", ""), ReadOptions{}, "has no header row"},
		"one row":   {write(t, "one.csv", "a,b\n1,2\n"), ReadOptions{}, "fewer than two"},
		"no column": {write(t, "some.csv", people), ReadOptions{ID: "nummer"}, `no column "nummer"`},
		"parquet":   {write(t, "cut.parquet", "PAR1abc"), ReadOptions{}, "as Parquet"},
		"cut short": {write(t, "cut.csv", "a,b,c\n1,2,3\n4,5,6\n7,8"), ReadOptions{}, "ends in the middle"},
		"in quotes": {write(t, "quote.csv", "a,b,c\n1,2,3\n4,5,\"6"), ReadOptions{}, "ends in the middle"},
		"gzip":      {write(t, "bad.csv.gz", "\x1f\x8bxx"), ReadOptions{}, "gzip"},
	} {
		_, err := Read(context.Background(), []string{row.path}, row.options)
		if err == nil || !strings.Contains(err.Error(), row.message) {
			t.Errorf("%s: error %v does not say %q", name, err, row.message)
		}
	}
}

func TestRunRefusesWhatTellsNothing(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"constant": "a\nx\nx\nx\n", "running": "n\n" + func() string {
			var b strings.Builder
			for i := range 50 {
				b.WriteString(strings.Repeat("1", 1+i%3) + string(rune('0'+i/10)) + string(rune('0'+i%10)) + "\n")
			}
			return b.String()
		}(), "missing": "a,b\n,\n,\n,\n",
	} {
		table, err := Read(context.Background(), []string{write(t, name+".csv", content)}, ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Run(context.Background(), table, Options{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: error is %v, want a fault that the input is invalid", name, err)
		}
	}
}

func TestWriteMakesFourWholeFiles(t *testing.T) {
	t.Parallel()
	table, err := Read(context.Background(), []string{shared(t, "febrl/dataset1.csv")},
		ReadOptions{ID: "rec_id", TruthPattern: regexp.MustCompile(`^rec-(\d+)-`), Ignore: []string{"soc_sec_id"}})
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(context.Background(), table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	quality := Measure(result.Cluster, table.Truth, nil, false)
	folder := t.TempDir()
	if err := result.Write(folder, table, .5, &quality); err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string]int{"clusters.csv": 1001, "pairs.csv": 501} {
		file, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		all, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(all) < rows-5 || len(all) > rows+5 {
			t.Errorf("%s has %d rows, want about %d", name, len(all), rows)
		}
	}
	report, err := os.ReadFile(filepath.Join(folder, "report.html"))
	if err != nil || !strings.Contains(string(report), "date_of_birth") || strings.Contains(string(report), "ZgotmplZ") {
		t.Errorf("the report is not whole: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte(people))
	f.Add([]byte("a,b\n\"x,y\n"))
	f.Add([]byte("\xb1\xe8,\xb3\xaa\n1,2\n3,4\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		table, err := Read(context.Background(), []string{write(t, "fuzz.csv", string(content))}, ReadOptions{})
		if err != nil {
			return
		}
		for _, c := range table.Columns {
			if len(c.Codes) != table.Rows {
				t.Fatalf("column %q has %d codes for %d rows", c.Name, len(c.Codes), table.Rows)
			}
		}
	})
}

func TestASampleCutInACharacterIsStillUTF8(t *testing.T) {
	t.Parallel()
	for shift := range 8 {
		text := strings.Repeat("x", shift) + strings.Repeat("가나다라😀마", 100)
		for end := len(text) - 12; end <= len(text); end++ {
			if decoderOf([]byte(text[:end])) != nil {
				t.Fatalf("%d letters before, cut at %d: not taken for UTF-8", shift, end)
			}
		}
	}
}
