// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"

	"dangol/internal/platform/database"
)

// A parting names the ids that two people had when somebody told them apart. It stays when they or others are
// merged by hand, and holds for whoever has their records: so the end of a merge finds it as it was.

func (s *Store) addParting(ctx context.Context, a, b, personID int64) error {
	_, err := s.db.Exec(ctx, "INSERT INTO partings (low_id, high_id, parted_at, parted_by) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		min(a, b), max(a, b), database.Time(ctx), personID)
	if err != nil {
		return fmt.Errorf("remember that customers %d and %d are two: %w", a, b, err)
	}
	return nil
}

func (s *Store) dropParting(ctx context.Context, a, b int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM partings WHERE low_id = ? AND high_id = ?", min(a, b), max(a, b))
	if err != nil {
		return fmt.Errorf("forget that customers %d and %d are two: %w", a, b, err)
	}
	return nil
}

// Partings returns the pairs (lower id first) of customers that a person has told apart and of which one is among
// the given; what was said of a merged customer holds for the one that has its records.
func (s *Store) Partings(ctx context.Context, customerIDs []int64) (map[[2]int64]bool, error) {
	some, err := database.List(ctx, s.db, scanID, "SELECT low_id FROM partings LIMIT 1")
	if err != nil || len(some) == 0 {
		return map[[2]int64]bool{}, err // as in every base whose review has not begun
	}
	aliases, err := lookup(ctx, s, customerIDs, scanID, func(in string) string {
		return "WITH RECURSIVE tree (id) AS (SELECT id FROM customers WHERE alias_of IN (" + in + ") " +
			"UNION ALL SELECT c.id FROM customers c JOIN tree t ON c.alias_of = t.id) SELECT id FROM tree"
	})
	if err != nil {
		return nil, fmt.Errorf("find merged customers: %w", err)
	}
	ids := append(aliases, customerIDs...)
	var pairs [][2]int64
	for _, end := range []string{"low_id", "high_id"} {
		found, err := lookup(ctx, s, ids, scanPair, func(in string) string {
			return "SELECT low_id, high_id FROM partings WHERE " + end + " IN (" + in + ")"
		})
		if err != nil {
			return nil, fmt.Errorf("find partings: %w", err)
		}
		pairs = append(pairs, found...)
	}
	return s.partingsNow(ctx, pairs)
}

// AllPartings returns every pair (lower id first) of customers that a person has told apart.
func (s *Store) AllPartings(ctx context.Context) (map[[2]int64]bool, error) {
	pairs, err := database.List(ctx, s.db, scanPair, "SELECT low_id, high_id FROM partings")
	if err != nil {
		return nil, fmt.Errorf("load partings: %w", err)
	}
	return s.partingsNow(ctx, pairs)
}

// partingsNow moves partings to the customers that have the records now.
func (s *Store) partingsNow(ctx context.Context, pairs [][2]int64) (map[[2]int64]bool, error) {
	ids := make([]int64, 0, 2*len(pairs))
	for _, pair := range pairs {
		ids = append(ids, pair[0], pair[1])
	}
	now, err := s.Current(ctx, ids)
	if err != nil {
		return nil, err
	}
	parted := make(map[[2]int64]bool, len(pairs))
	for _, pair := range pairs {
		if a, b := now[pair[0]], now[pair[1]]; a != b { // a person has made one of them since
			parted[[2]int64{min(a, b), max(a, b)}] = true
		}
	}
	return parted, nil
}
