// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

func (s *Store) insertHold(ctx context.Context, h *Hold) (err error) {
	if h.ID, err = s.db.NextID(ctx, "legal_holds"); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, "INSERT INTO legal_holds (id, customer_id, reason, until_on, set_at, set_by) VALUES (?, ?, ?, ?, ?, ?)",
		h.ID, h.CustomerID, h.Reason, h.UntilOn, h.SetAt.UnixMicro(), h.SetBy)
	return database.Fault(err)
}

const holdColumns = "SELECT id, customer_id, reason, until_on, set_at, set_by, lifted_at FROM legal_holds "

func scanHold(rows *sql.Rows) (h Hold, err error) {
	var set int64
	var lifted sql.NullInt64
	err = rows.Scan(&h.ID, &h.CustomerID, &h.Reason, &h.UntilOn, &set, &h.SetBy, &lifted)
	h.SetAt = time.UnixMicro(set).UTC()
	if lifted.Valid {
		at := time.UnixMicro(lifted.Int64).UTC()
		h.LiftedAt = &at
	}
	return h, err
}

func (s *Store) findHold(ctx context.Context, id int64) (*Hold, error) {
	list, err := database.List(ctx, s.db, scanHold, holdColumns+"WHERE id = ?", id)
	if err != nil {
		return nil, fmt.Errorf("find hold %d: %w", id, err)
	}
	if len(list) == 0 {
		return nil, holdFault(id)
	}
	return &list[0], nil
}

// listHolds returns those that stand on a day, of the customers or, with none named, of everybody.
func (s *Store) listHolds(ctx context.Context, today string, customerIDs []int64) (list []Hold, err error) {
	const standing = "WHERE lifted_at IS NULL AND until_on >= ?"
	if customerIDs == nil {
		list, err = database.List(ctx, s.db, scanHold, holdColumns+standing+" ORDER BY until_on, id LIMIT 1000", today)
	} else {
		list, err = lookup(ctx, s, customerIDs, scanHold, func(in string) string {
			return holdColumns + standing + " AND customer_id IN (" + in + ") ORDER BY until_on DESC, id"
		}, today)
	}
	if err != nil {
		return nil, fmt.Errorf("list holds: %w", err)
	}
	return append([]Hold{}, list...), nil
}

func (s *Store) liftHold(ctx context.Context, h *Hold, by int64) error {
	_, err := s.db.Exec(ctx, "UPDATE legal_holds SET lifted_at = ?, lifted_by = ? WHERE id = ?", h.LiftedAt.UnixMicro(), by, h.ID)
	return database.Fault(err)
}

func (s *Store) insertKept(ctx context.Context, e *Erasure, d *Duty, sealed []byte) error {
	id, err := s.db.NextID(ctx, "kept_identities")
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, "INSERT INTO kept_identities (id, erasure_id, law, facts, until_on, sealed, kept_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, e.ID, d.Law, d.Facts, d.UntilOn, sealed, e.ErasedAt.UnixMicro())
	return database.Fault(err)
}

// sealedKept is an identity as it is stored.
type sealedKept struct {
	Kept
	customerID int64
	sealed     []byte
}

func (s *Store) listKept(ctx context.Context, erasureID int64) ([]sealedKept, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (k sealedKept, err error) {
		return k, rows.Scan(&k.ID, &k.Law, &k.Facts, &k.UntilOn, &k.sealed, &k.customerID)
	}, "SELECT k.id, k.law, k.facts, k.until_on, k.sealed, e.customer_id FROM kept_identities k JOIN erasures e ON e.id = k.erasure_id "+
		"WHERE k.erasure_id = ? ORDER BY k.id", erasureID)
	if err != nil {
		return nil, fmt.Errorf("list what is kept of erasure %d: %w", erasureID, err)
	}
	return list, nil
}

// endKept deletes what ended before today and returns whose it was.
func (s *Store) endKept(ctx context.Context, today string) ([]int64, error) {
	ids, err := database.List(ctx, s.db, scanID,
		"SELECT DISTINCT e.customer_id FROM kept_identities k JOIN erasures e ON e.id = k.erasure_id WHERE k.until_on < ? ORDER BY 1", today)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	_, err = s.db.Exec(ctx, "DELETE FROM kept_identities WHERE until_on < ?", today)
	return ids, database.Fault(err)
}

func (s *Store) listErasures(ctx context.Context, before int64, limit int) ([]ErasureRow, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (r ErasureRow, err error) {
		var records string
		var at int64
		if err := rows.Scan(&r.ID, &r.CustomerID, &r.Reason, &records, &at, &r.ErasedBy); err != nil {
			return r, err
		}
		var ids []int64
		err = json.Unmarshal([]byte(records), &ids)
		r.Records, r.ErasedAt = len(ids), time.UnixMicro(at).UTC()
		return r, err
	}, "SELECT id, customer_id, reason, records, erased_at, erased_by FROM erasures WHERE id < ? ORDER BY id DESC LIMIT ?", before, limit)
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return list, nil
}
