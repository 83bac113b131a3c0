// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// FindRecord returns a record with its link, withdrawn or not, or fault.NotFound.
func (s *Store) FindRecord(ctx context.Context, id int64) (*Record, error) {
	list, err := database.List(ctx, s.db, scanRecord, "SELECT "+recordSelect+
		" FROM records r JOIN record_links l ON l.record_id = r.id WHERE r.id = ?", id)
	if err != nil {
		return nil, fmt.Errorf("find record %d: %w", id, err)
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "customer.no_record", "There is no record {id}.", "id", id)
	}
	return list[0], nil
}

// liveOfBatch returns records of the batch that are in use, newest first: a batch may hold two versions
// of one row, and the newer one has to go before the older one.
func (s *Store) liveOfBatch(ctx context.Context, batchID int64, limit int) ([]*Record, error) {
	list, err := database.List(ctx, s.db, scanRecord, "SELECT "+recordSelect+
		" FROM records r JOIN record_links l ON l.record_id = r.id WHERE r.batch_id = ? AND r.withdrawn_at IS NULL "+
		"ORDER BY r.id DESC LIMIT ?", batchID, limit)
	if err != nil {
		return nil, fmt.Errorf("load records of batch %d: %w", batchID, err)
	}
	return list, nil
}

// AllRecordsOf returns all records of one customer, withdrawn ones too, newest first.
func (s *Store) AllRecordsOf(ctx context.Context, customerID int64) ([]*Record, error) {
	list, err := database.List(ctx, s.db, scanRecord, "SELECT "+recordSelect+
		" FROM record_links l JOIN records r ON r.id = l.record_id WHERE l.customer_id = ? ORDER BY r.id DESC LIMIT 1000", customerID)
	if err != nil {
		return nil, fmt.Errorf("load records of customer %d: %w", customerID, err)
	}
	return list, nil
}

// Given returns the rows of records as they were given, by record.
func (s *Store) Given(ctx context.Context, recordIDs []int64) (map[int64][]byte, error) {
	type given struct {
		id   int64
		text []byte
	}
	list, err := lookup(ctx, s, recordIDs, func(rows *sql.Rows) (given, error) {
		var g given
		err := rows.Scan(&g.id, &g.text)
		return g, err
	}, func(in string) string {
		return "SELECT id, given FROM records WHERE given IS NOT NULL AND id IN (" + in + ")"
	})
	if err != nil {
		return nil, fmt.Errorf("load rows as given: %w", err)
	}
	found := make(map[int64][]byte, len(list))
	for _, g := range list {
		found[g.id] = g.text
	}
	return found, nil
}

// OwnersOf returns the customers that the records belong to now.
func (s *Store) OwnersOf(ctx context.Context, recordIDs []int64) (map[int64]int64, error) {
	pairs, err := lookup(ctx, s, recordIDs, func(rows *sql.Rows) ([2]int64, error) {
		var pair [2]int64
		err := rows.Scan(&pair[0], &pair[1])
		return pair, err
	}, func(in string) string {
		return "SELECT record_id, customer_id FROM record_links WHERE record_id IN (" + in + ")"
	})
	if err != nil {
		return nil, fmt.Errorf("find the customers of records: %w", err)
	}
	owners := make(map[int64]int64, len(pairs))
	for _, pair := range pairs {
		owners[pair[0]] = pair[1]
	}
	return owners, nil
}

// linkNote is what the page of a record shows of its link.
type linkNote struct {
	reason      string
	linkedAt    time.Time
	withdrawnAt *time.Time
}

func (s *Store) linkNotes(ctx context.Context, customerID int64) (map[int64]linkNote, error) {
	type noted struct {
		id   int64
		note linkNote
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (noted, error) {
		var n noted
		var linked int64
		var withdrawn sql.NullInt64
		err := rows.Scan(&n.id, &n.note.reason, &linked, &withdrawn)
		n.note.linkedAt = time.UnixMicro(linked).UTC()
		if withdrawn.Valid {
			at := time.UnixMicro(withdrawn.Int64).UTC()
			n.note.withdrawnAt = &at
		}
		return n, err
	}, "SELECT l.record_id, l.reason, l.linked_at, r.withdrawn_at FROM record_links l JOIN records r ON r.id = l.record_id WHERE l.customer_id = ?", customerID)
	if err != nil {
		return nil, fmt.Errorf("load links of customer %d: %w", customerID, err)
	}
	notes := make(map[int64]linkNote, len(list))
	for _, n := range list {
		notes[n.id] = n.note
	}
	return notes, nil
}

func (s *Store) lastCustomer(ctx context.Context) (int64, error) {
	var last int64
	err := s.db.Scan(ctx, []any{&last}, "SELECT COALESCE(MAX(id), 0) FROM customers")
	return last, err
}

func (s *Store) customersAfter(ctx context.Context, after int64, limit int) ([]int64, error) {
	return database.List(ctx, s.db, scanID, "SELECT id FROM customers WHERE id > ? AND alias_of IS NULL ORDER BY id LIMIT ?", after, limit)
}
