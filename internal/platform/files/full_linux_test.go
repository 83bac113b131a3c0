// SPDX-License-Identifier: Apache-2.0

package files_test

import (
	"bytes"
	"strings"
	"syscall"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
)

func TestFullDiskRefusesUploadsThenWorksAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("cannot mount a tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	s, err := files.Open(databasetest.SQLite(t, database.Options{}), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), bytes.NewReader(make([]byte, 2<<20))); fault.CodeOf(err) != "files.disk_full" {
		t.Fatalf("got %v", err)
	}
	// What did not fit takes no room.
	if _, err := s.Put(t.Context(), strings.NewReader(strings.Repeat("x", 900<<10))); err != nil {
		t.Fatal(err)
	}
}
