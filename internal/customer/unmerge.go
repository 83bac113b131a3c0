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
)

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
	holds, err := s.holdsOfTree(ctx, survivor.ID)
	if err != nil {
		return nil, err
	}
	aliases, stayed := rehome(survivor.ID, target, moving, staying)
	if err := s.store.moveSome(ctx, moving, target.id); err != nil {
		return nil, err
	}
	if err := s.store.moveSome(ctx, stayed, survivor.ID); err != nil {
		return nil, err
	}
	if err := s.store.moveAliases(ctx, aliases); err != nil {
		return nil, err
	}
	if err := s.carryHolds(ctx, holds, survivor.ID, target.id); err != nil {
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
	if err := s.follow(ctx, survivor.ID, target.id); err != nil {
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
	// parents is the tree of merges below the survivor: alias → whom it was merged into.
	parents map[int64]int64
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
	return uncovered(pins)
}

func withoutPins(pins map[string]int64, moved map[int64]bool) map[string]int64 {
	kept := maps.Clone(pins)
	maps.DeleteFunc(kept, func(_ string, record int64) bool { return moved[record] })
	return uncovered(kept)
}

// uncovered brings pins to light again whose cover is gone.
func uncovered(pins map[string]int64) map[string]int64 {
	for name, record := range pins {
		if field, ok := strings.CutPrefix(name, shadowed); ok && pins[field] == 0 {
			delete(pins, name)
			pins[field] = record
		}
	}
	if len(pins) == 0 {
		return nil
	}
	return pins
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
			return &parting{id: id, parents: parents}, nil
		}
	}
	id, err := s.store.createEmpty(ctx)
	return &parting{id: id, isNew: true, parents: parents}, err
}
