// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// metricStore keeps calculated measures.
type metricStore struct{ db *database.DB }

const metricColumns = `id, name, label_ko, label_en, about, formula, kind, owner_id, owner, created_at, updated_at, version`

func scanMetric(rows *sql.Rows) (Metric, error) {
	var m Metric
	var created, updated int64
	err := rows.Scan(&m.ID, &m.Name, &m.Label.Ko, &m.Label.En, &m.About, &m.Formula, &m.Kind, &m.OwnerID, &m.Owner, &created, &updated, &m.Version)
	m.CreatedAt, m.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return m, err
}

// List returns all calculated measures by name.
func (s *metricStore) List(ctx context.Context) ([]Metric, error) {
	if s.db == nil {
		return nil, nil
	}
	list, err := database.List(ctx, s.db, scanMetric, `SELECT `+metricColumns+` FROM metrics ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list metrics: %w", err)
	}
	return list, nil
}

// Find returns a calculated measure or fault.NotFound.
func (s *metricStore) Find(ctx context.Context, id int64) (Metric, error) {
	list, err := database.List(ctx, s.db, scanMetric, `SELECT `+metricColumns+` FROM metrics WHERE id = ?`, id)
	return oneMetric(list, err, fmt.Sprint(id))
}

func (s *metricStore) findByName(ctx context.Context, name string) (Metric, error) {
	if s.db == nil {
		return oneMetric(nil, nil, name)
	}
	list, err := database.List(ctx, s.db, scanMetric, `SELECT `+metricColumns+` FROM metrics WHERE name = ?`, name)
	return oneMetric(list, err, name)
}

func oneMetric(list []Metric, err error, name string) (Metric, error) {
	if err != nil {
		return Metric{}, fmt.Errorf("find metric %s: %w", name, err)
	}
	if len(list) == 0 {
		return Metric{}, fault.New(fault.NotFound, "cube.no_metric", "There is no calculated measure {name}.", "name", name)
	}
	return list[0], nil
}

// Create inserts a calculated measure and returns its id.
func (s *metricStore) Create(ctx context.Context, m Metric) (int64, error) {
	id, err := s.db.NextID(ctx, "metrics")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO metrics (`+metricColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, m.Name, m.Label.Ko, m.Label.En, m.About, m.Formula, string(m.Kind), m.OwnerID, m.Owner, m.CreatedAt, m.UpdatedAt, m.Version)
	if err != nil {
		return 0, fmt.Errorf("save metric %s: %w", m.Name, err)
	}
	return id, nil
}

// Update stores a calculated measure.
func (s *metricStore) Update(ctx context.Context, m Metric) error {
	_, err := s.db.Exec(ctx, `UPDATE metrics SET name = ?, label_ko = ?, label_en = ?, about = ?, formula = ?, kind = ?, owner_id = ?, owner = ?,
		updated_at = ?, version = ? WHERE id = ?`,
		m.Name, m.Label.Ko, m.Label.En, m.About, m.Formula, string(m.Kind), m.OwnerID, m.Owner, m.UpdatedAt, m.Version, m.ID)
	if err != nil {
		return fmt.Errorf("save metric %d: %w", m.ID, err)
	}
	return nil
}

// Delete deletes a calculated measure.
func (s *metricStore) Delete(ctx context.Context, id int64) error {
	if _, err := s.db.Exec(ctx, `DELETE FROM metrics WHERE id = ?`, id); err != nil {
		return fmt.Errorf("delete metric %d: %w", id, err)
	}
	return nil
}
