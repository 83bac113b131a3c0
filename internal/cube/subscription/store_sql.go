// SPDX-License-Identifier: Apache-2.0

package subscription

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// keptRuns is how many runs of a subscription are kept.
const keptRuns = 100

// store keeps when subscriptions are due and what became of them; the shelf keeps the rest.
type store struct{ db *database.DB }

// standing is how a subscription stands.
type standing struct {
	id       int64
	nextAt   int64
	isFiring bool
}

func scanStanding(rows *sql.Rows) (standing, error) {
	var s standing
	err := rows.Scan(&s.id, &s.nextAt, &s.isFiring)
	return s, err
}

// Standings returns how all subscriptions stand.
func (s *store) Standings(ctx context.Context) (map[int64]standing, error) {
	list, err := database.List(ctx, s.db, scanStanding, `SELECT id, next_at, is_firing FROM subscriptions`)
	if err != nil {
		return nil, fmt.Errorf("list standings of subscriptions: %w", err)
	}
	out := make(map[int64]standing, len(list))
	for _, one := range list {
		out[one.id] = one
	}
	return out, nil
}

// Due lists the subscriptions that are due, the longest waiting first, with their owners.
func (s *store) Due(ctx context.Context, now time.Time) ([]due, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (due, error) {
		var d due
		err := rows.Scan(&d.id, &d.ownerID)
		return d, err
	}, `SELECT id, owner_id FROM subscriptions WHERE next_at > 0 AND next_at <= ? ORDER BY next_at, id LIMIT 200`, now)
	if err != nil {
		return nil, fmt.Errorf("list due subscriptions: %w", err)
	}
	return list, nil
}

type due struct{ id, ownerID int64 }

// Claim moves the time of a subscription; it is false when another did so before.
func (s *store) Claim(ctx context.Context, id int64, now time.Time, next int64) (bool, error) {
	result, err := s.db.Exec(ctx, `UPDATE subscriptions SET next_at = ? WHERE id = ? AND next_at > 0 AND next_at <= ?`, next, id, now)
	if err != nil {
		return false, fmt.Errorf("claim subscription %d: %w", id, err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// SetNext says when a subscription is due; 0 is never.
func (s *store) SetNext(ctx context.Context, id, next int64) error {
	if _, err := s.db.Exec(ctx, `UPDATE subscriptions SET next_at = ? WHERE id = ?`, next, id); err != nil {
		return fmt.Errorf("plan subscription %d: %w", id, err)
	}
	return nil
}

// SetFiring says whether the condition of an alert holds.
func (s *store) SetFiring(ctx context.Context, id int64, isFiring bool) error {
	if _, err := s.db.Exec(ctx, `UPDATE subscriptions SET is_firing = ? WHERE id = ?`, isFiring, id); err != nil {
		return fmt.Errorf("mark alert %d: %w", id, err)
	}
	return nil
}

// AddRun keeps a run and returns its id; the oldest ones go.
func (s *store) AddRun(ctx context.Context, id int64, at time.Time, outcome string, d Detail) (int64, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return 0, fmt.Errorf("keep run of subscription %d: %w", id, err)
	}
	run, err := s.db.NextID(ctx, "subscription_runs")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO subscription_runs (id, subscription_id, at, outcome, detail) VALUES (?, ?, ?, ?, ?)`, run, id, at, outcome, string(raw))
	if err != nil {
		return 0, fmt.Errorf("keep run of subscription %d: %w", id, err)
	}
	_, err = s.db.Exec(ctx, `DELETE FROM subscription_runs WHERE subscription_id = ? AND id <= (SELECT id FROM subscription_runs
		WHERE subscription_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`, id, id, keptRuns)
	if err != nil {
		return 0, fmt.Errorf("drop old runs of subscription %d: %w", id, err)
	}
	return run, nil
}

// EndRun says what became of a run.
func (s *store) EndRun(ctx context.Context, run int64, outcome string, d Detail) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("keep run %d: %w", run, err)
	}
	if _, err := s.db.Exec(ctx, `UPDATE subscription_runs SET outcome = ?, detail = ? WHERE id = ?`, outcome, string(raw), run); err != nil {
		return fmt.Errorf("keep run %d: %w", run, err)
	}
	return nil
}

func scanRun(rows *sql.Rows) (Run, error) {
	var r Run
	var at int64
	var detail string
	if err := rows.Scan(&r.ID, &at, &r.Outcome, &detail); err != nil {
		return r, err
	}
	r.At = time.UnixMicro(at).UTC()
	return r, json.Unmarshal([]byte(detail), &r.Detail)
}

// Runs lists the runs of a subscription, the newest first.
func (s *store) Runs(ctx context.Context, id int64, most int) ([]Run, error) {
	list, err := database.List(ctx, s.db, scanRun, `SELECT id, at, outcome, detail FROM subscription_runs WHERE subscription_id = ? ORDER BY id DESC LIMIT ?`, id, most)
	if err != nil {
		return nil, fmt.Errorf("list runs of subscription %d: %w", id, err)
	}
	return list, nil
}

// DropRuns forgets the runs of a subscription.
func (s *store) DropRuns(ctx context.Context, id int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM subscription_runs WHERE subscription_id = ?`, id); err != nil {
		return fmt.Errorf("drop runs of subscription %d: %w", id, err)
	}
	return nil
}
