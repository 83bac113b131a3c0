// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// mostMonitors is how many refreshes of a model are remembered.
const mostMonitors = 120

const modelColumns = `id, event, settings, champion, champion_card, challenger, challenger_card, compared, schedule, scored_at, created_at, updated_at`

// FindModel returns the model in use for an event with its monitors, or fault.NotFound.
func (s *store) FindModel(ctx context.Context, event string) (*ModelInUse, error) {
	list, err := s.models(ctx, ` WHERE event = ?`, event)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "mining.no_model", "No model is in use for {event}.", "event", event)
	}
	return list[0], nil
}

// modelLock is an arbitrary number: who changes a model in use waits for the
// others, also where there is no row yet to be locked.
const modelLock = 0x64616e676f6c4d

// LockModel is FindModel for a transaction that writes the model.
func (s *store) LockModel(ctx context.Context, event string) (*ModelInUse, error) {
	if s.db.IsPostgres() {
		if _, err := s.db.Exec(ctx, "SELECT pg_advisory_xact_lock(?)", int64(modelLock)); err != nil {
			return nil, fmt.Errorf("lock models: %w", err)
		}
	}
	return s.FindModel(ctx, event)
}

// SetScored notes when the scores of a model were written.
func (s *store) SetScored(ctx context.Context, id int64, at time.Time) error {
	if _, err := s.db.Exec(ctx, `UPDATE mining_models SET scored_at = ? WHERE id = ?`, at, id); err != nil {
		return fmt.Errorf("set when model %d scored: %w", id, err)
	}
	return nil
}

// ListModels returns all models in use with their monitors.
func (s *store) ListModels(ctx context.Context) ([]*ModelInUse, error) { return s.models(ctx, ``) }

func (s *store) models(ctx context.Context, where string, args ...any) ([]*ModelInUse, error) {
	list, err := database.List(ctx, s.db, scanModel, `SELECT `+modelColumns+` FROM mining_models`+where+` ORDER BY event`, args...)
	if err != nil {
		return nil, fmt.Errorf("find models in use: %w", err)
	}
	for _, m := range list {
		monitors, err := database.List(ctx, s.db, func(rows *sql.Rows) (Monitor, error) {
			var out Monitor
			var text string
			err := rows.Scan(&text)
			if err == nil {
				err = json.Unmarshal([]byte(text), &out)
			}
			return out, err
		}, `SELECT result FROM mining_monitors WHERE model_id = ? ORDER BY id`, m.ID)
		if err != nil {
			return nil, fmt.Errorf("find monitors of model %d: %w", m.ID, err)
		}
		m.Monitors = monitors
	}
	return list, nil
}

func scanModel(rows *sql.Rows) (*ModelInUse, error) {
	m := &ModelInUse{}
	var settings, card, challengerCard, compared string
	var scored sql.NullInt64
	var created, updated int64
	err := rows.Scan(&m.ID, &m.Event, &settings, &m.champion, &card, &m.challenger, &challengerCard, &compared, &m.Schedule, &scored, &created, &updated)
	if err != nil {
		return nil, err
	}
	m.CreatedAt, m.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if scored.Valid {
		at := time.UnixMicro(scored.Int64).UTC()
		m.ScoredAt = &at
	}
	err = errors.Join(json.Unmarshal([]byte(settings), &m.Settings), json.Unmarshal([]byte(card), &m.Champion))
	if challengerCard != "" {
		err = errors.Join(err, json.Unmarshal([]byte(challengerCard), &m.Challenger))
	}
	if compared != "" {
		err = errors.Join(err, json.Unmarshal([]byte(compared), &m.Compared))
	}
	kind, _ := targetOfEvent(m.Event)
	m.Field = kind.field
	return m, err
}

// SaveModel stores every column of a model that LockModel found in the same
// transaction; one without id takes the place of the event's.
func (s *store) SaveModel(ctx context.Context, m *ModelInUse) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		now := database.Time(ctx)
		if m.ID == 0 {
			if err := s.insertModel(ctx, m, now); err != nil {
				return err
			}
		}
		text := func(v any) string { return string(mustJSON(v)) }
		challenger, compared := "", ""
		if m.Challenger != nil {
			challenger = text(m.Challenger)
		}
		if m.Compared != nil {
			compared = text(m.Compared)
		}
		var packed any
		if len(m.challenger) > 0 {
			packed = m.challenger
		}
		_, err := s.db.Exec(ctx, `UPDATE mining_models SET settings = ?, champion = ?, champion_card = ?, challenger = ?, challenger_card = ?, compared = ?, schedule = ?, scored_at = ?, updated_at = ? WHERE id = ?`,
			text(m.Settings), m.champion, text(m.Champion), packed, challenger, compared, m.Schedule, m.ScoredAt, now, m.ID)
		if err != nil {
			return fmt.Errorf("save model of %s: %w", m.Event, err)
		}
		return nil
	})
}

func (s *store) insertModel(ctx context.Context, m *ModelInUse, now time.Time) error {
	before, err := s.FindModel(ctx, m.Event)
	if err == nil {
		err = s.DeleteModel(ctx, before.ID)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if m.ID, err = s.db.NextID(ctx, "mining_models"); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO mining_models (id, event, settings, champion, champion_card, schedule, created_at, updated_at) VALUES (?, ?, '{}', ?, '{}', ?, ?, ?)`,
		m.ID, m.Event, m.champion, m.Schedule, now, now)
	if err != nil {
		return fmt.Errorf("create model of %s: %w", m.Event, err)
	}
	return nil
}

// DeleteModel forgets a model and its monitors.
func (s *store) DeleteModel(ctx context.Context, id int64) error {
	for _, query := range []string{`DELETE FROM mining_monitors WHERE model_id = ?`, `DELETE FROM mining_models WHERE id = ?`} {
		if _, err := s.db.Exec(ctx, query, id); err != nil {
			return fmt.Errorf("delete model %d: %w", id, err)
		}
	}
	return nil
}

// AddMonitor remembers what a refresh saw; the oldest go.
func (s *store) AddMonitor(ctx context.Context, modelID int64, m *Monitor) error {
	id, err := s.db.NextID(ctx, "mining_monitors")
	if err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `INSERT INTO mining_monitors (id, model_id, at, result) VALUES (?, ?, ?, ?)`, id, modelID, m.At, string(mustJSON(m))); err != nil {
		return fmt.Errorf("add monitor: %w", err)
	}
	_, err = s.db.Exec(ctx, `DELETE FROM mining_monitors WHERE model_id = ? AND id NOT IN (SELECT id FROM mining_monitors WHERE model_id = ? ORDER BY id DESC LIMIT ?)`, modelID, modelID, mostMonitors)
	return err
}
