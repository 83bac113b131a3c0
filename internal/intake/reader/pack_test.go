// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"compress/gzip"
	"testing"
)

func pack(t testing.TB, text string) string {
	t.Helper()
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.String()
}
