// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

const viewColumns = "id, name, entity, owner_id, is_shared, is_default, settings, position, created_at, updated_at, version"

func scanView(rows *sql.Rows) (View, error) {
	var v View
	var shared, standard, created, updated int64
	var settings string
	err := rows.Scan(&v.ID, &v.Name, &v.Entity, &v.OwnerID, &shared, &standard, &settings, &v.Position, &created, &updated, &v.Version)
	v.IsShared, v.IsDefault, v.Settings = shared != 0, standard != 0, []byte(settings)
	v.CreatedAt, v.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return v, err
}

func (s *Store) listViews(ctx context.Context, entity string, personID int64) ([]View, error) {
	list, err := database.List(ctx, s.db, scanView, "SELECT "+viewColumns+
		" FROM saved_views WHERE entity = ? AND (owner_id = ? OR is_shared = 1) ORDER BY position, id", entity, personID)
	if err != nil {
		return nil, fmt.Errorf("list views: %w", err)
	}
	return list, nil
}

func (s *Store) findView(ctx context.Context, id int64) (View, error) {
	list, err := database.List(ctx, s.db, scanView, "SELECT "+viewColumns+" FROM saved_views WHERE id = ?", id)
	if err != nil {
		return View{}, fmt.Errorf("find view %d: %w", id, err)
	}
	if len(list) == 0 {
		return View{}, errNoView(id)
	}
	return list[0], nil
}

func (s *Store) saveView(ctx context.Context, v View) (View, error) {
	at := database.Time(ctx)
	v.UpdatedAt = at
	if v.IsDefault {
		if _, err := s.db.Exec(ctx, "UPDATE saved_views SET is_default = 0 WHERE owner_id = ? AND entity = ?", v.OwnerID, v.Entity); err != nil {
			return v, fmt.Errorf("change the default view: %w", err)
		}
	}
	if v.ID != 0 {
		v.Version++
		_, err := s.db.Exec(ctx, "UPDATE saved_views SET name = ?, owner_id = ?, is_shared = ?, is_default = ?, settings = ?, position = ?, "+
			"updated_at = ?, version = ? WHERE id = ?", v.Name, v.OwnerID, v.IsShared, v.IsDefault, string(v.Settings), v.Position, at, v.Version, v.ID)
		return v, err
	}
	id, err := s.db.NextID(ctx, "saved_views")
	if err != nil {
		return v, err
	}
	v.ID, v.CreatedAt, v.Version = id, at, 1
	_, err = s.db.Exec(ctx, "INSERT INTO saved_views ("+viewColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		v.ID, v.Name, v.Entity, v.OwnerID, v.IsShared, v.IsDefault, string(v.Settings), v.Position, at, at, v.Version)
	return v, err
}

func (s *Store) deleteView(ctx context.Context, id int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM saved_views WHERE id = ?", id)
	return err
}
