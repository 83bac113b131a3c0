// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"strings"
)

// listed is how many ids one statement names.
const listed = 400

// ExecIDs runs a statement that names ids as "IN ({ids})" for all of them, some hundred at a time; before are the
// values of the placeholders in front of the list.
func (db *DB) ExecIDs(ctx context.Context, query string, ids []int64, before ...any) error {
	for len(ids) > 0 {
		n := min(len(ids), listed)
		args := append(make([]any, 0, len(before)+n), before...)
		for _, id := range ids[:n] {
			args = append(args, id)
		}
		if _, err := db.Exec(ctx, strings.Replace(query, "{ids}", Marks(n), 1), args...); err != nil {
			return Fault(err)
		}
		ids = ids[n:]
	}
	return nil
}
