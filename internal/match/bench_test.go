// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/match"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// BenchmarkFind looks people up in the live index of a data directory that DANGOL_BENCH_DATA names, over
// which a run has gone; each look-up is an existing record with a slip in its name and without its e-mail.
func BenchmarkFind(b *testing.B) {
	dir := os.Getenv("DANGOL_BENCH_DATA")
	if dir == "" {
		b.Skip("DANGOL_BENCH_DATA names no data directory")
	}
	ctx := auth.System(context.Background(), "bench")
	db, err := database.Open(ctx, "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	keys, err := journal.OpenKeys(filepath.Join(dir, "keys"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = keys.Close() })
	j := journal.New(db, keys, journal.Options{})
	customers := customer.New(db, j, customer.Options{})
	customers.UseLinker(match.NewLinker(customers.Store()))
	s := match.New(db, j, job.New(db, job.Config{}), customers)
	probes := probesOf(b, ctx, customers)
	var took []time.Duration
	found := 0
	for b.Loop() {
		probe := probes[len(took)%len(probes)]
		start := time.Now()
		list, err := s.Find(ctx, probe, 5)
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
		if len(list) > 0 {
			found++
		}
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(.5), "p50-ms")
	b.ReportMetric(at(.99), "p99-ms")
	b.ReportMetric(float64(found)/float64(len(took)), "found")
}

// probesOf takes records evenly from the base.
func probesOf(b *testing.B, ctx context.Context, customers *customer.Service) []map[string]string {
	b.Helper()
	const wanted = 2000
	total, err := customers.Store().CountLive(ctx)
	if err != nil || total == 0 {
		b.Fatal("no records", err)
	}
	var probes []map[string]string
	for after := int64(0); len(probes) < wanted; after += max(1, total/wanted) {
		page, err := customers.Store().LiveAfter(ctx, after, 1)
		if err != nil {
			b.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		v := &page[0].Values
		name := []rune(v.Text[customer.FullName])
		if len(name) < 2 {
			continue
		}
		probe := map[string]string{"full_name": string(name[:len(name)-1]) + "훈"}
		for _, f := range []customer.Field{customer.Mobile, customer.BirthOn, customer.Address, customer.PostalCode} {
			if v.Text[f] != "" {
				probe[f.String()] = v.Text[f]
			}
		}
		probes = append(probes, probe)
	}
	if len(probes) == 0 {
		b.Fatal(fmt.Errorf("none of %d records has a name", total))
	}
	return probes
}
