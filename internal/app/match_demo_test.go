// SPDX-License-Identifier: Apache-2.0

package app

import (
	"path/filepath"
	"testing"

	"dangol/internal/demo"
	"dangol/internal/match/linkage"
)

// TestMatchUnifiesTheDemoCompany holds what zero configuration finds in the five departments' files. The floors lie
// a little below what is measured (docs/benchmarks.md). Recall cannot be whole: of one pair of
// one person's records in two hundred no blocking rule knows.
func TestMatchUnifiesTheDemoCompany(t *testing.T) {
	dir := t.TempDir()
	truth := filepath.Join(dir, "truth.csv")
	company, err := demo.Generate(t.Context(), demo.Options{Customers: 20_000, Seed: 1, Dir: filepath.Join(dir, "files"), TruthFile: truth, Orders: -1})
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, f := range company.Files {
		if f.Kind == "customers" {
			files = append(files, f.Path)
		}
	}
	for _, row := range []struct {
		threshold, precision, recall, f1 float64
	}{
		{.5, .995, .97, .98},
		{.7, .997, .95, .975},
	} {
		summary, err := linkage.Task{
			Files: files, Out: filepath.Join(dir, "out"), TruthRows: truth, Review: .1,
			Read:  linkage.ReadOptions{Open: openRows},
			Match: linkage.Options{Threshold: row.threshold},
		}.Do(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("threshold %v: precision %.4f, recall %.4f, F1 %.4f, %d candidate pairs for %d records", row.threshold, *summary.Precision, *summary.Recall, *summary.F1, summary.CandidatePairs, summary.Records)
		if *summary.Precision < row.precision || *summary.Recall < row.recall || *summary.F1 < row.f1 {
			t.Errorf("at threshold %v precision, recall and F1 are %.4f, %.4f and %.4f; at least %v, %v and %v are held", row.threshold, *summary.Precision, *summary.Recall, *summary.F1, row.precision, row.recall, row.f1)
		}
		if summary.CandidatePairs > 60*int64(summary.Records) {
			t.Errorf("%d candidate pairs for %d records", summary.CandidatePairs, summary.Records)
		}
	}
}
