// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// MergeMany makes pairs of customers one, a slice of bulk work at a time, in the caller's transaction.
// A pair that cannot be merged any more (one of both was erased, merged or told apart meanwhile) is left
// out; done is parallel to the pairs. No customer that goes in one pair may survive in another.
func (s *Service) MergeMany(ctx context.Context, pairs []MergePair) (done []bool, err error) {
	ids := make([]int64, 0, 2*len(pairs))
	for _, pair := range pairs {
		ids = append(ids, pair.SurvivorID, pair.OtherID)
	}
	list, err := s.store.LoadCustomers(ctx, ids)
	if err != nil {
		return nil, err
	}
	customers := make(map[int64]*Customer, len(list))
	for _, c := range list {
		customers[c.ID] = c
	}
	parted, err := s.store.Partings(ctx, ids)
	if err != nil {
		return nil, err
	}
	done = make([]bool, len(pairs))
	into := map[int64]int64{}
	moved := make([][]int64, len(pairs))
	for i, pair := range pairs {
		if !canMerge(pair, customers, parted, into) {
			continue
		}
		if moved[i], err = s.store.moveAll(ctx, pair.OtherID, pair.SurvivorID); err != nil {
			return nil, err
		}
		into[pair.OtherID], done[i] = pair.SurvivorID, true
	}
	return done, s.finishMerges(ctx, pairs, done, moved, into, customers)
}

func canMerge(pair MergePair, customers map[int64]*Customer, parted map[[2]int64]bool, into map[int64]int64) bool {
	survivor, other := customers[pair.SurvivorID], customers[pair.OtherID]
	switch {
	case survivor == nil || other == nil || survivor == other || survivor.Hidden || other.Hidden:
		return false
	case survivor.AliasOf != 0 || other.AliasOf != 0 || into[other.ID] != 0 || into[survivor.ID] != 0:
		return false
	}
	return !parted[[2]int64{min(survivor.ID, other.ID), max(survivor.ID, other.ID)}]
}

// finishMerges computes the golden rows of all merged customers at once and journals every merge.
func (s *Service) finishMerges(ctx context.Context, pairs []MergePair, done []bool, moved [][]int64, into map[int64]int64, customers map[int64]*Customer) error {
	var ids []int64
	pins := map[int64]map[string]int64{}
	for i, pair := range pairs {
		if !done[i] {
			continue
		}
		ids = append(ids, pair.SurvivorID, pair.OtherID)
		own, known := pins[pair.SurvivorID]
		if !known {
			own = customers[pair.SurvivorID].Pins
		}
		pins[pair.SurvivorID] = mergePins(own, customers[pair.OtherID].Pins, nil)
	}
	changes, err := s.recompute(ctx, ids, func(c *Customer) {
		if survivor := into[c.ID]; survivor != 0 {
			c.AliasOf = survivor
			return
		}
		c.Pins = pins[c.ID]
	})
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		if err := s.follow(ctx, ids...); err != nil {
			return err
		}
	}
	bySurvivor := make(map[int64]rowChange, len(changes))
	for _, change := range changes {
		bySurvivor[change.Customer.ID] = change
	}
	for i, pair := range pairs {
		if !done[i] {
			continue
		}
		var own []rowChange
		if change, ok := bySurvivor[pair.SurvivorID]; ok {
			own = append(own, change)
			delete(bySurvivor, pair.SurvivorID) // the values changed once
		}
		if err := s.logMerge(ctx, "customer.merged", pair.SurvivorID, pair.OtherID, pair.Reason, 0, moved[i], own); err != nil {
			return fmt.Errorf("journal the merge of customers %d and %d: %w", pair.SurvivorID, pair.OtherID, err)
		}
	}
	return nil
}

// Part takes one merge back in the caller's transaction: the merged customer lives again with every
// record that came with it, and changes made since stay where they were made. With remember the two are
// never linked again by themselves. It returns false when that merge does not stand any more.
func (s *Service) Part(ctx context.Context, survivorID, otherID int64, reason string, remember bool) (bool, error) {
	other, err := s.store.Find(ctx, otherID)
	if fault.Is(err, fault.NotFound) || err == nil && other.AliasOf != survivorID {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	holder, err := s.Resolve(ctx, survivorID)
	if err != nil {
		return false, err
	}
	if err := s.revive(ctx, holder, otherID, reason); err != nil {
		return false, err
	}
	if !remember {
		return true, nil
	}
	return true, s.store.addParting(ctx, survivorID, otherID, auth.From(ctx).ID)
}

// TellApart remembers that two customers are two people: no key, model or run links them again.
func (s *Service) TellApart(ctx context.Context, a, b int64) error {
	if a == b {
		return errSelfMerge
	}
	return s.store.addParting(ctx, a, b, auth.From(ctx).ID)
}

// ForgetApart takes TellApart back.
func (s *Service) ForgetApart(ctx context.Context, a, b int64) error {
	return s.store.dropParting(ctx, a, b)
}

// MergeReason merges two customers like Merge, in the caller's transaction and for the reason given.
func (s *Service) MergeReason(ctx context.Context, survivorID, otherID int64, reason string) error {
	for _, id := range []int64{survivorID, otherID} {
		if _, err := s.visible(ctx, id); err != nil {
			return err
		}
	}
	s.anchors.touch(2)
	return s.merge(ctx, MergePair{SurvivorID: survivorID, OtherID: otherID, Reason: reason}, 0, nil)
}

// lastEntry is the newest journal entry of a kind about the customer, 0 when there is none.
func (s *Service) lastEntry(ctx context.Context, id int64, kind string) (int64, error) {
	const looked = 5 // it was written a moment ago
	entries, err := s.journal.ListBySubject(ctx, aboutCustomer(id), 0, looked)
	if err != nil {
		return 0, fmt.Errorf("find the last change of customer %d: %w", id, err)
	}
	for i := range entries {
		if entries[i].Kind == kind {
			return entries[i].ID, nil
		}
	}
	return 0, nil
}
