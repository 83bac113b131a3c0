// SPDX-License-Identifier: Apache-2.0

package household

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"dangol/internal/platform/database"
)

// current follows the aliases of merged customers upwards: as stored → who has the records now.
func (s *store) current(ctx context.Context, ids []int64) (map[int64]int64, error) {
	now := make(map[int64]int64, len(ids))
	for _, id := range ids {
		now[id] = id
	}
	open := slices.Sorted(maps.Keys(now))
	for len(open) > 0 {
		up, err := s.links(ctx, "id", open)
		if err != nil {
			return nil, err
		}
		open = open[:0]
		seen := map[int64]bool{}
		for stored, at := range now {
			if to, ok := up[at]; ok {
				now[stored] = to
				if !seen[to] {
					seen[to] = true
					open = append(open, to)
				}
			}
		}
	}
	return now, nil
}

// merged returns for customers all ids that were merged into them, at any depth, each → the customer.
func (s *store) merged(ctx context.Context, ids []int64) (map[int64]int64, error) {
	into := map[int64]int64{}
	open := map[int64]int64{}
	for _, id := range ids {
		open[id] = id
	}
	for len(open) > 0 {
		down, err := s.links(ctx, "alias_of", slices.Sorted(maps.Keys(open)))
		if err != nil {
			return nil, err
		}
		next := map[int64]int64{}
		for alias, at := range down {
			if _, known := into[alias]; !known {
				into[alias], next[alias] = open[at], open[at]
			}
		}
		open = next
	}
	return into, nil
}

// links returns id → alias_of of merged customers whose column is one of the ids.
func (s *store) links(ctx context.Context, column string, ids []int64) (map[int64]int64, error) {
	found := map[int64]int64{}
	for part := range slices.Chunk(ids, lookupSize) {
		_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
			var id, to int64
			err := rows.Scan(&id, &to)
			found[id] = to
			return struct{}{}, err
		}, "SELECT id, alias_of FROM customers WHERE alias_of IS NOT NULL AND "+column+" IN ("+database.Marks(len(part))+")", anys(part)...)
		if err != nil {
			return nil, fmt.Errorf("follow merged customers: %w", err)
		}
	}
	return found, nil
}

// refresh writes anew what the rows of customers say of their household: those of the households and
// those named. It returns the customers whose rows changed.
func (s *store) refresh(ctx context.Context, households, customers []int64) ([]int64, error) {
	stored, err := s.storedIn(ctx, households)
	if err != nil {
		return nil, err
	}
	now, err := s.current(ctx, append(stored, customers...))
	if err != nil {
		return nil, err
	}
	held, err := s.rowsOf(ctx, "household_id", households)
	if err != nil {
		return nil, err
	}
	touched := map[int64]bool{}
	for _, id := range now {
		touched[id] = true
	}
	for _, row := range held {
		touched[row.id] = true
	}
	for _, id := range customers {
		touched[id] = true
	}
	ids := slices.Sorted(maps.Keys(touched))
	belongs, err := s.effective(ctx, ids)
	if err != nil {
		return nil, err
	}
	before, err := s.rowsOf(ctx, "id", ids)
	if err != nil {
		return nil, err
	}
	// Households that somebody leaves or joins change their size.
	all := map[int64]bool{}
	for _, id := range households {
		all[id] = true
	}
	var moves []any
	for _, row := range before {
		to := belongs[row.id]
		if row.isHidden {
			to = 0
		}
		for _, id := range []int64{row.household, to} {
			if id != 0 {
				all[id] = true
			}
		}
		if to != row.household {
			moves = append(moves, row.id, orNull(to))
		}
	}
	if err := s.db.UpdateRows(ctx, "customers", []string{"BIGINT", "BIGINT"},
		"household_id = v.c2, household_state = NULL, household_size = NULL, household_head = NULL", moves); err != nil {
		return nil, err
	}
	return s.describe(ctx, slices.Sorted(maps.Keys(all)), moves)
}

func (s *store) storedIn(ctx context.Context, households []int64) ([]int64, error) {
	var all []int64
	for part := range slices.Chunk(households, lookupSize) {
		ids, err := database.List(ctx, s.db, scanID, "SELECT customer_id FROM household_members WHERE state = 'in' AND household_id IN ("+
			database.Marks(len(part))+")", anys(part)...)
		if err != nil {
			return nil, fmt.Errorf("find members: %w", err)
		}
		all = append(all, ids...)
	}
	return all, nil
}

// effective decides which household each customer belongs to: a confirmed one before a suggested one, its
// own before that of somebody merged into it, the surer, the older.
func (s *store) effective(ctx context.Context, ids []int64) (map[int64]int64, error) {
	aliases, err := s.links(ctx, "id", ids)
	if err != nil {
		return nil, err
	}
	// What is merged into an alias belongs to whoever has the alias's records, not to the alias.
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return aliases[id] != 0 })
	into, err := s.merged(ctx, ids)
	if err != nil {
		return nil, err
	}
	list, err := s.memberships(ctx, append(slices.Sorted(maps.Keys(into)), ids...))
	if err != nil {
		return nil, err
	}
	rank := func(m membership) [2]int {
		sure, own := 0, 0
		if m.isSure {
			sure = 1
		}
		if into[m.customer] == 0 {
			own = 1
		}
		return [2]int{sure, own}
	}
	slices.SortFunc(list, func(a, b membership) int {
		x, y := rank(a), rank(b)
		return cmp.Or(cmp.Compare(y[0], x[0]), cmp.Compare(y[1], x[1]), cmp.Compare(b.confidence, a.confidence), cmp.Compare(a.household, b.household))
	})
	belongs := map[int64]int64{}
	for _, m := range list {
		at := m.customer
		if to := into[at]; to != 0 {
			at = to
		}
		if belongs[at] == 0 {
			belongs[at] = m.household
		}
	}
	return belongs, nil
}

// memberRow is what the row of a customer says of its household.
type memberRow struct {
	id, household, size int64
	state, birth        string
	isHead, isHidden    bool
}

func (s *store) rowsOf(ctx context.Context, column string, ids []int64) ([]memberRow, error) {
	var all []memberRow
	for part := range slices.Chunk(ids, lookupSize) {
		list, err := database.List(ctx, s.db, func(rows *sql.Rows) (memberRow, error) {
			var r memberRow
			var household, size, head sql.NullInt64
			var state, birth sql.NullString
			var hidden int64
			err := rows.Scan(&r.id, &household, &state, &size, &head, &birth, &hidden)
			r.household, r.size, r.state, r.birth = household.Int64, size.Int64, state.String, birth.String
			r.isHead, r.isHidden = head.Int64 != 0, hidden != 0
			return r, err
		}, "SELECT id, household_id, household_state, household_size, household_head, birth_on, hidden FROM customers WHERE "+column+
			" IN ("+database.Marks(len(part))+") ORDER BY id", anys(part)...)
		if err != nil {
			return nil, fmt.Errorf("read households of customers: %w", err)
		}
		all = append(all, list...)
	}
	return all, nil
}

// describe writes state, size and head of households beside their customers.
func (s *store) describe(ctx context.Context, households []int64, moves []any) ([]int64, error) {
	changed := map[int64]bool{}
	for i := 0; i < len(moves); i += 2 {
		changed[moves[i].(int64)] = true
	}
	members := map[int64][]memberRow{}
	rows, err := s.rowsOf(ctx, "household_id", households)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		members[row.household] = append(members[row.household], row)
	}
	heads, err := s.headsOf(ctx, households)
	if err != nil {
		return nil, err
	}
	var values []any
	for id, list := range members {
		chosen, head := heads[id], int64(0)
		if chosen.id != 0 {
			now, err := s.current(ctx, []int64{chosen.id})
			if err != nil {
				return nil, err
			}
			head = now[chosen.id]
		}
		head = headOf(list, head)
		for _, row := range list {
			want := memberRow{row.id, id, int64(len(list)), chosen.state, row.birth, row.id == head, row.isHidden}
			if row != want {
				values = append(values, row.id, want.state, want.size, flag(want.isHead))
				changed[row.id] = true
			}
		}
	}
	err = s.db.UpdateRows(ctx, "customers", []string{"BIGINT", "TEXT", "BIGINT", "BIGINT"},
		"household_state = v.c2, household_size = v.c3, household_head = v.c4", values)
	return slices.Sorted(maps.Keys(changed)), err
}

type chosenHead struct {
	id    int64
	state string
}

func (s *store) headsOf(ctx context.Context, households []int64) (map[int64]chosenHead, error) {
	heads := map[int64]chosenHead{}
	for part := range slices.Chunk(households, lookupSize) {
		_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
			var id int64
			var h chosenHead
			var head sql.NullInt64
			err := rows.Scan(&id, &head, &h.state)
			h.id = head.Int64
			heads[id] = h
			return struct{}{}, err
		}, "SELECT id, head_id, state FROM households WHERE id IN ("+database.Marks(len(part))+")", anys(part)...)
		if err != nil {
			return nil, fmt.Errorf("find heads of households: %w", err)
		}
	}
	return heads, nil
}

// headOf is the member whom a campaign addresses: the chosen one, else the oldest, else the first.
func headOf(list []memberRow, chosen int64) int64 {
	best := list[0]
	for _, row := range list {
		if row.id == chosen {
			return chosen
		}
		older := row.birth != "" && (best.birth == "" || row.birth < best.birth)
		if older || row.birth == best.birth && row.id < best.id {
			best = row
		}
	}
	return best.id
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
