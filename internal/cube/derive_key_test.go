// SPDX-License-Identifier: Apache-2.0

package cube

import "testing"

// TestKeysOfTextsDoNotRunTogether keeps the totals of ("a", "bc") and ("ab", "c") apart.
func TestKeysOfTextsDoNotRunTogether(t *testing.T) {
	t.Parallel()
	tables := &tables{rows: 2, dims: 4}
	one, other := []any{"a", "bc", "d", "e", 1}, []any{"ab", "c", "de", "", 1}
	if tables.rowKey(one) == tables.rowKey(other) || tables.columnKey(one) == tables.columnKey(other) {
		t.Error("keys of different members are the same")
	}
	if tables.rowKey([]any{nil, "x"}) == tables.rowKey([]any{"", "x"}) {
		t.Error("no value and an empty text have one key")
	}
}
