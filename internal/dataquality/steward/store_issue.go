// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const (
	stateOpen     = "open"
	stateClosed   = "closed"
	outcomeMended = "mended"
	outcomeRight  = "right"
	outcomeLater  = "later"
)

// stored is an issue as kept.
type stored struct {
	Issue
	ID           int64
	CustomerID   int64
	State        string
	Outcome      string
	FoundAt      time.Time
	ClaimedBy    int64
	ClaimedUntil time.Time
	ClosedBy     int64
}

type issueOf struct {
	customerID int64
	kind       Kind
	field      string
}

type issueKey struct {
	kind  Kind
	field string
}

const issueColumns = "i.id, i.kind, i.customer_id, i.field, i.source_id, i.code, i.signature, i.state, i.outcome, i.found_at, i.claimed_by, i.claimed_until, i.closed_by"

func scanIssue(rows *sql.Rows) (stored, error) {
	var i stored
	var found int64
	var by, until, closedBy sql.NullInt64
	err := rows.Scan(&i.ID, &i.Kind, &i.CustomerID, &i.Field, &i.SourceID, &i.Code, &i.Signature, &i.State, &i.Outcome, &found, &by, &until, &closedBy)
	i.FoundAt, i.ClaimedBy, i.ClosedBy = time.UnixMicro(found).UTC(), by.Int64, closedBy.Int64
	if until.Valid {
		i.ClaimedUntil = time.UnixMicro(until.Int64).UTC()
	}
	return i, err
}

func (s *store) issuesOf(ctx context.Context, customerIDs []int64) (map[issueOf]stored, error) {
	known := map[issueOf]stored{}
	for part := range slices.Chunk(customerIDs, lookupSize) {
		list, err := database.List(ctx, s.db, scanIssue, "SELECT "+issueColumns+" FROM quality_issues i WHERE i.customer_id IN ("+
			database.Marks(len(part))+")", anys(part)...)
		if err != nil {
			return nil, fmt.Errorf("read issues: %w", err)
		}
		for _, i := range list {
			known[issueOf{i.CustomerID, i.Kind, i.Field}] = i
		}
	}
	return known, nil
}

// rightOf returns what people said is right as it is, with the values that they saw.
func (s *store) rightOf(ctx context.Context, customerID int64) (map[issueKey]int64, error) {
	known, err := s.issuesOf(ctx, []int64{customerID})
	right := map[issueKey]int64{}
	for key, i := range known {
		if i.Outcome == outcomeRight {
			right[issueKey{key.kind, key.field}] = i.Signature
		}
	}
	return right, err
}

func (s *store) openIssues(ctx context.Context, list []stored) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "quality_issues", len(list))
	if err != nil {
		return err
	}
	at := database.Time(ctx).UnixMicro()
	values := make([]any, 0, 8*len(list))
	for n, i := range list {
		values = append(values, ids[n], string(i.Kind), i.CustomerID, i.Field, i.SourceID, i.Code, i.Signature, at)
	}
	return s.db.InsertRows(ctx, "quality_issues", []string{"id", "kind", "customer_id", "field", "source_id", "code", "signature", "found_at"}, values, "")
}

// reopenIssues opens issues again whose values have changed or whose mending did not last.
func (s *store) reopenIssues(ctx context.Context, list []stored) error {
	at := database.Time(ctx).UnixMicro()
	for _, i := range list {
		_, err := s.db.Exec(ctx, "UPDATE quality_issues SET state = 'open', outcome = '', source_id = ?, code = ?, signature = ?, "+
			"found_at = CASE WHEN state = 'open' THEN found_at ELSE ? END, closed_at = NULL, closed_by = NULL WHERE id = ?",
			i.SourceID, i.Code, i.Signature, at, i.ID)
		if err != nil {
			return fmt.Errorf("open issue %d again: %w", i.ID, err)
		}
	}
	return nil
}

func (s *store) closeGone(ctx context.Context, ids []int64) error {
	slices.Sort(ids)
	for part := range slices.Chunk(ids, lookupSize) {
		_, err := s.db.Exec(ctx, "UPDATE quality_issues SET state = 'closed', outcome = 'gone', closed_at = ?, closed_by = NULL WHERE id IN ("+
			database.Marks(len(part))+")", append([]any{database.Time(ctx).UnixMicro()}, anys(part)...)...)
		if err != nil {
			return fmt.Errorf("close issues: %w", err)
		}
	}
	return nil
}

func (s *store) findIssue(ctx context.Context, id int64) (*stored, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	list, err := database.List(ctx, s.db, scanIssue, "SELECT "+issueColumns+" FROM quality_issues i JOIN customers c ON c.id = i.customer_id WHERE i.id = ? AND "+scope,
		append([]any{id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("find issue %d: %w", id, err)
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "dataquality.no_issue", "There is no issue {id}, or you may not see its customer.", "id", id)
	}
	return &list[0], nil
}

// narrow chooses issues for lists and worklists.
type narrow struct {
	kind     Kind
	field    string
	sourceID []int64
	code     string
	isClosed bool
	after    int64
	limit    int
}

func (n narrow) where(ctx context.Context) (string, []any) {
	scope, args := auth.ScopeSQL(ctx, "c")
	parts := []string{scope, "c.hidden = 0"}
	add := func(condition string, values ...any) {
		parts, args = append(parts, condition), append(args, values...)
	}
	if n.isClosed {
		add("i.closed_at IS NOT NULL AND i.closed_by IS NOT NULL")
	} else {
		add("i.state = 'open'")
	}
	if n.kind != "" {
		add("i.kind = ?", string(n.kind))
	}
	if n.field != "" {
		add("i.field = ?", n.field)
	}
	if n.code != "" {
		add("i.code = ?", n.code)
	}
	if len(n.sourceID) > 0 {
		add("i.source_id IN ("+database.Marks(len(n.sourceID))+")", anys(n.sourceID)...)
	}
	if n.after > 0 {
		add("i.id > ?", n.after)
	}
	return joined(parts), args
}

func (s *store) listIssues(ctx context.Context, n narrow) ([]stored, error) {
	where, args := n.where(ctx)
	order := "i.id"
	if n.isClosed {
		order = "i.closed_at DESC, i.id"
	}
	list, err := database.List(ctx, s.db, scanIssue, "SELECT "+issueColumns+" FROM quality_issues i JOIN customers c ON c.id = i.customer_id WHERE "+where+
		" ORDER BY "+order+" LIMIT ?", append(args, n.limit)...)
	if err != nil {
		return nil, fmt.Errorf("list issues: %w", err)
	}
	return list, nil
}

func (s *store) countIssues(ctx context.Context, n narrow, limit int64) (int64, error) {
	n.after = 0
	where, args := n.where(ctx)
	var count int64
	err := s.db.Scan(ctx, []any{&count}, "SELECT COUNT(*) FROM (SELECT 1 FROM quality_issues i JOIN customers c ON c.id = i.customer_id WHERE "+where+" LIMIT ?) t",
		append(args, limit)...)
	return count, err
}

// free returns open issues that nobody else works on.
func (s *store) free(ctx context.Context, n narrow, personID int64) ([]stored, error) {
	where, args := n.where(ctx)
	args = append(args, database.Time(ctx).UnixMicro(), personID, n.limit)
	list, err := database.List(ctx, s.db, scanIssue, "SELECT "+issueColumns+" FROM quality_issues i JOIN customers c ON c.id = i.customer_id WHERE "+where+
		" AND (i.claimed_until IS NULL OR i.claimed_until < ? OR i.claimed_by = ?) ORDER BY i.id LIMIT ?", args...)
	if err != nil {
		return nil, fmt.Errorf("find open issues: %w", err)
	}
	return list, nil
}

// claim gives an issue to a person unless another has it; false when somebody was faster.
func (s *store) claim(ctx context.Context, id, personID int64, until time.Time) (bool, error) {
	now := database.Time(ctx).UnixMicro()
	taken, err := database.List(ctx, s.db, scanID, "UPDATE quality_issues SET claimed_by = ?, claimed_until = ? WHERE id = ? AND state = 'open' AND "+
		"(claimed_until IS NULL OR claimed_until < ? OR claimed_by = ?) RETURNING id", personID, until.UnixMicro(), id, now, personID)
	if err != nil {
		return false, fmt.Errorf("claim issue %d: %w", id, err)
	}
	return len(taken) > 0, nil
}

// release lets go of everything that a person holds, but for one issue.
func (s *store) release(ctx context.Context, personID, except int64) error {
	_, err := s.db.Exec(ctx, "UPDATE quality_issues SET claimed_by = NULL, claimed_until = NULL WHERE state = 'open' AND claimed_by = ? AND id <> ?", personID, except)
	if err != nil {
		return fmt.Errorf("let go of issues: %w", err)
	}
	return nil
}

// closeIssue ends an issue, or puts it off when until is set.
func (s *store) closeIssue(ctx context.Context, i *stored, personID int64, until time.Time) error {
	at := database.Time(ctx).UnixMicro()
	var err error
	if !until.IsZero() {
		_, err = s.db.Exec(ctx, "UPDATE quality_issues SET claimed_by = NULL, claimed_until = ? WHERE id = ?", until.UnixMicro(), i.ID)
	} else {
		_, err = s.db.Exec(ctx, "UPDATE quality_issues SET state = 'closed', outcome = ?, signature = ?, closed_at = ?, closed_by = ?, claimed_by = NULL, claimed_until = NULL WHERE id = ?",
			i.Outcome, i.Signature, at, personID, i.ID)
	}
	if err != nil {
		return fmt.Errorf("close issue %d: %w", i.ID, err)
	}
	return nil
}

// progress is how far a worklist is.
type progress struct {
	open, claimed int64
	byOutcome     map[string]int64 // closed since a time
}

// progressOf counts the worklists, cut to what the person may see.
func (s *store) progressOf(ctx context.Context, since time.Time) (map[Kind]*progress, error) {
	all := map[Kind]*progress{}
	of := func(kind Kind) *progress {
		if all[kind] == nil {
			all[kind] = &progress{byOutcome: map[string]int64{}}
		}
		return all[kind]
	}
	scope, args := auth.ScopeSQL(ctx, "c")
	from := " FROM quality_issues i WHERE "
	if !auth.ScopeOf(ctx).All { // joining a million customers only to count costs a second
		from = " FROM quality_issues i JOIN customers c ON c.id = i.customer_id AND c.hidden = 0 WHERE " + scope + " AND "
	} else {
		args = nil
	}
	now := database.Time(ctx).UnixMicro()
	_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
		var kind Kind
		var open, claimed int64
		err := rows.Scan(&kind, &open, &claimed)
		of(kind).open, of(kind).claimed = open, claimed
		return struct{}{}, err
	}, "SELECT i.kind, COUNT(*), SUM(CASE WHEN i.claimed_by IS NOT NULL AND i.claimed_until >= "+fmt.Sprint(now)+" THEN 1 ELSE 0 END)"+from+"i.state = 'open' GROUP BY i.kind", args...)
	if err != nil {
		return nil, fmt.Errorf("count worklists: %w", err)
	}
	_, err = database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
		var kind Kind
		var outcome string
		var n int64
		err := rows.Scan(&kind, &outcome, &n)
		of(kind).byOutcome[outcome] = n
		return struct{}{}, err
	}, "SELECT i.kind, i.outcome, COUNT(*)"+from+"i.closed_at >= ? AND i.closed_by IS NOT NULL GROUP BY i.kind, i.outcome", append(args, since.UnixMicro())...)
	return all, err
}

// Pile is how many open issues there are of one kind, field, source and code.
type Pile struct {
	Kind     Kind   `json:"kind"`
	Field    string `json:"field"`
	SourceID int64  `json:"source_id"`
	Code     string `json:"code,omitempty"`
	Count    int64  `json:"count"`
}

func (s *store) groups(ctx context.Context) ([]Pile, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	from := " FROM quality_issues i WHERE "
	if !auth.ScopeOf(ctx).All {
		from = " FROM quality_issues i JOIN customers c ON c.id = i.customer_id AND c.hidden = 0 WHERE " + scope + " AND "
	} else {
		args = nil
	}
	return database.List(ctx, s.db, func(rows *sql.Rows) (Pile, error) {
		var g Pile
		err := rows.Scan(&g.Kind, &g.Field, &g.SourceID, &g.Code, &g.Count)
		return g, err
	}, "SELECT i.kind, i.field, i.source_id, i.code, COUNT(*)"+from+"i.state = 'open' GROUP BY i.kind, i.field, i.source_id, i.code ORDER BY COUNT(*) DESC LIMIT 500", args...)
}
