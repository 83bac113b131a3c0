// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// deeds are rows with ages: five a person between 2019 and 2026, with oddities.
type deeds struct{ owners map[int64]int64 } // record → customer; what is missing is erased

func newDeeds(n int64) *deeds {
	d := &deeds{owners: map[int64]int64{}}
	for id := int64(1); id <= n; id++ {
		d.owners[id] = id
	}
	return d
}

func (d *deeds) table() warehouse.Table {
	return warehouse.Table{
		Name: "deeds", Key: "customer_id", Subject: "customer", Follows: []string{"customer.*"}, Cluster: "customer_id, done_at", Aged: "done_at",
		Columns: []warehouse.Column{
			{Name: "customer_id", Type: warehouse.BigInt},
			{Name: "done_at", Type: warehouse.Timestamp},
			{Name: "amount", Type: warehouse.BigInt},
			{Name: "word", Type: warehouse.Varchar},
		},
		Load: func(_ context.Context, ids []int64, emit func(row ...any) error) error {
			wanted := map[int64]bool{}
			for _, id := range ids {
				wanted[id] = true
			}
			for record := int64(1); record <= int64(len(d.owners))+10; record++ {
				owner, ok := d.owners[record]
				if !ok || ids != nil && !wanted[owner] {
					continue
				}
				for i := range int64(5) {
					var at any = time.Date(2019+int((record+i*3)%8), time.Month(1+(record+i)%12), 1+int(record%28), 3, 0, 0, 0, time.UTC)
					switch (record + i) % 97 {
					case 0:
						at = nil
					case 1:
						at = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
					case 2:
						at = time.Date(9999, 12, 30, 0, 0, 0, 0, time.UTC)
					}
					if err := emit(owner, at, record*100+i, fmt.Sprintf("말%d", record%7)); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
}

func openDeeds(t *testing.T, d *deeds, dir string) *Warehouse {
	t.Helper()
	w, err := Open(t.Context(), Options{Path: filepath.Join(dir, "w.duckdb"), MemoryMB: 512, Zone: time.UTC, ColdDir: filepath.Join(dir, "cold")}, d.table())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

// questions are asked before and after every move; the answers must be the same.
var questions = []string{
	"SELECT concat_ws(' ', count(*), count(DISTINCT customer_id), sum(amount), min(done_at), max(done_at)) FROM deeds",
	"SELECT concat_ws(' ', year(done_at), word, count(*), sum(amount)) FROM deeds GROUP BY year(done_at), word ORDER BY year(done_at), word",
	"SELECT concat_ws(' ', customer_id, done_at, amount) FROM deeds WHERE customer_id IN (3, 5, 77, 500) ORDER BY amount",
	"SELECT concat_ws(' ', count(*), sum(amount)) FROM deeds WHERE customer_id BETWEEN 100 AND 180 AND done_at < TIMESTAMP '2022-05-01'",
	"SELECT count(*)::VARCHAR FROM (SELECT customer_id FROM deeds GROUP BY customer_id HAVING count(DISTINCT year(done_at)) > 2)",
}

func answers(t *testing.T, w *Warehouse) string {
	t.Helper()
	var all []string
	for _, q := range questions {
		all = append(all, ask(t, w, q))
	}
	return strings.Join(all, "\n")
}

func coldRows(t *testing.T, w *Warehouse) (rows int64, files int) {
	t.Helper()
	list, err := coldFiles(t.Context(), w.db, "deeds")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		rows += f.Rows
	}
	return rows, len(list)
}

func TestOldRowsMoveAndAnswersStay(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDeeds(600)
	w := openDeeds(t, d, dir)
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	before := answers(t, w)
	same := func(when string) {
		t.Helper()
		if got := answers(t, w); got != before {
			t.Errorf("%s: the answers differ:\n%s\nbefore:\n%s", when, got, before)
		}
		agree(t, w)
	}
	move := func(cut time.Time) {
		t.Helper()
		if err := w.MoveCold(t.Context(), cut, nil); err != nil {
			t.Fatal(err)
		}
	}
	cut := func(year, month int) time.Time { return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC) }
	move(cut(2024, 7))
	rows, files := coldRows(t, w)
	if rows < 1800 || files < 6 {
		t.Fatalf("%d rows lie in %d cold files", rows, files)
	}
	same("after the move")
	move(cut(2024, 7))
	same("after the same move again")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = openDeeds(t, d, dir)
	if w.Stale() != "" {
		t.Fatalf("after a restart: %s", w.Stale())
	}
	same("after a restart")
	move(cut(2021, 3))
	if less, _ := coldRows(t, w); less >= rows {
		t.Errorf("%d rows are cold although the age was raised; %d before", less, rows)
	}
	same("after a greater age")
	move(cut(2025, 1))
	same("after a smaller age")
	if err := w.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	same("after compaction")
	if err := w.Rebuild(t.Context(), headAt(2), nil); err != nil {
		t.Fatal(err)
	}
	if left, _ := coldRows(t, w); left != 0 {
		t.Errorf("%d rows are cold right after a rebuild", left)
	}
	same("after a rebuild")
	move(cut(2025, 1))
	same("after a rebuild and a move")
	move(time.Time{})
	if _, left := coldRows(t, w); left != 0 {
		t.Errorf("%d cold files are left when nothing is cold", left)
	}
	same("after everything has come back")
	w.sweep(t.Context(), 0)
	if found, _ := filepath.Glob(filepath.Join(dir, "cold", "*", "*", "*.parquet")); len(found) != 0 {
		t.Errorf("files are left behind: %v", found)
	}
}

// People are merged, parted and erased while their rows lie in files.
func TestChangedPeopleInTheColdTier(t *testing.T) {
	t.Parallel()
	d := newDeeds(300)
	w := openDeeds(t, d, t.TempDir())
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	cut := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := w.MoveCold(t.Context(), cut, nil); err != nil {
		t.Fatal(err)
	}
	seq := int64(1)
	apply := func(ids ...int64) {
		t.Helper()
		seq++
		if err := w.Apply(t.Context(), []warehouse.Entry{{Seq: seq, Kind: "customer.merged", SubjectKind: "customer", SubjectIDs: ids}}); err != nil {
			t.Fatal(err)
		}
		agree(t, w)
	}
	of := func(id int64) string {
		return ask(t, w, "SELECT count(*)::VARCHAR FROM deeds WHERE customer_id = ?", id)
	}
	d.owners[5] = 4
	apply(4, 5)
	if of(4) != "10" || of(5) != "0" {
		t.Errorf("after a merge: %s and %s rows", of(4), of(5))
	}
	if err := w.MoveCold(t.Context(), cut, nil); err != nil {
		t.Fatal(err)
	}
	agree(t, w)
	d.owners[5] = 5
	apply(4, 5)
	if of(4) != "5" || of(5) != "5" {
		t.Errorf("after an un-merge: %s and %s rows", of(4), of(5))
	}
	delete(d.owners, 7)
	apply(7)
	if of(7) != "0" {
		t.Errorf("%s rows of an erased person are seen", of(7))
	}
	if err := w.MoveCold(t.Context(), cut, nil); err != nil {
		t.Fatal(err)
	}
	agree(t, w)
	files, err := coldFiles(t.Context(), w.db, "deeds")
	if err != nil {
		t.Fatal(err)
	}
	left, err := number(t.Context(), w.db, "SELECT count(*) FROM "+w.reading(files)+" WHERE customer_id = 7")
	if err != nil || left != 0 {
		t.Errorf("%d rows of an erased person are in the files: %v", left, err)
	}
	if hidden, err := number(t.Context(), w.db, "SELECT count(*) FROM hidden_deeds"); err != nil || hidden != 0 {
		t.Errorf("%d keys are still hidden: %v", hidden, err)
	}
}

func TestMissingColdFile(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), newDeeds(100)
	w := openDeeds(t, d, dir)
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	if err := w.MoveCold(t.Context(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), nil); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "cold", "deeds", "*", "*.parquet"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no files: %v", err)
	}
	damagedWhileOpen(t, w, found)
	if err := w.MoveCold(t.Context(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if found, err = filepath.Glob(filepath.Join(dir, "cold", "deeds", "*", "*.parquet")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(found[0], 10); err != nil {
		t.Fatal(err)
	}
	w = openDeeds(t, d, dir)
	if w.Ready() || w.Stale() == "" {
		t.Fatal("a broken cold file was not noticed")
	}
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	agree(t, w)
}

// damagedWhileOpen deletes a file under a running warehouse: it is noticed, told, and mended by a rebuild.
func damagedWhileOpen(t *testing.T, w *Warehouse, found []string) {
	t.Helper()
	mended := make(chan struct{}, 1)
	w.OnDamagedCold(func() { mended <- struct{}{} })
	if err := os.Remove(found[0]); err != nil {
		t.Fatal(err)
	}
	rows, err := w.Query(t.Context(), "SELECT sum(amount) FROM deeds")
	if err == nil {
		for rows.Next() {
		}
		err = errors.Join(rows.Err(), rows.Close())
	}
	if fault.CodeOf(err) != "warehouse.cold_damaged" {
		t.Fatalf("a question met a missing file: %v", err)
	}
	select {
	case <-mended:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody mends the tier")
	}
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	agree(t, w)
}

const killVariable = "DANGOL_TEST_COLD_DIR"

// TestKilledWhileMoving ends a process that moves rows back and forth, at any moment.
func TestKilledWhileMoving(t *testing.T) {
	d := newDeeds(2000)
	if dir := os.Getenv(killVariable); dir != "" {
		w := openDeeds(t, d, dir)
		for i := 0; ; i++ {
			if err := w.MoveCold(t.Context(), time.Date(2021+i%5, 6, 1, 0, 0, 0, 0, time.UTC), nil); err != nil {
				t.Fatal(err)
			}
			fmt.Println("moved")
		}
	}
	dir := t.TempDir()
	w := openDeeds(t, d, dir)
	if err := w.Rebuild(t.Context(), headAt(1), nil); err != nil {
		t.Fatal(err)
	}
	before := answers(t, w)
	for round := range 4 {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		child := exec.Command(os.Args[0], "-test.run=TestKilledWhileMoving$") //nolint:gosec // this test itself
		child.Env = append(os.Environ(), killVariable+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		_, _ = out.Read(make([]byte, 1)) // it has moved once
		<-time.After(time.Duration(37*(round+1)) * time.Millisecond)
		_ = child.Process.Kill()
		_ = child.Wait()
		w = openDeeds(t, d, dir)
		if w.Stale() != "" {
			t.Fatalf("round %d: %s", round, w.Stale())
		}
		if got := answers(t, w); got != before {
			t.Fatalf("round %d: the answers differ:\n%s\nbefore:\n%s", round, got, before)
		}
		agree(t, w)
	}
}
