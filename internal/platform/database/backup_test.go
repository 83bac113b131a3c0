// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

func TestBackupWhileWritingThenRestore(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		keyFile := filepath.Join(t.TempDir(), "keys")
		write := writeTwice(t, db, keyFile)
		for i := range 20 {
			write(i)
		}
		stop := make(chan struct{})
		var wait sync.WaitGroup
		wait.Go(func() {
			for i := 100; ; i++ {
				select {
				case <-stop:
					return
				default:
					write(i)
				}
			}
		})
		dir := filepath.Join(t.TempDir(), "backup")
		m, err := db.Backup(ctx, dir)
		close(stop)
		wait.Wait()
		if err != nil || m.Rows() < 40 || len(m.Migrations) == 0 {
			t.Fatalf("%+v %v", m, err)
		}
		if _, err := db.Backup(ctx, dir); !fault.Is(err, fault.Conflict) {
			t.Fatalf("a backup must not overwrite another: %v", err)
		}
		address := "sqlite:" + filepath.Join(t.TempDir(), "new", "dangol.db")
		if db.IsPostgres() {
			address = databasetest.EmptyPostgresURL(t)
		}
		if _, err := database.Restore(ctx, dir, address, database.Options{}); err != nil {
			t.Fatal(err)
		}
		if _, err := database.Restore(ctx, dir, address, database.Options{}); !fault.Is(err, fault.Conflict) {
			t.Fatalf("a restore must not overwrite: %v", err)
		}
		checkRestored(t, address, keyFile, m)
	})
}

// writeTwice returns a function that writes a setting and its journal entry in one transaction.
func writeTwice(t *testing.T, db *database.DB, keyFile string) func(i int) {
	t.Helper()
	keys, err := journal.OpenKeys(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	j := journal.New(db, keys, journal.Options{})
	return func(i int) {
		err := db.Within(context.Background(), func(ctx context.Context) error {
			return errors.Join(set(ctx, db, fmt.Sprintf("n%05d", i), "값"), j.Append(ctx, journal.Entry{
				Capability: "test", Kind: "test.written", SubjectIDs: []int64{int64(i), 7}, RecordID: 5, After: json.RawMessage(`"값"`),
			}))
		})
		if err != nil {
			t.Error(err)
		}
		if i%10 == 0 {
			if _, err := j.Flush(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}
}

func checkRestored(t *testing.T, address, keyFile string, m database.Manifest) {
	t.Helper()
	ctx := t.Context()
	db, err := database.Open(ctx, address, database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	keys, err := journal.OpenKeys(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = keys.Close() }()
	j := journal.New(db, keys, journal.Options{})
	if _, err := j.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	report, err := j.Verify(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int64{}
	for _, table := range m.Tables {
		counts[table.Name] = table.Rows
	}
	if counts["settings"] != report.Entries || report.Entries != counts["journal"] || counts["settings"] == 0 {
		t.Fatalf("a backup is of one moment: %d settings, %d entries in the backup, %d in the chain",
			counts["settings"], counts["journal"], report.Entries)
	}
	list, err := j.List(ctx, journal.Filter{Limit: 1})
	if err != nil || len(list) != 1 || string(list[0].After) != `"값"` {
		t.Fatalf("%+v %v", list, err)
	}
	// New ids go on after the old ones.
	err = db.Within(ctx, func(ctx context.Context) error {
		return j.Append(ctx, journal.Entry{Capability: "test", Kind: "test.written"})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDamagedBackupsAreRefused(t *testing.T) {
	t.Parallel()
	acts := map[string]func(dir string) error{
		"no manifest":  func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) },
		"missing file": func(dir string) error { return os.Remove(dataFile(dir)) },
		"cut off":      func(dir string) error { return os.Truncate(dataFile(dir), 100) },
		"flipped bit": func(dir string) error {
			content, err := os.ReadFile(dataFile(dir))
			if err != nil {
				return err
			}
			content[len(content)/2] ^= 4
			return os.WriteFile(dataFile(dir), content, 0o600)
		},
		"torn manifest": func(dir string) error { return os.Truncate(filepath.Join(dir, "manifest.json"), 20) },
	}
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for name, act := range acts {
			dir := filepath.Join(t.TempDir(), strings.ReplaceAll(name, " ", "-"))
			if _, err := db.Backup(t.Context(), dir); err != nil {
				t.Fatal(err)
			}
			if err := act(dir); err != nil {
				t.Fatal(err)
			}
			_, err := database.Restore(t.Context(), dir, "sqlite:"+filepath.Join(t.TempDir(), "x.db"), database.Options{})
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// dataFile is the largest file of a backup.
func dataFile(dir string) string {
	list, _ := os.ReadDir(dir)
	var largest string
	var size int64 = -1
	for _, entry := range list {
		if info, err := entry.Info(); err == nil && entry.Name() != "manifest.json" && info.Size() > size {
			largest, size = filepath.Join(dir, entry.Name()), info.Size()
		}
	}
	return largest
}

func TestBackupIntoARelativeFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	db, err := database.Open(t.Context(), "sqlite:data/dangol.db", database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join("data", "backup")
	if _, err := db.Backup(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	if _, err := database.Restore(t.Context(), folder, "sqlite:again/dangol.db", database.Options{}); err != nil {
		t.Fatal(err)
	}
}
