// SPDX-License-Identifier: Apache-2.0

//go:build unix

package image

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
)

// mapping is a file in memory. It is given back when nothing refers to it any
// more, so that no question reads what is gone.
type mapping struct{ data []byte }

func mapFile(path string) (*mapping, error) {
	in, err := os.Open(path) //nolint:gosec // a path of our own
	if err != nil {
		return nil, fmt.Errorf("open the image file: %w", err)
	}
	defer func() { _ = in.Close() }()
	info, err := in.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the image file: %w", err)
	}
	if info.Size() < int64(len(magic)+tailSize) {
		return nil, errDamaged
	}
	data, err := syscall.Mmap(int(in.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED) //nolint:gosec // a descriptor
	if err != nil {
		return nil, fmt.Errorf("map the image file: %w", err)
	}
	m := &mapping{data}
	runtime.AddCleanup(m, func(data []byte) { _ = syscall.Munmap(data) }, data)
	return m, nil
}

// rest lets the pages in memory go; the system keeps them as cache and gives them back as questions touch
// them. A refusal changes nothing.
func (m *mapping) rest() { _ = syscall.Madvise(m.data, syscall.MADV_DONTNEED) }

// guard turns the fault of reading a file that was cut meanwhile, and codes
// that point nowhere, into errDamaged: defer guard(&err)().
func guard(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if p := recover(); p != nil {
			*err = errors.Join(errDamaged, fmt.Errorf("reading the image: %v", p))
		}
	}
}
