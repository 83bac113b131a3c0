// SPDX-License-Identifier: Apache-2.0

package app

import "testing"

func TestMemorySize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"": 0, "2GiB": 2 << 30, "800 MiB": 800 << 20, "1.5g": 3 << 29, "1000": 1000} {
		if got, err := memorySize(text); err != nil || got != want {
			t.Errorf("%q: %d %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"lots", "0", "-1GiB", "2 parsecs", "1e300", "nan"} {
		if got, err := memorySize(text); err == nil {
			t.Errorf("%q: %d, want an error", text, got)
		}
	}
}
