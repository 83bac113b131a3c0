// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
)

// lookupSize is how many ids one statement names.
const lookupSize = 400

// store keeps households, their members, and who was told apart.
type store struct{ db *database.DB }

const householdColumns = "id, state, name, confidence, head_id, decided_at, decided_by, decided_batch, created_at, updated_at, version"

func scanHousehold(rows *sql.Rows) (*Household, error) {
	var h Household
	var head, decidedAt, decidedBy, batch sql.NullInt64
	var created, updated int64
	err := rows.Scan(&h.ID, &h.State, &h.Name, &h.Confidence, &head, &decidedAt, &decidedBy, &batch, &created, &updated, &h.Version)
	h.HeadID, h.DecidedBy, h.DecidedBatch = head.Int64, decidedBy.Int64, batch.Int64
	h.CreatedAt, h.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	if decidedAt.Valid {
		h.DecidedAt = time.UnixMicro(decidedAt.Int64).UTC()
	}
	return &h, err
}

// find returns a household with its members as stored, or fault.NotFound.
func (s *store) find(ctx context.Context, id int64) (*Household, error) {
	list, err := database.List(ctx, s.db, scanHousehold, "SELECT "+householdColumns+" FROM households WHERE id = ?", id)
	if err != nil {
		return nil, fmt.Errorf("find household %d: %w", id, err)
	}
	if len(list) == 0 {
		return nil, errNoHousehold(id)
	}
	return list[0], s.addMembers(ctx, list, true)
}

// addMembers reads the members of households.
func (s *store) addMembers(ctx context.Context, list []*Household, withEvidence bool) error {
	byID := map[int64]*Household{}
	ids := make([]int64, len(list))
	for i, h := range list {
		byID[h.ID], ids[i] = h, h.ID
	}
	column := "NULL"
	if withEvidence {
		column = "evidence"
	}
	for part := range slices.Chunk(ids, lookupSize) {
		_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
			var household int64
			var m Member
			var evidence sql.NullString
			if err := rows.Scan(&household, &m.CustomerID, &m.State, &m.Confidence, &evidence); err != nil {
				return struct{}{}, err
			}
			if evidence.Valid {
				if err := json.Unmarshal([]byte(evidence.String), &m.Evidence); err != nil {
					return struct{}{}, fmt.Errorf("evidence of household %d: %w", household, err)
				}
			}
			byID[household].Members = append(byID[household].Members, m)
			return struct{}{}, nil
		}, "SELECT household_id, customer_id, state, confidence, "+column+" FROM household_members WHERE household_id IN ("+
			database.Marks(len(part))+") ORDER BY household_id, customer_id", anys(part)...)
		if err != nil {
			return fmt.Errorf("load members of households: %w", err)
		}
	}
	return nil
}

func anys(ids []int64) []any {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return args
}

// save writes a household with its members, new or known; Members nil takes it away.
func (s *store) save(ctx context.Context, h *Household) error {
	if err := s.remove(ctx, []int64{h.ID}); err != nil {
		return err
	}
	return s.insert(ctx, []*Household{h})
}

func (s *store) insert(ctx context.Context, list []*Household) error {
	var rows, members []any
	for _, h := range list {
		rows = append(rows, h.ID, h.State, h.Name, int64(h.Confidence), orNull(h.HeadID), timeOrNull(h.DecidedAt), orNull(h.DecidedBy),
			orNull(h.DecidedBatch), h.CreatedAt.UnixMicro(), h.UpdatedAt.UnixMicro(), h.Version)
		for _, m := range h.Members {
			members = append(members, h.ID, m.CustomerID, m.State, int64(m.Confidence), evidenceText(m.Evidence))
		}
	}
	columns := []string{"id", "state", "name", "confidence", "head_id", "decided_at", "decided_by", "decided_batch", "created_at", "updated_at", "version"}
	if err := s.db.InsertRows(ctx, "households", columns, rows, ""); err != nil {
		return err
	}
	return s.insertMembers(ctx, members)
}

func (s *store) insertMembers(ctx context.Context, values []any) error {
	return s.db.InsertRows(ctx, "household_members", []string{"household_id", "customer_id", "state", "confidence", "evidence"}, values, "")
}

func evidenceText(evidence []Evidence) any {
	if len(evidence) == 0 {
		return nil
	}
	raw, _ := json.Marshal(evidence) // numbers and words always encode
	return string(raw)
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func timeOrNull(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UnixMicro()
}

// remove takes households away.
func (s *store) remove(ctx context.Context, ids []int64) error {
	for part := range slices.Chunk(ids, lookupSize) {
		in := " IN (" + database.Marks(len(part)) + ")"
		for _, statement := range []string{"DELETE FROM household_members WHERE household_id" + in, "DELETE FROM households WHERE id" + in} {
			if _, err := s.db.Exec(ctx, statement, anys(part)...); err != nil {
				return fmt.Errorf("remove households: %w", err)
			}
		}
	}
	return nil
}

// membership is one row of household_members with what decides between several.
type membership struct {
	household  int64
	customer   int64 // as stored
	isSure     bool  // of a confirmed household
	confidence int
}

// memberships returns the households that the ids, as stored, belong to.
func (s *store) memberships(ctx context.Context, ids []int64) ([]membership, error) {
	var all []membership
	for part := range slices.Chunk(ids, lookupSize) {
		list, err := database.List(ctx, s.db, func(rows *sql.Rows) (membership, error) {
			var m membership
			var state string
			err := rows.Scan(&m.household, &m.customer, &state, &m.confidence)
			m.isSure = state == Confirmed
			return m, err
		}, "SELECT h.id, m.customer_id, h.state, h.confidence FROM household_members m JOIN households h ON h.id = m.household_id "+
			"WHERE m.state = 'in' AND m.customer_id IN ("+database.Marks(len(part))+")", anys(part)...)
		if err != nil {
			return nil, fmt.Errorf("find households of customers: %w", err)
		}
		all = append(all, list...)
	}
	return all, nil
}

// part remembers that people do not live together.
func (s *store) part(ctx context.Context, pairs []Pair) error {
	person, at := auth.From(ctx).ID, database.Time(ctx).UnixMicro()
	values := make([]any, 0, 4*len(pairs))
	for _, p := range pairs {
		values = append(values, p.Low, p.High, at, person)
	}
	return s.db.InsertRows(ctx, "household_partings", []string{"low_id", "high_id", "parted_at", "parted_by"}, values, "ON CONFLICT DO NOTHING")
}

// unpart forgets that people were told apart.
func (s *store) unpart(ctx context.Context, pairs []Pair) error {
	for _, p := range pairs {
		if _, err := s.db.Exec(ctx, "DELETE FROM household_partings WHERE low_id = ? AND high_id = ?", p.Low, p.High); err != nil {
			return fmt.Errorf("forget a parting: %w", err)
		}
	}
	return nil
}

// isParted reports which of the pairs were told apart before.
func (s *store) isParted(ctx context.Context, p Pair) (bool, error) {
	list, err := database.List(ctx, s.db, scanID, "SELECT low_id FROM household_partings WHERE low_id = ? AND high_id = ?", p.Low, p.High)
	return len(list) > 0, err
}

func scanID(rows *sql.Rows) (int64, error) {
	var id int64
	err := rows.Scan(&id)
	return id, err
}

// ask chooses households for a list.
type ask struct {
	state    string
	from, to int // confidence, thousandths
	after    *cursor
	limit    int
}

type cursor struct {
	Confidence int   `json:"c"`
	ID         int64 `json:"i"`
}

// list returns households that have a member whom the person may see, surest first.
func (s *store) list(ctx context.Context, a ask) ([]*Household, error) {
	where, args := s.where(ctx, a)
	if a.after != nil {
		where += " AND (h.confidence < ? OR h.confidence = ? AND h.id < ?)"
		args = append(args, a.after.Confidence, a.after.Confidence, a.after.ID)
	}
	list, err := database.List(ctx, s.db, scanHousehold, "SELECT "+householdColumns+" FROM households h WHERE "+where+
		" ORDER BY h.confidence DESC, h.id DESC LIMIT ?", append(args, a.limit)...)
	if err != nil {
		return nil, fmt.Errorf("list households: %w", err)
	}
	return list, s.addMembers(ctx, list, true)
}

func (s *store) where(ctx context.Context, a ask) (string, []any) {
	where, args := "h.confidence >= ? AND h.confidence <= ?", []any{a.from, a.to}
	if a.state != "" {
		where, args = where+" AND h.state = ?", append(args, a.state)
	}
	if !auth.ScopeOf(ctx).All {
		scope, more := auth.ScopeSQL(ctx, "c")
		where += " AND EXISTS (SELECT 1 FROM customers c WHERE c.household_id = h.id AND c.hidden = 0 AND " + scope + ")"
		args = append(args, more...)
	}
	return where, args
}

// count counts up to a limit.
func (s *store) count(ctx context.Context, a ask, limit int64) (int64, error) {
	where, args := s.where(ctx, a)
	var n int64
	err := s.db.Scan(ctx, []any{&n}, "SELECT COUNT(*) FROM (SELECT 1 FROM households h WHERE "+where+" LIMIT ?) t", append(args, limit)...)
	return n, err
}
