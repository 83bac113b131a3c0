// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps saved segments in the system of record.
type store struct{ db *database.DB }

const segmentColumns = `id, name, description, rules, origin, owner_id, member_count, counted_at, problem, created_at, updated_at, version`

func scanSegment(rows *sql.Rows) (Segment, error) {
	var s Segment
	var rules string
	var count, counted sql.NullInt64
	var created, updated int64
	err := rows.Scan(&s.ID, &s.Name, &s.Description, &rules, &s.Origin, &s.OwnerID, &count, &counted, &s.Problem, &created, &updated, &s.Version)
	s.Rules = json.RawMessage(rules)
	if count.Valid {
		s.Count = &count.Int64
	}
	if counted.Valid {
		at := time.UnixMicro(counted.Int64).UTC()
		s.CountedAt = &at
	}
	s.CreatedAt, s.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return s, err
}

// List returns the segments that are not archived, by name.
func (s *store) List(ctx context.Context) ([]Segment, error) {
	list, err := database.List(ctx, s.db, scanSegment, `SELECT `+segmentColumns+` FROM segments WHERE archived_at IS NULL ORDER BY name, id`)
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	return list, nil
}

// Find returns a segment or fault.NotFound.
func (s *store) Find(ctx context.Context, id int64) (Segment, error) {
	list, err := database.List(ctx, s.db, scanSegment, `SELECT `+segmentColumns+` FROM segments WHERE id = ? AND archived_at IS NULL`, id)
	if err != nil {
		return Segment{}, fmt.Errorf("find segment %d: %w", id, err)
	}
	if len(list) == 0 {
		return Segment{}, fault.New(fault.NotFound, "segment.not_found", "There is no segment {id}; it may have been deleted.", "id", id)
	}
	return list[0], nil
}

// FindVersion returns the rules of an older version or fault.NotFound.
func (s *store) FindVersion(ctx context.Context, id, version int64) (json.RawMessage, error) {
	var rules string
	err := s.db.Scan(ctx, []any{&rules}, `SELECT rules FROM segment_versions WHERE segment_id = ? AND version = ?`, id, version)
	if err != nil {
		return nil, fmt.Errorf("version %d of segment %d: %w", version, id, err)
	}
	return json.RawMessage(rules), nil
}

// Create inserts a segment with its first version.
func (s *store) Create(ctx context.Context, in Segment) (int64, error) {
	id, err := s.db.NextID(ctx, "segments")
	if err != nil {
		return 0, err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO segments (id, name, description, rules, origin, owner_id, member_count, counted_at, created_at, updated_at, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, in.Name, in.Description, string(in.Rules), in.Origin, in.OwnerID, in.Count, in.CountedAt, in.CreatedAt, in.UpdatedAt, in.Version)
	if err != nil {
		return 0, nameTaken(err, in.Name)
	}
	in.ID = id
	return id, s.keepVersion(ctx, in)
}

// Update stores a segment with its new version.
func (s *store) Update(ctx context.Context, in Segment) error {
	_, err := s.db.Exec(ctx, `UPDATE segments SET name = ?, description = ?, rules = ?, member_count = ?, counted_at = ?, problem = ?, updated_at = ?, version = ?
		WHERE id = ?`, in.Name, in.Description, string(in.Rules), in.Count, in.CountedAt, in.Problem, in.UpdatedAt, in.Version, in.ID)
	if err != nil {
		return nameTaken(err, in.Name)
	}
	return s.keepVersion(ctx, in)
}

func (s *store) keepVersion(ctx context.Context, in Segment) error {
	_, err := s.db.Exec(ctx, `INSERT INTO segment_versions (segment_id, version, rules, saved_at, saved_by) VALUES (?, ?, ?, ?, ?)`,
		in.ID, in.Version, string(in.Rules), in.UpdatedAt, auth.From(ctx).ID)
	if err != nil {
		return fmt.Errorf("keep version %d of segment %d: %w", in.Version, in.ID, err)
	}
	return nil
}

func nameTaken(err error, name string) error {
	if fault.Is(err, fault.Conflict) {
		return fault.Wrap(err, fault.Conflict, "segment.exists", "There is a segment named {name} already; choose another name.", "name", name)
	}
	return fmt.Errorf("save segment %s: %w", name, err)
}

// SaveCount stores what a count found, or why it could not be made.
func (s *store) SaveCount(ctx context.Context, id int64, count *int64, problem string) error {
	_, err := s.db.Exec(ctx, `UPDATE segments SET member_count = COALESCE(?, member_count), counted_at = ?, problem = ? WHERE id = ?`,
		count, database.Time(ctx), problem, id)
	if err != nil {
		return fmt.Errorf("save count of segment %d: %w", id, err)
	}
	return nil
}

// Delete archives a segment: campaigns keep naming it.
func (s *store) Delete(ctx context.Context, id int64) error {
	_, err := s.db.Exec(ctx, `UPDATE segments SET archived_at = ? WHERE id = ?`, database.Time(ctx), id)
	if err != nil {
		return fmt.Errorf("delete segment %d: %w", id, err)
	}
	return nil
}
