// SPDX-License-Identifier: Apache-2.0

package files_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
)

func TestPutOpenDelete(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		s, err := files.Open(db, t.TempDir(), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		content := bytes.Repeat([]byte("단골"), 1000)
		f, err := s.Put(ctx, bytes.NewReader(content))
		if err != nil || f.Size != 6000 || len(f.SHA256) != 64 {
			t.Fatalf("%+v %v", f, err)
		}
		open, err := s.Open(ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(open)
		if err := errors.Join(err, open.Close()); err != nil || !bytes.Equal(got, content) {
			t.Fatal("content differs", err)
		}
		if found, err := s.Find(ctx, f.ID); err != nil || found.SHA256 != f.SHA256 {
			t.Fatalf("%+v %v", found, err)
		}
		stop := errors.New("stop")
		err = db.Within(ctx, func(ctx context.Context) error {
			if err := s.Delete(ctx, f.ID); err != nil {
				return err
			}
			return stop
		})
		path, pathErr := s.Path(ctx, f.ID)
		if _, statErr := os.Stat(path); !errors.Is(err, stop) || pathErr != nil || statErr != nil {
			t.Fatal("an undone delete must keep the file", err, pathErr, statErr)
		}
		if err := s.Delete(ctx, f.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(ctx, f.ID); !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Fatal("content is still there")
		}
	})
}

func TestPutRefusesAndSweeps(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		dir := t.TempDir()
		s, err := files.Open(db, dir, 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Put(ctx, strings.NewReader("12345678901")); !fault.Is(err, fault.TooLarge) {
			t.Fatal(err)
		}
		cut := errors.New("cut off")
		if _, err := s.Put(ctx, iotest.ErrReader(cut)); !errors.Is(err, cut) {
			t.Fatal(err)
		}
		var orphan files.File
		_ = db.Within(ctx, func(ctx context.Context) error {
			orphan, err = s.Put(ctx, strings.NewReader("orphan"))
			return cut
		})
		kept, err := s.Put(ctx, strings.NewReader("kept"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+"/incoming/put-left", nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Sweep(ctx, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(dir + "/incoming/put-left"); !errors.Is(err, os.ErrNotExist) {
			t.Error("leftovers of uploads must go")
		}
		if _, err := s.Open(ctx, kept.ID); err != nil {
			t.Error(err)
		}
		if orphan.ID != kept.ID { // SQLite gives the id out again
			if _, err := s.Open(ctx, orphan.ID); !fault.Is(err, fault.NotFound) {
				t.Error(err)
			}
		}
	})
}
