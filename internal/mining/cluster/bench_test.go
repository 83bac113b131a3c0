// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"testing"
)

// BenchmarkKMeans divides the points of the file DANGOL_BENCH_POINTS (8 float64
// a point, little endian), which bench/peers/mining.py writes and measures
// scikit-learn on.
func BenchmarkKMeans(b *testing.B) {
	path := os.Getenv("DANGOL_BENCH_POINTS")
	if path == "" {
		b.Skip("DANGOL_BENCH_POINTS names no file")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	p := &Points{make([]float64, len(raw)/8), 8}
	for i := range p.Values {
		p.Values[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
	}
	var g *Groups
	for b.Loop() {
		if g, err = KMeans(context.Background(), p, Options{K: 8, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(g.Within, "within")
}
