// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// filterFrom is the size of an import from which on building a filter pays, filterUpTo the number of keys
// from which on it does not.
const (
	filterFrom = 20_000
	filterUpTo = 8_000_000
)

// PrepareBulk readies the store for an import of about this many records and returns what ends it.
func (s *Service) PrepareBulk(ctx context.Context, rows int64) (func(), error) {
	return s.store.prepareFilter(ctx, rows)
}

func (s *Store) prepareFilter(ctx context.Context, rows int64) (func(), error) {
	if s.db.IsPostgres() || rows < filterFrom {
		return func() {}, nil
	}
	slot := &s.slot
	slot.mu.Lock()
	defer slot.mu.Unlock()
	slot.users.Add(1)
	end := func() {
		if slot.users.Add(-1) == 0 {
			slot.drop()
		}
	}
	if f := slot.filter.Load(); f != nil && !f.isFull() {
		return end, nil
	}
	// Four keys a record as a rule: one of its own, e-mail and mobile, its identity.
	known, err := s.countKeys(ctx)
	if err != nil || known > filterUpTo {
		return end, err
	}
	f := newKeyFilter(known + 4*rows)
	// First the slot, then the reading: a key written in between is noted by its writer. Whoever had begun
	// to write before the slot was set has finished when the empty transaction gets its turn.
	slot.drop()
	slot.filter.Store(f)
	if err := s.db.WithinBulk(ctx, func(context.Context) error { return nil }); err != nil {
		slot.drop()
		return end, err
	}
	if err := s.fillFilter(ctx, f); err != nil {
		slot.drop()
		return end, err
	}
	slot.isReady.Store(true)
	return end, nil
}

func (s *Store) countKeys(ctx context.Context) (int64, error) {
	var keys, records int64
	if err := s.db.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM record_keys LIMIT ?)", filterUpTo+1).Scan(&keys); err != nil {
		return 0, fmt.Errorf("count keys: %w", database.Fault(err))
	}
	err := s.db.QueryRow(ctx, "SELECT COALESCE(MAX(id), 0) FROM records").Scan(&records)
	return keys + records, database.Fault(err)
}

func (s *Store) fillFilter(ctx context.Context, f *keyFilter) error {
	add := func(rows *sql.Rows) (struct{}, error) {
		var k Key
		err := rows.Scan(&k.SchemeID, &k.Value)
		f.add(hashKey(k))
		return struct{}{}, err
	}
	if _, err := database.List(ctx, s.db, add, "SELECT scheme_id, value FROM record_keys"); err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	identities := func(rows *sql.Rows) (struct{}, error) {
		var source int64
		var key sql.NullString
		var hash []byte
		err := rows.Scan(&source, &key, &hash)
		if key.Valid {
			f.add(hashIdentity(source, key.String))
		} else {
			f.add(hashIdentity(source, string(hash)))
		}
		return struct{}{}, err
	}
	_, err := database.List(ctx, s.db, identities, "SELECT source_id, source_key, hash FROM records WHERE withdrawn_at IS NULL")
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	return nil
}
