// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// mostRuns is how many runs of a kind are kept; older results go.
const mostRuns = 30

const runColumns = `id, kind, state, settings, seed, data_seq, problem, person_id, job_id, created_at, finished_at, pinned_at, note`

// CreateRun stores a run and gives it its id.
func (s *store) CreateRun(ctx context.Context, run *Run) error {
	id, err := s.db.NextID(ctx, "mining_runs")
	if err != nil {
		return err
	}
	run.ID, run.CreatedAt = id, database.Time(ctx)
	_, err = s.db.Exec(ctx, `INSERT INTO mining_runs (id, kind, state, settings, seed, person_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id, run.Kind, string(run.State), string(run.Settings), run.Seed, run.PersonID, run.CreatedAt)
	if err != nil {
		return fmt.Errorf("create run: %w", err)
	}
	_, err = s.db.Exec(ctx, `DELETE FROM mining_runs WHERE kind = ? AND id <= ? AND pinned_at IS NULL AND id NOT IN (SELECT id FROM mining_runs WHERE kind = ? ORDER BY id DESC LIMIT ?)`,
		run.Kind, id, run.Kind, mostRuns)
	if err != nil {
		return fmt.Errorf("forget old runs: %w", err)
	}
	return nil
}

// SetRunJob notes the job of a run.
func (s *store) SetRunJob(ctx context.Context, id, jobID int64) error {
	_, err := s.db.Exec(ctx, `UPDATE mining_runs SET job_id = ? WHERE id = ?`, jobID, id)
	return err
}

// FinishRun stores what a run came to.
func (s *store) FinishRun(ctx context.Context, id int64, state RunState, seq int64, result, problem string) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		_, err := s.db.Exec(ctx, `UPDATE mining_runs SET state = ?, data_seq = ?, result = ?, problem = ?, finished_at = ? WHERE id = ?`,
			string(state), seq, result, problem, database.Time(ctx), id)
		if err != nil {
			return fmt.Errorf("finish run %d: %w", id, err)
		}
		return nil
	})
}

// FindRun returns a run with its result, or fault.NotFound.
func (s *store) FindRun(ctx context.Context, id int64) (*Run, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Run, error) { return scanRun(rows, true) },
		`SELECT `+runColumns+`, result FROM mining_runs WHERE id = ?`, id)
	if err != nil {
		return nil, fmt.Errorf("find run %d: %w", id, err)
	}
	if len(list) == 0 {
		return nil, noRun(id)
	}
	return &list[0], nil
}

// ListRuns returns the runs of a kind, newest first.
func (s *store) ListRuns(ctx context.Context, kind string) ([]Run, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Run, error) { return scanRun(rows, false) },
		`SELECT `+runColumns+` FROM mining_runs WHERE kind = ? ORDER BY id DESC LIMIT ?`, kind, mostRuns)
	if err != nil {
		return nil, fmt.Errorf("list runs of %s: %w", kind, err)
	}
	return list, nil
}

// mostPinned is how many pinned runs a list shows.
const mostPinned = 200

// ListPinned returns the pinned runs, newest first.
func (s *store) ListPinned(ctx context.Context) ([]Run, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Run, error) { return scanRun(rows, false) },
		`SELECT `+runColumns+` FROM mining_runs WHERE pinned_at IS NOT NULL ORDER BY pinned_at DESC, id DESC LIMIT ?`, mostPinned)
	if err != nil {
		return nil, fmt.Errorf("list pinned runs: %w", err)
	}
	return list, nil
}

// SetPin pins a run or lets it go, with its comment.
func (s *store) SetPin(ctx context.Context, id int64, pin Pin) error {
	var at any
	if pin.IsPinned {
		at = database.Time(ctx)
	}
	if _, err := s.db.Exec(ctx, `UPDATE mining_runs SET pinned_at = ?, note = ? WHERE id = ?`, at, pin.Note, id); err != nil {
		return fmt.Errorf("pin run %d: %w", id, err)
	}
	return nil
}

func scanRun(rows *sql.Rows, withResult bool) (Run, error) {
	var r Run
	var settings, state, result string
	var created int64
	var finished, pinned sql.NullInt64
	dest := []any{&r.ID, &r.Kind, &state, &settings, &r.Seed, &r.DataSeq, &r.Problem, &r.PersonID, &r.JobID, &created, &finished, &pinned, &r.Note}
	if withResult {
		dest = append(dest, &result)
	}
	if err := rows.Scan(dest...); err != nil {
		return r, err
	}
	r.State, r.Settings, r.CreatedAt = RunState(state), json.RawMessage(settings), time.UnixMicro(created).UTC()
	if result != "" {
		r.Result = json.RawMessage(result)
	}
	if finished.Valid {
		at := time.UnixMicro(finished.Int64).UTC()
		r.FinishedAt = &at
	}
	if pinned.Valid {
		at := time.UnixMicro(pinned.Int64).UTC()
		r.PinnedAt = &at
	}
	return r, nil
}
