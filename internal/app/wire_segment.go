// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/customer"
	"dangol/internal/segment"
)

// faces shows a segment's first members as the customer list would.
type faces struct{ customers *customer.Service }

// Faces returns the customers of the ids that the person may see, in that order.
func (f faces) Faces(ctx context.Context, ids []int64) ([]segment.Face, error) {
	rows, err := f.customers.RowsOf(ctx, "segment.preview", ids)
	list := make([]segment.Face, len(rows))
	for i, row := range rows {
		list[i] = segment.Face{ID: row.ID, Name: row.FullName, Detail: row.Hint()}
	}
	return list, err
}
