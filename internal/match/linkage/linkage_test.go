// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// shared finds the published data beside the project, or skips by name.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("DANGOL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	path := filepath.Join(root, "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here", name)
	}
	return path
}

// TestZeroConfigurationQuality holds the floors of docs/benchmarks.md; no
// option is given but what is no evidence.
func TestZeroConfigurationQuality(t *testing.T) {
	febrl := regexp.MustCompile(`^rec-(\d+)-`)
	for _, row := range []struct {
		files      []string
		read       ReadOptions
		truthPairs string
		linkOnly   bool
		f1         float64
	}{
		{[]string{"febrl/dataset1.csv"}, ReadOptions{ID: "rec_id", TruthPattern: febrl, Ignore: []string{"soc_sec_id"}}, "", false, .995},
		{[]string{"febrl/dataset2.csv"}, ReadOptions{ID: "rec_id", TruthPattern: febrl, Ignore: []string{"soc_sec_id"}}, "", false, .984},
		{[]string{"febrl/dataset3.csv"}, ReadOptions{ID: "rec_id", TruthPattern: febrl, Ignore: []string{"soc_sec_id"}}, "", false, .992},
		{[]string{"splink_fake/fake_1000.csv"}, ReadOptions{ID: "unique_id", Truth: "cluster"}, "", false, .85},
		{[]string{"splink_fake/fake_1000_splink_tests.csv"}, ReadOptions{ID: "unique_id", Truth: "cluster"}, "", false, .85},
		{[]string{"splink_fake/fake_20000.csv.gz"}, ReadOptions{ID: "unique_id", Truth: "group"}, "", false, .80},
		{[]string{"restaurants/restaurants_a.csv", "restaurants/restaurants_b.csv"}, ReadOptions{ID: "id"}, "restaurants/matches.csv", true, .855},
		{[]string{"abt_buy/abt.csv", "abt_buy/buy.csv"}, ReadOptions{ID: "id"}, "abt_buy/matches.csv", true, .68},
	} {
		t.Run(row.files[0], func(t *testing.T) {
			paths := make([]string, len(row.files))
			for i, name := range row.files {
				paths[i] = shared(t, name)
			}
			table, err := Read(context.Background(), paths, row.read)
			if err != nil {
				t.Fatal(err)
			}
			if row.truthPairs != "" {
				if err := table.TruthFromPairs(shared(t, row.truthPairs)); err != nil {
					t.Fatal(err)
				}
			}
			result, err := Run(context.Background(), table, Options{LinkOnly: row.linkOnly})
			if err != nil {
				t.Fatal(err)
			}
			q := Measure(result.Cluster, table.Truth, table.Source, row.linkOnly)
			t.Logf("P %.4f R %.4f F1 %.4f, candidates %d (%.1f a record), lambda %.3g, clusters %d, largest %d, %.2f s", q.Precision, q.Recall, q.F1,
				result.Candidates, float64(result.Candidates)/float64(table.Rows), result.Model.Lambda, result.Clusters, result.Largest, result.Seconds)
			if testing.Verbose() {
				for _, c := range result.Columns {
					t.Logf("  column %-20s %s", c.Name, c.Kind)
				}
				for _, r := range result.Rules {
					t.Logf("  rule %-50s estimate %8d pairs %8d new %8d", r.Label, r.Estimate, r.Pairs, r.Kept)
				}
				for _, n := range result.Notes {
					t.Log("  " + n)
				}
			}
			if q.F1 < row.f1 {
				t.Errorf("F1 is %.4f, want at least %.3f", q.F1, row.f1)
			}
			if result.Candidates > pairsPerRecord*int64(table.Rows) {
				t.Errorf("%d candidate pairs for %d records", result.Candidates, table.Rows)
			}
		})
	}
}
