// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/database"
)

// keptYears is how long contracts, payments and supplies are kept with who they were made with (Enforcement Decree of
// the E-Commerce Act, article 6(1)).
const keptYears = 5

// idsAsked is how many ids one question names.
const idsAsked = 400

// Eraser tells what orders keep of a person: amounts, goods and days stay without what may name them, such as cells
// of the file that no field took.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{
		Traces: []customer.Trace{
			{What: "orders", Table: "orders", By: "record_id", OfRecord: true, Set: "contact = ''"},
			{What: "order_lines", Table: "order_lines", By: "record_id", OfRecord: true, Set: "extra = NULL"},
			{What: "promotions", Table: "promotion_targets", By: "record_id", OfRecord: true, Set: "extra = NULL"},
			{What: "promotions", Table: "coupon_redemptions", By: "record_id", OfRecord: true, Set: "extra = NULL"},
		},
		Batches: s.store.batchesOf,
		Duties:  s.store.duties,
	}
}

// duties keeps who bought until five years after the last order.
func (s *store) duties(ctx context.Context, e *customer.Erasure) ([]customer.Duty, error) {
	since := e.ErasedAt.AddDate(-keptYears, 0, 0)
	var orders, last int64
	found, err := aboutRecords(ctx, s, e, "SELECT COUNT(*), COALESCE(MAX(ordered_at), 0) FROM orders WHERE ordered_at > ? AND withdrawn_at IS NULL AND record_id IN ({ids})",
		func(rows *sql.Rows) (pair [2]int64, err error) { return pair, rows.Scan(&pair[0], &pair[1]) }, since.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("find orders of the last years: %w", err)
	}
	for _, pair := range found {
		orders, last = orders+pair[0], max(last, pair[1])
	}
	if orders == 0 {
		return nil, nil
	}
	return []customer.Duty{{Law: customer.LawECommerce, Facts: orders, Until: time.UnixMicro(last).AddDate(keptYears, 0, 0)}}, nil
}

// batchesOf are the imports that brought facts of the person.
func (s *store) batchesOf(ctx context.Context, e *customer.Erasure) (ids []int64, err error) {
	for _, table := range []string{"orders", "order_lines", "promotion_targets", "coupon_redemptions"} {
		found, err := aboutRecords(ctx, s, e, "SELECT DISTINCT batch_id FROM "+table+" WHERE batch_id <> 0 AND record_id IN ({ids})",
			func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
		if err != nil {
			return nil, fmt.Errorf("find imports of %s: %w", table, err)
		}
		ids = append(ids, found...)
	}
	return ids, nil
}

// aboutRecords asks a question about all records of the person, some hundred at a time; before are the values of the
// placeholders in front of the list.
func aboutRecords[T any](ctx context.Context, s *store, e *customer.Erasure, query string, scan func(*sql.Rows) (T, error), before ...any) ([]T, error) {
	var found []T
	for part := range slices.Chunk(e.RecordIDs, idsAsked) {
		args := slices.Clone(before)
		for _, id := range part {
			args = append(args, id)
		}
		more, err := database.List(ctx, s.db, scan, strings.Replace(query, "{ids}", database.Marks(len(part)), 1), args...)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}
