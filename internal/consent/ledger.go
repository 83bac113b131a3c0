// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"slices"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
)

// Overview is what the page of a customer shows: what holds now and the ledger.
type Overview struct {
	States []State   `json:"states"`
	Items  []Consent `json:"items"`
}

// Overview returns the states and the ledger of a customer, or fault.NotFound
// when the customer is outside the person's rows.
func (s *Service) Overview(ctx context.Context, customerID int64) (Overview, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return Overview{}, err
	}
	if err := s.store.checkVisible(ctx, customerID); err != nil {
		return Overview{}, err
	}
	ledger, err := s.store.ledger(ctx, []int64{customerID})
	if err != nil {
		return Overview{}, err
	}
	items := ledger[customerID]
	if err := s.store.addNotices(ctx, items); err != nil {
		return Overview{}, err
	}
	overview := Overview{States: States(items), Items: slices.Clone(items)} // the states point into items
	slices.Reverse(overview.Items)
	return overview, nil
}

// States projects a ledger to every combination that it speaks of.
func States(ledger []Consent) []State {
	type key struct {
		sender  string
		purpose Purpose
		channel Channel
		night   bool
	}
	var list []State
	seen := map[key]bool{}
	for i := range ledger {
		c := &ledger[i]
		spoken := []Channel{c.Channel.Base()}
		if c.Channel == All {
			spoken = []Channel{Email, SMS, Push, Kakao, Call, Fax, Post}
		}
		for _, channel := range spoken {
			k := key{c.Sender, c.Purpose, channel, c.IsNight}
			if !seen[k] {
				seen[k] = true
				list = append(list, Project(ledger, k.sender, k.purpose, k.channel, k.night))
			}
		}
	}
	return list
}

// Advertising answers for customers which channels they granted to the company
// for advertising, for lists and segments; claimed consent does not count.
func (s *Service) Advertising(ctx context.Context, customerIDs []int64) (map[int64][]Channel, error) {
	ledgers, err := s.store.ledger(ctx, customerIDs)
	if err != nil {
		return nil, err
	}
	granted := make(map[int64][]Channel, len(ledgers))
	for id, ledger := range ledgers {
		for _, state := range States(ledger) {
			if state.Sender == DefaultSender && state.Purpose == Advertising && !state.IsNight && state.IsGranted() {
				granted[id] = append(granted[id], state.Channel)
			}
		}
	}
	return granted, nil
}

// ListSuppressions returns a page of barred addresses, newest first; address narrows to one.
func (s *Service) ListSuppressions(ctx context.Context, address, cursor string, limit int) ([]Suppression, string, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return nil, "", err
	}
	return s.store.listSuppressions(ctx, address, cursor, limit)
}

// TimelineName says whose events these are.
func (s *Service) TimelineName() string { return "consent" }

// Timeline returns the ledger entries of a customer's records, newest first.
func (s *Service) Timeline(ctx context.Context, subject customer.Subject, before customer.Position, limit int) ([]customer.TimelineItem, error) {
	if len(subject.RecordIDs) == 0 {
		return nil, nil
	}
	list, err := s.store.ledgerOfRecords(ctx, subject.RecordIDs)
	if err != nil {
		return nil, err
	}
	items := make([]customer.TimelineItem, 0, len(list))
	for _, c := range list {
		item := customer.TimelineItem{
			At: c.At, Capability: "consent", Kind: "consent." + string(c.Action), ID: c.ID, RecordID: c.RecordID,
			Title: string(c.Channel), Actor: c.Actor,
			Detail: map[string]any{"channel": c.Channel, "purpose": c.Purpose, "is_night": c.IsNight, "method": c.Method, "is_claimed": c.IsClaimed, "sender": c.Sender},
		}
		if before.Passed(item) {
			items = append(items, item)
		}
	}
	slices.SortFunc(items, func(a, b customer.TimelineItem) int {
		if order := b.At.Compare(a.At); order != 0 {
			return order
		}
		if a.Kind != b.Kind {
			if a.Kind < b.Kind {
				return -1
			}
			return 1
		}
		return int(b.ID - a.ID)
	})
	return items[:min(len(items), limit)], nil
}
