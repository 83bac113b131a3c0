// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"dangol/internal/platform/database"
)

func scanID(rows *sql.Rows) (int64, error) {
	var id int64
	return id, rows.Scan(&id)
}

// coupons finds the live coupons of a source with the keys.
func (s *store) coupons(ctx context.Context, sourceID int64, keys []string) (map[couponKey]known, error) {
	existing := map[couponKey]known{}
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	err := chunks(keys, func(part []string) error {
		rows, err := s.db.Query(ctx, `SELECT coupon_key, promotion_id, product_id, id, content FROM coupons
			WHERE source_id = ? AND coupon_key IN (`+database.Marks(len(part))+`) AND withdrawn_at IS NULL AND replaced_by IS NULL`,
			arguments(part, sourceID)...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var key couponKey
			var value known
			if err := rows.Scan(&key.key, &key.promotionID, &key.productID, &value.id, &value.content); err != nil {
				return err
			}
			existing[key] = value
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("find coupons: %w", err)
	}
	return existing, nil
}

// insertCoupons writes coupons; those they replace are marked first, because
// only one row of a coupon may be live.
func (s *store) insertCoupons(ctx context.Context, batch Batch, list []coupon) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "coupons", len(list))
	if err != nil {
		return err
	}
	columns := []string{
		"id", "source_id", "coupon_key", "promotion_id", "product_id", "name", "amount", "currency",
		"start_on", "end_on", "batch_id", "row_number", "content", "extra",
	}
	values := make([]any, 0, len(list)*len(columns))
	var replaced [][2]int64
	for i, c := range list {
		if c.replaces != 0 {
			replaced = append(replaced, [2]int64{ids[i], c.replaces})
		}
		values = append(values, ids[i], batch.SourceID, c.key, c.promotionID, c.productID, c.name, optional(c.amount), c.currency,
			c.startOn, c.endOn, batch.ID, c.row, c.content, filled(c.extra))
	}
	if err := s.replace(ctx, "coupons", replaced); err != nil {
		return err
	}
	return s.db.InsertRows(ctx, "coupons", columns, values, "")
}

// redemptions answers which identities of a source are there already.
func (s *store) redemptions(ctx context.Context, sourceID int64, identities []int64) (map[int64]bool, error) {
	existing := map[int64]bool{}
	err := chunks(identities, func(part []int64) error {
		found, err := database.List(ctx, s.db, scanID, `SELECT identity FROM coupon_redemptions WHERE source_id = ?
			AND identity IN (`+database.Marks(len(part))+`) AND withdrawn_at IS NULL`, arguments(part, sourceID)...)
		for _, identity := range found {
			existing[identity] = true
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find redemptions: %w", err)
	}
	return existing, nil
}

func (s *store) insertRedemptions(ctx context.Context, batch Batch, list []redemption) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "coupon_redemptions", len(list))
	if err != nil {
		return err
	}
	columns := []string{
		"id", "source_id", "coupon_key", "promotion_id", "record_id", "redeemed_at", "order_key", "amount",
		"currency", "batch_id", "row_number", "identity", "extra",
	}
	values := make([]any, 0, len(list)*len(columns))
	for i, r := range list {
		values = append(values, ids[i], batch.SourceID, r.key, r.promotionID, r.recordID, r.at, r.orderKey, optional(r.amount),
			r.currency, batch.ID, r.row, r.identity, filled(r.extra))
	}
	return s.db.InsertRows(ctx, "coupon_redemptions", columns, values, "")
}
