// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// headers finds the orders of a source with the keys, withdrawn ones too.
func (s *store) headers(ctx context.Context, sourceID int64, keys []string) ([]*header, error) {
	found := make([]*header, 0, len(keys))
	err := chunks(keys, func(part []string) error {
		list, err := database.List(ctx, s.db, scanHeader, `SELECT id, order_key, record_id, ordered_at, status, currency,
			CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END FROM orders WHERE source_id = ? AND order_key IN (`+database.Marks(len(part))+`)`, arguments(part, sourceID)...)
		found = append(found, list...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find orders by key: %w", err)
	}
	return found, nil
}

func scanHeader(rows *sql.Rows) (*header, error) {
	h := &header{exists: true}
	return h, rows.Scan(&h.id, &h.key, &h.recordID, &h.at, &h.status, &h.currency, &h.withdrawn)
}

// liveLines fills in the lines of orders that are neither replaced nor withdrawn.
func (s *store) liveLines(ctx context.Context, orders map[int64]*header) error {
	ids := make([]int64, 0, len(orders))
	for id := range orders {
		ids = append(ids, id)
	}
	return chunks(ids, func(part []int64) error {
		rows, err := s.db.Query(ctx, `SELECT id, order_id, identity, content FROM order_lines
			WHERE order_id IN (`+database.Marks(len(part))+`) AND replaced_by IS NULL AND withdrawn_at IS NULL`, arguments(part)...)
		if err != nil {
			return fmt.Errorf("list lines of orders: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var line known
			var orderID, identity int64
			if err := rows.Scan(&line.id, &orderID, &identity, &line.content); err != nil {
				return fmt.Errorf("read line: %w", err)
			}
			h := orders[orderID]
			if h.lines == nil {
				h.lines = map[int64]known{}
			}
			h.lines[identity] = line
		}
		return rows.Err()
	})
}

// customersOf answers the customers that records are linked to.
func (s *store) customersOf(ctx context.Context, recordIDs []int64) (map[int64]int64, error) {
	customers := make(map[int64]int64, len(recordIDs))
	err := chunks(recordIDs, func(part []int64) error {
		rows, err := s.db.Query(ctx, `SELECT record_id, customer_id FROM record_links
			WHERE record_id IN (`+database.Marks(len(part))+`)`, arguments(part)...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var record, customer int64
			if err := rows.Scan(&record, &customer); err != nil {
				return err
			}
			customers[record] = customer
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("find customers of records: %w", err)
	}
	return customers, nil
}

var headerColumns = []string{
	"id", "record_id", "source_id", "batch_id", "order_key", "ordered_at", "channel", "store",
	"status", "amount", "discount", "coupon_discount", "currency", "line_count",
}

// insertHeaders writes new orders and gives them their ids.
func (s *store) insertHeaders(ctx context.Context, batch Batch, list []*header) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "orders", len(list))
	if err != nil {
		return err
	}
	values := make([]any, 0, len(list)*len(headerColumns))
	for i, h := range list {
		h.id = ids[i]
		values = append(values, h.id, h.recordID, batch.SourceID, batch.ID, h.key, h.at, h.channel, h.store,
			string(h.status), h.amount, h.discount, h.coupon, h.currency, h.count)
	}
	return s.db.InsertRows(ctx, "orders", headerColumns, values, "")
}

// updateHeaders adds the sums of new lines to orders that exist. An order whose
// lines were all withdrawn starts anew with its new record and batch.
func (s *store) updateHeaders(ctx context.Context, batch Batch, list []*header) error {
	if len(list) == 0 {
		return nil
	}
	var revived, sums []any
	for _, h := range list {
		if h.withdrawn {
			revived = append(revived, h.id, h.recordID, batch.ID)
		}
		sums = append(sums, h.id, h.amount, h.discount, h.coupon, h.count, h.at, string(h.status))
	}
	err := s.db.UpdateRows(ctx, "orders", []string{"BIGINT", "BIGINT", "BIGINT"}, `record_id = v.c2, batch_id = v.c3,
		amount = 0, discount = 0, coupon_discount = 0, line_count = 0, withdrawn_at = NULL`, revived)
	if err != nil {
		return fmt.Errorf("revive orders: %w", err)
	}
	err = s.db.UpdateRows(ctx, "orders", []string{"BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "TEXT"},
		`amount = orders.amount + v.c2, discount = orders.discount + v.c3, coupon_discount = orders.coupon_discount + v.c4,
		line_count = orders.line_count + v.c5, ordered_at = v.c6, status = v.c7`, sums)
	if err != nil {
		return fmt.Errorf("add to orders: %w", err)
	}
	return nil
}

var lineColumns = []string{
	"id", "order_id", "record_id", "line_no", "product_id", "quantity", "amount", "discount", "coupon_discount",
	"currency", "ordered_at", "status", "batch_id", "row_number", "identity", "content", "extra",
}

// insertLines writes lines and marks those that they replace.
func (s *store) insertLines(ctx context.Context, batch Batch, list []*sale) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "order_lines", len(list))
	if err != nil {
		return err
	}
	values := make([]any, 0, len(list)*len(lineColumns))
	var replaced [][2]int64
	for i, l := range list {
		var product, extra any
		if l.productID != 0 {
			product = l.productID
		}
		if l.extra != "" {
			extra = l.extra
		}
		if l.replaces != 0 {
			replaced = append(replaced, [2]int64{ids[i], l.replaces})
		}
		values = append(values, ids[i], l.order.id, l.order.recordID, l.lineNo, product, l.quantity, l.amount, l.discount, l.coupon,
			l.currency, l.at, string(l.status), batch.ID, l.fact.Row, l.identity, l.content, extra)
	}
	if err := s.db.InsertRows(ctx, "order_lines", lineColumns, values, ""); err != nil {
		return err
	}
	return s.replace(ctx, "order_lines", replaced)
}

// replace points older rows at the newer ones that took their place.
func (s *store) replace(ctx context.Context, table string, pairs [][2]int64) error {
	values := make([]any, 0, 2*len(pairs))
	for _, pair := range pairs {
		values = append(values, pair[1], pair[0])
	}
	return s.db.UpdateRows(ctx, table, []string{"BIGINT", "BIGINT"}, "replaced_by = v.c2", values)
}

// sumOrders computes orders anew from their live lines; an order without any
// is withdrawn.
func (s *store) sumOrders(ctx context.Context, orderIDs []int64) error {
	if len(orderIDs) == 0 {
		return nil
	}
	now := database.Time(ctx).UnixMicro()
	return chunks(orderIDs, func(part []int64) error {
		in := database.Marks(len(part))
		args := arguments(part, now)
		_, err := s.db.Exec(ctx, `UPDATE orders SET amount = t.amount, discount = t.discount, coupon_discount = t.coupon,
				line_count = t.lines, ordered_at = COALESCE(t.at, orders.ordered_at),
				status = CASE WHEN t.sold > 0 THEN 'paid' WHEN t.lines > 0 THEN t.status ELSE orders.status END,
				withdrawn_at = CASE WHEN t.lines = 0 THEN CAST(? AS BIGINT) END
			FROM (SELECT o.id,
				COALESCE(SUM(CASE WHEN l.status IN ('paid', 'refunded') THEN l.amount END), 0) AS amount,
				COALESCE(SUM(CASE WHEN l.status IN ('paid', 'refunded') THEN l.discount END), 0) AS discount,
				COALESCE(SUM(CASE WHEN l.status IN ('paid', 'refunded') THEN l.coupon_discount END), 0) AS coupon,
				COALESCE(SUM(CASE WHEN l.status IN ('paid', 'refunded') THEN 1 ELSE 0 END), 0) AS sold,
				COUNT(l.id) AS lines, MIN(l.ordered_at) AS at, MAX(l.status) AS status
				FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id AND l.replaced_by IS NULL AND l.withdrawn_at IS NULL
				WHERE o.id IN (`+in+`) GROUP BY o.id) t
			WHERE orders.id = t.id`, args...)
		if err != nil {
			return fmt.Errorf("sum orders: %w", err)
		}
		return nil
	})
}

func (s *store) saveMarks(ctx context.Context, batchID, slice int64, packed []byte) error {
	_, err := s.db.Exec(ctx, `INSERT INTO order_marks (batch_id, slice, marks) VALUES (?, ?, ?)`, batchID, slice, packed)
	if err != nil {
		return fmt.Errorf("save marks of slice %d: %w", slice, err)
	}
	return nil
}

// loadMarks gives the marks of all slices of a batch; it answers how many there are.
func (s *store) loadMarks(ctx context.Context, batchID int64, each func(packed []byte)) (int64, error) {
	rows, err := s.db.Query(ctx, `SELECT slice, marks FROM order_marks WHERE batch_id = ? ORDER BY slice`, batchID)
	if err != nil {
		return 0, fmt.Errorf("load marks: %w", err)
	}
	defer func() { _ = rows.Close() }()
	next := int64(0)
	for rows.Next() {
		var slice int64
		var packed []byte
		if err := rows.Scan(&slice, &packed); err != nil {
			return 0, fmt.Errorf("load marks: %w", err)
		}
		each(packed)
		next = slice + 1
	}
	return next, rows.Err()
}

func (s *store) dropMarks(ctx context.Context, batchID int64) error {
	_, err := s.db.Exec(ctx, `DELETE FROM order_marks WHERE batch_id = ?`, batchID)
	if err != nil {
		return fmt.Errorf("drop marks: %w", err)
	}
	return nil
}

// currencyOfBatch answers the currency that earlier slices of a batch used, "" when there are none.
func (s *store) currencyOfBatch(ctx context.Context, batchID int64) (string, error) {
	var currency string
	err := s.db.Scan(ctx, []any{&currency}, `SELECT currency FROM order_lines WHERE batch_id = ? LIMIT 1`, batchID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) && !fault.Is(err, fault.NotFound) {
		return "", fmt.Errorf("find currency of batch %d: %w", batchID, err)
	}
	return currency, nil
}
