// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
)

const relationColumns = "id, customer_id, other_id, kind, note, since_on, until_on, state, created_at"

func scanRelation(rows *sql.Rows) (Relation, error) {
	var r Relation
	var since, until sql.NullString
	var created int64
	err := rows.Scan(&r.ID, &r.CustomerID, &r.OtherID, &r.Kind, &r.Note, &since, &until, &r.State, &created)
	r.SinceOn, r.UntilOn, r.CreatedAt = since.String, until.String, time.UnixMicro(created).UTC()
	return r, err
}

// listRelations returns the relations written from or to the customers.
func (s *Store) listRelations(ctx context.Context, customerIDs []int64) ([]Relation, error) {
	var list []Relation
	seen := map[int64]bool{}
	for _, column := range []string{"customer_id", "other_id"} {
		part, err := lookup(ctx, s, customerIDs, scanRelation, func(in string) string {
			return "SELECT " + relationColumns + " FROM relations WHERE " + column + " IN (" + in + ") ORDER BY id"
		})
		if err != nil {
			return nil, fmt.Errorf("list relations: %w", err)
		}
		for _, r := range part {
			if !seen[r.ID] {
				seen[r.ID] = true
				list = append(list, r)
			}
		}
	}
	return list, nil
}

func (s *Store) findRelation(ctx context.Context, id int64) (Relation, error) {
	list, err := database.List(ctx, s.db, scanRelation, "SELECT "+relationColumns+" FROM relations WHERE id = ?", id)
	if err != nil {
		return Relation{}, fmt.Errorf("find relation %d: %w", id, err)
	}
	if len(list) == 0 {
		return Relation{}, errNoRelation(id)
	}
	return list[0], nil
}

func (s *Store) insertRelation(ctx context.Context, r Relation, personID int64) (Relation, error) {
	id, err := s.db.NextID(ctx, "relations")
	if err != nil {
		return r, err
	}
	r.ID, r.CreatedAt = id, database.Time(ctx)
	_, err = s.db.Exec(ctx, "INSERT INTO relations ("+relationColumns+", created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		id, r.CustomerID, r.OtherID, r.Kind, r.Note, textOrNull(r.SinceOn), textOrNull(r.UntilOn), r.State, r.CreatedAt, personID)
	return r, err
}

func (s *Store) updateRelation(ctx context.Context, r Relation) error {
	_, err := s.db.Exec(ctx, "UPDATE relations SET kind = ?, note = ?, since_on = ?, until_on = ?, state = ? WHERE id = ?",
		r.Kind, r.Note, textOrNull(r.SinceOn), textOrNull(r.UntilOn), r.State, r.ID)
	return err
}

func (s *Store) deleteRelation(ctx context.Context, id int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM relations WHERE id = ?", id)
	return err
}

// Introduction is one edge of the referral trees, by the ids that were given.
type Introduction struct{ IntroducerID, CustomerID int64 }

// ListIntroductions returns who introduced whom, in the whole base.
func (s *Store) ListIntroductions(ctx context.Context) ([]Introduction, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Introduction, error) {
		var i Introduction
		var kind string
		err := rows.Scan(&i.CustomerID, &i.IntroducerID, &kind)
		if kind == introduced {
			i.CustomerID, i.IntroducerID = i.IntroducerID, i.CustomerID
		}
		return i, err
	}, "SELECT customer_id, other_id, kind FROM relations WHERE kind IN ('introducer', 'introduced') AND state = 'stated' ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("list introductions: %w", err)
	}
	return list, nil
}

// VisibleIDs returns those of the customers that the person may see; a merged one gives nothing.
func (s *Store) VisibleIDs(ctx context.Context, ids []int64) (map[int64]bool, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	list, err := lookup(ctx, s, ids, scanID, func(in string) string {
		return "SELECT c.id FROM customers c WHERE c.hidden = 0 AND " + scope + " AND c.id IN (" + in + ")"
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("find visible customers: %w", err)
	}
	visible := make(map[int64]bool, len(list))
	for _, id := range list {
		visible[id] = true
	}
	return visible, nil
}

// Current follows the aliases of merged customers: id as given → who has the records now.
func (s *Store) Current(ctx context.Context, ids []int64) (map[int64]int64, error) {
	now := make(map[int64]int64, len(ids))
	open := make([]int64, 0, len(ids))
	for _, id := range ids {
		if _, known := now[id]; !known {
			now[id] = id
			open = append(open, id)
		}
	}
	for len(open) > 0 {
		pairs, err := lookup(ctx, s, open, func(rows *sql.Rows) ([2]int64, error) {
			var pair [2]int64
			err := rows.Scan(&pair[0], &pair[1])
			return pair, err
		}, func(in string) string {
			return "SELECT id, alias_of FROM customers WHERE alias_of IS NOT NULL AND id IN (" + in + ")"
		})
		if err != nil {
			return nil, fmt.Errorf("follow merged customers: %w", err)
		}
		up := make(map[int64]int64, len(pairs))
		for _, pair := range pairs {
			up[pair[0]] = pair[1]
		}
		open = open[:0]
		for id, at := range now {
			if to, ok := up[at]; ok {
				now[id] = to
				open = append(open, to)
			}
		}
	}
	return now, nil
}
