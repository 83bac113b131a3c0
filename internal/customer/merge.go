// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dangol/internal/platform/auth"
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
	}
	moved, err := s.store.moveAll(ctx, other.ID, survivor.ID)
	if err != nil {
		return err
	}
	if err := s.store.dropParting(ctx, survivor.ID, other.ID); err != nil {
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

// Unmerge parts records from a customer. When they came with a merged customer, that customer's id lives
// again with them; else a new customer is made. Later hand edits stay with the survivor, and no key
// links the two again by itself.
func (s *Service) Unmerge(ctx context.Context, id int64, recordIDs []int64) (*Customer, error) {
	var parted *Customer
	err := s.db.Within(ctx, func(ctx context.Context) error {
		survivor, err := s.visible(ctx, id)
		if err != nil {
			return err
		}
		if parted, err = s.unmerge(ctx, survivor, recordIDs); err != nil {
			return err
		}
		parted, err = s.store.Find(ctx, parted.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.anchors.touch(2)
	return parted, nil
}

func (s *Service) unmerge(ctx context.Context, survivor *Customer, recordIDs []int64) (*Customer, error) {
	links, err := s.store.linksOf(ctx, survivor.ID)
	if err != nil {
		return nil, err
	}
	moving, staying, err := splitLinks(survivor.ID, links, recordIDs)
	if err != nil {
		return nil, err
	}
	target, err := s.partingTarget(ctx, survivor.ID, moving)
	if err != nil {
		return nil, err
	}
	if err := s.store.moveSome(ctx, moving, target.id, target.isNew); err != nil {
		return nil, err
	}
	if err := s.store.followAliases(ctx, survivor.ID, target.id, staying); err != nil {
		return nil, err
	}
	if err := s.store.addParting(ctx, survivor.ID, target.id, auth.From(ctx).ID); err != nil {
		return nil, err
	}
	moved := map[int64]bool{}
	for _, link := range moving {
		moved[link.recordID] = true
	}
	changes, err := s.recompute(ctx, []int64{survivor.ID, target.id}, func(c *Customer) {
		switch c.ID {
		case survivor.ID:
			target.inherit(c.Pins, moved)
			c.Pins = withoutPins(c.Pins, moved)
		case target.id:
			c.AliasOf = 0
			c.Pins = target.pinsFor(c.Pins, moved)
		}
	})
	if err != nil {
		return nil, err
	}
	ids := slices.Sorted(maps.Keys(moved))
	return &Customer{ID: target.id}, s.logMerge(ctx, "customer.unmerged", survivor.ID, target.id, "manual", 0, ids, changes)
}

// link is one row of record_links with what un-merging needs to know of the record.
type link struct {
	recordID int64
	homeID   int64 // 0: at home
	replaces int64
	isLive   bool
}

// splitLinks takes the asked records, with all older and newer versions of them, out of the links.
func splitLinks(customerID int64, links []link, recordIDs []int64) (moving, staying []link, err error) {
	asked := map[int64]bool{}
	for _, id := range recordIDs {
		asked[id] = true
	}
	for range 2 { // versions upwards, then downwards, then once more for branches
		for _, l := range links {
			if l.replaces != 0 && (asked[l.recordID] || asked[l.replaces]) {
				asked[l.recordID], asked[l.replaces] = true, true
			}
		}
		slices.Reverse(links)
	}
	found, liveLeft := 0, 0
	for _, l := range links {
		if asked[l.recordID] {
			moving = append(moving, l)
			if slices.Contains(recordIDs, l.recordID) {
				found++
			}
			continue
		}
		staying = append(staying, l)
		if l.isLive {
			liveLeft++
		}
	}
	if len(recordIDs) == 0 || found < len(recordIDs) {
		return nil, nil, fault.New(fault.Invalid, "customer.unmerge_foreign",
			"Choose records of customer {id} to part; at least one of those chosen belongs to another customer.", "id", customerID)
	}
	if liveLeft == 0 {
		return nil, nil, fault.New(fault.Invalid, "customer.unmerge_all",
			"These are all records of customer {id}: at least one has to stay.", "id", customerID)
	}
	return moving, staying, nil
}

// parting is where parted records go.
type parting struct {
	id        int64
	isNew     bool
	inherited map[string]int64
}

// inherit remembers the survivor's pins on records that leave.
func (p *parting) inherit(pins map[string]int64, moved map[int64]bool) {
	for name, record := range pins {
		if moved[record] {
			if p.inherited == nil {
				p.inherited = map[string]int64{}
			}
			p.inherited[name] = record
		}
	}
}

// pinsFor gives the revived customer the pins it had, as far as they point at records it has.
func (p *parting) pinsFor(own map[string]int64, moved map[int64]bool) map[string]int64 {
	pins := map[string]int64{}
	if p.isNew {
		maps.Copy(pins, p.inherited)
	}
	for name, record := range own {
		if moved[record] {
			pins[name] = record
		}
	}
	if len(pins) == 0 {
		return nil
	}
	return pins
}

func withoutPins(pins map[string]int64, moved map[int64]bool) map[string]int64 {
	kept := maps.Clone(pins)
	maps.DeleteFunc(kept, func(_ string, record int64) bool { return moved[record] })
	for name, record := range kept {
		if field, ok := strings.CutPrefix(name, shadowed); ok && kept[field] == 0 {
			delete(kept, name)
			kept[field] = record
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// partingTarget finds the alias that the moving records came with: the deepest one in the tree of merges
// below the survivor that all of them belong to. Without one a new customer is made.
func (s *Service) partingTarget(ctx context.Context, survivorID int64, moving []link) (*parting, error) {
	parents, err := s.store.aliasTree(ctx, survivorID)
	if err != nil {
		return nil, err
	}
	var shared []int64 // chain from the deepest common alias up to just below the survivor
	for i, l := range moving {
		var chain []int64
		for at := l.homeID; at != 0 && at != survivorID; at = parents[at] {
			chain = append(chain, at)
			if len(chain) > len(parents) {
				return nil, fmt.Errorf("aliases of customer %d form a circle", survivorID)
			}
		}
		if i == 0 {
			shared = chain
			continue
		}
		shared = slices.DeleteFunc(shared, func(id int64) bool { return !slices.Contains(chain, id) })
	}
	for _, id := range shared {
		if _, isAlias := parents[id]; isAlias {
			return &parting{id: id}, nil
		}
	}
	id, err := s.store.createEmpty(ctx)
	return &parting{id: id, isNew: true}, err
}
