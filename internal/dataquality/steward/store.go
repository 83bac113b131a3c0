// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/database"
)

// lookupSize is how many ids one statement names.
const lookupSize = 400

// store keeps scores, marks and issues.
type store struct{ db *database.DB }

func anys(ids []int64) []any {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return args
}

func scanID(rows *sql.Rows) (int64, error) {
	var id int64
	err := rows.Scan(&id)
	return id, err
}

func (s *store) lastCustomer(ctx context.Context) (int64, error) {
	var last int64
	err := s.db.Scan(ctx, []any{&last}, "SELECT COALESCE(MAX(id), 0) FROM customers")
	return last, err
}

func (s *store) customersAfter(ctx context.Context, after int64, limit int) ([]int64, error) {
	return database.List(ctx, s.db, scanID, "SELECT id FROM customers WHERE id > ? AND hidden = 0 ORDER BY id LIMIT ?", after, limit)
}

// sharedContacts counts the mobile numbers and addresses of mail that several customers have.
func (s *store) sharedContacts(ctx context.Context) (map[string]int, error) {
	shared := map[string]int{}
	for _, column := range []string{"mobile", "email"} {
		_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
			var value string
			var n int
			err := rows.Scan(&value, &n)
			shared[value] = n
			return struct{}{}, err
		}, "SELECT "+column+", COUNT(*) FROM customers WHERE hidden = 0 AND "+column+" IS NOT NULL GROUP BY "+column+" HAVING COUNT(*) > 1")
		if err != nil {
			return nil, fmt.Errorf("count shared %s: %w", column, err)
		}
	}
	return shared, nil
}

// sharedBy returns the shared values among those of a customer, as the last scan found them: counting them
// now would read all customers.
func (s *store) sharedBy(ctx context.Context, customerID int64, values ...string) (map[string]int, error) {
	known, err := s.issuesOf(ctx, []int64{customerID})
	shared := map[string]int{}
	for key, i := range known {
		for _, value := range values {
			if key.kind == Shared && i.State == stateOpen && i.Signature == signature(value) {
				shared[value] = sharedFrom
			}
		}
	}
	return shared, err
}

// saveMarks writes the marks of customers that changed.
func (s *store) saveMarks(ctx context.Context, ids []int64, cards map[int64]Card) error {
	type mark [6]int
	known := map[int64]mark{}
	for part := range slices.Chunk(ids, lookupSize) {
		_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
			var id int64
			var m mark
			err := rows.Scan(&id, &m[0], &m[1], &m[2], &m[3], &m[4], &m[5])
			known[id] = m
			return struct{}{}, err
		}, "SELECT customer_id, score, completeness, validity, consistency, freshness, uniqueness FROM quality_marks WHERE customer_id IN ("+
			database.Marks(len(part))+")", anys(part)...)
		if err != nil {
			return fmt.Errorf("read marks: %w", err)
		}
	}
	var values []any
	for _, id := range ids {
		card, ok := cards[id]
		if !ok {
			continue
		}
		is := mark{card.Score}
		for i, d := range Dimensions {
			is[i+1] = -1
			if percent, judged := card.Dimensions[d]; judged {
				is[i+1] = percent
			}
		}
		if was, has := known[id]; has && was == is {
			continue
		}
		values = append(values, id)
		for _, n := range is {
			values = append(values, int64(n))
		}
	}
	return s.db.InsertRows(ctx, "quality_marks", []string{"customer_id", "score", "completeness", "validity", "consistency", "freshness", "uniqueness"}, values,
		"ON CONFLICT (customer_id) DO UPDATE SET score = excluded.score, completeness = excluded.completeness, validity = excluded.validity, "+
			"consistency = excluded.consistency, freshness = excluded.freshness, uniqueness = excluded.uniqueness")
}

// dropOrphans closes what is left of customers who were merged or have gone.
func (s *store) dropOrphans(ctx context.Context) error {
	const gone = " NOT EXISTS (SELECT 1 FROM customers c WHERE c.hidden = 0 AND c.id = "
	if _, err := s.db.Exec(ctx, "DELETE FROM quality_marks WHERE"+gone+"quality_marks.customer_id)"); err != nil {
		return fmt.Errorf("drop marks of merged customers: %w", err)
	}
	_, err := s.db.Exec(ctx, "UPDATE quality_issues SET state = 'closed', outcome = 'gone', closed_at = ? WHERE state = 'open' AND"+gone+"quality_issues.customer_id)",
		database.Time(ctx).UnixMicro())
	if err != nil {
		return fmt.Errorf("close issues of merged customers: %w", err)
	}
	return nil
}

func (s *store) saveSnapshot(ctx context.Context, on string, cells map[Cell]*Score) error {
	if _, err := s.db.Exec(ctx, "DELETE FROM quality_snapshots WHERE on_date = ?", on); err != nil {
		return fmt.Errorf("replace the scores of %s: %w", on, err)
	}
	values := make([]any, 0, 6*len(cells))
	for cell, score := range cells {
		values = append(values, on, cell.SourceID, cell.Field, string(cell.Dimension), int64(score.Good*1000+0.5), score.Total)
	}
	return s.db.InsertRows(ctx, "quality_snapshots", []string{"on_date", "source_id", "field", "dimension", "good", "total"}, values, "")
}

func (s *store) saveRun(ctx context.Context, started, finished time.Time, summary Summary) error {
	id, err := s.db.NextID(ctx, "quality_runs")
	if err != nil {
		return err
	}
	raw, err := json.Marshal(summary)
	if err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	_, err = s.db.Exec(ctx, "INSERT INTO quality_runs (id, started_at, finished_at, summary) VALUES (?, ?, ?, ?)",
		id, started.UnixMicro(), finished.UnixMicro(), string(raw))
	return err
}

// Run is one scan.
type Run struct {
	StartedAt  time.Time `json:"started_at"`
	FinishedAt time.Time `json:"finished_at"`
	Summary    Summary   `json:"summary"`
}

func (s *store) lastRun(ctx context.Context) (*Run, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (*Run, error) {
		var r Run
		var started, finished int64
		var text string
		if err := rows.Scan(&started, &finished, &text); err != nil {
			return nil, err
		}
		r.StartedAt, r.FinishedAt = time.UnixMicro(started).UTC(), time.UnixMicro(finished).UTC()
		return &r, json.Unmarshal([]byte(text), &r.Summary)
	}, "SELECT started_at, finished_at, summary FROM quality_runs ORDER BY id DESC LIMIT 1")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// snapshot is one stored score.
type snapshot struct {
	on string
	Cell
	good, total int64
}

// snapshots returns scores from a day on, of the last day only when from is "".
func (s *store) snapshots(ctx context.Context, from string) ([]snapshot, error) {
	where, args := "on_date >= ?", []any{from}
	if from == "" {
		where, args = "on_date = (SELECT MAX(on_date) FROM quality_snapshots)", nil
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (snapshot, error) {
		var n snapshot
		err := rows.Scan(&n.on, &n.SourceID, &n.Field, &n.Dimension, &n.good, &n.total)
		return n, err
	}, "SELECT on_date, source_id, field, dimension, good, total FROM quality_snapshots WHERE "+where+" ORDER BY on_date, source_id, field, dimension", args...)
	if err != nil {
		return nil, fmt.Errorf("read scores: %w", err)
	}
	return list, nil
}

// scoreBands counts customers by tens of their score.
func (s *store) scoreBands(ctx context.Context) ([10]int64, error) {
	var bands [10]int64
	_, err := database.List(ctx, s.db, func(rows *sql.Rows) (struct{}, error) {
		var score int
		var n int64
		err := rows.Scan(&score, &n)
		bands[min(max(score, 0)/10, 9)] += n
		return struct{}{}, err
	}, "SELECT score, COUNT(*) FROM quality_marks GROUP BY score")
	return bands, err
}

// joined makes a condition out of parts.
func joined(parts []string) string { return strings.Join(parts, " AND ") }
