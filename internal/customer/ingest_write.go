// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"slices"

	"dangol/internal/platform/journal"
)

// number gives records and new customers their ids.
func (in *ingest) number(ctx context.Context) error {
	ids, err := in.s.store.db.NextIDs(ctx, "records", len(in.fresh))
	if err != nil {
		return err
	}
	made := 0
	for _, isNew := range in.isNew {
		if isNew {
			made++
		}
	}
	var customerIDs []int64
	if made > 0 {
		if customerIDs, err = in.s.store.db.NextIDs(ctx, "customers", made); err != nil {
			return err
		}
	}
	for t, isNew := range in.isNew {
		if isNew {
			in.plan.Targets[t], customerIDs = customerIDs[0], customerIDs[1:]
		}
	}
	latest := make(map[string]int64)
	for i, r := range in.fresh {
		r.ID, r.CustomerID = ids[i], in.plan.Targets[in.plan.Places[i].Target]
		r.BatchID, r.ReceivedAt = in.slice.BatchID, in.at
		if v := in.versions[i]; v != nil {
			if v.RecordID < 0 {
				v.RecordID = latest[v.Identity]
			}
			r.Replaces, r.HomeID = v.RecordID, v.HomeID
			latest[v.Identity] = r.ID
		} else {
			latest[identity(r)] = r.ID
		}
	}
	for _, u := range in.same {
		u.record.ID, u.record.CustomerID = u.earlier.ID, u.earlier.CustomerID
	}
	return nil
}

// withdraw takes the replaced versions out of use, and merges customers that a record has shown to be one.
func (in *ingest) withdraw(ctx context.Context) error {
	var old []int64
	keys := map[int64][]Key{}
	for i, v := range in.versions {
		if v != nil && v.CustomerID != 0 && in.fresh[i].Replaces == v.RecordID {
			old = append(old, v.RecordID)
			keys[v.RecordID] = v.Keys
		}
	}
	if err := in.s.store.Withdraw(ctx, old, keys); err != nil {
		return err
	}
	for _, pair := range in.plan.Merges {
		if err := in.s.mergeLinked(ctx, pair, in.slice.BatchID); err != nil {
			return fmt.Errorf("merge customers %d and %d: %w", pair.SurvivorID, pair.OtherID, err)
		}
	}
	return nil
}

func (in *ingest) insert(ctx context.Context) error {
	reasons := make([]string, len(in.fresh))
	for i, place := range in.plan.Places {
		reasons[i] = place.Reason
	}
	return in.s.store.InsertRecords(ctx, in.fresh, reasons, in.slice.PersonID)
}

// golden computes the rows of all customers that got a record.
func (in *ingest) golden(ctx context.Context) error {
	gathered := make(map[int64][]*Record, len(in.plan.Targets))
	var made, grown []int64
	for i, r := range in.fresh {
		if _, ok := gathered[r.CustomerID]; !ok {
			if in.isNew[in.plan.Places[i].Target] {
				made = append(made, r.CustomerID)
			} else {
				grown = append(grown, r.CustomerID)
			}
		}
		gathered[r.CustomerID] = append(gathered[r.CustomerID], r)
	}
	if err := in.makeCustomers(ctx, made, gathered); err != nil {
		return err
	}
	replaced := map[int64]int64{}
	for _, r := range in.fresh {
		if r.Replaces != 0 {
			replaced[r.Replaces] = r.ID
		}
	}
	changed, err := in.s.recompute(ctx, grown, func(c *Customer) { followPins(c, replaced) })
	if err != nil {
		return err
	}
	for _, change := range changed {
		in.changes = append(in.changes, change.journal("customer.updated"))
	}
	return nil
}

// makeCustomers computes the rows of new customers directly from the records at hand.
func (in *ingest) makeCustomers(ctx context.Context, ids []int64, gathered map[int64][]*Record) error {
	if len(ids) == 0 {
		return nil
	}
	rules := in.s.rules.current(ctx)
	block := make([]Customer, min(len(ids), insertChunk))
	rows := make([]*Customer, len(block))
	var found []indexed
	var buffer []byte
	for part := range slices.Chunk(ids, insertChunk) {
		found = found[:0]
		for i, id := range part {
			records := live(gathered[id])
			rows[i] = &block[i]
			in.fill(rows[i], id, records, rules)
			tokens := records[0].tokens
			if len(records) > 1 || tokens == "" {
				buffer = AppendTokens(buffer[:0], &rows[i].Values, records, rules.searchable)
				tokens = string(buffer)
			}
			if tokens != "" {
				found = append(found, indexed{id, tokens})
			}
			in.changes = append(in.changes, journal.Change{CustomerID: id, RecordID: records[0].ID, Kind: "customer.created"})
		}
		if err := in.s.store.InsertCustomers(ctx, rows[:len(part)]); err != nil {
			return err
		}
		if err := in.s.store.InsertTokens(ctx, found); err != nil {
			return err
		}
	}
	return nil
}

func (in *ingest) fill(c *Customer, id int64, records []*Record, rules *ruleSet) {
	*c = Customer{ID: id, CreatedAt: in.at, UpdatedAt: in.at, Version: 1, Records: len(records)}
	c.Values, c.Provenance = rules.survivorship.Golden(records, nil)
}

func live(records []*Record) []*Record {
	for i, r := range records {
		if r.Withdrawn {
			kept := append([]*Record(nil), records[:i]...)
			for _, r := range records[i:] {
				if !r.Withdrawn {
					kept = append(kept, r)
				}
			}
			return kept
		}
	}
	return records
}

// followPins lets pins follow records to their newer versions.
func followPins(c *Customer, replaced map[int64]int64) {
	for name, record := range c.Pins {
		for next, ok := replaced[record]; ok; next, ok = replaced[record] {
			record = next
			c.Pins[name] = record
		}
	}
}

// log writes the changes of the slice into the journal.
func (in *ingest) log(ctx context.Context) error {
	if in.slice.EntryID == 0 {
		return nil // the caller writes an entry of its own
	}
	return in.s.journal.AppendChunks(ctx, in.slice.EntryID, in.changes)
}
