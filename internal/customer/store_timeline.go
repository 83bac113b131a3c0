// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

// subject gathers the customer's ids (aliases included) and records.
func (s *Store) subject(ctx context.Context, id int64) (Subject, error) {
	subject := Subject{CustomerIDs: []int64{id}}
	tree, err := s.aliasTree(ctx, id)
	if err != nil {
		return subject, err
	}
	for alias := range tree {
		subject.CustomerIDs = append(subject.CustomerIDs, alias)
	}
	subject.RecordIDs, err = database.List(ctx, s.db, scanID, "SELECT record_id FROM record_links WHERE customer_id = ? ORDER BY record_id", id)
	if err != nil {
		return subject, fmt.Errorf("load records of customer %d: %w", id, err)
	}
	return subject, nil
}

// recordTimeline shows when records came in.
type recordTimeline struct{ s *Service }

// TimelineName is the capability.
func (recordTimeline) TimelineName() string { return "customer" }

// Timeline returns the arrival of records.
func (t recordTimeline) Timeline(ctx context.Context, subject Subject, before Position, limit int) ([]TimelineItem, error) {
	upTo := int64(1) << 62
	if !before.IsTop() {
		upTo = before.At.UnixMicro()
	}
	sources := t.s.rules.current(ctx).sources
	return database.List(ctx, t.s.db, func(rows *sql.Rows) (TimelineItem, error) {
		var item TimelineItem
		var source, received int64
		var batch, withdrawn sql.NullInt64
		var kind string
		err := rows.Scan(&item.ID, &source, &batch, &kind, &received, &withdrawn)
		item.At, item.RecordID, item.Capability, item.Kind = time.UnixMicro(received).UTC(), item.ID, "customer", "customer.record"
		item.Detail = map[string]any{"record_kind": kind, "withdrawn": withdrawn.Valid}
		if batch.Valid {
			item.Detail["batch_id"] = batch.Int64
		}
		if known := sources[source]; known != nil {
			item.Title = known.Label
		}
		return item, err
	}, "SELECT r.id, r.source_id, r.batch_id, r.kind, r.received_at, r.withdrawn_at FROM record_links l "+
		"JOIN records r ON r.id = l.record_id WHERE l.customer_id = ? AND r.kind <> 'staff' AND r.received_at <= ? "+
		"ORDER BY r.received_at DESC, r.id DESC LIMIT ?", subject.CustomerIDs[0], upTo, limit)
}

// journalTimeline shows what staff and the product changed.
type journalTimeline struct{ s *Service }

// TimelineName is the capability.
func (journalTimeline) TimelineName() string { return "customer" }

// aboutCustomer is what this capability did to a customer.
func aboutCustomer(id int64) journal.Subject {
	return journal.Subject{Capability: "customer", Kind: "customer", ID: id}
}

// journalScan bounds the entries looked at for one page; a customer edited more often shows the rest on
// the page of the journal.
const journalScan = 400

// Timeline returns journal entries about the customer; values stay in the journal, only the names of the
// fields that changed are shown.
func (t journalTimeline) Timeline(ctx context.Context, subject Subject, before Position, limit int) ([]TimelineItem, error) {
	var items []TimelineItem
	for _, id := range subject.CustomerIDs {
		entries, err := t.s.journal.ListBySubject(ctx, aboutCustomer(id), 0, journalScan)
		if err != nil {
			return nil, fmt.Errorf("journal of customer %d: %w", id, err)
		}
		for i := range entries {
			e := &entries[i]
			if e.Kind == "customer.created" && e.Batch != 0 {
				continue // arrivals are shown as records
			}
			item := TimelineItem{
				At: e.At, Capability: "customer", Kind: e.Kind, ID: e.ID, RecordID: e.RecordID, Actor: e.Actor,
				Detail: map[string]any{"entry_id": e.ID, "fields": changedFields(e.Before, e.After)},
			}
			if before.Passed(item) {
				items = append(items, item)
			}
		}
	}
	slices.SortFunc(items, compareItems)
	items = slices.CompactFunc(items, func(a, b TimelineItem) bool { return a.ID == b.ID && a.Kind == b.Kind })
	return items[:min(limit, len(items))], nil
}

// changedFields lists the fields that an entry changed.
func changedFields(before, after json.RawMessage) []string {
	names := map[string]bool{}
	for _, raw := range []json.RawMessage{before, after} {
		var entry map[string]json.RawMessage
		if json.Unmarshal(raw, &entry) != nil {
			continue
		}
		if values, ok := entry["values"]; ok {
			entry = nil
			if json.Unmarshal(values, &entry) != nil {
				continue
			}
		}
		for name := range entry {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
