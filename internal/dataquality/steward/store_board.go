// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/database"
)

// contributions adds up what people of the staff entered and mended. Every change by hand is a record of the
// source staff (design section 12): one that is withdrawn without a later one by the same person in its
// place did not last.
func (s *store) contributions(ctx context.Context, from, to time.Time) (map[int64]*Contribution, error) {
	board := map[int64]*Contribution{}
	of := func(id int64) *Contribution {
		if board[id] == nil {
			board[id] = &Contribution{}
		}
		return board[id]
	}
	_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
		var id, entries, customers, clean, lasting int64
		if err := rows.Scan(&id, &entries, &customers, &clean, &lasting); err != nil {
			return struct{}{}, err
		}
		c := of(id)
		c.Entries, c.Customers = entries, customers
		c.Clean, c.Lasting = 100*float64(clean)/float64(entries), 100*float64(lasting)/float64(entries)
		return struct{}{}, nil
	}, `SELECT l.linked_by, COUNT(*), COUNT(DISTINCT l.customer_id),
		SUM(CASE WHEN r.findings IS NULL OR r.findings NOT LIKE '%"severity":"warning"%' THEN 1 ELSE 0 END),
		SUM(CASE WHEN r.withdrawn_at IS NULL OR EXISTS (SELECT 1 FROM records n JOIN record_links nl ON nl.record_id = n.id
			WHERE n.replaces = r.id AND nl.linked_by = l.linked_by) THEN 1 ELSE 0 END)
		FROM records r JOIN record_links l ON l.record_id = r.id
		WHERE r.source_id = ? AND l.linked_by > 0 AND r.received_at >= ? AND r.received_at < ? GROUP BY l.linked_by`,
		customer.StaffSource, from.UnixMicro(), to.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("add up entries of staff: %w", err)
	}
	_, err = database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
		var id, n int64
		var outcome string
		err := rows.Scan(&id, &outcome, &n)
		switch outcome {
		case outcomeMended:
			of(id).Mended = n
		case outcomeRight:
			of(id).Confirmed = n
		}
		return struct{}{}, err
	}, "SELECT closed_by, outcome, COUNT(*) FROM quality_issues WHERE closed_at >= ? AND closed_at < ? AND closed_by > 0 GROUP BY closed_by, outcome",
		from.UnixMicro(), to.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("add up mended issues: %w", err)
	}
	return board, nil
}
