// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangol/internal/cube"
	"dangol/internal/platform/warehouse/clickhouse/clickhousetest"
	"dangol/internal/platform/warehouse/image"
)

// TestScripts runs testdata/*.test on every engine: load rows, ask, expected rows.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.test")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		for _, engine := range []string{"duckdb", "image", "clickhouse", "clickhouse on two shards"} {
			t.Run(filepath.Base(file)+" "+engine, func(t *testing.T) {
				t.Parallel()
				runScript(t, file, engine)
			})
		}
	}
}

func runScript(t *testing.T, file, engine string) {
	t.Helper()
	var servers *clickhousetest.Cluster
	switch engine {
	case "clickhouse":
		servers = clickhousetest.Start(t, 1)
	case "clickhouse on two shards":
		servers = clickhousetest.Start(t, 2)
	}
	text, err := os.ReadFile(file) //nolint:gosec // a test file
	if err != nil {
		t.Fatal(err)
	}
	shop := &store{zone: time.FixedZone("KST", 9*3600)}
	var service *cube.Service
	lines := strings.Split(string(text), "\n")
	for i := 0; i < len(lines); i++ {
		word, rest, _ := strings.Cut(strings.TrimSpace(lines[i]), " ")
		block := func() (rows [][]string) {
			for i++; i < len(lines) && strings.TrimSpace(lines[i]) != "" && !strings.HasPrefix(lines[i], "ask ") && !strings.HasPrefix(lines[i], "#"); i++ {
				rows = append(rows, strings.Fields(lines[i]))
			}
			i--
			return rows
		}
		switch word {
		case "load":
			for _, row := range block() {
				shop.load(t, strings.Fields(rest), row)
			}
		case "ask":
			if service == nil {
				service = openOn(t, shop, engine, servers)
			}
			at := i + 1
			want := block()
			for k := range want {
				want[k] = []string{strings.Join(want[k], " ")}
			}
			if got := askRows(t, service, rest, strings.Fields(engine)[0]); got != strings.Join(slices.Concat(want...), "\n") {
				t.Errorf("%s:%d: %s\ngot:\n%s\nwant:\n%s", file, at, rest, got, strings.Join(slices.Concat(want...), "\n"))
			}
		default:
			if word != "" && !strings.HasPrefix(word, "#") {
				t.Fatalf("%s:%d: %q is no word of a script", file, i+1, word)
			}
		}
	}
}

func openOn(t *testing.T, shop *store, engine string, servers *clickhousetest.Cluster) *cube.Service {
	t.Helper()
	service, w := shop.openWith(t, nil)
	switch {
	case engine == "image":
		m, err := image.Open(w.Columns(), image.Options{Dir: t.TempDir(), Spec: specOf(w)})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Build(boss(), nil); err != nil {
			t.Fatal(err)
		}
		service.UseImage(m)
	case servers != nil:
		service.UseCluster(mirrorOf(t, w, servers))
	}
	return service
}

func askRows(t *testing.T, service *cube.Service, text, engine string) string {
	t.Helper()
	var q cube.Query
	if err := json.Unmarshal([]byte(text), &q); err != nil {
		t.Fatal(err)
	}
	q.Engine = engine
	result, err := service.Query(boss(), q)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	rows := make([]string, len(result.Rows))
	for i, row := range result.Rows {
		words := make([]string, len(row))
		for k, v := range row {
			words[k] = fmt.Sprint(v)
			if v == nil || v == "" {
				words[k] = "-"
			}
		}
		rows[i] = strings.Join(words, " ")
	}
	return strings.Join(rows, "\n")
}

// load adds a row of people, products or lines.
func (s *store) load(t *testing.T, head, row []string) {
	t.Helper()
	of := func(name string) string {
		at := slices.Index(head, name) - 1
		if at < 0 || row[at] == "-" {
			return ""
		}
		return row[at]
	}
	number := func(name string) int64 {
		if of(name) == "" {
			return 0
		}
		n, err := strconv.ParseInt(of(name), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	day := func(name string, zone *time.Location) (at time.Time) {
		if of(name) == "" {
			return at
		}
		at, err := time.ParseInLocation("2006-01-02", of(name), zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	switch head[0] {
	case "people":
		s.people = append(s.people, person{
			id: number("id"), sido: of("sido"), sex: of("sex"), birth: day("birth", time.UTC), branch: of("branch"), owner: number("owner"), created: now,
		})
	case "products":
		s.products = append(s.products, product{number("id"), of("name"), of("category"), of("department"), ""})
	case "lines":
		s.lines = append(s.lines, s.scriptLine(line{
			id: number("id"), customer: number("customer"), order: number("order"), product: number("product"), at: day("day", s.zone),
			channel: of("channel"), status: of("status"), currency: "KRW", amount: number("amount"), quantity: number("quantity") * 1000,
		}))
	}
}

// scriptLine fills in what order's facts compute of a line.
func (s *store) scriptLine(l line) line {
	switch l.status {
	case "paid":
		l.counts = 2
		sales := func(same func(line) bool) bool {
			return slices.ContainsFunc(s.lines, func(o line) bool { return o.counts == 2 && same(o) })
		}
		if !sales(func(o line) bool { return o.order == l.order }) {
			l.firstLine = 1
			if !sales(func(o line) bool { return o.customer == l.customer }) {
				l.firstSale = 1
			}
		}
	case "refunded":
		l.counts, l.returned, l.amount = 1, l.amount, -l.amount
	case "returned":
		l.returned = l.amount
	}
	return l
}
