// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse"
)

const (
	// factOrders is how many orders one read takes; reads are kept short so
	// that the write-ahead log can be taken in between.
	factOrders = 5_000
	// factMarks is how many customers one statement names.
	factMarks = 500
)

// A paid line happened when its order did, so that all of an order lies in one
// period; a refund happened when it was made.
const lineFactSelect = `SELECT l.id, k.customer_id, o.record_id, o.id, o.source_id, 
	CASE WHEN l.status = 'paid' THEN o.ordered_at ELSE l.ordered_at END, COALESCE(l.product_id, 0),
	o.channel, o.store, l.status, l.quantity, l.amount, l.discount, l.coupon_discount, l.currency, COALESCE(o.campaign_id, 0)
	FROM `

const lineFactWhere = ` AND o.withdrawn_at IS NULL AND l.replaced_by IS NULL AND l.withdrawn_at IS NULL`

// loadLineFacts streams the warehouse rows of order lines: those of the
// customers ids, or all. Lines of one order come one after another.
func (s *store) loadLineFacts(ctx context.Context, zone *time.Location, ids []int64, emit func(row ...any) error) error {
	if ids == nil {
		parts, err := s.lineFactParts(ctx, zone, 1)
		for _, part := range parts {
			if err = part(ctx, emit); err != nil {
				break
			}
		}
		return err
	}
	costs, err := s.costs(ctx)
	if err != nil {
		return err
	}
	f := lineReader{emit: emit, row: make([]any, len(lineFacts)), months: newMonths(zone), costs: costs}
	for part := range slices.Chunk(ids, factMarks) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		in := database.Marks(len(part))
		firsts, err := s.firstOrders(ctx, " AND k.customer_id IN ("+in+")", args)
		if err != nil {
			return err
		}
		f.firsts = firsts
		err = f.read(ctx, s.db, lineFactSelect+`record_links k JOIN orders o ON o.record_id = k.record_id
			JOIN order_lines l ON l.order_id = o.id WHERE k.customer_id IN (`+in+")"+lineFactWhere+" ORDER BY o.id, l.id", args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// lineFactParts splits the orders into ranges of ids that load side by side.
func (s *store) lineFactParts(ctx context.Context, zone *time.Location, n int) ([]warehouse.Part, error) {
	var last sql.NullInt64
	if err := s.db.Scan(ctx, []any{&last}, "SELECT MAX(id) FROM orders"); err != nil {
		return nil, fmt.Errorf("find last order: %w", err)
	}
	firsts, err := s.allFirstOrders(ctx, last.Int64)
	if err != nil {
		return nil, err
	}
	costs, err := s.costs(ctx)
	if err != nil {
		return nil, err
	}
	step := last.Int64/int64(n) + 1
	var parts []warehouse.Part
	for from := int64(0); from <= last.Int64; from += step {
		parts = append(parts, func(ctx context.Context, emit func(row ...any) error) error {
			f := lineReader{emit: emit, row: make([]any, len(lineFacts)), months: newMonths(zone), firsts: firsts, costs: costs}
			return s.loadLineRange(ctx, &f, from, min(from+step, last.Int64))
		})
	}
	return parts, nil
}

// loadLineRange reads the lines of orders with from < id ≤ to in pages. The
// CROSS JOINs keep SQLite to this order of tables, in which rows come sorted.
func (s *store) loadLineRange(ctx context.Context, f *lineReader, from, to int64) error {
	for ; from < to; from += factOrders {
		err := f.read(ctx, s.db, lineFactSelect+`orders o CROSS JOIN record_links k CROSS JOIN order_lines l
			WHERE k.record_id = o.record_id AND l.order_id = o.id AND o.id > ? AND o.id <= ?`+lineFactWhere+" ORDER BY o.id, l.id",
			from, min(from+factOrders, to))
		if err != nil {
			return err
		}
	}
	return nil
}

// firstOrders answers the first paid order of customers; one that holds
// nothing but refunds (its sum is negative) is none.
func (s *store) firstOrders(ctx context.Context, where string, args []any) (firstOrders, error) {
	f := firstOrders{ids: map[int64]int64{}, earliest: map[int64]int64{}}
	err := s.readFirsts(ctx, &f, where, args)
	return f, err
}

// allFirstOrders is firstOrders of everybody, read in short pieces: one read of all orders would keep the
// write-ahead log from being taken in for its whole length.
func (s *store) allFirstOrders(ctx context.Context, last int64) (firstOrders, error) {
	f := firstOrders{ids: map[int64]int64{}, earliest: map[int64]int64{}}
	for from := int64(0); from < last; from += firstOrdersPage {
		if err := s.readFirsts(ctx, &f, " AND o.id > ? AND o.id <= ?", []any{from, from + firstOrdersPage}); err != nil {
			return f, err
		}
	}
	return f, nil
}

// firstOrdersPage is how many orders one read for first orders takes.
const firstOrdersPage = 50_000

// firstOrders gathers the order with the smallest id among those of the earliest time of each customer.
type firstOrders struct{ ids, earliest map[int64]int64 }

func (s *store) readFirsts(ctx context.Context, f *firstOrders, where string, args []any) error {
	err := s.db.Each(ctx, func(values []any) error {
		var customer, at, id int64
		if err := integers(values, &customer, &at, &id); err != nil {
			return err
		}
		known, ok := f.earliest[customer]
		if !ok || at < known || at == known && id < f.ids[customer] {
			f.earliest[customer], f.ids[customer] = at, id
		}
		return nil
	}, `SELECT k.customer_id, o.ordered_at, o.id FROM orders o
		JOIN record_links k ON k.record_id = o.record_id WHERE o.status = 'paid' AND o.amount >= 0 AND o.withdrawn_at IS NULL`+where, args...)
	if err != nil {
		return fmt.Errorf("find first orders: %w", err)
	}
	return nil
}

// integers takes the first values of a row as whole numbers.
func integers(values []any, into ...*int64) error {
	for i, to := range into {
		n, ok := values[i].(int64)
		if !ok {
			return fmt.Errorf("column %d is a %T and no whole number", i+1, values[i])
		}
		*to = n
	}
	return nil
}

// lineReader turns rows of the system of record into rows of the warehouse.
type lineReader struct {
	emit   func(row ...any) error
	row    []any
	months months
	firsts firstOrders
	days   map[int64]any  // days as they are handed on, by their number
	costs  map[int64]cost // by product
	last   int64          // order whose first counted line has been met
}

// read hands on the lines of the query, whose columns are those of lineFactSelect.
func (f *lineReader) read(ctx context.Context, db *database.DB, query string, args ...any) error {
	err := db.Each(ctx, func(values []any) error {
		var id, customer, record, order, source, at, product, quantity, amount, discount, coupon, campaign int64
		if err := integers(values, &id, &customer, &record, &order, &source, &at, &product); err != nil {
			return err
		}
		if err := integers(values[10:], &quantity, &amount, &discount, &coupon); err != nil {
			return err
		}
		if err := integers(values[15:], &campaign); err != nil {
			return err
		}
		status, _ := values[9].(string)
		counts, returned := weigh(Status(status), amount)
		var firstLine, firstSale int64
		if counts == countsSale && order != f.last {
			f.last, firstLine = order, 1
			if f.firsts.ids[customer] == order {
				firstSale = 1
			}
		}
		var margin, costed any
		if c, ok := f.costs[product]; ok && c.currency == values[14] {
			costed, margin = values[11], amount-c.of(quantity, amount)
		}
		// What was read is handed on as it is: a value put into an interface again costs an allocation.
		return f.emit(append(f.row[:0], values[0], values[1], values[2], values[3], values[4], values[5], f.months.of(at), orNil(product),
			emptyIsNil(values[7]), emptyIsNil(values[8]), values[9], counts, firstLine, firstSale, f.firstOn(customer), values[10], values[11], returned, values[12],
			values[13], values[14], orNil(campaign), margin, costed)...)
	}, query, args...)
	if err != nil {
		return fmt.Errorf("load order lines for the warehouse: %w", err)
	}
	return nil
}

// firstOn is the day of a customer's first order, nil without one. Customers
// share few days: each is put into an interface once.
func (f *lineReader) firstOn(customer int64) any {
	at, ok := f.firsts.earliest[customer]
	if !ok {
		return nil
	}
	local := time.UnixMicro(at).In(f.months.zone)
	_, offset := local.Zone()
	day := (at/1_000_000 + int64(offset)) / (24 * 60 * 60)
	on, ok := f.days[day]
	if !ok {
		if f.days == nil {
			f.days = map[int64]any{}
		}
		on = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
		f.days[day] = on
	}
	return on
}

func emptyIsNil(text any) any {
	if text == "" {
		return nil
	}
	return text
}

// weigh says how a line counts, and what of it was given back.
func weigh(status Status, amount int64) (counts, returned int64) {
	switch status {
	case Paid:
		return countsSale, 0
	case Refunded:
		return countsRefund, -amount
	case Returned:
		return countsNot, amount
	}
	return countsNot, 0
}

func orNil(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// months turns times into year*12+month-1 of the company's zone, remembering
// the month at hand because lines come in rough order of time.
type months struct {
	zone       *time.Location
	number     int64
	start, end int64
}

func newMonths(zone *time.Location) months { return months{zone: zone} }

func (m *months) of(at int64) int64 {
	if at >= m.start && at < m.end {
		return m.number
	}
	t := time.UnixMicro(at).In(m.zone)
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, m.zone)
	m.start, m.end = first.UnixMicro(), first.AddDate(0, 1, 0).UnixMicro()
	m.number = int64(t.Year())*12 + int64(t.Month()) - 1
	return m.number
}

// hasLines says whether a batch brought lines, withdrawn ones included.
func (s *store) hasLines(ctx context.Context, batchID int64) (bool, error) {
	var n int64
	err := s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM order_lines WHERE batch_id = ? LIMIT 1) t`, batchID)
	if err != nil {
		return false, fmt.Errorf("look for lines of batch %d: %w", batchID, err)
	}
	return n > 0, nil
}

// productState moves whenever a product is made or described anew.
func (s *store) productState(ctx context.Context) ([2]int64, error) {
	var state [2]int64
	err := s.db.Scan(ctx, []any{&state[0], &state[1]}, `SELECT COUNT(*), COALESCE(MAX(updated_at), 0) FROM products`)
	return state, err
}

// loadProductFacts streams the warehouse rows of products.
func (s *store) loadProductFacts(ctx context.Context, ids []int64, emit func(row ...any) error) error {
	// A product known by its number only borrows what the one source says that
	// describes it: the master may come after the sales.
	const list = `SELECT p.id, p.product_key, COALESCE(NULLIF(p.name, ''), m.name, ''), COALESCE(NULLIF(p.category, ''), m.category, ''),
		COALESCE(NULLIF(p.department, ''), m.department, ''), COALESCE(NULLIF(p.brand, ''), m.brand, '')
		FROM products p LEFT JOIN products m ON p.is_described = 0 AND m.is_described = 1 AND m.product_key = p.product_key
		AND NOT EXISTS (SELECT 1 FROM products o WHERE o.is_described = 1 AND o.product_key = p.product_key AND o.id <> m.id)`
	read := func(where string, args ...any) (last int64, err error) {
		rows, err := s.db.Query(ctx, list+where, args...)
		if err != nil {
			return 0, fmt.Errorf("load products for the warehouse: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var key, name, category, department, brand string
			if err := rows.Scan(&last, &key, &name, &category, &department, &brand); err != nil {
				return last, fmt.Errorf("read product for the warehouse: %w", err)
			}
			if name == "" {
				name = key
			}
			err := emit(last, key, name, textOrNil(category), textOrNil(department), textOrNil(brand))
			if err != nil {
				return last, err
			}
		}
		return last, database.Fault(rows.Err())
	}
	if ids == nil {
		for last := int64(0); ; {
			next, err := read(` WHERE p.id > ? ORDER BY p.id LIMIT 10000`, last)
			if err != nil || next == 0 {
				return err
			}
			last = next
		}
	}
	for part := range slices.Chunk(ids, factMarks) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		if _, err := read(` WHERE p.id IN (`+database.Marks(len(part))+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}
