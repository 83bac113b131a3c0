// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/database"
)

// targetPage is how many targets one read takes.
const targetPage = 20_000

// promotionState moves whenever a promotion is made or described anew.
func (s *store) promotionState(ctx context.Context) ([2]int64, error) {
	var state [2]int64
	err := s.db.Scan(ctx, []any{&state[0], &state[1]}, `SELECT COUNT(*), COALESCE(MAX(updated_at), 0) FROM promotions`)
	return state, err
}

// hasTargets says whether a batch brought targets of campaigns, withdrawn ones included.
func (s *store) hasTargets(ctx context.Context, batchID int64) (bool, error) {
	var n int64
	err := s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM promotion_targets WHERE batch_id = ? LIMIT 1) t`, batchID)
	if err != nil {
		return false, fmt.Errorf("look for targets of batch %d: %w", batchID, err)
	}
	return n > 0, nil
}

// loadTargetFacts streams the warehouse rows of targets: those of the customers ids, or all.
func (s *store) loadTargetFacts(ctx context.Context, ids []int64, emit func(row ...any) error) error {
	const list = `SELECT t.id, k.customer_id, t.record_id, p.id, COALESCE(NULLIF(p.name, ''), p.promotion_key), p.channel, p.start_on, p.end_on,
		t.targeted_at, t.response, COALESCE(t.extra, '')
		FROM promotion_targets t JOIN promotions p ON p.id = t.promotion_id JOIN record_links k ON k.record_id = t.record_id WHERE t.withdrawn_at IS NULL AND `
	read := func(where string, args ...any) (last int64, err error) {
		rows, err := s.db.Query(ctx, list+where, args...)
		if err != nil {
			return 0, fmt.Errorf("load targets for the warehouse: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var customer, record, promotion int64
			var name, channel, start, end, response, extra string
			var at sql.NullInt64
			if err := rows.Scan(&last, &customer, &record, &promotion, &name, &channel, &start, &end, &at, &response, &extra); err != nil {
				return last, fmt.Errorf("read target for the warehouse: %w", err)
			}
			var when any
			if at.Valid {
				when = at.Int64
			}
			if err := emit(last, customer, record, promotion, name, textOrNil(channel), dayOrNil(start), dayOrNil(end), when, armOf(response, extra), textOrNil(response)); err != nil {
				return last, err
			}
		}
		return last, database.Fault(rows.Err())
	}
	if ids == nil {
		last := int64(0)
		for {
			next, err := read("t.id > ? ORDER BY t.id LIMIT ?", last, targetPage)
			if err != nil || next == 0 {
				return err
			}
			last = next
		}
	}
	for part := range slices.Chunk(ids, factMarks) {
		if _, err := read("k.customer_id IN ("+database.Marks(len(part))+")", arguments(part)...); err != nil {
			return err
		}
	}
	return nil
}

// dayOrNil reads a stored day; a description without one has none.
func dayOrNil(text string) any {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return at
}
