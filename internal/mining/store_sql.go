// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// store keeps the settings of models.
type store struct{ db *database.DB }

type model struct {
	settings, summary, problem string
	computedAt                 *time.Time
}

// Find returns a model or fault.NotFound.
func (s *store) Find(ctx context.Context, name string) (model, error) {
	var m model
	var computed sql.NullInt64
	err := s.db.Scan(ctx, []any{&m.settings, &m.summary, &m.problem, &computed},
		`SELECT settings, summary, problem, computed_at FROM models WHERE name = ?`, name)
	if err != nil {
		return m, fmt.Errorf("find model %s: %w", name, err)
	}
	if computed.Valid {
		at := time.UnixMicro(computed.Int64).UTC()
		m.computedAt = &at
	}
	return m, nil
}

// Save stores the settings of a model.
func (s *store) Save(ctx context.Context, name, settings string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO models (name, settings, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at`, name, settings, database.Time(ctx))
	if err != nil {
		return fmt.Errorf("save model %s: %w", name, err)
	}
	return nil
}

// SaveResult stores what the last computation came to; a model without saved
// settings keeps its defaults.
func (s *store) SaveResult(ctx context.Context, name, summary, problem string) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		now := database.Time(ctx)
		_, err := s.db.Exec(ctx, `INSERT INTO models (name, settings, summary, problem, computed_at, updated_at) VALUES (?, '{}', ?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET summary = excluded.summary, problem = excluded.problem, computed_at = excluded.computed_at`,
			name, summary, problem, now, now)
		if err != nil {
			return fmt.Errorf("save result of model %s: %w", name, err)
		}
		return nil
	})
}
