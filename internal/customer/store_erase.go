// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// where is the condition of a trace with its ids.
func (t *Trace) where(e *Erasure) (condition string, ids []int64) {
	condition, ids = t.By+" IN ({ids})", e.Customers
	if t.When != "" {
		condition += " AND " + t.When
	}
	if t.OfRecord {
		ids = e.RecordIDs
	}
	return condition, ids
}

func (s *Store) eraseTrace(ctx context.Context, t *Trace, e *Erasure) error {
	condition, ids := t.where(e)
	statement := "DELETE FROM " + t.Table + " WHERE " + condition
	if t.Set != "" {
		set := strings.ReplaceAll(t.Set, "{now}", strconv.FormatInt(e.ErasedAt.UnixMicro(), 10))
		statement = "UPDATE " + t.Table + " SET " + set + " WHERE " + condition
	}
	return s.db.ExecIDs(ctx, statement, ids)
}

func (s *Store) countTrace(ctx context.Context, t *Trace, e *Erasure) (n int64, err error) {
	condition, ids := t.where(e)
	for part := range slices.Chunk(ids, lookupSize) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		query := "SELECT COUNT(*) FROM " + t.Table + " WHERE " + strings.Replace(condition, "{ids}", database.Marks(len(part)), 1)
		counts, err := database.List(ctx, s.db, scanID, query, args...)
		if err != nil {
			return 0, fmt.Errorf("count what names customer %d in %s: %w", e.CustomerID, t.Table, err)
		}
		n += counts[0]
	}
	return n, nil
}

// eraseRows takes what they say out of records.
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

// holdersOf are the customers who have any of the records, those that exist.
func (s *Store) holdersOf(ctx context.Context, recordIDs []int64) ([]int64, error) {
	list, err := lookup(ctx, s, recordIDs, scanID, func(in string) string {
		return "SELECT DISTINCT customer_id FROM record_links WHERE record_id IN (" + in + ")"
	})
	if err != nil {
		return nil, fmt.Errorf("find who has records: %w", err)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}
