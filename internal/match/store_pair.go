// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
)

var pairColumns = []string{
	"id", "run_id", "model_id", "low_id", "high_id", "low_record", "high_record", "weight", "pattern", "remark", "state", "created_at",
}

func scanPair(rows *sql.Rows) (Pair, error) {
	var p Pair
	var created int64
	err := rows.Scan(&p.ID, &p.RunID, &p.ModelID, &p.LowID, &p.HighID, &p.LowRecord, &p.HighRecord, &p.Weight, &p.Pattern, &p.Remark, &p.State, &created)
	p.CreatedAt = time.UnixMicro(created).UTC()
	return p, err
}

// upsertPairs adds pairs to the queue; one that is there already and undecided gets the new evidence.
func (s *store) upsertPairs(ctx context.Context, list []Pair) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "match_pairs", len(list))
	if err != nil {
		return err
	}
	at := database.Time(ctx).UnixMicro()
	values := make([]any, 0, len(list)*len(pairColumns))
	for i, p := range list {
		values = append(values, ids[i], p.RunID, p.ModelID, p.LowID, p.HighID, p.LowRecord, p.HighRecord, p.Weight, p.Pattern, p.Remark, "open", at)
	}
	return s.db.InsertRows(ctx, "match_pairs", pairColumns, values, "ON CONFLICT (low_id, high_id) DO UPDATE SET "+
		"run_id = excluded.run_id, model_id = excluded.model_id, low_record = excluded.low_record, high_record = excluded.high_record, "+
		"weight = excluded.weight, pattern = excluded.pattern, remark = excluded.remark, "+
		"state = CASE WHEN match_pairs.state = 'later' THEN 'later' ELSE 'open' END")
}

// dropOpen empties the queue of pairs that another run found and nobody has looked at.
func (s *store) dropOpen(ctx context.Context, exceptRun int64) error {
	_, err := s.db.Exec(ctx, "DELETE FROM match_pairs WHERE state = 'open' AND run_id <> ?", exceptRun)
	return err
}

// Filter chooses pairs of the review queue.
type Filter struct {
	State   string
	Pattern string
	Remark  string
	Least   *float64
	Most    *float64
	// Customer keeps pairs of one customer.
	Customer int64
	// Order is "doubt" (nearest to even odds first), "weight" (surest first) or "oldest".
	Order  string
	Offset int
	Limit  int
}

const pairFrom = " FROM match_pairs p JOIN customers a ON a.id = p.low_id AND a.hidden = 0 JOIN customers b ON b.id = p.high_id AND b.hidden = 0 "

func (f Filter) where(ctx context.Context) (string, []any) {
	parts, args := []string{}, []any{}
	add := func(use bool, condition string, values ...any) {
		if use {
			parts, args = append(parts, condition), append(args, values...)
		}
	}
	state := f.State
	if state == "" {
		state = "open"
	}
	add(true, "p.state = ?", state)
	add(f.Pattern != "", "p.pattern = ?", f.Pattern)
	add(f.Remark != "", "p.remark = ?", f.Remark)
	if f.Least != nil {
		add(true, "p.weight >= ?", *f.Least)
	}
	if f.Most != nil {
		add(true, "p.weight < ?", *f.Most)
	}
	add(f.Customer != 0, "(p.low_id = ? OR p.high_id = ?)", f.Customer, f.Customer)
	for _, alias := range []string{"a", "b"} {
		condition, values := auth.ScopeSQL(ctx, alias)
		add(true, condition, values...)
	}
	return "WHERE " + strings.Join(parts, " AND "), args
}

func (s *store) listPairs(ctx context.Context, f Filter) ([]Pair, error) {
	where, args := f.where(ctx)
	order := map[string]string{"weight": "p.weight DESC, p.id", "oldest": "p.id"}[f.Order]
	if order == "" {
		order = "ABS(p.weight), p.id"
	}
	list, err := database.List(ctx, s.db, scanPair, "SELECT p."+strings.Join(pairColumns, ", p.")+pairFrom+where+
		" ORDER BY "+order+" LIMIT ? OFFSET ?", append(args, f.Limit, f.Offset)...)
	if err != nil {
		return nil, fmt.Errorf("list pairs: %w", err)
	}
	return list, nil
}

// countCap bounds what counting the queue costs.
const countCap = 100_000

func (s *store) countPairs(ctx context.Context, f Filter) (n int64, err error) {
	where, args := f.where(ctx)
	err = s.db.Scan(ctx, []any{&n}, "SELECT COUNT(*) FROM (SELECT 1 AS one"+pairFrom+where+" LIMIT ?) counted", append(args, countCap)...)
	return n, err
}

// PatternGroup is all waiting pairs with the same levels.
type PatternGroup struct {
	Pattern string  `json:"pattern"`
	ModelID int64   `json:"model_id"`
	Pairs   int64   `json:"pairs"`
	Least   float64 `json:"least"`
	Most    float64 `json:"most"`
}

func (s *store) listPatterns(ctx context.Context, f Filter) ([]PatternGroup, error) {
	where, args := f.where(ctx)
	return database.List(ctx, s.db, func(rows *sql.Rows) (PatternGroup, error) {
		var g PatternGroup
		err := rows.Scan(&g.Pattern, &g.ModelID, &g.Pairs, &g.Least, &g.Most)
		return g, err
	}, "SELECT p.pattern, p.model_id, COUNT(*), MIN(p.weight), MAX(p.weight)"+pairFrom+where+
		" GROUP BY p.pattern, p.model_id ORDER BY COUNT(*) DESC, p.pattern LIMIT ?", append(args, f.Limit)...)
}

// findPair returns a pair whatever its state, or fault.NotFound; whether the person may see both customers
// is the service's matter.
func (s *store) findPair(ctx context.Context, id int64) (Pair, error) {
	list, err := database.List(ctx, s.db, scanPair, "SELECT "+joined(pairColumns)+" FROM match_pairs WHERE id = ?", id)
	return one(list, err, errNoPair(id))
}

func (s *store) setPairState(ctx context.Context, id int64, state string) error {
	_, err := s.db.Exec(ctx, "UPDATE match_pairs SET state = ? WHERE id = ?", state, id)
	return err
}

var decisionColumns = []string{
	"id", "pair_id", "group_id", "run_id", "model_id", "low_id", "high_id", "survivor_id", "weight", "pattern", "decision", "via",
	"decided_at", "decided_by",
}

const decisionSelect = ", undone_at, undone_by"

func scanDecision(rows *sql.Rows) (Decision, error) {
	var d Decision
	var at int64
	var undone, by sql.NullInt64
	err := rows.Scan(&d.ID, &d.PairID, &d.GroupID, &d.RunID, &d.ModelID, &d.LowID, &d.HighID, &d.SurvivorID, &d.Weight, &d.Pattern,
		&d.Decision, &d.Via, &at, &d.DecidedBy, &undone, &by)
	d.DecidedAt, d.UndoneAt, d.UndoneBy = time.UnixMicro(at).UTC(), when(undone), by.Int64
	return d, err
}

func (s *store) createDecision(ctx context.Context, d *Decision) error {
	id, err := s.db.NextID(ctx, "match_decisions")
	if err != nil {
		return err
	}
	d.ID, d.DecidedAt, d.DecidedBy = id, database.Time(ctx), auth.From(ctx).ID
	return s.db.InsertRows(ctx, "match_decisions", decisionColumns, []any{
		d.ID, d.PairID, d.GroupID, d.RunID, d.ModelID, d.LowID, d.HighID, d.SurvivorID, d.Weight, d.Pattern, d.Decision, d.Via,
		d.DecidedAt.UnixMicro(), d.DecidedBy,
	}, "")
}

// listDecisions returns decisions, newest first; those on customers out of the person's sight are left out.
func (s *store) listDecisions(ctx context.Context, before int64, limit int) ([]Decision, error) {
	if before == 0 {
		before = 1 << 62
	}
	low, args := auth.ScopeSQL(ctx, "a")
	high, more := auth.ScopeSQL(ctx, "b")
	args = append(append(append([]any{before}, args...), more...), limit)
	return database.List(ctx, s.db, scanDecision, "SELECT d."+strings.Join(decisionColumns, ", d.")+decisionSelect+
		" FROM match_decisions d JOIN customers a ON a.id = d.low_id JOIN customers b ON b.id = d.high_id WHERE d.id < ? AND "+
		low+" AND "+high+" ORDER BY d.id DESC LIMIT ?", args...)
}

func (s *store) findDecision(ctx context.Context, id int64) (Decision, error) {
	list, err := database.List(ctx, s.db, scanDecision, "SELECT "+joined(decisionColumns)+decisionSelect+" FROM match_decisions WHERE id = ?", id)
	return one(list, err, errNoDecision(id))
}

// groupOf returns the standing decisions that were taken together, last first.
func (s *store) groupOf(ctx context.Context, groupID int64) ([]Decision, error) {
	return database.List(ctx, s.db, scanDecision, "SELECT "+joined(decisionColumns)+decisionSelect+
		" FROM match_decisions WHERE group_id = ? AND undone_at IS NULL ORDER BY id DESC", groupID)
}

// standing returns all decisions that were not taken back, for estimates and training.
func (s *store) standing(ctx context.Context) ([]Decision, error) {
	return database.List(ctx, s.db, scanDecision, "SELECT "+joined(decisionColumns)+decisionSelect+
		" FROM match_decisions WHERE undone_at IS NULL ORDER BY id")
}

func (s *store) markUndone(ctx context.Context, id int64) error {
	_, err := s.db.Exec(ctx, "UPDATE match_decisions SET undone_at = ?, undone_by = ? WHERE id = ?",
		database.Time(ctx).UnixMicro(), auth.From(ctx).ID, id)
	return err
}

func (s *store) setGroup(ctx context.Context, id, group int64) error {
	_, err := s.db.Exec(ctx, "UPDATE match_decisions SET group_id = ? WHERE id = ?", group, id)
	return err
}
