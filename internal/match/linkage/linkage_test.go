// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func load(t *testing.T, name, id, truth string, pattern *regexp.Regexp, ignore ...string) *Table {
	t.Helper()
	root := os.Getenv("DANGOL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	file, err := os.Open(filepath.Join(root, "data", name))
	if err != nil {
		t.Skipf("%s is not here", name)
	}
	defer file.Close()
	var in io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	reader := csv.NewReader(in)
	reader.TrimLeadingSpace = true
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	table := &Table{Rows: len(rows) - 1}
	var builders []*columnBuilder
	var places []int
	for i, header := range rows[0] {
		header = strings.TrimSpace(header)
		skip := header == id || header == truth
		for _, name := range ignore {
			skip = skip || header == name
		}
		if !skip {
			builders = append(builders, newColumnBuilder(header))
			places = append(places, i)
		}
	}
	for _, row := range rows[1:] {
		for i, header := range rows[0] {
			if strings.TrimSpace(header) == truth {
				value := strings.TrimSpace(row[i])
				if pattern != nil {
					value = pattern.FindStringSubmatch(value)[1]
				}
				table.Truth = append(table.Truth, value)
			}
		}
		for k, b := range builders {
			b.add(strings.TrimSpace(row[places[k]]))
		}
		table.Source = append(table.Source, 0)
	}
	for _, b := range builders {
		table.Columns = append(table.Columns, b.column)
	}
	return table
}

func TestZeroConfigurationQuality(t *testing.T) {
	febrl := regexp.MustCompile(`^rec-(\d+)-`)
	for _, row := range []struct {
		file, id, truth string
		pattern         *regexp.Regexp
		ignore          []string
		f1              float64
	}{
		{"febrl/dataset1.csv", "", "rec_id", febrl, []string{"soc_sec_id"}, .995},
		{"febrl/dataset2.csv", "", "rec_id", febrl, []string{"soc_sec_id"}, .984},
		{"febrl/dataset3.csv", "", "rec_id", febrl, []string{"soc_sec_id"}, .992},
		{"splink_fake/fake_1000.csv", "unique_id", "cluster", nil, nil, .85},
		{"splink_fake/fake_1000_splink_tests.csv", "unique_id", "cluster", nil, nil, .85},
		{"splink_fake/fake_20000.csv.gz", "unique_id", "group", nil, nil, .80},
	} {
		t.Run(row.file, func(t *testing.T) {
			table := load(t, row.file, row.id, row.truth, row.pattern, row.ignore...)
			result, err := Run(context.Background(), table, Options{})
			if err != nil {
				t.Fatal(err)
			}
			q := Measure(result.Cluster, table.Truth, nil, false)
			t.Logf("P %.4f R %.4f F1 %.4f, candidates %d, lambda %.6f, clusters %d, largest %d, %.2f s", q.Precision, q.Recall, q.F1, result.Candidates, result.Model.Lambda, result.Clusters, result.Largest, result.Seconds)
			if q.F1 < row.f1 {
				t.Errorf("F1 is %.4f, want at least %.3f", q.F1, row.f1)
			}
		})
	}
}
