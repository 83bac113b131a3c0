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

// listEntries merges orders, promotions and redemptions of a customer, newest first.
func (s *store) listEntries(ctx context.Context, customerID int64, before time.Time, limit int) ([]Entry, error) {
	if before.IsZero() {
		before = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	queries := []struct {
		text string
		scan func(*sql.Rows) (Entry, error)
	}{
		{`SELECT o.id, o.ordered_at, o.status, o.record_id, o.order_key, o.amount, o.currency, o.store, o.channel, o.line_count
			FROM orders o JOIN record_links k ON k.record_id = o.record_id
			WHERE k.customer_id = ? AND o.withdrawn_at IS NULL AND o.ordered_at < ? ORDER BY o.ordered_at DESC, o.id DESC LIMIT ?`, scanOrderEntry},
		{`SELECT r.id, r.redeemed_at, r.record_id, r.coupon_key, r.amount, r.currency, COALESCE(p.name, ''), COALESCE(p.promotion_key, '')
			FROM coupon_redemptions r JOIN record_links k ON k.record_id = r.record_id LEFT JOIN promotions p ON p.id = r.promotion_id
			WHERE k.customer_id = ? AND r.withdrawn_at IS NULL AND r.redeemed_at < ? ORDER BY r.redeemed_at DESC, r.id DESC LIMIT ?`, scanRedemptionEntry},
	}
	var all []Entry
	for _, q := range queries {
		list, err := database.List(ctx, s.db, q.scan, q.text, customerID, before.UnixMicro(), limit)
		if err != nil {
			return nil, fmt.Errorf("timeline of customer %d: %w", customerID, err)
		}
		all = append(all, list...)
	}
	targeted, err := s.listTargeted(ctx, customerID, before)
	if err != nil {
		return nil, err
	}
	all = append(all, targeted...)
	slices.SortStableFunc(all, func(a, b Entry) int { return b.At.Compare(a.At) })
	return all[:min(len(all), limit)], nil
}

func scanOrderEntry(rows *sql.Rows) (Entry, error) {
	var e Entry
	var at, amount, lines int64
	var key, status, store, channel string
	err := rows.Scan(&e.ID, &at, &status, &e.RecordID, &key, &amount, &e.Currency, &store, &channel, &lines)
	e.At, e.Kind, e.Title, e.Amount = time.UnixMicro(at).UTC(), "order", key, &amount
	e.Fields = map[string]any{"order_key": key, "status": status, "store": store, "channel": channel, "line_count": lines}
	return e, err
}

func scanRedemptionEntry(rows *sql.Rows) (Entry, error) {
	var e Entry
	var at int64
	var key, name, promotionKey string
	err := rows.Scan(&e.ID, &at, &e.RecordID, &key, &e.Amount, &e.Currency, &name, &promotionKey)
	e.At, e.Kind, e.Title = time.UnixMicro(at).UTC(), "coupon_redeemed", key
	e.Fields = map[string]any{"coupon_key": key, "promotion": name, "promotion_key": promotionKey}
	return e, err
}

// listTargeted lists the promotions that addressed a customer, by the day of
// addressing or else the promotion's first day; a customer has few of them.
func (s *store) listTargeted(ctx context.Context, customerID int64, before time.Time) ([]Entry, error) {
	scan := func(rows *sql.Rows) (Entry, error) {
		var e Entry
		var at *int64
		var key, name, kind, channel, startOn, endOn, response string
		err := rows.Scan(&e.ID, &at, &e.RecordID, &key, &name, &kind, &channel, &startOn, &endOn, &response)
		if at != nil {
			e.At = time.UnixMicro(*at).UTC()
		} else if day, err := time.Parse(time.DateOnly, startOn); err == nil {
			e.At = day
		}
		if e.Title = name; name == "" {
			e.Title = key
		}
		e.Kind = "promotion"
		e.Fields = map[string]any{
			"promotion_key": key, "name": name, "type": kind, "channel": channel, "start_on": startOn, "end_on": endOn, "response": response,
		}
		return e, err
	}
	list, err := database.List(ctx, s.db, scan, `SELECT t.id, t.targeted_at, t.record_id, p.promotion_key, p.name, p.kind, p.channel,
		p.start_on, p.end_on, t.response FROM promotion_targets t JOIN record_links k ON k.record_id = t.record_id
		JOIN promotions p ON p.id = t.promotion_id WHERE k.customer_id = ? AND t.withdrawn_at IS NULL`, customerID)
	if err != nil {
		return nil, fmt.Errorf("promotions of customer %d: %w", customerID, err)
	}
	return slices.DeleteFunc(list, func(e Entry) bool { return !e.At.Before(before) }), nil
}
