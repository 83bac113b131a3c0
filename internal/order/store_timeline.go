// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/database"
)

// tiesMost is how many events of one microsecond are looked through to find
// where a page went on.
const tiesMost = 500

// listEvents reads orders, redemptions and promotions of records up to a
// position, the events at its very moment included.
func (s *store) listEvents(ctx context.Context, records []int64, before customer.Position, limit int) ([]customer.TimelineItem, error) {
	until := before.At
	if before.IsTop() {
		until = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	queries := []struct {
		text string
		scan func(*sql.Rows) (customer.TimelineItem, error)
	}{
		{`SELECT id, ordered_at, status, record_id, order_key, amount, currency, store, channel, line_count
			FROM orders WHERE record_id IN (#) AND withdrawn_at IS NULL AND ordered_at <= ? ORDER BY ordered_at DESC, id DESC LIMIT ?`, scanOrderItem},
		{`SELECT r.id, r.redeemed_at, r.record_id, r.coupon_key, COALESCE(r.amount, 0), r.currency, COALESCE(p.name, ''), COALESCE(p.promotion_key, '')
			FROM coupon_redemptions r LEFT JOIN promotions p ON p.id = r.promotion_id
			WHERE r.record_id IN (#) AND r.withdrawn_at IS NULL AND r.redeemed_at <= ? ORDER BY r.redeemed_at DESC, r.id DESC LIMIT ?`, scanRedemptionItem},
		// Few a customer: the day of addressing, or else the promotion's first day, is their time.
		{`SELECT t.id, t.targeted_at, t.record_id, p.promotion_key, p.name, p.kind, p.channel, p.start_on, p.end_on, t.response
			FROM promotion_targets t JOIN promotions p ON p.id = t.promotion_id
			WHERE t.record_id IN (#) AND t.withdrawn_at IS NULL AND COALESCE(t.targeted_at, 0) <= ? ORDER BY t.id DESC LIMIT ?`, scanTargetItem},
	}
	var all []customer.TimelineItem
	for _, q := range queries {
		args := append(arguments(records), until.UnixMicro(), limit+tiesMost)
		list, err := database.List(ctx, s.db, q.scan, strings.Replace(q.text, "#", database.Marks(len(records)), 1), args...)
		if err != nil {
			return nil, fmt.Errorf("list events of customer: %w", err)
		}
		all = append(all, list...)
	}
	return all, nil
}

func scanOrderItem(rows *sql.Rows) (customer.TimelineItem, error) {
	item := customer.TimelineItem{Capability: "order"}
	var at, lines int64
	var status, store, channel string
	err := rows.Scan(&item.ID, &at, &status, &item.RecordID, &item.Title, &item.Amount, &item.Currency, &store, &channel, &lines)
	item.At, item.Kind = time.UnixMicro(at).UTC(), "order."+status
	item.Detail = map[string]any{"order_key": item.Title, "store": store, "channel": channel, "line_count": lines}
	return item, err
}

func scanRedemptionItem(rows *sql.Rows) (customer.TimelineItem, error) {
	item := customer.TimelineItem{Capability: "order", Kind: "order.coupon_redeemed"}
	var at int64
	var name, promotionKey string
	err := rows.Scan(&item.ID, &at, &item.RecordID, &item.Title, &item.Amount, &item.Currency, &name, &promotionKey)
	item.At = time.UnixMicro(at).UTC()
	item.Detail = map[string]any{"coupon_key": item.Title, "promotion": name, "promotion_key": promotionKey}
	return item, err
}

func scanTargetItem(rows *sql.Rows) (customer.TimelineItem, error) {
	item := customer.TimelineItem{Capability: "order", Kind: "order.promotion"}
	var at *int64
	var key, name, kind, channel, startOn, endOn, response string
	err := rows.Scan(&item.ID, &at, &item.RecordID, &key, &name, &kind, &channel, &startOn, &endOn, &response)
	if at != nil {
		item.At = time.UnixMicro(*at).UTC()
	} else if day, err := time.Parse(time.DateOnly, startOn); err == nil {
		item.At = day
	} else {
		item.At = time.UnixMicro(0).UTC()
	}
	if item.Title = name; name == "" {
		item.Title = key
	}
	item.Detail = map[string]any{
		"promotion_key": key, "type": kind, "channel": channel, "start_on": startOn, "end_on": endOn, "response": response,
	}
	return item, err
}
