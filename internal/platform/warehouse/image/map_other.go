// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package image

import (
	"errors"
	"fmt"
	"os"
)

// mapping is a file in memory; without mmap it is read whole.
type mapping struct{ data []byte }

func mapFile(path string) (*mapping, error) {
	data, err := os.ReadFile(path) //nolint:gosec // a path of our own
	if err != nil {
		return nil, fmt.Errorf("open the image file: %w", err)
	}
	return &mapping{data}, nil
}

func (m *mapping) rest() {}

func guard(err *error) func() {
	return func() {
		if p := recover(); p != nil {
			*err = errors.Join(errDamaged, fmt.Errorf("reading the image: %v", p))
		}
	}
}
