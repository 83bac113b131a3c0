// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// TimelineItem is one event on the page of a customer.
type TimelineItem struct {
	At         time.Time      `json:"at"`
	Capability string         `json:"capability"`
	Kind       string         `json:"kind" doc:"order.paid, consent.granted, campaign.sent, customer.updated…"`
	ID         int64          `json:"id" doc:"of the event within its capability and kind"`
	RecordID   int64          `json:"record_id,omitempty"`
	Title      string         `json:"title"`
	Amount     int64          `json:"amount,omitempty" doc:"minor units"`
	Currency   string         `json:"currency,omitempty"`
	Actor      string         `json:"actor,omitempty"`
	Detail     map[string]any `json:"detail,omitempty"`
	URL        string         `json:"url,omitempty" doc:"page of the event in the UI"`
}

// TimelineSource is a capability whose events belong on the page of a customer.
type TimelineSource interface {
	// Timeline returns events of the records (all of one customer) that come after the position in the
	// order newest first, capability, kind, id; at most limit.
	Timeline(ctx context.Context, subject Subject, before Position, limit int) ([]TimelineItem, error)
	// TimelineName is the capability, and the permission "<name>:read" that its events need.
	TimelineName() string
}

// Subject is whose events are asked: a customer with all ids it ever had and all its records.
type Subject struct {
	CustomerIDs []int64
	RecordIDs   []int64
}

// Position is a place in a timeline; the zero Position is the top.
type Position struct {
	At         time.Time `json:"t"`
	Capability string    `json:"c"`
	Kind       string    `json:"k"`
	ID         int64     `json:"i"`
}

// IsTop reports whether nothing has been shown yet.
func (p Position) IsTop() bool { return p.At.IsZero() }

// Passed reports whether the item comes after the position, so that it is still to be shown.
func (p Position) Passed(item TimelineItem) bool {
	return p.IsTop() || compareItems(TimelineItem{At: p.At, Capability: p.Capability, Kind: p.Kind, ID: p.ID}, item) < 0
}

// compareItems orders newest first, then by capability, kind and id, newest id first.
func compareItems(a, b TimelineItem) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Capability, b.Capability), cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.ID, a.ID))
}

// TimelinePage is one page of a timeline.
type TimelinePage struct {
	Items      []TimelineItem `json:"items"`
	NextCursor string         `json:"next_cursor,omitempty"`
}

const timelineLimit = 200

// Timeline returns what happened with a customer, newest first: records that came in, changes by staff,
// and the events of every capability that the person may read, or of those in only.
func (s *Service) Timeline(ctx context.Context, id int64, cursor string, limit int, only []string) (TimelinePage, error) {
	return s.TimelineOf(ctx, []int64{id}, cursor, limit, only)
}

// subjectOf gathers ids and records of customers, all of whom the person must be allowed to see.
func (s *Service) subjectOf(ctx context.Context, ids []int64) (Subject, error) {
	var all Subject
	for _, id := range ids {
		id, err := s.Resolve(ctx, id)
		if err != nil {
			return all, err
		}
		c, err := s.visible(ctx, id)
		if err != nil {
			return all, err
		}
		subject, err := s.store.subject(ctx, c.ID)
		if err != nil {
			return all, err
		}
		all.CustomerIDs, all.RecordIDs = append(all.CustomerIDs, subject.CustomerIDs...), append(all.RecordIDs, subject.RecordIDs...)
	}
	slices.Sort(all.RecordIDs)
	return all, nil
}

// TimelineOf is the timeline of several customers together, such as the members of a household.
func (s *Service) TimelineOf(ctx context.Context, ids []int64, cursor string, limit int, only []string) (TimelinePage, error) {
	var page TimelinePage
	subject, err := s.subjectOf(ctx, ids)
	if err != nil {
		return page, err
	}
	before, err := parsePosition(cursor)
	if err != nil {
		return page, err
	}
	if limit <= 0 || limit > timelineLimit {
		limit = min(max(limit, 50), timelineLimit)
	}
	secret := s.hiddenKinds(ctx, subject.CustomerIDs)
	var cut *TimelineItem // where a source that could tell more broke off
	sources := append([]TimelineSource{recordTimeline{s}, journalTimeline{s}}, s.timelines...)
	for _, source := range sources {
		if auth.Check(ctx, source.TimelineName()+":read") != nil || len(only) > 0 && !slices.Contains(only, source.TimelineName()) {
			continue
		}
		items, err := source.Timeline(ctx, subject, before, limit+1)
		if err != nil {
			return page, fmt.Errorf("timeline of %s: %w", source.TimelineName(), err)
		}
		if len(items) > limit && (cut == nil || compareItems(items[len(items)-1], *cut) < 0) {
			cut = &items[len(items)-1]
		}
		for _, item := range items {
			if kind := item.kindOf(); before.Passed(item) && (kind == "" || !hides(secret, kind)) {
				page.Items = append(page.Items, item)
			}
		}
	}
	slices.SortFunc(page.Items, compareItems)
	if len(page.Items) > limit {
		page.Items = page.Items[:limit]
		last := page.Items[limit-1]
		page.NextCursor = formatPosition(Position{last.At, last.Capability, last.Kind, last.ID})
	} else if cut != nil { // much was hidden: what lies behind the break comes with the next page
		page.Items = slices.DeleteFunc(page.Items, func(item TimelineItem) bool { return compareItems(item, *cut) > 0 })
		page.NextCursor = formatPosition(Position{cut.At, cut.Capability, cut.Kind, cut.ID})
	}
	return page, nil
}

func formatPosition(p Position) string {
	raw, _ := json.Marshal(p) // text and numbers only
	return base64.RawURLEncoding.EncodeToString(raw)
}

func parsePosition(cursor string) (Position, error) {
	var p Position
	if cursor == "" {
		return p, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err != nil || p.IsTop() {
		return p, errBadCursor()
	}
	return p, nil
}

func errBadCursor() error {
	return fault.New(fault.Invalid, "customer.bad_cursor", "The cursor is not one that a page gave; start at the top.")
}
