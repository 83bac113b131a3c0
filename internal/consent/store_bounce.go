// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

func (s *store) bounces(ctx context.Context) (map[string]bool, error) {
	barred := map[string]bool{}
	_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
		var address string
		err := rows.Scan(&address)
		barred[address] = true
		return struct{}{}, err
	}, "SELECT address FROM suppressions WHERE kind = ? AND ended_at IS NULL", string(HardBounce))
	if err != nil {
		return nil, fmt.Errorf("read bounced addresses: %w", err)
	}
	return barred, nil
}
