// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package linkage

import "errors"

// mapFile is not made for other systems: there everything stays in the heap.
func mapFile(string, int) ([]byte, error) { return nil, errors.ErrUnsupported }

func unmap([]byte) error { return nil }
