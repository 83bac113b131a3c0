// SPDX-License-Identifier: Apache-2.0

package segment_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/segment"
)

// script is a text that analysts can read: rows, questions, answers.
type script struct {
	data  map[string]*sheet
	today time.Time
	world *world
}

// TestScripts runs testdata/*.test on both evaluators.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.test")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &script{data: sheets()}
			lines := strings.Split(string(text), "\n")
			for i := 0; i < len(lines); i++ {
				word, rest, _ := strings.Cut(strings.TrimSpace(lines[i]), " ")
				switch word {
				case "", "#":
				case "today":
					if s.today, err = time.ParseInLocation("2006-01-02", rest, seoul); err != nil {
						t.Fatal(err)
					}
				case "load":
					i = s.load(t, lines, i, rest)
				case "eval", "fault":
					i++
					s.ask(t, fmt.Sprintf("%s:%d", file, i), word, rest, strings.TrimSpace(lines[i]))
				default:
					if !strings.HasPrefix(word, "#") {
						t.Fatalf("%s:%d: %q is no word of a script", file, i+1, word)
					}
				}
			}
		})
	}
}

// load reads rows up to an empty line.
func (s *script) load(t *testing.T, lines []string, i int, head string) int {
	t.Helper()
	names := strings.Fields(head)
	table := s.data[names[0]]
	first := map[string]bool{}
	for i++; i < len(lines) && strings.TrimSpace(lines[i]) != ""; i++ {
		row := make([]any, len(table.columns))
		for k, text := range strings.Fields(lines[i]) {
			column := slices.IndexFunc(table.columns, func(c warehouse.Column) bool { return c.Name == names[k+1] })
			if column < 0 || text == "-" {
				continue
			}
			row[column] = cell(t, table.columns[column].Type, text)
		}
		if table.name == "order_lines" {
			complete(row, first)
		}
		table.rows = append(table.rows, row)
	}
	return i
}

func cell(t *testing.T, kind, text string) any {
	t.Helper()
	switch kind {
	case warehouse.BigInt, warehouse.Integer:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	case warehouse.Timestamp:
		at, err := time.ParseInLocation("2006-01-02", text, seoul)
		if err != nil {
			t.Fatal(err)
		}
		return at.UTC()
	}
	return text
}

// complete fills in what order's facts compute of a line.
func complete(row []any, first map[string]bool) {
	at := row[4].(time.Time).In(seoul)
	row[5] = int64(at.Year())*12 + int64(at.Month()) - 1
	row[9], row[10], row[14] = int64(0), int64(0), int64(0)
	switch row[8] {
	case "paid":
		row[9] = int64(2)
		if order := fmt.Sprint(row[2]); !first[order] {
			first[order], row[10] = true, int64(1)
		}
	case "refunded":
		row[9], row[14] = int64(1), -row[13].(int64)
	case "returned":
		row[14] = row[13]
	}
}

func (s *script) ask(t *testing.T, where, word, rules, want string) {
	t.Helper()
	if s.world == nil {
		s.world = openWorld(t, s.data)
	}
	at := condition.Moment{Today: s.today, Anniversaries: segment.Anniversaries}
	parsed, err := segment.Parse([]byte(rules))
	var p *segment.Program
	if err == nil {
		p, err = s.world.catalogue.Compile(boss(), parsed, at, "KRW", nil)
	}
	if word == "fault" {
		f, ok := fault.As(err)
		if !ok || fmt.Sprint(f.Fields["path"], " ", f.Code) != want {
			t.Errorf("%s: %s: %v (%+v), should be %s", where, rules, err, f, want)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: %s: %v", where, rules, err)
		return
	}
	inDuckDB, err := s.world.inDuckDB(p)
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(inDuckDB); got != want {
		t.Errorf("%s: %s: DuckDB chose %s, should be %s", where, rules, got, want)
	}
	if got := ids(s.world.inGo(p)); got != want {
		t.Errorf("%s: %s: Go chose %s, should be %s", where, rules, got, want)
	}
}

func ids(list []int64) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Trim(fmt.Sprint(list), "[]")
}

// FuzzRules feeds any text: it must be refused with a reason or become a
// program that both evaluators answer alike.
func FuzzRules(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.test")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			for _, word := range []string{"eval ", "fault "} {
				if rules, ok := strings.CutPrefix(line, word); ok {
					f.Add([]byte(rules))
				}
			}
		}
	}
	for _, bad := range []string{`{"op":"and","rules":[{"op":"and","rules":[{}]}]}`, `{"field":"id;DROP TABLE customers","is":"eq"}`, strings.Repeat(`{"op":"not","rules":[`, 200), `{"segment":1}`, `[]`, `{"op":"and"} x`, `{"field":"sido","is":"in","value":[]}`} {
		f.Add([]byte(bad))
	}
	data := sheets()
	data["customers"].rows = [][]any{{int64(1), "김", "서울특별시", "male", "1990-02-28", int64(228), "VIP", "강남", int64(1), true, today.UTC(), "a", int64(1), 1.5}, make([]any, 14)}
	data["customers"].rows[1][0] = int64(2)
	w := openWorld(f, data)
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := segment.Parse(text)
		var p *segment.Program
		if err == nil {
			p, err = w.compile(r, nil)
		}
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		got, err := w.inDuckDB(p)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if want := w.inGo(p); !slices.Equal(got, want) {
			t.Fatalf("%q: Go %v, DuckDB %v", text, want, got)
		}
	})
}
