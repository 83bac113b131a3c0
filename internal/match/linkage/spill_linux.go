// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"os"
	"syscall"
)

// mapFile maps a new file of the folder, which loses its name at once: when the
// process ends, however it ends, nothing is left. Its room on the disk is
// reserved first, since a write to a page without room would end the process.
func mapFile(folder string, size int) ([]byte, error) {
	file, err := os.CreateTemp(folder, ".spill-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	if err := os.Remove(file.Name()); err != nil {
		return nil, err
	}
	if err := syscall.Fallocate(int(file.Fd()), 0, 0, int64(size)); err != nil { //nolint:gosec // a descriptor
		return nil, err
	}
	return syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED) //nolint:gosec // a descriptor
}

func unmap(piece []byte) error { return syscall.Munmap(piece) }
