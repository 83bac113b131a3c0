// SPDX-License-Identifier: Apache-2.0

package match

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"dangol/internal/platform/database"
)

// store keeps models, runs, pairs, decisions and the live index.
type store struct{ db *database.DB }

func when(micro sql.NullInt64) *time.Time {
	if !micro.Valid {
		return nil
	}
	at := time.UnixMicro(micro.Int64).UTC()
	return &at
}

func one[T any](list []T, err error, missing error) (T, error) {
	var none T
	switch {
	case err != nil:
		return none, err
	case len(list) == 0:
		return none, missing
	}
	return list[0], nil
}

const modelColumns = "id, reason, spec, frequencies, link_at, review_at, is_tuned, created_at, created_by"

func scanModel(rows *sql.Rows) (*Model, error) {
	var m Model
	var spec string
	var packed []byte
	var tuned, created int64
	if err := rows.Scan(&m.ID, &m.Reason, &spec, &packed, &m.LinkAt, &m.ReviewAt, &tuned, &created, &m.CreatedBy); err != nil {
		return nil, err
	}
	m.IsTuned, m.CreatedAt = tuned != 0, time.UnixMicro(created).UTC()
	if err := json.Unmarshal([]byte(spec), &m.Spec); err != nil {
		return nil, fmt.Errorf("read model %d: %w", m.ID, err)
	}
	m.Spec.Prepare()
	return &m, unpack(packed, &m.frequencies)
}

// findModel returns the model of the id, 0 for the one in use, or fault.NotFound.
func (s *store) findModel(ctx context.Context, id int64) (*Model, error) {
	where, args := "ORDER BY id DESC LIMIT 1", []any{}
	if id != 0 {
		where, args = "WHERE id = ?", []any{id}
	}
	list, err := database.List(ctx, s.db, scanModel, "SELECT "+modelColumns+" FROM match_models "+where, args...)
	return one(list, err, errNoModel())
}

// listModels returns the newest models without their frequencies.
func (s *store) listModels(ctx context.Context, limit int) ([]*Model, error) {
	return database.List(ctx, s.db, scanModel, "SELECT id, reason, spec, NULL, link_at, review_at, is_tuned, created_at, created_by "+
		"FROM match_models ORDER BY id DESC LIMIT ?", limit)
}

func (s *store) createModel(ctx context.Context, m *Model) error {
	id, err := s.db.NextID(ctx, "match_models")
	if err != nil {
		return err
	}
	packed, err := pack(m.frequencies)
	if err != nil {
		return err
	}
	m.ID, m.CreatedAt = id, database.Time(ctx)
	_, err = s.db.Exec(ctx, "INSERT INTO match_models ("+modelColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		m.ID, m.Reason, jsonText(m.Spec), packed, m.LinkAt, m.ReviewAt, flag(m.IsTuned), m.CreatedAt.UnixMicro(), m.CreatedBy)
	return err
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// pack compresses a value as JSON; the frequencies of a large base are a megabyte.
func pack(value any) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func unpack(packed []byte, into any) error {
	if len(packed) == 0 {
		return nil
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return json.Unmarshal(raw, into)
}

const runColumns = "id, state, phase, job_id, person_id, model_id, settings, figures, position, merged, skipped, undone, error, created_at, finished_at, undone_at"

func scanRun(rows *sql.Rows) (*Run, error) {
	var r Run
	var settings, figures string
	var created int64
	var finished, undone sql.NullInt64
	err := rows.Scan(&r.ID, &r.State, &r.Phase, &r.JobID, &r.PersonID, &r.ModelID, &settings, &figures, &r.position,
		&r.Merged, &r.Skipped, &r.Undone, &r.Error, &created, &finished, &undone)
	if err != nil {
		return nil, err
	}
	r.CreatedAt, r.FinishedAt, r.UndoneAt = time.UnixMicro(created).UTC(), when(finished), when(undone)
	if err := json.Unmarshal([]byte(settings), &r.Settings); err != nil {
		return nil, fmt.Errorf("read run %d: %w", r.ID, err)
	}
	return &r, json.Unmarshal([]byte(figures), &r.Figures)
}

func (s *store) findRun(ctx context.Context, id int64) (*Run, error) {
	list, err := database.List(ctx, s.db, scanRun, "SELECT "+runColumns+" FROM match_runs WHERE id = ?", id)
	return one(list, err, errNoRun(id))
}

func (s *store) listRuns(ctx context.Context, before int64, limit int) ([]*Run, error) {
	if before == 0 {
		before = 1 << 62
	}
	return database.List(ctx, s.db, scanRun, "SELECT "+runColumns+" FROM match_runs WHERE id < ? ORDER BY id DESC LIMIT ?", before, limit)
}

// activeRun returns the run that works now, nil when none does.
func (s *store) activeRun(ctx context.Context) (*Run, error) {
	list, err := database.List(ctx, s.db, scanRun, "SELECT "+runColumns+" FROM match_runs WHERE active = 1")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

func (s *store) createRun(ctx context.Context, r *Run) error {
	id, err := s.db.NextID(ctx, "match_runs")
	if err != nil {
		return err
	}
	r.ID, r.CreatedAt = id, database.Time(ctx)
	_, err = s.db.Exec(ctx, "INSERT INTO match_runs (id, state, phase, active, person_id, settings, created_at) VALUES (?, ?, ?, 1, ?, ?, ?)",
		r.ID, string(r.State), string(r.Phase), r.PersonID, jsonText(r.Settings), r.CreatedAt.UnixMicro())
	return err
}

// saveRun writes everything of a run that changes; active follows from its state.
func (s *store) saveRun(ctx context.Context, r *Run) error {
	var active any
	if r.State == Queued || r.State == Running || r.State == Undoing {
		active = int64(1)
	}
	_, err := s.db.Exec(ctx, "UPDATE match_runs SET state = ?, phase = ?, active = ?, job_id = ?, model_id = ?, figures = ?, position = ?, "+
		"merged = ?, skipped = ?, undone = ?, error = ?, finished_at = ?, undone_at = ? WHERE id = ?",
		string(r.State), string(r.Phase), active, r.JobID, r.ModelID, jsonText(r.Figures), r.position,
		r.Merged, r.Skipped, r.Undone, r.Error, microOrNull(r.FinishedAt), microOrNull(r.UndoneAt), r.ID)
	if err != nil {
		return fmt.Errorf("save run %d: %w", r.ID, err)
	}
	return nil
}

func microOrNull(at *time.Time) any {
	if at == nil {
		return nil
	}
	return at.UnixMicro()
}

// merge is one merge that a run planned.
type merge struct {
	RunID, Position       int64
	SurvivorID, OtherID   int64
	LowRecord, HighRecord int64
	Weight                float64
	Pattern, State        string
}

var mergeColumns = []string{"run_id", "position", "survivor_id", "other_id", "low_record", "high_record", "weight", "pattern", "state"}

func (s *store) insertMerges(ctx context.Context, list []merge) error {
	values := make([]any, 0, len(list)*len(mergeColumns))
	for _, m := range list {
		values = append(values, m.RunID, m.Position, m.SurvivorID, m.OtherID, m.LowRecord, m.HighRecord, m.Weight, m.Pattern, m.State)
	}
	return s.db.InsertRows(ctx, "match_merges", mergeColumns, values, "")
}

func scanMerge(rows *sql.Rows) (merge, error) {
	var m merge
	err := rows.Scan(&m.RunID, &m.Position, &m.SurvivorID, &m.OtherID, &m.LowRecord, &m.HighRecord, &m.Weight, &m.Pattern, &m.State)
	return m, err
}

// mergesAfter returns the planned merges behind a position.
func (s *store) mergesAfter(ctx context.Context, runID, position int64, limit int) ([]merge, error) {
	return database.List(ctx, s.db, scanMerge, "SELECT "+joined(mergeColumns)+
		" FROM match_merges WHERE run_id = ? AND position > ? ORDER BY position LIMIT ?", runID, position, limit)
}

// mergesBefore returns the merges before a position, last first, for undo.
func (s *store) mergesBefore(ctx context.Context, runID, position int64, limit int) ([]merge, error) {
	return database.List(ctx, s.db, scanMerge, "SELECT "+joined(mergeColumns)+
		" FROM match_merges WHERE run_id = ? AND position < ? ORDER BY position DESC LIMIT ?", runID, position, limit)
}

// findMerge returns the standing merge of a run between two customers, nil when no run merged them.
func (s *store) findMerge(ctx context.Context, survivorID, otherID int64) (*merge, error) {
	list, err := database.List(ctx, s.db, scanMerge, "SELECT "+joined(mergeColumns)+
		" FROM match_merges WHERE other_id = ? AND survivor_id = ? AND state = 'merged' ORDER BY run_id DESC LIMIT 1", otherID, survivorID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func (s *store) setMergeState(ctx context.Context, m merge, state string) error {
	_, err := s.db.Exec(ctx, "UPDATE match_merges SET state = ? WHERE run_id = ? AND position = ?", state, m.RunID, m.Position)
	return err
}

// forgetPlan takes back what an unfinished run planned, so that it starts clean.
func (s *store) forgetPlan(ctx context.Context, runID int64) error {
	if _, err := s.db.Exec(ctx, "DELETE FROM match_merges WHERE run_id = ?", runID); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, "DELETE FROM match_pairs WHERE run_id = ? AND state = 'open'", runID)
	return err
}

func joined(columns []string) string {
	text := columns[0]
	for _, column := range columns[1:] {
		text += ", " + column
	}
	return text
}
