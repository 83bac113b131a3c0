// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// moveAll links all records of one customer to another and remembers where they were at home.
func (s *Store) moveAll(ctx context.Context, from, to int64) ([]int64, error) {
	moved, err := database.List(ctx, s.db, scanID,
		"UPDATE record_links SET home_id = NULLIF(COALESCE(home_id, customer_id), ?), customer_id = ? WHERE customer_id = ? RETURNING record_id",
		to, to, from)
	if err != nil {
		return nil, fmt.Errorf("move records of customer %d: %w", from, err)
	}
	return moved, nil
}

// moveSome links records to a customer; the home of a link that is the customer itself says nothing.
func (s *Store) moveSome(ctx context.Context, links []link, to int64) error {
	for _, l := range links {
		home := orNull(l.homeID)
		if l.homeID == to {
			home = nil
		}
		if _, err := s.db.Exec(ctx, "UPDATE record_links SET customer_id = ?, home_id = ? WHERE record_id = ?", to, home, l.recordID); err != nil {
			return fmt.Errorf("move record %d: %w", l.recordID, err)
		}
	}
	return nil
}

func (s *Store) linksOf(ctx context.Context, customerID int64) ([]link, error) {
	links, err := database.List(ctx, s.db, func(rows *sql.Rows) (link, error) {
		var l link
		var home, replaces, withdrawn sql.NullInt64
		err := rows.Scan(&l.recordID, &home, &replaces, &withdrawn)
		l.homeID, l.replaces, l.isLive = home.Int64, replaces.Int64, !withdrawn.Valid
		return l, err
	}, "SELECT l.record_id, l.home_id, r.replaces, r.withdrawn_at FROM record_links l JOIN records r ON r.id = l.record_id "+
		"WHERE l.customer_id = ? ORDER BY l.record_id", customerID)
	if err != nil {
		return nil, fmt.Errorf("load links of customer %d: %w", customerID, err)
	}
	return links, nil
}

// aliasTree returns the parent of every alias that leads to the customer.
func (s *Store) aliasTree(ctx context.Context, customerID int64) (map[int64]int64, error) {
	pairs, err := database.List(ctx, s.db, scanPair, "WITH RECURSIVE tree (id, parent) AS (SELECT id, alias_of FROM customers WHERE alias_of = ? "+
		"UNION ALL SELECT c.id, c.alias_of FROM customers c JOIN tree t ON c.alias_of = t.id) SELECT id, parent FROM tree", customerID)
	if err != nil {
		return nil, fmt.Errorf("load aliases of customer %d: %w", customerID, err)
	}
	tree := make(map[int64]int64, len(pairs))
	for _, pair := range pairs {
		tree[pair[0]] = pair[1]
	}
	return tree, nil
}

// aliases returns the parent of every alias.
func (s *Store) aliases(ctx context.Context) (map[int64]int64, error) {
	pairs, err := database.List(ctx, s.db, scanPair, "SELECT id, alias_of FROM customers WHERE alias_of IS NOT NULL")
	if err != nil {
		return nil, fmt.Errorf("list aliases: %w", err)
	}
	tree := make(map[int64]int64, len(pairs))
	for _, pair := range pairs {
		tree[pair[0]] = pair[1]
	}
	return tree, nil
}

// moveAliases gives merged customers another one that they were merged into.
func (s *Store) moveAliases(ctx context.Context, parents map[int64]int64) error {
	for alias, parent := range parents {
		if _, err := s.db.Exec(ctx, "UPDATE customers SET alias_of = ? WHERE id = ?", parent, alias); err != nil {
			return fmt.Errorf("move alias %d: %w", alias, err)
		}
	}
	return nil
}

// createEmpty makes a customer without records; recompute fills it.
func (s *Store) createEmpty(ctx context.Context) (int64, error) {
	id, err := s.db.NextID(ctx, "customers")
	if err != nil {
		return 0, err
	}
	at := database.Time(ctx)
	return id, s.InsertCustomers(ctx, []*Customer{{ID: id, Hidden: true, CreatedAt: at, UpdatedAt: at}})
}

func scanID(rows *sql.Rows) (int64, error) {
	var id int64
	err := rows.Scan(&id)
	return id, err
}

func scanPair(rows *sql.Rows) ([2]int64, error) {
	var pair [2]int64
	err := rows.Scan(&pair[0], &pair[1])
	return pair, err
}
