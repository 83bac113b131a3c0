// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// everyRecordOf returns all records of a customer, withdrawn ones too.
func (s *Store) everyRecordOf(ctx context.Context, customerID int64) ([]*Record, error) {
	list, err := database.List(ctx, s.db, scanRecord, "SELECT "+recordSelect+
		" FROM record_links l JOIN records r ON r.id = l.record_id WHERE l.customer_id = ? ORDER BY r.id", customerID)
	if err != nil {
		return nil, fmt.Errorf("load records of customer %d: %w", customerID, err)
	}
	return list, nil
}

// eraseRows takes what they say out of records, and everything that names them or their customers.
func (s *Store) eraseRows(ctx context.Context, e *Erasure) error {
	for _, r := range e.Records {
		for _, key := range r.Keys {
			if _, err := s.db.Exec(ctx, "DELETE FROM record_keys WHERE scheme_id = ? AND value = ? AND record_id = ?", key.SchemeID, key.Value, r.ID); err != nil {
				return fmt.Errorf("take keys of record %d: %w", r.ID, database.Fault(err))
			}
		}
		hash := make([]byte, len(r.Hash)) // a hash of so few values could be guessed
		_, _ = rand.Read(hash)            // it never fails
		if _, err := s.db.Exec(ctx, "UPDATE records SET source_key = NULL, given = NULL, normal = '{}', keys = NULL, findings = NULL, hash = ?, "+
			"withdrawn_at = COALESCE(withdrawn_at, ?) WHERE id = ?", hash, e.ErasedAt.UnixMicro(), r.ID); err != nil {
			return fmt.Errorf("erase record %d: %w", r.ID, database.Fault(err))
		}
	}
	for _, statement := range []string{
		"DELETE FROM relations WHERE customer_id IN ({ids})", "DELETE FROM relations WHERE other_id IN ({ids})",
		"DELETE FROM partings WHERE low_id IN ({ids})", "DELETE FROM partings WHERE high_id IN ({ids})",
	} {
		if err := s.db.ExecIDs(ctx, statement, e.Customers); err != nil {
			return fmt.Errorf("erase customer %d: %w", e.CustomerID, err)
		}
	}
	return nil
}

// erasedAt is when the data of the customer was destroyed, the zero time when it was not.
func (s *Store) erasedAt(ctx context.Context, customerID int64) (time.Time, error) {
	list, err := database.List(ctx, s.db, scanID, "SELECT erased_at FROM erasures WHERE customer_id = ?", customerID)
	if err != nil || len(list) == 0 {
		return time.Time{}, database.Fault(err)
	}
	return time.UnixMicro(list[0]).UTC(), nil
}

func (s *Store) insertErasure(ctx context.Context, e *Erasure, by int64) (err error) {
	if e.ID, err = s.db.NextID(ctx, "erasures"); err != nil {
		return err
	}
	records, err := json.Marshal(e.RecordIDs)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, "INSERT INTO erasures (id, customer_id, records, reason, erased_at, erased_by) VALUES (?, ?, ?, ?, ?, ?)",
		e.ID, e.CustomerID, string(records), e.Reason, e.ErasedAt.UnixMicro(), by)
	return database.Fault(err)
}

// openErasures are those whose keys still stand.
func (s *Store) openErasures(ctx context.Context) ([]*Erasure, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (*Erasure, error) {
		var e Erasure
		var records string
		var at int64
		if err := rows.Scan(&e.ID, &e.CustomerID, &records, &e.Reason, &at); err != nil {
			return nil, err
		}
		e.ErasedAt = time.UnixMicro(at).UTC()
		return &e, json.Unmarshal([]byte(records), &e.RecordIDs)
	}, "SELECT id, customer_id, records, reason, erased_at FROM erasures WHERE keys_at IS NULL ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return list, nil
}

func (s *Store) closeErasure(ctx context.Context, id int64) error {
	_, err := s.db.Exec(ctx, "UPDATE erasures SET keys_at = ? WHERE id = ?", database.Time(ctx).UnixMicro(), id)
	return database.Fault(err)
}
