// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"slices"
)

// Aliases returns the customer into whom each merged one was merged.
func (s *Service) Aliases(ctx context.Context) (map[int64]int64, error) { return s.store.aliases(ctx) }

// HoldersOf returns the customers whose records hold keys of a declared scheme, by key as given; row scope
// is the caller's matter.
func (s *Service) HoldersOf(ctx context.Context, scheme string, keys []string) (map[string][]int64, error) {
	var id int64
	for _, k := range s.rules.current(ctx).schemes {
		if k.Kind == "declared" && k.Name == scheme {
			id = k.ID
		}
	}
	if id == 0 {
		return nil, errNoScheme(scheme)
	}
	given := make(map[string][]string, len(keys))
	list := make([]Key, 0, len(keys))
	for _, key := range keys {
		value := NormalKey(key)
		if given[value] == nil {
			list = append(list, Key{SchemeID: id, Value: value})
		}
		given[value] = append(given[value], key)
	}
	holders, err := s.store.FindKeys(ctx, SortKeys(list))
	if err != nil {
		return nil, fmt.Errorf("find who holds keys: %w", err)
	}
	found := make(map[string][]int64, len(holders))
	for _, h := range holders {
		for _, key := range given[h.Key.Value] {
			if !slices.Contains(found[key], h.CustomerID) {
				found[key] = append(found[key], h.CustomerID)
			}
		}
	}
	return found, nil
}
