// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// triggers lists all triggers with what they ordered since a moment.
func (s *store) triggers(ctx context.Context, since time.Time) ([]Trigger, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Trigger, error) {
		var t Trigger
		var activated, problem *int64
		err := rows.Scan(&t.ID, &t.Event, &t.TemplateID, &t.Template, &t.DelayMin, &t.IsActive, &activated, &t.Version, &t.Missed, &t.Problem, &problem, &t.Sent)
		t.ActivatedAt, t.ProblemAt = maybe(activated), maybe(problem)
		return t, err
	}, `SELECT g.id, g.event, g.template_id, COALESCE(t.name, ''), g.delay, g.is_active = 1, g.activated_at, g.version,
		g.missed, g.problem, g.problem_at,
		(SELECT COUNT(*) FROM dispatches d WHERE d.kind = 'trigger' AND d.template_id = g.template_id AND d.origin = g.event AND d.created_at >= ?)
		FROM mail_triggers g LEFT JOIN templates t ON t.id = g.template_id ORDER BY g.event, g.id`, since.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("list triggers: %w", err)
	}
	return list, nil
}

// saveTrigger writes a trigger; a version other than the row's is a conflict.
func (s *store) saveTrigger(ctx context.Context, id int64, c TriggerContent, now time.Time) (int64, error) {
	active := 0
	var activated any
	if c.IsActive {
		active, activated = 1, now.UnixMicro()
	}
	if id == 0 {
		id, err := s.db.NextID(ctx, "mail_triggers")
		if err != nil {
			return 0, err
		}
		_, err = s.db.Exec(ctx, `INSERT INTO mail_triggers (id, event, template_id, delay, is_active, activated_at, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, c.Event, c.TemplateID, c.DelayMin, active, activated, now.UnixMicro(), now.UnixMicro())
		return id, err
	}
	result, err := s.db.Exec(ctx, `UPDATE mail_triggers SET event = ?, template_id = ?, delay = ?,
		activated_at = CASE WHEN ? = 0 THEN NULL WHEN is_active = 1 THEN activated_at ELSE ? END, is_active = ?,
		version = version + 1, updated_at = ? WHERE id = ? AND version = ?`,
		c.Event, c.TemplateID, c.DelayMin, active, now.UnixMicro(), active, now.UnixMicro(), id, c.Version)
	if err != nil {
		return 0, fmt.Errorf("save trigger %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return id, err
	}
	return 0, fault.New(fault.Conflict, "mail.changed", "Somebody else has changed it meanwhile; look at it again.")
}

func (s *store) deleteTrigger(ctx context.Context, id int64) error {
	result, err := s.db.Exec(ctx, `DELETE FROM mail_triggers WHERE id = ?`, id)
	if err != nil {
		return fmt.Errorf("delete trigger %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.NotFound, "mail.no_trigger", "There is no such trigger.")
}

// missed counts an event for which nothing could be ordered.
func (s *store) missed(ctx context.Context, id int64, why string, now time.Time) error {
	_, err := s.db.Exec(ctx, `UPDATE mail_triggers SET missed = missed + 1, problem = ?, problem_at = ? WHERE id = ?`, why, now.UnixMicro(), id)
	return err
}
