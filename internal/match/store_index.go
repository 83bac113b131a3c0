// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// indexState tells which table answers and what is in it.
type indexState struct {
	Slot     string
	ModelID  int64
	Keys     int64
	Records  int64
	BuiltAt  time.Time
	isBehind bool // more came than following takes in; it has to be built anew
}

func otherSlot(slot string) string {
	if slot == "a" {
		return "b"
	}
	return "a"
}

func keysTable(slot string) string {
	if slot == "b" {
		return "match_keys_b"
	}
	return "match_keys_a"
}

// findIndex returns the state of the live index; an empty one when there is none yet.
func (s *store) findIndex(ctx context.Context) (indexState, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (indexState, error) {
		var state indexState
		var built int64
		err := rows.Scan(&state.Slot, &state.ModelID, &state.Keys, &state.Records, &built)
		state.BuiltAt, state.isBehind = time.UnixMicro(built).UTC(), built == 0
		return state, err
	}, "SELECT slot, model_id, keys, records, built_at FROM match_index WHERE id = 1")
	if err != nil || len(list) == 0 {
		return indexState{}, err
	}
	return list[0], nil
}

func (s *store) saveIndex(ctx context.Context, state indexState) error {
	_, err := s.db.Exec(ctx, "INSERT INTO match_index (id, slot, model_id, keys, records, built_at) VALUES (1, ?, ?, ?, ?, ?) "+
		"ON CONFLICT (id) DO UPDATE SET slot = excluded.slot, model_id = excluded.model_id, keys = excluded.keys, "+
		"records = excluded.records, built_at = excluded.built_at",
		state.Slot, state.ModelID, state.Keys, state.Records, database.Time(ctx).UnixMicro())
	return err
}

// markBehind notes that the index has to be built anew.
func (s *store) markBehind(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "UPDATE match_index SET built_at = 0 WHERE id = 1")
	return err
}

func (s *store) clearKeys(ctx context.Context, slot string) error {
	_, err := s.db.Exec(ctx, "DELETE FROM "+keysTable(slot))
	return err
}

func (s *store) insertKeys(ctx context.Context, slot string, keys []indexKey) error {
	values := make([]any, 0, 2*len(keys))
	for _, key := range keys {
		values = append(values, key.hash, key.record)
	}
	return s.db.InsertRows(ctx, keysTable(slot), []string{"hash", "record_id"}, values, "ON CONFLICT DO NOTHING")
}

func (s *store) deleteKeys(ctx context.Context, slot string, keys []indexKey) error {
	for _, key := range keys {
		if _, err := s.db.Exec(ctx, "DELETE FROM "+keysTable(slot)+" WHERE hash = ? AND record_id = ?", key.hash, key.record); err != nil {
			return fmt.Errorf("drop keys of record %d from the live index: %w", key.record, err)
		}
	}
	return nil
}

// holdersOf returns the records that hold a key, none when more than indexCap do.
func (s *store) holdersOf(ctx context.Context, slot string, hash int64) ([]int64, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (int64, error) {
		var id int64
		err := rows.Scan(&id)
		return id, err
	}, "SELECT record_id FROM "+keysTable(slot)+" WHERE hash = ? ORDER BY record_id LIMIT ?", hash, indexCap+1)
	if err != nil {
		return nil, fmt.Errorf("look up a blocking key: %w", err)
	}
	if len(list) > indexCap || len(list) > 0 && list[0] == 0 {
		return nil, nil
	}
	return list, nil
}
