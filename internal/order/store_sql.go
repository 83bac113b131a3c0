// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const orderColumns = `o.id, k.customer_id, o.record_id, o.source_id, o.batch_id, o.order_key, o.ordered_at, o.channel, o.store,
	o.status, o.amount, o.discount, o.coupon_discount, o.currency, o.line_count, COALESCE(o.campaign_id, 0)`

// ordersOf joins orders with the customers whose rows the person may see.
const ordersOf = ` FROM orders o JOIN record_links k ON k.record_id = o.record_id JOIN customers c ON c.id = k.customer_id
	WHERE o.withdrawn_at IS NULL AND `

func scanOrder(rows *sql.Rows) (Order, error) {
	var o Order
	var at int64
	err := rows.Scan(&o.ID, &o.CustomerID, &o.RecordID, &o.SourceID, &o.BatchID, &o.OrderKey, &at, &o.Channel, &o.Store,
		&o.Status, &o.Amount, &o.Discount, &o.CouponDiscount, &o.Currency, &o.LineCount, &o.CampaignID)
	o.OrderedAt = time.UnixMicro(at).UTC()
	return o, err
}

func (s *store) findOrder(ctx context.Context, id int64) (Order, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	found, err := database.List(ctx, s.db, scanOrder, "SELECT "+orderColumns+ordersOf+scope+" AND o.id = ?", append(args, id)...)
	if err != nil {
		return Order{}, fmt.Errorf("find order %d: %w", id, err)
	}
	if len(found) == 0 {
		return Order{}, fault.New(fault.NotFound, "order.not_found", "Order {id} does not exist.", "id", id)
	}
	o := found[0]
	o.Lines, err = database.List(ctx, s.db, scanLine, `SELECT l.id, l.line_no, COALESCE(l.product_id, 0), COALESCE(p.product_key, ''),
		COALESCE(p.name, ''), COALESCE(p.category, ''), l.quantity, l.amount, l.discount, l.coupon_discount, l.currency, l.status, l.extra
		FROM order_lines l LEFT JOIN products p ON p.id = l.product_id
		WHERE l.order_id = ? AND l.replaced_by IS NULL AND l.withdrawn_at IS NULL ORDER BY l.id`, id)
	if err != nil {
		return Order{}, fmt.Errorf("list lines of order %d: %w", id, err)
	}
	return o, nil
}

func scanLine(rows *sql.Rows) (Line, error) {
	var l Line
	var extra *string
	err := rows.Scan(&l.ID, &l.LineNo, &l.ProductID, &l.ProductKey, &l.ProductName, &l.Category, &l.Quantity, &l.Amount,
		&l.Discount, &l.CouponDiscount, &l.Currency, &l.Status, &extra)
	if extra != nil && json.Valid([]byte(*extra)) {
		l.Extra = json.RawMessage(*extra)
	}
	return l, err
}

// where renders the filter; it starts with " AND" or is empty.
func (f Filter) where() (string, []any) {
	var b strings.Builder
	var args []any
	add := func(condition string, value any) {
		b.WriteString(" AND " + condition)
		args = append(args, value)
	}
	if f.CustomerID != 0 {
		add("o.record_id IN (SELECT record_id FROM record_links WHERE customer_id = ?)", f.CustomerID)
	}
	if f.Status != "" {
		add("o.status = ?", string(f.Status))
	}
	if !f.From.IsZero() {
		add("o.ordered_at >= ?", f.From.UnixMicro())
	}
	if !f.To.IsZero() {
		add("o.ordered_at < ?", f.To.UnixMicro())
	}
	if f.Store != "" {
		add("o.store = ?", f.Store)
	}
	if f.Channel != "" {
		add("o.channel = ?", f.Channel)
	}
	return b.String(), args
}

func (s *store) listOrders(ctx context.Context, f Filter) ([]Order, string, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	where, more := f.where()
	args = append(args, more...)
	if f.Cursor != "" {
		at, id, err := readCursor(f.Cursor)
		if err != nil {
			return nil, "", err
		}
		where += " AND (o.ordered_at, o.id) < (?, ?)"
		args = append(args, at, id)
	}
	list, err := database.List(ctx, s.db, scanOrder, "SELECT "+orderColumns+ordersOf+scope+where+
		" ORDER BY o.ordered_at DESC, o.id DESC LIMIT ?", append(args, f.Limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list orders: %w", err)
	}
	if len(list) <= f.Limit {
		return list, "", nil
	}
	list = list[:f.Limit]
	last := list[len(list)-1]
	return list, strconv.FormatInt(last.OrderedAt.UnixMicro(), 36) + "-" + strconv.FormatInt(last.ID, 36), nil
}

func readCursor(cursor string) (first, id int64, err error) {
	a, b, _ := strings.Cut(cursor, "-")
	first, err = strconv.ParseInt(a, 36, 64)
	id, err2 := strconv.ParseInt(b, 36, 64)
	if err = errors.Join(err, err2); err != nil {
		return 0, 0, fault.New(fault.Invalid, "order.bad_cursor", "The cursor is not one that this list gave; start from the first page.")
	}
	return first, id, nil
}

// countOrders counts up to limit.
func (s *store) countOrders(ctx context.Context, f Filter, limit int64) (int64, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	where, more := f.where()
	var count int64
	err := s.db.Scan(ctx, []any{&count}, "SELECT COUNT(*) FROM (SELECT o.id"+ordersOf+scope+where+" LIMIT ?) t",
		append(append(args, more...), limit)...)
	if err != nil {
		return 0, fmt.Errorf("count orders: %w", err)
	}
	return count, nil
}

func scanProduct(rows *sql.Rows) (Product, error) {
	var p Product
	var extra string
	err := rows.Scan(&p.ID, &p.SourceID, &p.ProductKey, &p.Name, &p.Category, &p.Department, &p.Brand, &p.Price, &p.Currency, &extra, &p.IsDescribed)
	if extra != "" && json.Valid([]byte(extra)) {
		p.Extra = json.RawMessage(extra)
	}
	return p, err
}

func (s *store) listProducts(ctx context.Context, query, cursor string, limit int) ([]Product, string, error) {
	if limit <= 0 || limit > 500 {
		limit = 50
	}
	where, args := "1=1", []any{}
	if query != "" {
		// Prefix by range, so that the index answers; the next code point ends it.
		where += " AND ((name >= ? AND name < ?) OR product_key = ?)"
		args = append(args, query, query+"\U0010FFFF", query)
	}
	if cursor != "" {
		name, id, found := strings.Cut(cursor, "\x1f")
		number, err := strconv.ParseInt(id, 10, 64)
		if !found || err != nil {
			return nil, "", fault.New(fault.Invalid, "order.bad_cursor", "The cursor is not one that this list gave; start from the first page.")
		}
		where += " AND (name, id) > (?, ?)"
		args = append(args, name, number)
	}
	list, err := database.List(ctx, s.db, scanProduct, `SELECT id, source_id, product_key, name, category, department, brand, price,
		currency, extra, is_described FROM products WHERE `+where+` ORDER BY name, id LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list products: %w", err)
	}
	if len(list) <= limit {
		return list, "", nil
	}
	list = list[:limit]
	last := list[limit-1]
	return list, last.Name + "\x1f" + strconv.FormatInt(last.ID, 10), nil
}

// eachPurchase emits what each customer bought in a window.
func (s *store) eachPurchase(ctx context.Context, from, to time.Time, currency string, emit func(customerID, amount, orders int64) error) error {
	return s.eachThree(ctx, emit, `SELECT k.customer_id, CAST(SUM(o.amount) AS BIGINT), COUNT(*) FROM orders o
		JOIN record_links k ON k.record_id = o.record_id
		WHERE o.ordered_at >= ? AND o.ordered_at < ? AND o.status = 'paid' AND o.withdrawn_at IS NULL AND o.currency = ?
		GROUP BY k.customer_id`, from.UnixMicro(), to.UnixMicro(), currency)
}
