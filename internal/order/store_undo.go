// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"dangol/internal/platform/database"
)

// withdrawLines withdraws up to limit live lines of a batch with ids above
// after, gives back the lines they had replaced and sums their orders anew.
func (s *store) withdrawLines(ctx context.Context, batchID, after int64, limit int) (records []int64, last int64, count int, err error) {
	type row struct{ id, orderID, recordID int64 }
	scan := func(rows *sql.Rows) (row, error) {
		var r row
		return r, rows.Scan(&r.id, &r.orderID, &r.recordID)
	}
	list, err := database.List(ctx, s.db, scan, `SELECT id, order_id, record_id FROM order_lines
		WHERE batch_id = ? AND id > ? AND withdrawn_at IS NULL ORDER BY id LIMIT ?`, batchID, after, limit)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("list lines of batch: %w", err)
	}
	ids, orders := make([]int64, 0, len(list)), map[int64]bool{}
	for _, r := range list {
		ids = append(ids, r.id)
		orders[r.orderID] = true
		records = append(records, r.recordID)
		last = r.id
	}
	if err := s.withdraw(ctx, "order_lines", ids); err != nil {
		return nil, 0, 0, err
	}
	if err := s.sumOrders(ctx, slices.Sorted(maps.Keys(orders))); err != nil {
		return nil, 0, 0, err
	}
	slices.Sort(records)
	return slices.Compact(records), last, len(list), nil
}

// withdraw takes rows back; what they had replaced passes on to what replaced them, or is live again.
func (s *store) withdraw(ctx context.Context, table string, ids []int64) error {
	now := database.Time(ctx).UnixMicro()
	return chunks(ids, func(part []int64) error {
		in := database.Marks(len(part))
		if _, err := s.db.Exec(ctx, "UPDATE "+table+" SET withdrawn_at = ? WHERE id IN ("+in+")", arguments(part, now)...); err != nil {
			return fmt.Errorf("withdraw %s: %w", table, err)
		}
		_, err := s.db.Exec(ctx, "UPDATE "+table+" SET replaced_by = (SELECT r.replaced_by FROM "+table+" r WHERE r.id = "+table+
			".replaced_by) WHERE replaced_by IN ("+in+")", arguments(part)...)
		if err != nil {
			return fmt.Errorf("give back %s: %w", table, err)
		}
		return nil
	})
}

// withdrawRest takes back descriptions, targets, coupons and redemptions of a batch.
func (s *store) withdrawRest(ctx context.Context, batchID int64) (records []int64, err error) {
	if err := s.withdrawDescriptions(ctx, batchID); err != nil {
		return nil, err
	}
	ids, err := database.List(ctx, s.db, scanID, `SELECT id FROM coupons WHERE batch_id = ? AND withdrawn_at IS NULL`, batchID)
	if err != nil {
		return nil, fmt.Errorf("list coupons of batch: %w", err)
	}
	if err := s.withdraw(ctx, "coupons", ids); err != nil {
		return nil, err
	}
	now := database.Time(ctx).UnixMicro()
	for _, table := range []string{"promotion_targets", "coupon_redemptions"} {
		touched, err := database.List(ctx, s.db, scanID, "UPDATE "+table+" SET withdrawn_at = ? WHERE batch_id = ? AND withdrawn_at IS NULL RETURNING record_id", now, batchID)
		if err != nil {
			return nil, fmt.Errorf("withdraw %s: %w", table, err)
		}
		records = append(records, touched...)
	}
	slices.Sort(records)
	return slices.Compact(records), s.dropMarks(ctx, batchID)
}

func (s *store) withdrawDescriptions(ctx context.Context, batchID int64) error {
	for kind, apply := range map[string]func(context.Context, map[int64]string) error{
		aboutProduct: s.applyArticles, aboutPromotion: s.applyPromotions,
	} {
		subjects, err := database.List(ctx, s.db, scanID, `UPDATE descriptions SET withdrawn_at = ?
			WHERE batch_id = ? AND kind = ? AND withdrawn_at IS NULL RETURNING subject_id`, database.Time(ctx).UnixMicro(), batchID, kind)
		if err != nil {
			return fmt.Errorf("withdraw descriptions: %w", err)
		}
		current, err := s.currentDescriptions(ctx, kind, subjects)
		if err != nil {
			return err
		}
		contents := make(map[int64]string, len(subjects))
		for _, id := range subjects {
			contents[id] = current[id]
		}
		if err := apply(ctx, contents); err != nil {
			return err
		}
	}
	return nil
}

// recordsInUse answers which records have live facts of other batches.
func (s *store) recordsInUse(ctx context.Context, recordIDs []int64, exceptBatchID int64) ([]int64, error) {
	var used []int64
	err := chunks(recordIDs, func(part []int64) error {
		in := database.Marks(len(part))
		var args []any
		for range 3 {
			args = append(append(args, arguments(part)...), exceptBatchID)
		}
		found, err := database.List(ctx, s.db, scanID, `SELECT o.record_id FROM orders o JOIN order_lines l ON l.order_id = o.id
				WHERE o.record_id IN (`+in+`) AND l.withdrawn_at IS NULL AND l.batch_id <> ?
			UNION SELECT record_id FROM promotion_targets WHERE record_id IN (`+in+`) AND withdrawn_at IS NULL AND batch_id <> ?
			UNION SELECT record_id FROM coupon_redemptions WHERE record_id IN (`+in+`) AND withdrawn_at IS NULL AND batch_id <> ?`, args...)
		used = append(used, found...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find records in use: %w", err)
	}
	return used, nil
}
