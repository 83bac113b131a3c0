// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"maps"
	"slices"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Merge makes other one with the survivor: its records move over, its id becomes an alias. Nothing is
// lost and Unmerge takes it back. choose names fields whose value of the other customer is to be kept.
func (s *Service) Merge(ctx context.Context, survivorID, otherID int64, choose []string) (*Customer, error) {
	var survivor *Customer
	err := s.db.Within(ctx, func(ctx context.Context) error {
		for _, id := range []int64{survivorID, otherID} {
			if _, err := s.visible(ctx, id); err != nil {
				return err
			}
		}
		pins, err := s.chosenPins(ctx, otherID, choose)
		if err != nil {
			return err
		}
		if err := s.merge(ctx, MergePair{SurvivorID: survivorID, OtherID: otherID, Reason: "manual"}, 0, pins); err != nil {
			return err
		}
		survivor, err = s.store.Find(ctx, survivorID)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.anchors.touch(2)
	return survivor, nil
}

// PreviewMerge tells what a merge would give, without doing it.
func (s *Service) PreviewMerge(ctx context.Context, survivorID, otherID int64, choose []string) (*Customer, error) {
	if survivorID == otherID {
		return nil, errSelfMerge
	}
	survivor, err := s.visible(ctx, survivorID)
	if err != nil {
		return nil, err
	}
	other, err := s.visible(ctx, otherID)
	if err != nil {
		return nil, err
	}
	pins, err := s.chosenPins(ctx, otherID, choose)
	if err != nil {
		return nil, err
	}
	records, err := s.store.RecordsOf(ctx, []int64{survivorID, otherID})
	if err != nil {
		return nil, err
	}
	all := slices.Concat(records[survivorID], records[otherID])
	survivor.Pins = mergePins(survivor.Pins, other.Pins, pins)
	survivor.Values, survivor.Provenance = s.rules.current(ctx).survivorship.Golden(all, survivor.Pins)
	survivor.Records = len(all)
	return survivor, s.logClear(ctx, "customer.merge_preview", []int64{survivorID, otherID})
}

// chosenPins turns "keep this value of the other" into pins on the records that the values came from.
func (s *Service) chosenPins(ctx context.Context, otherID int64, choose []string) (map[string]int64, error) {
	if len(choose) == 0 {
		return nil, nil //nolint:nilnil // no pins is the empty map
	}
	other, err := s.store.Find(ctx, otherID)
	if err != nil {
		return nil, err
	}
	pins := map[string]int64{}
	for _, name := range choose {
		if !s.isField(ctx, name) {
			return nil, errUnknownField(name)
		}
		pins[name] = other.Provenance.Of(name).RecordID
	}
	return pins, nil
}

func errUnknownField(name string) error {
	return fault.New(fault.Invalid, "customer.unknown_field", "{field} is no field of a customer.", "field", name)
}

// mergeLinked merges two customers that a record has shown to be one.
func (s *Service) mergeLinked(ctx context.Context, pair MergePair, batch int64) error {
	return s.merge(ctx, pair, batch, nil)
}

func (s *Service) merge(ctx context.Context, pair MergePair, batch int64, choose map[string]int64) error {
	if pair.SurvivorID == pair.OtherID {
		return errSelfMerge
	}
	survivor, err := s.store.Find(ctx, pair.SurvivorID)
	if err != nil {
		return err
	}
	other, err := s.store.Find(ctx, pair.OtherID)
	if err != nil {
		return err
	}
	for _, c := range []*Customer{survivor, other} {
		if c.AliasOf != 0 {
			return fault.New(fault.Conflict, "customer.already_merged",
				"Customer {id} was already merged into customer {into}; load the page again.", "id", c.ID, "into", c.AliasOf)
		}
		if err := s.refuseErased(ctx, c); err != nil {
			return err
		}
	}
	moved, err := s.store.moveAll(ctx, other.ID, survivor.ID)
	if err != nil {
		return err
	}
	adjust := func(c *Customer) {
		switch c.ID {
		case other.ID:
			c.AliasOf = survivor.ID
		case survivor.ID:
			c.Pins = mergePins(c.Pins, other.Pins, choose)
		}
	}
	changes, err := s.recompute(ctx, []int64{survivor.ID, other.ID}, adjust)
	if err != nil {
		return err
	}
	if err := s.follow(ctx, survivor.ID, other.ID); err != nil {
		return err
	}
	return s.logMerge(ctx, "customer.merged", survivor.ID, other.ID, pair.Reason, batch, moved, changes)
}

// shadowed stands before the name of a field whose pin another choice in a merge has covered.
const shadowed = "~"

// mergePins keeps the survivor's pins, adds the other's, and lets what was chosen in the merge win.
func mergePins(own, others, choose map[string]int64) map[string]int64 {
	pins := maps.Clone(others)
	if pins == nil {
		pins = map[string]int64{}
	}
	maps.Copy(pins, own)
	for name, record := range choose {
		if mine, ok := own[name]; ok && mine != record {
			pins[shadowed+name] = mine // comes to light again when the merge is taken back
		}
		pins[name] = record
	}
	if len(pins) == 0 {
		return nil
	}
	return pins
}

// logMerge writes the journal entry of a merge or an un-merge. The entry itself names ids only; the
// change of values is sealed with the survivor's newest record.
func (s *Service) logMerge(ctx context.Context, kind string, survivorID, otherID int64, reason string, batch int64, records []int64, changes []rowChange) error {
	entry := journal.Entry{
		Capability: "customer", Kind: kind, SubjectKind: "customer", SubjectIDs: []int64{survivorID, otherID}, Batch: batch,
	}
	before, after := map[string]any{}, map[string]any{
		"survivor_id": survivorID, "other_id": otherID, "reason": reason, "record_ids": records,
	}
	for _, change := range changes {
		if change.Customer.ID == survivorID {
			entry.RecordID = change.RecordID
			before["values"], after["values"] = change.Before, change.After
		}
	}
	if entry.RecordID == 0 && len(records) > 0 {
		entry.RecordID = records[0]
	}
	entry.Before, entry.After = jsonOf(before), jsonOf(after)
	return s.journal.Append(ctx, entry)
}
