// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

// childFolder names the data directory of the child that TestKilledProcessLosesNothing kills.
const childFolder = "DANGOL_TEST_CHILD_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		writeForever(dir, os.Getenv("DANGOL_TEST_CHILD_ROUND"))
		return
	}
	os.Exit(m.Run())
}

func openFolder(dir string) (*database.DB, *journal.Journal, error) {
	db, err := database.Open(context.Background(), "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{})
	if err != nil {
		return nil, nil, err
	}
	if err := db.Migrate(context.Background()); err != nil {
		return nil, nil, err
	}
	keys, err := journal.OpenKeys(filepath.Join(dir, "keys"))
	if err != nil {
		return nil, nil, err
	}
	return db, journal.New(db, keys, journal.Options{}), nil
}

// writeForever is the child: it prints a name only after the change with its journal entry is durable.
func writeForever(dir, round string) {
	db, j, err := openFolder(dir)
	if err != nil {
		fmt.Println("failed", err)
		return
	}
	go func() { _ = j.Run(context.Background()) }()
	for caller := range 12 {
		go func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("r%s-c%02d-%05d", round, caller, n)
				if err := writeOne(db, j, name, n%50 == 49); err != nil {
					fmt.Println("failed", err)
				}
				fmt.Println("done", name)
			}
		}()
	}
	select {}
}

func writeOne(db *database.DB, j *journal.Journal, name string, bulk bool) error {
	e := journal.Entry{Capability: "test", Kind: "test.written", SubjectKind: "test", RecordID: rand.Int64N(200_000) + 1}
	write := func(ctx context.Context) error {
		_, err := db.Exec(ctx, "INSERT INTO settings (name, value, updated_at) VALUES (?, '', 0)", name)
		if err != nil {
			return err
		}
		e.After, err = json.Marshal(name)
		if err != nil {
			return err
		}
		if bulk {
			list := changes(1500, 1)
			list[0].After = e.After
			e.After = nil
			_, err = j.AppendBulk(ctx, e, list)
			return err
		}
		return j.Append(ctx, e)
	}
	if bulk {
		return db.WithinBulk(context.Background(), write)
	}
	return db.Within(context.Background(), write)
}

// TestKilledProcessLosesNothing kills a writing process at random moments, again and again in the same
// folder. Everything acknowledged must be there, every change must have its entry and the reverse, and
// the chain must be whole.
func TestKilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	acknowledged := map[string]bool{}
	rounds := 5
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		runAndKill(t, dir, round, 100+random.IntN(800), acknowledged)
		checkFolder(t, dir, acknowledged)
	}
}

func runAndKill(t *testing.T, dir string, round, after int, acknowledged map[string]bool) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFolder+"="+dir, fmt.Sprintf("DANGOL_TEST_CHILD_ROUND=%d", round))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		if err == io.EOF { //nolint:errorlint // documented to be bare
			break // a line cut off in the middle was not acknowledged
		}
		if err != nil {
			t.Fatal(err)
		}
		name, ok := strings.CutPrefix(strings.TrimSpace(line), "done ")
		if !ok {
			t.Fatalf("child: %s", line)
		}
		acknowledged[name] = true
		if n == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait()
}

func checkFolder(t *testing.T, dir string, acknowledged map[string]bool) {
	t.Helper()
	ctx := t.Context()
	db, j, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := j.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	if r, err := j.Verify(ctx, nil); err != nil || r.Unnumbered != 0 {
		t.Fatalf("chain: %+v %v", r, err)
	}
	var state string
	if err := db.Scan(ctx, []any{&state}, "PRAGMA integrity_check"); err != nil || state != "ok" {
		t.Fatal(state, err)
	}
	entries := map[string]bool{}
	_, err = j.ConsumeOnce(ctx, fmt.Sprint("check", len(acknowledged)), func(ctx context.Context, list []journal.Entry) error {
		for _, e := range list {
			text := e.After
			if e.IsBulk() {
				err := j.Changes(ctx, e, func(c []journal.Change) error {
					if text == nil {
						text = c[0].After
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
			var name string
			if err := json.Unmarshal(text, &name); err != nil {
				return fmt.Errorf("entry %d: %q: %w", e.Seq, text, err)
			}
			entries[name] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := db.Scan(ctx, []any{&rows}, "SELECT COUNT(*) FROM settings"); err != nil || rows != len(entries) {
		t.Fatalf("%d rows, %d entries, %v", rows, len(entries), err)
	}
	for name := range acknowledged {
		if !entries[name] {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	t.Logf("%d acknowledged, %d stored", len(acknowledged), rows)
}
