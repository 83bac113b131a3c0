// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestFullFileSystem does the same on a real file system of 4 MB, with syncs.
func TestFullFileSystem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("cannot mount a tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	db := openDurable(t, filepath.Join(dir, "dangol.db"))
	fillDisk(t, db, func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	})
}
