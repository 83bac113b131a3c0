// SPDX-License-Identifier: Apache-2.0

package customer

import "context"

// RowsOf returns the rows of the ids that whoever acts in ctx may see, in that order, masked as they may
// see them; what is shown in clear is logged as work.
func (s *Service) RowsOf(ctx context.Context, work string, ids []int64) ([]Row, error) {
	found, err := s.rowsInOrder(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, shown := make([]Row, len(found)), make([]int64, len(found))
	for i, c := range found {
		rows[i], shown[i] = s.RowOf(ctx, c), c.ID
	}
	return rows, s.logClear(ctx, work, shown)
}

// Hint is what tells people of the same name apart in a row.
func (r Row) Hint() string { return hintOf(r) }
