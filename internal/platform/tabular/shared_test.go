// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSharedFiles(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "..", "shared", "data")
	if _, err := os.Stat(root); err != nil {
		t.Skip("shared/data is not there")
	}
	for _, c := range []struct {
		name          string
		rows, columns int
	}{
		{"cdnow/cdnow_master.csv.gz", 69659, 4},
		{"grocery_elog/grocery_elog.csv", 10483, 2},
		{"timeseries/m1.csv", 1001, 7},
	} {
		table, err := Read(filepath.Join(root, c.name), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if table.Rows != c.rows || len(table.Columns) != c.columns {
			t.Errorf("%s: %d rows, %d columns", c.name, table.Rows, len(table.Columns))
		}
	}
}
