// SPDX-License-Identifier: Apache-2.0

package crosswalk

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
)

// store reads keys and keeps the report of conflicts.
type store struct{ db *database.DB }

const lookupSize = 400

func anys(ids []int64) []any {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return args
}

func scanID(rows *sql.Rows) (int64, error) {
	var id int64
	err := rows.Scan(&id)
	return id, err
}

func (s *store) visibleAfter(ctx context.Context, after int64, limit int) ([]int64, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	args = append(append([]any{after}, args...), limit)
	return database.List(ctx, s.db, scanID, "SELECT c.id FROM customers c WHERE c.id > ? AND c.hidden = 0 AND "+scope+" ORDER BY c.id LIMIT ?", args...)
}

// mergedInto returns the numbers that lead to the customers through merges, at any depth.
func (s *store) mergedInto(ctx context.Context, ids []int64) (map[int64][]int64, error) {
	merged := map[int64][]int64{}
	for part := range slices.Chunk(ids, lookupSize) {
		_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
			var id, root int64
			err := rows.Scan(&id, &root)
			merged[root] = append(merged[root], id)
			return struct{}{}, err
		}, "WITH RECURSIVE tree (id, root) AS (SELECT id, alias_of FROM customers WHERE alias_of IN ("+database.Marks(len(part))+") "+
			"UNION ALL SELECT c.id, t.root FROM customers c JOIN tree t ON c.alias_of = t.id) SELECT id, root FROM tree ORDER BY id", anys(part)...)
		if err != nil {
			return nil, fmt.Errorf("find merged numbers: %w", err)
		}
	}
	return merged, nil
}

// sharedKeys finds keys of a scheme that records of several customers hold: one walk along the primary key.
func (s *store) sharedKeys(ctx context.Context, schemeID int64) ([]conflict, error) {
	type holder struct {
		value    string
		customer int64
	}
	rows, err := database.List(ctx, s.db, func(rows *sql.Rows) (holder, error) {
		var h holder
		err := rows.Scan(&h.value, &h.customer)
		return h, err
	}, "SELECT DISTINCT k.value, l.customer_id FROM record_keys k JOIN record_links l ON l.record_id = k.record_id WHERE k.scheme_id = ? AND k.value IN ("+
		"SELECT value FROM record_keys WHERE scheme_id = ? GROUP BY value HAVING COUNT(*) > 1) ORDER BY k.value, l.customer_id", schemeID, schemeID)
	if err != nil {
		return nil, fmt.Errorf("find shared keys: %w", err)
	}
	var found []conflict
	for start := 0; start < len(rows); {
		end := start
		c := conflict{kind: SharedKey, schemeID: schemeID, value: rows[start].value, customerID: rows[start].customer}
		for ; end < len(rows) && rows[end].value == c.value; end++ {
			c.others = append(c.others, strconv.FormatInt(rows[end].customer, 10))
		}
		if end-start > 1 {
			found = append(found, c)
		}
		start = end
	}
	return found, nil
}

// doubleKeys finds customers with several keys of a scheme.
func (s *store) doubleKeys(ctx context.Context, schemeID int64) ([]conflict, error) {
	return database.List(ctx, s.db, func(rows *sql.Rows) (conflict, error) {
		c := conflict{kind: DoubleKey, schemeID: schemeID}
		var first, last string
		err := rows.Scan(&c.customerID, &first, &last)
		c.others = []string{first, last}
		return c, err
	}, "SELECT l.customer_id, MIN(k.value), MAX(k.value) FROM record_keys k JOIN record_links l ON l.record_id = k.record_id WHERE k.scheme_id = ? "+
		"GROUP BY l.customer_id HAVING COUNT(DISTINCT k.value) > 1 ORDER BY l.customer_id", schemeID)
}

func (s *store) replaceConflicts(ctx context.Context, found []conflict) error {
	if _, err := s.db.Exec(ctx, "DELETE FROM key_conflicts"); err != nil {
		return err
	}
	if len(found) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "key_conflicts", len(found))
	if err != nil {
		return err
	}
	values := make([]any, 0, 6*len(found))
	for i, c := range found {
		values = append(values, ids[i], c.kind, c.schemeID, c.value, c.customerID, strings.Join(c.others, ";"))
	}
	return s.db.InsertRows(ctx, "key_conflicts", []string{"id", "kind", "scheme_id", "value", "customer_id", "others"}, values, "")
}

// storedConflict is a conflict of the report.
type storedConflict struct {
	id, schemeID, customerID int64
	kind, value              string
}

func (a Ask) where(schemeID int64) (string, []any) {
	where, args := "k.id > ?", []any{a.After}
	if a.Kind != "" {
		where, args = where+" AND k.kind = ?", append(args, a.Kind)
	}
	if a.Scheme != "" {
		where, args = where+" AND k.scheme_id = ?", append(args, schemeID)
	}
	return where, args
}

func (s *store) listConflicts(ctx context.Context, a Ask, schemeID int64) ([]storedConflict, error) {
	where, args := a.where(schemeID)
	scope, more := auth.ScopeSQL(ctx, "c")
	args = append(append(args, more...), a.Limit+1)
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (storedConflict, error) {
		var c storedConflict
		err := rows.Scan(&c.id, &c.kind, &c.schemeID, &c.value, &c.customerID)
		return c, err
	}, "SELECT k.id, k.kind, k.scheme_id, k.value, k.customer_id FROM key_conflicts k JOIN customers c ON c.id = k.customer_id WHERE "+
		where+" AND "+scope+" ORDER BY k.id LIMIT ?", args...)
	if err != nil {
		return nil, fmt.Errorf("list conflicts of keys: %w", err)
	}
	return list, nil
}

func (s *store) countConflicts(ctx context.Context, a Ask, schemeID int64) (int64, error) {
	where, args := a.where(schemeID)
	var n int64
	err := s.db.Scan(ctx, []any{&n}, "SELECT COUNT(*) FROM key_conflicts k WHERE "+where, args...)
	return n, err
}
