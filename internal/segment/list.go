// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// People finds customers by what lists name them with; customer.Service is it.
type People interface {
	// Aliases returns which customer each merged one belongs to now.
	Aliases(ctx context.Context) (map[int64]int64, error)
	// HoldersOf returns the customers whose records hold keys of a scheme, by key as given.
	HoldersOf(ctx context.Context, scheme string, keys []string) (map[string][]int64, error)
}

// Origins of segments that are kept lists.
const (
	OriginFrozen   = "frozen"
	OriginImported = "imported"
)

const (
	// mostKeys bounds an imported list.
	mostKeys = 1_000_000
	// shownKeys is how many keys without a customer an answer names.
	shownKeys = 1_000
)

// listCache keeps lists with the aliases of the customers in them.
type listCache struct {
	mu      sync.Mutex
	version int64
	lists   map[int64][]int64
}

// listed returns the customers of a kept list, and those into whom some of
// them were merged since: un-merging brings back the ones that were kept.
func (s *Service) listed(ctx context.Context, id int64) ([]int64, error) {
	version := s.reader.Position().Version
	c := &s.lists
	c.mu.Lock()
	if c.version != version || c.lists == nil {
		c.version, c.lists = version, map[int64][]int64{}
	}
	list, ok := c.lists[id]
	c.mu.Unlock()
	if ok {
		return list, nil
	}
	list, err := s.store.Listed(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.people != nil {
		aliases, err := s.people.Aliases(ctx)
		if err != nil {
			return nil, fmt.Errorf("follow merged customers of list %d: %w", id, err)
		}
		list = withSurvivors(list, aliases)
	}
	c.mu.Lock()
	if c.version == version {
		c.lists[id] = list
	}
	c.mu.Unlock()
	return list, nil
}

// withSurvivors adds the customers into whom those of a list were merged.
func withSurvivors(list []int64, aliases map[int64]int64) []int64 {
	if len(aliases) == 0 {
		return list
	}
	const deepest = 100 // merges into merges
	out := slices.Clone(list)
	for _, id := range list {
		for range deepest {
			next, ok := aliases[id]
			if !ok || next == 0 {
				break
			}
			out = append(out, next)
			id = next
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Freeze keeps the members that a segment has now, of those whom whoever acts
// in ctx may see, as a segment that no longer changes.
func (s *Service) Freeze(ctx context.Context, id int64, name string) (Segment, error) {
	if err := auth.Check(ctx, "segment:create"); err != nil {
		return Segment{}, err
	}
	from, err := s.Find(ctx, id)
	if err != nil {
		return Segment{}, err
	}
	p, err := s.compileSaved(ctx, from.Rules)
	if err != nil {
		return Segment{}, cube.At(err, "segment")
	}
	ids, err := s.membersAfter(ctx, p, 0, 0)
	if err != nil {
		return Segment{}, fmt.Errorf("freeze segment %d: %w", id, err)
	}
	return s.keep(ctx, Segment{Name: name, Origin: OriginFrozen, Description: from.Description}, id, ids)
}

// keep saves customers as a segment.
func (s *Service) keep(ctx context.Context, in Segment, from int64, ids []int64) (Segment, error) {
	var err error
	if in.Name, err = cleanName(in.Name); err != nil {
		return in, err
	}
	in.OwnerID = auth.From(ctx).ID
	count := int64(len(ids))
	in.Count = &count
	err = s.db.Within(ctx, func(ctx context.Context) error {
		now := database.Time(ctx)
		list, err := s.store.CreateList(ctx, in.Origin, from, ids)
		if err != nil {
			return err
		}
		if in.Rules, err = json.Marshal(Rule{List: &list}); err != nil {
			return fmt.Errorf("write rules: %w", err)
		}
		in.CreatedAt, in.UpdatedAt, in.CountedAt, in.Version = now, now, &now, 1
		if in.ID, err = s.store.Create(ctx, in); err != nil {
			return err
		}
		return s.log(ctx, "segment.saved", nil, &in)
	})
	return in, err
}

// Keys is a list of keys to be found.
type Keys struct {
	Name string `json:"name"`
	// By says what the keys are: "id", a field such as "email" or "mobile", or a scheme of customer numbers.
	By   string   `json:"by"`
	Keys []string `json:"keys"`
	// IsTrial asks what would be found and saves nothing.
	IsTrial bool `json:"trial,omitempty"`
}

// Imported is what came of a list of keys.
type Imported struct {
	Segment *Segment `json:"segment,omitempty" doc:"absent for a trial"`
	// Given counts different keys, Found those with a customer whom the person may see.
	Given int64 `json:"given"`
	Found int64 `json:"found"`
	// Customers is how many different customers they are; a key may have several.
	Customers int64 `json:"customers"`
	Several   int64 `json:"several" doc:"keys that more than one customer has"`
	// Unmatched are keys without a customer, as they were given, at most a thousand.
	Unmatched      []string `json:"unmatched"`
	UnmatchedCount int64    `json:"unmatched_count"`
}

// Import finds the customers of keys and keeps them as a segment; keys without
// a customer are given back.
func (s *Service) Import(ctx context.Context, in Keys) (Imported, error) {
	out := Imported{Unmatched: []string{}}
	if err := auth.Check(ctx, "segment:create"); err != nil {
		return out, err
	}
	keys := cleanKeys(in.Keys)
	if len(keys) == 0 || len(keys) > mostKeys {
		return out, fault.New(fault.Invalid, "segment.bad_keys", "Give between 1 and {most} keys, one a line.", "most", mostKeys)
	}
	found, err := s.holders(ctx, in.By, keys)
	if err != nil {
		return out, err
	}
	if found, err = s.inScope(ctx, found); err != nil {
		return out, err
	}
	ids := []int64{}
	for _, key := range keys {
		out.Given++
		switch held := found[key]; {
		case len(held) == 0:
			if out.UnmatchedCount++; len(out.Unmatched) < shownKeys {
				out.Unmatched = append(out.Unmatched, key)
			}
			continue
		case len(held) > 1:
			out.Several++
		}
		out.Found++
		ids = append(ids, found[key]...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out.Customers = int64(len(ids))
	if in.IsTrial {
		return out, nil
	}
	if len(ids) == 0 {
		return out, fault.New(fault.Invalid, "segment.no_key_found", "None of the {count} keys belongs to a customer; check what kind of keys they are.", "count", len(keys))
	}
	saved, err := s.keep(ctx, Segment{Name: in.Name, Origin: OriginImported}, 0, ids)
	out.Segment = &saved
	return out, err
}

// cleanKeys leaves every key once, in the order given.
func cleanKeys(list []string) []string {
	seen := make(map[string]bool, len(list))
	var keys []string
	for _, key := range list {
		if key = strings.TrimSpace(key); key != "" && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// holders finds the customers of each key.
func (s *Service) holders(ctx context.Context, by string, keys []string) (map[string][]int64, error) {
	if by == "id" {
		found := make(map[string][]int64, len(keys))
		for _, key := range keys {
			if id, err := strconv.ParseInt(key, 10, 64); err == nil && id > 0 {
				found[key] = []int64{id}
			}
		}
		return found, nil
	}
	if a, err := s.Catalogue(ctx).attribute(by); err == nil {
		if err := cube.MayAsk(ctx, by, a.dim, "in"); err != nil {
			return nil, err
		}
		return s.holdersOfValue(ctx, a, keys)
	}
	if s.people == nil {
		return nil, fault.New(fault.Invalid, "segment.bad_by", "{by} is no kind of key.", "by", by)
	}
	return s.people.HoldersOf(ctx, by, keys)
}

// inScope leaves the customers whom whoever acts in ctx may see; merged ones
// are followed.
func (s *Service) inScope(ctx context.Context, found map[string][]int64) (map[string][]int64, error) {
	var aliases map[int64]int64
	var err error
	if s.people != nil {
		if aliases, err = s.people.Aliases(ctx); err != nil {
			return nil, err
		}
	}
	var ids []int64
	for _, held := range found {
		ids = append(ids, held...)
	}
	slices.Sort(ids)
	model, _ := s.cubes.Asks(ctx)
	customers := model.Customer()
	p := &Program{Reads: []Read{{Table: customers.Table, Key: customers.Key}}}
	p.root = &node{isList: true, keys: withSurvivors(slices.Compact(ids), aliases)}
	seen, err := s.membersAfter(ctx, p, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("look up the customers of keys: %w", err)
	}
	out := make(map[string][]int64, len(found))
	for key, held := range found {
		var kept []int64
		for _, id := range withSurvivors(held, aliases) {
			if _, is := slices.BinarySearch(seen, id); is {
				kept = append(kept, id)
			}
		}
		if len(kept) > 0 {
			out[key] = kept
		}
	}
	return out, nil
}
