// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

const stateColumns = `segment_id, state, rules_key, seq, data_version, data_at, started_at, took_micros, scope, engine, why, asked, flips_on, problem`

func scanState(rows *sql.Rows) (stateRow, error) {
	var r stateRow
	var dataAt, startedAt int64
	s := &r.State
	err := rows.Scan(&r.id, &s.State, &s.rulesKey, &s.AsOf.Seq, &s.version, &dataAt, &startedAt, &s.Micros, &s.Scope,
		&s.Explain.Engine, &s.Explain.Why, &s.Asked, &s.FlipsOn, &s.Problem)
	s.AsOf.At, s.StartedAt = time.UnixMicro(dataAt).UTC(), time.UnixMicro(startedAt).UTC()
	return r, err
}

type stateRow struct {
	id int64
	State
}

// FindState returns how a segment was last evaluated; isFirst when it never was.
func (s *store) FindState(ctx context.Context, id int64) (state State, isFirst bool, err error) {
	list, err := database.List(ctx, s.db, scanState, `SELECT `+stateColumns+` FROM segment_states WHERE segment_id = ?`, id)
	if err != nil {
		return State{}, false, fmt.Errorf("find state of segment %d: %w", id, err)
	}
	if len(list) == 0 {
		return State{}, true, nil
	}
	return list[0].State, false, nil
}

// States returns the states of all segments.
func (s *store) States(ctx context.Context) (map[int64]State, error) {
	list, err := database.List(ctx, s.db, scanState, `SELECT `+stateColumns+` FROM segment_states`)
	if err != nil {
		return nil, fmt.Errorf("list states of segments: %w", err)
	}
	out := make(map[int64]State, len(list))
	for _, r := range list {
		out[r.id] = r.State
	}
	return out, nil
}

// SaveState stores how a segment was evaluated.
func (s *store) SaveState(ctx context.Context, id int64, t State) error {
	_, err := s.db.Exec(ctx, `INSERT INTO segment_states (`+stateColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (segment_id) DO UPDATE SET state = excluded.state, rules_key = excluded.rules_key, seq = excluded.seq,
		data_version = excluded.data_version, data_at = excluded.data_at, started_at = excluded.started_at, took_micros = excluded.took_micros,
		scope = excluded.scope, engine = excluded.engine, why = excluded.why, asked = excluded.asked, flips_on = excluded.flips_on, problem = excluded.problem`,
		id, t.State, t.rulesKey, t.AsOf.Seq, t.version, t.AsOf.At, t.StartedAt, t.Micros, t.Scope, t.Explain.Engine, t.Explain.Why, t.Asked, t.FlipsOn, t.Problem)
	if err != nil {
		return fmt.Errorf("save state of segment %d: %w", id, err)
	}
	return nil
}

var errMembers = errors.New("kept members cannot be read")

// Parts returns the members kept, by part; only nil means all parts.
func (s *store) Parts(ctx context.Context, id int64, only []int64) (map[int64][]int64, error) {
	query, args := `SELECT part, ids FROM segment_members WHERE segment_id = ?`, []any{id}
	if only != nil {
		if len(only) == 0 {
			return map[int64][]int64{}, nil
		}
		query += ` AND part IN (` + database.Marks(len(only)) + `)`
		for _, part := range only {
			args = append(args, part)
		}
	}
	parts, err := s.parts(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read members of segment %d: %w", id, err)
	}
	return parts, nil
}

// parts reads parts of lists of customers.
func (s *store) parts(ctx context.Context, query string, args ...any) (map[int64][]int64, error) {
	type row struct {
		part int64
		ids  []int64
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (row, error) {
		var r row
		var packed []byte
		if err := rows.Scan(&r.part, &packed); err != nil {
			return r, err
		}
		var err error
		r.ids, err = unpack(r.part, packed)
		return r, err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	parts := make(map[int64][]int64, len(list))
	for _, r := range list {
		parts[r.part] = r.ids
	}
	return parts, nil
}

// pack writes the ordered ids of a part as distances.
func pack(part int64, ids []int64) []byte {
	packed := make([]byte, 0, 2*len(ids))
	last := part << 16
	for _, id := range ids {
		packed = binary.AppendUvarint(packed, uint64(id-last)) //nolint:gosec // in order
		last = id
	}
	return packed
}

func unpack(part int64, packed []byte) ([]int64, error) {
	ids := make([]int64, 0, len(packed))
	last := part << 16
	for len(packed) > 0 {
		step, size := binary.Uvarint(packed)
		if size <= 0 {
			return nil, errMembers
		}
		packed = packed[size:]
		last += int64(step) //nolint:gosec // below 65,536
		ids = append(ids, last)
	}
	return ids, nil
}

// SavePart stores the members of a part.
func (s *store) SavePart(ctx context.Context, id, part int64, ids []int64) error {
	if len(ids) == 0 {
		if _, err := s.db.Exec(ctx, `DELETE FROM segment_members WHERE segment_id = ? AND part = ?`, id, part); err != nil {
			return fmt.Errorf("save members of segment %d: %w", id, err)
		}
		return nil
	}
	_, err := s.db.Exec(ctx, `INSERT INTO segment_members (segment_id, part, ids) VALUES (?, ?, ?)
		ON CONFLICT (segment_id, part) DO UPDATE SET ids = excluded.ids`, id, part, pack(part, ids))
	if err != nil {
		return fmt.Errorf("save members of segment %d: %w", id, err)
	}
	return nil
}

// AddSize notes how many members there are.
func (s *store) AddSize(ctx context.Context, id int64, z Size) error {
	_, err := s.db.Exec(ctx, `INSERT INTO segment_sizes (segment_id, at, members, entered, gone, cause) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (segment_id, at) DO UPDATE SET members = excluded.members`, id, z.At, z.Members, z.Entered, z.Left, z.Cause)
	if err == nil {
		_, err = s.db.Exec(ctx, `DELETE FROM segment_sizes WHERE segment_id = ? AND at < (SELECT MIN(at) FROM
			(SELECT at FROM segment_sizes WHERE segment_id = ? ORDER BY at DESC LIMIT ?) latest)`, id, id, keptSizes)
	}
	if err != nil {
		return fmt.Errorf("note size of segment %d: %w", id, err)
	}
	return nil
}

// Sizes lists how many members there were, oldest first.
func (s *store) Sizes(ctx context.Context, id int64) ([]Size, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Size, error) {
		var z Size
		var at int64
		err := rows.Scan(&at, &z.Members, &z.Entered, &z.Left, &z.Cause)
		z.At = time.UnixMicro(at).UTC()
		return z, err
	}, `SELECT at, members, entered, gone, cause FROM segment_sizes WHERE segment_id = ? ORDER BY at`, id)
	if err != nil {
		return nil, fmt.Errorf("list sizes of segment %d: %w", id, err)
	}
	if list == nil {
		list = []Size{}
	}
	return list, nil
}

// AddMoves notes who came or went.
func (s *store) AddMoves(ctx context.Context, id int64, at time.Time, ids []int64, isIn bool, cause string) error {
	in := int64(0)
	if isIn {
		in = 1
	}
	values := make([]any, 0, len(ids)*5)
	for _, customer := range ids {
		values = append(values, id, at.UnixMicro(), customer, in, cause)
	}
	err := s.db.InsertRows(ctx, "segment_moves", []string{"segment_id", "at", "customer_id", "is_in", "cause"}, values, "ON CONFLICT DO NOTHING")
	if err == nil {
		_, err = s.db.Exec(ctx, `DELETE FROM segment_moves WHERE segment_id = ? AND at < (SELECT MIN(at) FROM
			(SELECT at FROM segment_moves WHERE segment_id = ? ORDER BY at DESC LIMIT ?) latest)`, id, id, keptMoves)
	}
	if err != nil {
		return fmt.Errorf("note moves of segment %d: %w", id, err)
	}
	return nil
}

// Moves lists who came and went lately, newest first.
func (s *store) Moves(ctx context.Context, id int64) ([]Move, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Move, error) {
		var m Move
		var at, in int64
		err := rows.Scan(&at, &m.CustomerID, &in, &m.Cause)
		m.At, m.IsIn = time.UnixMicro(at).UTC(), in == 1
		return m, err
	}, `SELECT at, customer_id, is_in, cause FROM segment_moves WHERE segment_id = ? ORDER BY at DESC, customer_id LIMIT ?`, id, keptMoves)
	if err != nil {
		return nil, fmt.Errorf("list moves of segment %d: %w", id, err)
	}
	if list == nil {
		list = []Move{}
	}
	return list, nil
}
