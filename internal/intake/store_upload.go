// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// findSource returns the id of the source, 0 when there is none.
func (s *store) findSource(ctx context.Context, name string) (int64, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (int64, error) {
		var id int64
		err := rows.Scan(&id)
		return id, err
	}, "SELECT id FROM sources WHERE name = ?", name)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// schemes returns the ids of the key schemes by name.
func (s *store) schemes(ctx context.Context) (map[string]int64, error) {
	type named struct {
		id   int64
		name string
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (named, error) {
		var n named
		err := rows.Scan(&n.id, &n.name)
		return n, err
	}, "SELECT id, name FROM key_schemes")
	if err != nil {
		return nil, fmt.Errorf("load key schemes: %w", err)
	}
	ids := make(map[string]int64, len(list))
	for _, n := range list {
		ids[n.name] = n.id
	}
	return ids, nil
}

func (s *store) insertUpload(ctx context.Context, fileID int64, name string, personID int64) error {
	_, err := s.db.Exec(ctx, "INSERT INTO uploads (file_id, name, person_id, created_at) VALUES (?, ?, ?, ?)",
		fileID, name, personID, database.Time(ctx))
	return err
}

// uploadName returns what the file was called and who sent it, or fault.NotFound.
func (s *store) uploadName(ctx context.Context, fileID int64) (name string, personID int64, err error) {
	err = s.db.Scan(ctx, []any{&name, &personID}, "SELECT name, person_id FROM uploads WHERE file_id = ?", fileID)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "intake.no_file", "There is no uploaded file {id}; upload it again.", "id", fileID)
	}
	return name, personID, err
}

// oldUploads returns files sent before the moment that no import has taken up.
func (s *store) oldUploads(ctx context.Context, before time.Time) ([]int64, error) {
	return database.List(ctx, s.db, scanOne, "SELECT u.file_id FROM uploads u WHERE u.created_at < ? AND NOT EXISTS "+
		"(SELECT 1 FROM batches b WHERE b.file_id = u.file_id AND b.state NOT IN ('done', 'undone')) LIMIT 1000", before)
}

// dropUpload forgets a file and takes it from its imports.
func (s *store) dropUpload(ctx context.Context, fileID int64) error {
	if _, err := s.db.Exec(ctx, "UPDATE batches SET file_id = NULL WHERE file_id = ?", fileID); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, "DELETE FROM uploads WHERE file_id = ?", fileID)
	return err
}

func scanOne(rows *sql.Rows) (int64, error) {
	var n int64
	err := rows.Scan(&n)
	return n, err
}

// remembered is one mapping kept for a source.
type remembered struct {
	kind, signature string
	updatedAt       time.Time
}

func (s *store) mappingsOf(ctx context.Context, sourceID int64) ([]remembered, error) {
	return database.List(ctx, s.db, func(rows *sql.Rows) (remembered, error) {
		var m remembered
		var at int64
		err := rows.Scan(&m.kind, &m.signature, &at)
		m.updatedAt = time.UnixMicro(at).UTC()
		return m, err
	}, "SELECT kind, signature, updated_at FROM source_mappings WHERE source_id = ? ORDER BY updated_at DESC LIMIT 50", sourceID)
}

// sourceCount is what imports have brought from a source.
type sourceCount struct {
	source, batches, records int64
	last                     time.Time
}

func (s *store) sourceCounts(ctx context.Context) (map[int64]sourceCount, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (sourceCount, error) {
		var c sourceCount
		var last int64
		err := rows.Scan(&c.source, &c.batches, &c.records, &last)
		c.last = time.UnixMicro(last).UTC()
		return c, err
	}, "SELECT source_id, COUNT(*), SUM(CASE WHEN state = 'undone' OR kind <> 'customers' THEN 0 ELSE created + linked END), MAX(created_at) "+
		"FROM batches GROUP BY source_id")
	if err != nil {
		return nil, fmt.Errorf("count imports: %w", err)
	}
	counts := make(map[int64]sourceCount, len(list))
	for _, c := range list {
		counts[c.source] = c
	}
	return counts, nil
}

// batchRow is one row that a batch has brought.
type batchRow struct {
	number   int64
	normal   string
	findings string
	replaces bool
	reason   string
}

// batchRows returns rows of a finished batch behind a row number, by outcome.
func (s *store) batchRows(ctx context.Context, batchID int64, outcome string, after int64, limit int) ([]batchRow, error) {
	condition := map[string]string{
		"created": "r.replaces IS NULL AND l.reason = 'new'", "linked": "r.replaces IS NULL AND l.reason <> 'new'",
		"updated": "r.replaces IS NOT NULL", "": "1 = 1",
	}[outcome]
	if condition == "" {
		return nil, nil
	}
	return database.List(ctx, s.db, func(rows *sql.Rows) (batchRow, error) {
		var r batchRow
		var findings sql.NullString
		var replaces sql.NullInt64
		err := rows.Scan(&r.number, &r.normal, &findings, &replaces, &r.reason)
		r.findings, r.replaces = findings.String, replaces.Valid
		return r, err
	}, "SELECT r.row_number, r.normal, r.findings, r.replaces, l.reason FROM records r JOIN record_links l ON l.record_id = r.id "+
		"WHERE r.batch_id = ? AND r.row_number > ? AND "+condition+" ORDER BY r.id LIMIT ?", batchID, after, limit)
}
