// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

// recomputeSize bounds the customers whose records are in memory at once.
const recomputeSize = 500

// rowChange is what recomputing did to one golden row.
type rowChange struct {
	Customer *Customer
	RecordID int64 // newest record, whose key seals the change in the journal
	Before   map[string]any
	After    map[string]any
}

// journal returns the change as a row of a bulk entry.
func (c *rowChange) journal(kind string) journal.Change {
	change := journal.Change{CustomerID: c.Customer.ID, RecordID: c.RecordID, Kind: kind}
	if len(c.After) > 0 || len(c.Before) > 0 {
		change.Before, change.After = jsonOf(c.Before), jsonOf(c.After)
	}
	return change
}

func jsonOf(values map[string]any) json.RawMessage {
	if len(values) == 0 {
		return nil
	}
	raw, err := json.Marshal(values)
	if err != nil { // values of golden rows always encode
		return nil
	}
	return raw
}

// recompute computes the golden rows of customers anew and writes those that changed, search index
// included. adjust, which may be nil, changes a row before (its pins as a rule).
func (s *Service) recompute(ctx context.Context, ids []int64, adjust func(*Customer)) ([]rowChange, error) {
	var changes []rowChange
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	for part := range slices.Chunk(ids, recomputeSize) {
		done, err := s.recomputePart(ctx, part, adjust)
		if err != nil {
			return nil, err
		}
		changes = append(changes, done...)
	}
	return changes, nil
}

func (s *Service) recomputePart(ctx context.Context, ids []int64, adjust func(*Customer)) ([]rowChange, error) {
	customers, err := s.store.LoadCustomers(ctx, ids)
	if err != nil {
		return nil, err
	}
	records, err := s.store.RecordsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	rules := s.rules.current(ctx)
	var changes []rowChange
	var rows []*Customer
	var found []indexed
	for _, c := range customers {
		change := s.goldenChange(ctx, rules, c, records[c.ID], adjust)
		if change == nil {
			continue
		}
		tokens := ""
		if !c.Hidden {
			tokens = string(AppendTokens(nil, &c.Values, records[c.ID], rules.searchable))
		}
		changes, rows = append(changes, *change), append(rows, c)
		found = append(found, indexed{c.ID, tokens})
	}
	if err := s.store.UpdateCustomers(ctx, rows); err != nil {
		return nil, err
	}
	return changes, s.store.ReplaceTokens(ctx, found)
}

// goldenChange computes one row anew and returns what changed, nil when nothing did.
func (s *Service) goldenChange(ctx context.Context, rules *ruleSet, c *Customer, records []*Record, adjust func(*Customer)) *rowChange {
	before := *c
	before.Pins = maps.Clone(c.Pins)
	if adjust != nil {
		adjust(c)
	}
	c.Records = len(records)
	c.Hidden = len(records) == 0 || c.AliasOf != 0
	change := &rowChange{Customer: c}
	if len(records) > 0 && c.AliasOf == 0 {
		change.RecordID = records[len(records)-1].ID
		c.Values, c.Provenance = rules.survivorship.Golden(records, c.Pins)
	} else if c.AliasOf == 0 { // nothing is known any more; the old values must not show through
		change.RecordID = c.Provenance.Main.RecordID
		c.Values, c.Provenance = Values{}, Provenance{Main: c.Provenance.Main}
	} else {
		change.RecordID = c.Provenance.Main.RecordID
	}
	if sameValues(&before.Values, &c.Values) && before.Hidden == c.Hidden && before.Records == c.Records &&
		before.AliasOf == c.AliasOf && maps.Equal(before.Pins, c.Pins) && sameProvenance(before.Provenance, c.Provenance) {
		return nil
	}
	c.UpdatedAt, c.Version = database.Time(ctx), c.Version+1
	change.Before, change.After = difference(&before, c)
	return change
}

func sameProvenance(a, b Provenance) bool {
	return a.Main == b.Main && maps.Equal(a.Fields, b.Fields)
}

// difference returns the values of two golden rows that differ, null where one has none.
func difference(before, after *Customer) (map[string]any, map[string]any) {
	was, is := map[string]any{}, map[string]any{}
	for f := range fields {
		if a, b := before.Values.Text[f], after.Values.Text[f]; a != b {
			was[fields[f].Name], is[fields[f].Name] = textOrNull(a), textOrNull(b)
		}
	}
	names := map[string]bool{}
	for name := range before.Values.Attributes {
		names[name] = true
	}
	for name := range after.Values.Attributes {
		names[name] = true
	}
	for name := range names {
		a, b := before.Values.Attributes[name], after.Values.Attributes[name]
		if string(appendValue(nil, a)) != string(appendValue(nil, b)) {
			was[attributePrefix+name], is[attributePrefix+name] = a, b
		}
	}
	if before.Hidden != after.Hidden {
		was["hidden"], is["hidden"] = before.Hidden, after.Hidden
	}
	if before.AliasOf != after.AliasOf {
		was["alias_of"], is["alias_of"] = before.AliasOf, after.AliasOf
	}
	return was, is
}
