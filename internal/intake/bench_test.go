// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangol/internal/intake/reader"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/database"
)

var importRows = flag.Int("import.rows", 0, "rows of BenchmarkImport; 0 asks DANGOL_IMPORT_ROWS, else 100,000")

func benchRows() int {
	if *importRows > 0 {
		return *importRows
	}
	if n, err := strconv.Atoi(os.Getenv("DANGOL_IMPORT_ROWS")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// generated is a file of made-up people.
type generated struct {
	n, total int
	row      [12]string
}

func (g *generated) Next() ([]string, int, error) {
	if g.n >= g.total {
		return nil, 0, io.EOF
	}
	person(g.n, g.row[:])
	g.n++
	return g.row[:], g.n + 1, nil
}

func (g *generated) Position() reader.Position {
	return reader.Position{Row: g.n + 1, Offset: int64(g.n)}
}

var benchColumns = []recognise.Column{
	{Header: "회원번호", Field: recognise.FieldKey, Scheme: "members", NotScanned: true},
	{Header: "이름", Field: "full_name"},
	{Header: "휴대폰", Field: "mobile"},
	{Header: "이메일", Field: "email"},
	{Header: "생년월일", Field: "birth_on"},
	{Header: "성별", Field: "sex"},
	{Header: "우편번호", Field: "postal_code"},
	{Header: "주소", Field: "address"},
	{Header: "상세주소", Field: "address_detail"},
	{Header: "등급", Field: "grade"},
	{Header: "가입일", Field: "joined_on"},
	{Header: "메모", Field: "memo"},
}

func benchBatch() *Batch {
	b := &Batch{Kind: recognise.Customers, State: Prepared, FileName: "members.csv"}
	for i := range benchColumns {
		c := benchColumns[i]
		c.Index = i
		b.Mapping.Columns = append(b.Mapping.Columns, c)
		b.Shape.Columns = append(b.Shape.Columns, reader.Column{Index: i, Header: c.Header})
	}
	b.Mapping.Kind, b.Mapping.KeyColumns = recognise.Customers, []int{0}
	return b
}

// BenchmarkImport imports made-up customers of twelve columns into an empty SQLite folder: normalising,
// validating, key linking, golden rows, search index and journal, all durable. -import.rows=1000000 for
// the figure of the design.
func BenchmarkImport(b *testing.B) {
	rows := benchRows()
	for range b.N {
		dir := b.TempDir()
		ctx := system()
		db, err := database.Open(ctx, "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Migrate(ctx); err != nil {
			b.Fatal(err)
		}
		h := newHouse(b, db, dir)
		b.ResetTimer()
		started := time.Now()
		batch := h.runGenerated(b, ctx, rows)
		elapsed := time.Since(started)
		b.StopTimer()
		if batch.Counts.Created+batch.Counts.Linked != int64(rows) {
			b.Fatalf("counts %+v", batch.Counts)
		}
		b.ReportMetric(float64(rows)/elapsed.Seconds(), "rows/s")
		b.ReportMetric(elapsed.Seconds(), "s/import")
		b.ReportMetric(float64(procNumber("/proc/self/status", "VmHWM:"))/(1<<10), "peakMB")
		b.ReportMetric(float64(procNumber("/proc/self/io", "write_bytes:"))/(1<<20), "writtenMB")
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.Logf("%d rows in %.1f s, %+v", rows, elapsed.Seconds(), batch.Counts)
	}
}

func (h *house) runGenerated(t testing.TB, ctx context.Context, rows int) *Batch {
	batch := benchBatch()
	batch.Total = int64(rows)
	source, err := h.customers.EnsureSource(ctx, "members")
	if err != nil {
		t.Fatal(err)
	}
	batch.SourceID, batch.Source = source.ID, source.Name
	if err := h.db.Within(ctx, func(ctx context.Context) error { return h.intake.store.insertBatch(ctx, batch) }); err != nil {
		t.Fatal(err)
	}
	plan, err := h.intake.planOf(ctx, batch)
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{
		s: h.intake, batch: batch, plan: plan, fence: func(context.Context) error { return nil },
		progress: func(context.Context, int64, int64) {}, pace: newPace(nil), records: map[string]int64{},
	}
	if err := h.intake.begin(ctx, r, false); err != nil {
		t.Fatal(err)
	}
	end, err := h.customers.PrepareBulk(ctx, int64(rows))
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	if err := r.run(ctx, &generated{total: rows}); err != nil {
		t.Fatal(err)
	}
	if err := h.intake.finish(ctx, r); err != nil {
		t.Fatal(err)
	}
	return batch
}

// procNumber reads one number of a file of the proc file system, 0 where there is none.
func procNumber(path, name string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, name); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return n
		}
	}
	return 0
}
