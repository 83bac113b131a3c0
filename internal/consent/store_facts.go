// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// spokenCustomers lists whoever has an entry in the ledger, in order.
func (s *store) spokenCustomers(ctx context.Context) ([]int64, error) {
	ids, err := database.List(ctx, s.db, func(rows *sql.Rows) (int64, error) {
		var id int64
		return id, rows.Scan(&id)
	}, "SELECT DISTINCT k.customer_id"+fromLedger+"1 = 1 ORDER BY 1")
	if err != nil {
		return nil, fmt.Errorf("list customers of the ledger: %w", err)
	}
	return ids, nil
}
