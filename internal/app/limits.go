// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"runtime/debug"
)

// heapTarget is what the Go heap may grow to before the collector works harder;
// SQLite and DuckDB have budgets of their own outside it.
const heapTarget = 2 << 30

// limitMemory sets the collector's soft limit unless GOMEMLIMIT says otherwise.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" && debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(heapTarget)
	}
}

func hexBytes(text string) ([]byte, error) {
	raw, err := hex.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("read a hash: %w", err)
	}
	return raw, nil
}
