// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rowsOf writes a CSV of n rows made by cell.
func rowsOf(header string, n int, cell func(i int) string) []byte {
	var b bytes.Buffer
	b.WriteString(header + "\n")
	for i := range n {
		b.WriteString(cell(i) + "\n")
	}
	return b.Bytes()
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestMatchSaysWhatIsWrongWithItsInput runs the command line: what cannot be matched is named, the exit code tells the
// kind, and nothing is left where results would lie.
func TestMatchSaysWhatIsWrongWithItsInput(t *testing.T) {
	t.Parallel()
	people := rowsOf("id,name,phone", 500, func(i int) string { return fmt.Sprintf("%d,Kim %c%c,010-2%03d-%04d", i, 'a'+i%26, 'a'+i/26, i, 9999-i) })
	packed := gzipped(t, people)
	for _, row := range []struct {
		name, file string
		content    []byte
		flags      []string
		code       int
		says       string
	}{
		{"gzip cut short", "cut.csv.gz", packed[:len(packed)/2], nil, 2, "ends in the middle"},
		{"Parquet cut short", "cut.parquet", append([]byte("PAR1"), bytes.Repeat([]byte{0}, 400)...), nil, 2, "cannot be read as Parquet"},
		{"empty", "empty.csv", nil, nil, 2, "is empty"},
		{"only a header", "header.csv", []byte("id,name\n"), nil, 2, "fewer than two records"},
		{"one constant column", "constant.csv", rowsOf("id,name", 300, func(i int) string { return fmt.Sprint(i, ",Kim") }), nil, 2, "No column can tell records apart"},
		{"all missing", "missing.csv", rowsOf("id,name,phone", 300, func(i int) string { return fmt.Sprint(i, ",,") }), nil, 2, "No column can tell records apart"},
		{"a running number", "serial.csv", rowsOf("id,serial", 300, func(i int) string { return fmt.Sprint(i, ",", i*7) }), nil, 2, "No column can tell records apart"},
		{"a billion pairs", "same.csv", rowsOf("id,surname,dob", 50_000, func(i int) string { return fmt.Sprint(i, []string{",Kim,1980-01-01", ",Lee,1981-02-02"}[i%2]) }), nil, 2, "every pair would have to be looked at"},
		{"truth that is not there", "people.csv", people, []string{"--truth", "nobody"}, 2, `no column "nobody"`},
		{"id that is not there", "people.csv", people, []string{"--id", "nummer"}, 2, `no column "nummer"`},
		{"ignored column that is not there", "people.csv", people, []string{"--ignore", "nothing"}, 2, `no column "nothing"`},
		{"threshold beyond 1", "people.csv", people, []string{"--threshold", "1.5"}, 2, "between 0 and 1"},
		{"link with itself", "people.csv", people, []string{"--link-only"}, 2, "name two"},
		{"pattern that is none", "people.csv", people, []string{"--truth-pattern", "("}, 2, "no regular expression"},
		{"model that is none", "people.csv", people, []string{"--model", "MODEL"}, 2, "The model cannot be used"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, row.file)
			model := filepath.Join(dir, "model.json")
			for name, content := range map[string][]byte{file: row.content, model: []byte("{}")} {
				if err := os.WriteFile(name, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			out := filepath.Join(dir, "out")
			args := []string{"match", file, "--out", out}
			for _, flag := range row.flags {
				args = append(args, strings.ReplaceAll(flag, "MODEL", model))
			}
			code, _, errs := run(t, Config{Data: filepath.Join(dir, "data")}, args...)
			if code != row.code || !strings.Contains(errs, row.says) {
				t.Errorf("exit code %d, want %d; it says %q, want %q in it", code, row.code, errs, row.says)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*out*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
