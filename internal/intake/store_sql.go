// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/intake/recognise"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps batches, rejects and remembered mappings.
type store struct {
	db *database.DB
}

const batchColumns = "b.id, b.source_id, s.name, s.label, COALESCE(p.name, ''), b.kind, b.state, b.file_id, b.file_name, b.shape, b.mapping, b.options, " +
	"b.total, b.position, b.done, b.created, b.updated, b.linked, b.unchanged, b.rejected, b.findings, b.finding_counts, " +
	"b.preview, b.created_at, b.started_at, b.finished_at, b.undone_at, b.person_id, b.job_id, b.error, b.journal_entry_id"

const batchFrom = " FROM batches b JOIN sources s ON s.id = b.source_id LEFT JOIN people p ON p.id = b.person_id"

func scanBatch(rows *sql.Rows) (*Batch, error) {
	var b Batch
	var file, started, finished, undone, job, entry sql.NullInt64
	var shape, mapping, options, position, codes string
	var preview, failure sql.NullString
	var created int64
	err := rows.Scan(&b.ID, &b.SourceID, &b.Source, &b.SourceLabel, &b.Person, &b.Kind, &b.State, &file, &b.FileName, &shape, &mapping, &options,
		&b.Total, &position, &b.Counts.Rows, &b.Counts.Created, &b.Counts.Updated, &b.Counts.Linked, &b.Counts.Unchanged,
		&b.Counts.Rejected, &b.Counts.Findings, &codes, &preview, &created, &started, &finished, &undone, &b.PersonID,
		&job, &failure, &entry)
	if err != nil {
		return nil, err
	}
	b.FileID, b.JobID, b.EntryID, b.Error = file.Int64, job.Int64, entry.Int64, failure.String
	b.CreatedAt = time.UnixMicro(created).UTC()
	b.StartedAt, b.FinishedAt, b.UndoneAt = moment(started), moment(finished), moment(undone)
	parts := []struct {
		text string
		into any
	}{{shape, &b.Shape}, {mapping, &b.Mapping}, {options, &b.Options}, {position, &b.Position}, {codes, &b.FindingCounts}}
	if preview.Valid {
		b.Preview = &Preview{}
		parts = append(parts, struct {
			text string
			into any
		}{preview.String, b.Preview})
	}
	for _, part := range parts {
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return nil, fmt.Errorf("read import %d: %w", b.ID, err)
		}
	}
	return &b, nil
}

func moment(at sql.NullInt64) *time.Time {
	if !at.Valid {
		return nil
	}
	t := time.UnixMicro(at.Int64).UTC()
	return &t
}

func encode(value any) (string, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("write import: %w", err)
	}
	return string(raw), nil
}

func (s *store) insertBatch(ctx context.Context, b *Batch) error {
	id, err := s.db.NextID(ctx, "batches")
	if err != nil {
		return err
	}
	b.ID, b.CreatedAt = id, database.Time(ctx)
	texts := make([]string, 3)
	for i, part := range []any{b.Shape, b.Mapping, b.Options} {
		if texts[i], err = encode(part); err != nil {
			return err
		}
	}
	_, err = s.db.Exec(ctx, "INSERT INTO batches (id, source_id, kind, state, file_id, file_name, shape, mapping, options, total, "+
		"created_at, person_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", b.ID, b.SourceID, string(b.Kind), string(b.State),
		b.FileID, b.FileName, texts[0], texts[1], texts[2], b.Total, b.CreatedAt, b.PersonID)
	return err
}

func (s *store) find(ctx context.Context, id int64) (*Batch, error) {
	list, err := database.List(ctx, s.db, scanBatch, "SELECT "+batchColumns+batchFrom+" WHERE b.id = ?", id)
	if err != nil {
		return nil, fmt.Errorf("load import %d: %w", id, err)
	}
	if len(list) == 0 {
		return nil, errNoBatch(id)
	}
	return list[0], nil
}

func (s *store) list(ctx context.Context, sourceID, before int64, limit int) ([]*Batch, error) {
	list, err := database.List(ctx, s.db, scanBatch, "SELECT "+batchColumns+batchFrom+" WHERE (? = 0 OR b.source_id = ?) AND (? = 0 OR b.id < ?) "+
		"ORDER BY b.id DESC LIMIT ?", sourceID, sourceID, before, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return list, nil
}

// saveProgress writes what a slice added, in the slice's transaction.
func (s *store) saveProgress(ctx context.Context, b *Batch) error {
	position, err := encode(b.Position)
	if err != nil {
		return err
	}
	codes, err := encode(b.FindingCounts)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, "UPDATE batches SET position = ?, done = ?, created = ?, updated = ?, linked = ?, unchanged = ?, "+
		"rejected = ?, findings = ?, finding_counts = ? WHERE id = ?", position, b.Counts.Rows, b.Counts.Created, b.Counts.Updated,
		b.Counts.Linked, b.Counts.Unchanged, b.Counts.Rejected, b.Counts.Findings, codes, b.ID)
	return err
}

// saveState writes where the batch stands.
func (s *store) saveState(ctx context.Context, b *Batch) error {
	mapping, err := encode(b.Mapping)
	if err != nil {
		return err
	}
	options, err := encode(b.Options)
	if err != nil {
		return err
	}
	var preview, failure any
	if b.Preview != nil {
		if preview, err = encode(b.Preview); err != nil {
			return err
		}
	}
	if b.Error != "" {
		failure = b.Error
	}
	_, err = s.db.Exec(ctx, "UPDATE batches SET state = ?, mapping = ?, preview = ?, error = ?, started_at = ?, finished_at = ?, "+
		"undone_at = ?, job_id = ?, journal_entry_id = ?, file_id = ?, total = ?, options = ? WHERE id = ?", string(b.State), mapping, preview,
		failure, b.StartedAt, b.FinishedAt, b.UndoneAt, orNull(b.JobID), orNull(b.EntryID), orNull(b.FileID), b.Total, options, b.ID)
	return err
}

func orNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func (s *store) undoneBatches(ctx context.Context) (map[int64]bool, error) {
	ids, err := database.List(ctx, s.db, func(rows *sql.Rows) (int64, error) {
		var id int64
		err := rows.Scan(&id)
		return id, err
	}, "SELECT id FROM batches WHERE state IN ('undone', 'undoing')")
	if err != nil {
		return nil, fmt.Errorf("find undone imports: %w", err)
	}
	undone := make(map[int64]bool, len(ids))
	for _, id := range ids {
		undone[id] = true
	}
	return undone, nil
}

var rejectColumns = []string{"batch_id", "row_number", "part", "column_name", "value", "rule", "code", "message", "remedy", "row_text"}

func (s *store) insertRejects(ctx context.Context, batchID int64, rejects []Reject) error {
	values := make([]any, 0, len(rejects)*len(rejectColumns))
	seen := map[int64]int64{}
	for _, r := range rejects {
		values = append(values, batchID, r.Row, seen[r.Row], r.Column, r.Value, r.Rule, r.Code, r.Message, r.Remedy, r.cells)
		seen[r.Row]++
	}
	// A row whose reason was stored before a crash keeps it.
	return s.db.InsertRows(ctx, "rejects", rejectColumns, values, "ON CONFLICT DO NOTHING")
}

// listRejects returns rejects behind a row number.
func (s *store) listRejects(ctx context.Context, batchID, after int64, limit int) ([]Reject, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Reject, error) {
		var r Reject
		err := rows.Scan(&r.Row, &r.Column, &r.Value, &r.Rule, &r.Code, &r.Message, &r.Remedy, &r.cells)
		return r, err
	}, "SELECT row_number, column_name, value, rule, code, message, remedy, row_text FROM rejects "+
		"WHERE batch_id = ? AND row_number > ? ORDER BY row_number, part LIMIT ?", batchID, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list rejects of import %d: %w", batchID, err)
	}
	return list, nil
}

// remember keeps the mapping for the next file of the source with the same header.
func (s *store) remember(ctx context.Context, sourceID int64, m *recognise.Mapping) error {
	text, err := encode(m)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, "INSERT INTO source_mappings (source_id, kind, signature, mapping, updated_at) VALUES (?, ?, ?, ?, ?) "+
		"ON CONFLICT (source_id, kind, signature) DO UPDATE SET mapping = excluded.mapping, updated_at = excluded.updated_at",
		sourceID, string(m.Kind), m.HeaderSignature, text, database.Time(ctx))
	return err
}

// recall returns the mapping remembered for the header and when it was used last, nil when there is none.
func (s *store) recall(ctx context.Context, sourceID int64, kind recognise.Kind, signature string) (*recognise.Mapping, time.Time, error) {
	var text string
	var at int64
	err := s.db.Scan(ctx, []any{&text, &at}, "SELECT mapping, updated_at FROM source_mappings WHERE source_id = ? AND (? = '' OR kind = ?) "+
		"AND signature = ? ORDER BY updated_at DESC LIMIT 1", sourceID, string(kind), string(kind), signature)
	if fault.Is(err, fault.NotFound) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("recall mapping: %w", err)
	}
	var m recognise.Mapping
	if json.Unmarshal([]byte(text), &m) != nil { // a mapping of another version is forgotten
		return nil, time.Time{}, nil
	}
	return &m, time.UnixMicro(at).UTC(), nil
}
