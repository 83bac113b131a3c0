// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"dangol/internal/platform/fault"
)

// finderPage answers what no index serves: ids come from the warehouse, rows from the system of record,
// and customers changed since are judged anew and put where they belong now.
func (s *Service) finderPage(ctx context.Context, rules json.RawMessage, at place) (*Page, error) {
	question := Question{Rules: rules, Sort: at.sort, Desc: at.desc, After: at.after, Offset: at.offset, Limit: at.limit + 1, CountTo: 0}
	if isEverybody(rules) {
		question.Rules = nil
	}
	if at.after == nil {
		question.CountTo = 1 << 40 // counting columns is cheap; a capped count would be no faster
	}
	answer, err := s.finder.FindIDs(ctx, question)
	if err != nil {
		return nil, err
	}
	pending, err := s.pendingRows(ctx, question.Rules, answer.Pending)
	if err != nil {
		return nil, err
	}
	changed := map[int64]bool{}
	for _, id := range answer.Pending {
		changed[id] = true
	}
	ids := slices.DeleteFunc(slices.Clone(answer.IDs), func(id int64) bool { return changed[id] })
	rows, err := s.rowsInOrder(ctx, ids)
	if err != nil {
		return nil, err
	}
	page := &Page{Customers: rows, Total: answer.Total, IsCapped: answer.Capped}
	s.overlay(page, pending, at, len(answer.IDs) <= at.limit)
	page.cut(at)
	return page, nil
}

// pendingRows loads those of the changed customers that answer the rules now.
func (s *Service) pendingRows(ctx context.Context, rules json.RawMessage, ids []int64) ([]*Customer, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if rules != nil {
		var err error
		if ids, err = s.finder.MatchIDs(ctx, rules, ids); err != nil {
			return nil, err
		}
	}
	rows, err := s.store.LoadCustomers(ctx, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(c *Customer) bool { return c.Hidden || !canSee(ctx, c) }), nil
}

// rowsInOrder loads visible golden rows in the order of the ids.
func (s *Service) rowsInOrder(ctx context.Context, ids []int64) ([]*Customer, error) {
	rows, err := s.store.LoadCustomers(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*Customer, len(rows))
	for _, c := range rows {
		if !c.Hidden && canSee(ctx, c) {
			byID[c.ID] = c
		}
	}
	ordered := make([]*Customer, 0, len(ids))
	for _, id := range ids {
		if c := byID[id]; c != nil {
			ordered = append(ordered, c)
		}
	}
	return ordered, nil
}

// overlay puts changed rows where they belong. isLast says that the page ends the list, so that rows
// behind its last one belong on it too.
func (s *Service) overlay(page *Page, changed []*Customer, at place, isLast bool) {
	if len(changed) == 0 || at.after == nil && at.offset > 0 {
		return // after a jump row numbers are approximate anyway
	}
	var last *Customer
	if n := len(page.Customers); n > 0 {
		last = page.Customers[n-1]
	}
	for _, c := range changed {
		if at.after != nil && compareSort(sortValue(c, at.sort), c.ID, at.after.Value, at.after.ID, at.desc) <= 0 {
			continue
		}
		if !isLast && last != nil && compareRows(c, last, at) > 0 {
			continue
		}
		page.Customers = append(page.Customers, c)
	}
	slices.SortStableFunc(page.Customers, func(a, b *Customer) int { return compareRows(a, b, at) })
}

func compareRows(a, b *Customer, at place) int {
	return compareSort(sortValue(a, at.sort), a.ID, sortValue(b, at.sort), b.ID, at.desc)
}

// compareSort orders rows as lists do: by value, then by id in the same direction; rows without a value
// come last in both directions, by ascending id.
func compareSort(a any, aID int64, b any, bID int64, desc bool) int {
	switch {
	case a == nil && b == nil:
		return cmp.Compare(aID, bID)
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	order := cmp.Or(compareValues(a, b), cmp.Compare(aID, bID))
	if desc {
		return -order
	}
	return order
}

func compareValues(a, b any) int {
	x, xOK := numberOf(a)
	y, yOK := numberOf(b)
	if xOK && yOK {
		return cmp.Compare(x, y)
	}
	return strings.Compare(string(textOfValue(a)), string(textOfValue(b)))
}

func numberOf(v any) (float64, bool) {
	switch n := v.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	case bool:
		if n {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

func textOfValue(v any) []byte {
	if text, ok := v.(string); ok {
		return []byte(text)
	}
	return appendValue(nil, v)
}

// scanLimit bounds what a list reads when there is no warehouse to ask.
const scanLimit = 200_000

// scanPage reads all visible customers: only for tests and installations without a warehouse, where the
// rule tree cannot be answered.
func (s *Service) scanPage(ctx context.Context, rules json.RawMessage, at place) (*Page, error) {
	if !isEverybody(rules) {
		return nil, fault.New(fault.Unavailable, "customer.no_finder", "Filters need the analytic store, which is not ready yet; try again in a moment.")
	}
	rows, err := s.store.scanVisible(ctx, scanLimit)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b *Customer) int { return compareRows(a, b, at) })
	page := &Page{Total: int64(len(rows)), IsCapped: len(rows) == scanLimit}
	for i, c := range rows {
		if at.after != nil && compareSort(sortValue(c, at.sort), c.ID, at.after.Value, at.after.ID, at.desc) <= 0 ||
			at.after == nil && int64(i) < at.offset {
			continue
		}
		page.Customers = append(page.Customers, c)
		if len(page.Customers) > at.limit {
			break
		}
	}
	page.cut(at)
	return page, nil
}
