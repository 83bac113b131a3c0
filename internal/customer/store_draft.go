// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// severalAfter returns customers with several live records: rules can only choose where there is a choice.
func (s *Store) severalAfter(ctx context.Context, after int64, limit int) ([]int64, error) {
	return database.List(ctx, s.db, scanID, "SELECT id FROM customers WHERE id > ? AND hidden = 0 AND record_count > 1 ORDER BY id LIMIT ?", after, limit)
}

// simulationText is how a simulation is stored: what the API shows and the samples, which need a row scope.
type simulationText struct {
	Simulation
	Samples []int64 `json:"samples"`
}

func (s *Store) insertDraft(ctx context.Context, d *RuleDraft) error {
	rules, err := json.Marshal(d.Rules)
	if err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	_, err = s.db.Exec(ctx, "INSERT INTO rule_drafts (id, state, rules, job_id, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		d.ID, d.State, string(rules), d.JobID, d.CreatedBy, d.CreatedAt.UnixMicro(), d.UpdatedAt.UnixMicro())
	return err
}

func (s *Store) updateDraft(ctx context.Context, d *RuleDraft) error {
	before, err := json.Marshal(d.Before)
	if err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	result := ""
	if d.Result != nil {
		raw, err := json.Marshal(simulationText{*d.Result, d.Result.Samples})
		if err != nil {
			return fmt.Errorf("write the simulation: %w", err)
		}
		result = string(raw)
	}
	_, err = s.db.Exec(ctx, "UPDATE rule_drafts SET state = ?, before = ?, result = ?, job_id = ?, updated_at = ? WHERE id = ?",
		d.State, string(before), result, orNull(d.JobID), d.UpdatedAt.UnixMicro(), d.ID)
	return err
}

const draftColumns = "id, state, rules, before, result, job_id, created_by, created_at, updated_at"

func scanDraft(rows *sql.Rows) (*RuleDraft, error) {
	var d RuleDraft
	var rules, before, result string
	var jobID sql.NullInt64
	var created, updated int64
	if err := rows.Scan(&d.ID, &d.State, &rules, &before, &result, &jobID, &d.CreatedBy, &created, &updated); err != nil {
		return nil, err
	}
	d.JobID, d.CreatedAt, d.UpdatedAt = jobID.Int64, time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if err := json.Unmarshal([]byte(rules), &d.Rules); err != nil {
		return nil, fmt.Errorf("rules of draft %d: %w", d.ID, err)
	}
	if before != "" {
		if err := json.Unmarshal([]byte(before), &d.Before); err != nil {
			return nil, fmt.Errorf("rules before draft %d: %w", d.ID, err)
		}
	}
	if result != "" {
		var text simulationText
		if err := json.Unmarshal([]byte(result), &text); err != nil {
			return nil, fmt.Errorf("simulation of draft %d: %w", d.ID, err)
		}
		text.Simulation.Samples = text.Samples
		d.Result = &text.Simulation
	}
	return &d, nil
}

func (s *Store) findDraft(ctx context.Context, id int64) (*RuleDraft, error) {
	list, err := database.List(ctx, s.db, scanDraft, "SELECT "+draftColumns+" FROM rule_drafts WHERE id = ?", id)
	if err != nil {
		return nil, fmt.Errorf("find rules %d: %w", id, err)
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "customer.no_draft", "There is no draft {id} of rules.", "id", id)
	}
	return list[0], nil
}

func (s *Store) listDrafts(ctx context.Context, limit int) ([]*RuleDraft, error) {
	return database.List(ctx, s.db, scanDraft, "SELECT "+draftColumns+" FROM rule_drafts ORDER BY id DESC LIMIT ?", limit)
}
