// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"dangol/internal/platform/database"
)

// productIDs adds the ids of products with the keys to into.
func (s *store) productIDs(ctx context.Context, sourceID int64, keys []string, into map[string]int64) error {
	return s.idsByKey(ctx, "products", "product_key", sourceID, keys, into)
}

// sharedProductIDs adds the ids of products that exactly one source describes.
func (s *store) sharedProductIDs(ctx context.Context, keys []string, into map[string]int64) error {
	return chunks(keys, func(part []string) error {
		rows, err := s.db.Query(ctx, `SELECT MIN(id), product_key FROM products WHERE is_described = 1 AND product_key IN (`+
			database.Marks(len(part))+`) GROUP BY product_key HAVING COUNT(*) = 1`, arguments(part)...)
		if err != nil {
			return fmt.Errorf("find shared products: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id int64
			var key string
			if err := rows.Scan(&id, &key); err != nil {
				return fmt.Errorf("find shared products: %w", err)
			}
			into[key] = id
		}
		return rows.Err()
	})
}

// promotionIDs adds the ids of promotions with the keys to into.
func (s *store) promotionIDs(ctx context.Context, sourceID int64, keys []string, into map[string]int64) error {
	return s.idsByKey(ctx, "promotions", "promotion_key", sourceID, keys, into)
}

func (s *store) idsByKey(ctx context.Context, table, column string, sourceID int64, keys []string, into map[string]int64) error {
	return chunks(keys, func(part []string) error {
		rows, err := s.db.Query(ctx, "SELECT id, "+column+" FROM "+table+" WHERE source_id = ? AND "+column+
			" IN ("+database.Marks(len(part))+")", arguments(part, sourceID)...)
		if err != nil {
			return fmt.Errorf("find %s by key: %w", table, err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id int64
			var key string
			if err := rows.Scan(&id, &key); err != nil {
				return fmt.Errorf("find %s by key: %w", table, err)
			}
			into[key] = id
		}
		return rows.Err()
	})
}

// insertProducts makes products without description and adds their ids to into.
func (s *store) insertProducts(ctx context.Context, batch Batch, list []Product, into map[string]int64) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "products", len(list))
	if err != nil {
		return err
	}
	now := database.Time(ctx).UnixMicro()
	columns := []string{"id", "source_id", "product_key", "name", "category", "department", "brand", "batch_id", "created_at", "updated_at"}
	values := make([]any, 0, len(list)*len(columns))
	for i, p := range list {
		into[p.ProductKey] = ids[i]
		values = append(values, ids[i], batch.SourceID, p.ProductKey, p.Name, p.Category, p.Department, p.Brand, batch.ID, now, now)
	}
	return s.db.InsertRows(ctx, "products", columns, values, "")
}

// insertPromotions makes promotions without description and adds their ids to into.
func (s *store) insertPromotions(ctx context.Context, batch Batch, keys []string, into map[string]int64) error {
	if len(keys) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "promotions", len(keys))
	if err != nil {
		return err
	}
	now := database.Time(ctx).UnixMicro()
	columns := []string{"id", "source_id", "promotion_key", "batch_id", "created_at", "updated_at"}
	values := make([]any, 0, len(keys)*len(columns))
	for i, key := range keys {
		into[key] = ids[i]
		values = append(values, ids[i], batch.SourceID, key, batch.ID, now, now)
	}
	return s.db.InsertRows(ctx, "promotions", columns, values, "")
}

// currentDescriptions answers what is known of subjects: the latest description not withdrawn.
func (s *store) currentDescriptions(ctx context.Context, kind string, ids []int64) (map[int64]string, error) {
	current := make(map[int64]string, len(ids))
	err := chunks(ids, func(part []int64) error {
		rows, err := s.db.Query(ctx, `SELECT subject_id, content FROM descriptions WHERE kind = ? AND subject_id IN (`+
			database.Marks(len(part))+`) AND withdrawn_at IS NULL ORDER BY subject_id, id`, arguments(part, kind)...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id int64
			var content string
			if err := rows.Scan(&id, &content); err != nil {
				return err
			}
			current[id] = content
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("find descriptions of %s: %w", kind, err)
	}
	return current, nil
}

func (s *store) insertDescriptions(ctx context.Context, batch Batch, kind string, list []description) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "descriptions", len(list))
	if err != nil {
		return err
	}
	columns := []string{"id", "kind", "subject_id", "batch_id", "row_number", "content"}
	values := make([]any, 0, len(list)*len(columns))
	for i, d := range list {
		values = append(values, ids[i], kind, d.subjectID, batch.ID, d.row, d.content)
	}
	return s.db.InsertRows(ctx, "descriptions", columns, values, "")
}

// applyArticles brings product rows up to their descriptions; "" means that
// nothing describes the product any more.
func (s *store) applyArticles(ctx context.Context, contents map[int64]string) error {
	now := database.Time(ctx).UnixMicro()
	values := make([]any, 0, 11*len(contents))
	for _, id := range slices.Sorted(maps.Keys(contents)) {
		var a article
		isDescribed := int64(0)
		if contents[id] != "" {
			isDescribed = 1
			if err := json.Unmarshal([]byte(contents[id]), &a); err != nil {
				return fmt.Errorf("read description of product %d: %w", id, err)
			}
		}
		values = append(values, id, a.Name, a.Category, a.Department, a.Brand, optional(a.Price), a.Currency, a.Extra, isDescribed, now, optional(a.Cost))
	}
	types := []string{"BIGINT", "TEXT", "TEXT", "TEXT", "TEXT", "BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT"}
	return s.db.UpdateRows(ctx, "products", types, `name = v.c2, category = v.c3, department = v.c4, brand = v.c5, price = v.c6,
		currency = v.c7, extra = v.c8, is_described = v.c9, updated_at = v.c10, cost = v.c11`, values)
}

// applyPromotions brings promotion rows up to their descriptions.
func (s *store) applyPromotions(ctx context.Context, contents map[int64]string) error {
	now := database.Time(ctx).UnixMicro()
	values := make([]any, 0, 11*len(contents))
	for _, id := range slices.Sorted(maps.Keys(contents)) {
		var p promotion
		isDescribed := int64(0)
		if contents[id] != "" {
			isDescribed = 1
			if err := json.Unmarshal([]byte(contents[id]), &p); err != nil {
				return fmt.Errorf("read description of promotion %d: %w", id, err)
			}
		}
		values = append(values, id, p.Name, p.Kind, p.Channel, p.StartOn, p.EndOn, optional(p.Cost), p.Currency, p.Extra, isDescribed, now)
	}
	types := []string{"BIGINT", "TEXT", "TEXT", "TEXT", "TEXT", "TEXT", "BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT"}
	return s.db.UpdateRows(ctx, "promotions", types, `name = v.c2, kind = v.c3, channel = v.c4, start_on = v.c5, end_on = v.c6,
		cost = v.c7, currency = v.c8, extra = v.c9, is_described = v.c10, updated_at = v.c11`, values)
}

// optional is a value for a prepared statement: nil or the number.
func optional(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// filled is nil for empty text.
func filled(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// targets answers which of the pairs (promotion, record) are there already.
func (s *store) targets(ctx context.Context, promotionIDs, recordIDs []int64) (map[[2]int64]bool, error) {
	existing := map[[2]int64]bool{}
	promotions := slices.Compact(slices.Sorted(slices.Values(promotionIDs)))
	records := slices.Compact(slices.Sorted(slices.Values(recordIDs)))
	for _, promotionID := range promotions {
		err := chunks(records, func(part []int64) error {
			found, err := database.List(ctx, s.db, scanID, `SELECT record_id FROM promotion_targets WHERE promotion_id = ?
				AND record_id IN (`+database.Marks(len(part))+`) AND withdrawn_at IS NULL`, arguments(part, promotionID)...)
			for _, record := range found {
				existing[[2]int64{promotionID, record}] = true
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("find targets: %w", err)
		}
	}
	return existing, nil
}

func (s *store) insertTargets(ctx context.Context, batch Batch, list []target) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "promotion_targets", len(list))
	if err != nil {
		return err
	}
	columns := []string{"id", "promotion_id", "record_id", "targeted_at", "response", "batch_id", "row_number", "extra"}
	values := make([]any, 0, len(list)*len(columns))
	for i, t := range list {
		values = append(values, ids[i], t.promotionID, t.recordID, optional(t.at), t.response, batch.ID, t.row, filled(t.extra))
	}
	return s.db.InsertRows(ctx, "promotion_targets", columns, values, "")
}
