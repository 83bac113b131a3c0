// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/segment"
)

func anys(ids []int64) []any {
	args := make([]any, 0, len(ids))
	for _, id := range ids {
		args = append(args, id)
	}
	return args
}

// recordsOf answers the first record of each customer that is there.
func (s *store) recordsOf(ctx context.Context, ids []int64) (map[int64]int64, error) {
	rows, err := s.db.Query(ctx, `SELECT k.customer_id, MIN(k.record_id) FROM record_links k JOIN customers c ON c.id = k.customer_id
		WHERE c.hidden = 0 AND k.customer_id IN (`+database.Marks(len(ids))+`) GROUP BY k.customer_id`, anys(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	defer func() { _ = rows.Close() }()
	found := make(map[int64]int64, len(ids))
	for rows.Next() {
		var id, record int64
		if err := rows.Scan(&id, &record); err != nil {
			return nil, fmt.Errorf("read records: %w", err)
		}
		found[id] = record
	}
	return found, database.Fault(rows.Err())
}

// standing answers what runs customers have, those of people they were merged with included.
func (s *store) standing(ctx context.Context, journeyID int64, ids []int64) (map[int64]standing, error) {
	rows, err := s.db.Query(ctx, `SELECT k.customer_id, r.state, r.entered_at, r.reason FROM record_links k JOIN journey_runs r ON r.record_id = k.record_id
		WHERE k.customer_id IN (`+database.Marks(len(ids))+`) AND r.journey_id = ?`, append(anys(ids), journeyID)...)
	if err != nil {
		return nil, fmt.Errorf("read runs: %w", err)
	}
	defer func() { _ = rows.Close() }()
	found := map[int64]standing{}
	for rows.Next() {
		var id, at int64
		var state RunState
		var reason string
		if err := rows.Scan(&id, &state, &at, &reason); err != nil {
			return nil, fmt.Errorf("read runs: %w", err)
		}
		is := found[id]
		if is.reasons == nil {
			is.reasons = map[string]bool{}
		}
		is.isActive, is.lastAt, is.reasons[reason] = is.isActive || state == Active, max(is.lastAt, at), true
		found[id] = is
	}
	return found, database.Fault(rows.Err())
}

// entering is somebody who comes in.
type entering struct {
	candidate
	recordID int64
}

// insertRuns writes new runs; some are drawn into the control group by their id.
func (s *store) insertRuns(ctx context.Context, j Journey, list []entering, now time.Time) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "journey_runs", len(list))
	if err != nil {
		return err
	}
	columns := []string{"id", "journey_id", "number", "customer_id", "record_id", "reason", "entered_at", "due_at", "state", "ended_at"}
	values := make([]any, 0, len(columns)*len(list))
	counts := map[countKey]int64{}
	for i, e := range list {
		state := Active
		var ended any
		// By the person, not the run: who is control once is control whenever they come in.
		if int64(draw(e.customerID, fmt.Sprintf("control of %d", j.ID))%basisPoints) < j.Graph.ControlShare { //nolint:gosec // below 10,000
			state, ended = InControl, now.UnixMicro()
		}
		values = append(values, ids[i], j.ID, j.Number, e.customerID, e.recordID, e.reason, now.UnixMicro(), now.UnixMicro(), string(state), ended)
		counts[countKey{j.Number, "", string(state)}]++
	}
	if err := s.db.InsertRows(ctx, "journey_runs", columns, values, ""); err != nil {
		return err
	}
	return s.addToCounts(ctx, j.ID, counts)
}

// eachEntered emits the first run of each customer, as records belong now.
func (s *store) eachEntered(ctx context.Context, journeyID int64, emit func(customerID int64, isControl bool, enteredAt int64) error) error {
	type entry struct {
		who, at int64
		state   RunState
	}
	scan := func(rows *sql.Rows) (e entry, err error) {
		err = rows.Scan(&e.who, &e.state, &e.at)
		return e, err
	}
	before := int64(-1)
	return database.Stream(ctx, s.db, scan, func(e entry) error {
		if e.who == before {
			return nil
		}
		before = e.who
		return emit(e.who, e.state == InControl, e.at)
	}, `SELECT COALESCE(k.customer_id, r.customer_id) AS who, r.state, r.entered_at FROM journey_runs r
		LEFT JOIN record_links k ON k.record_id = r.record_id WHERE r.journey_id = ? ORDER BY who, r.entered_at, r.id`, journeyID)
}

// runRow is a run that is due.
type runRow struct {
	id, number, customerID int64
	step                   string
	enteredAt, dueAt       int64
	isHidden               bool
	isMoved                bool // belongs to another customer now than when it came in
	isDouble               bool // another active run of the same customer came in earlier
}

func scanRunRow(rows *sql.Rows) (runRow, error) {
	var r runRow
	var hidden, cameAs int64
	err := rows.Scan(&r.id, &r.number, &r.customerID, &r.step, &r.enteredAt, &r.dueAt, &hidden, &cameAs)
	r.isHidden, r.isMoved = hidden != 0, cameAs != r.customerID
	return r, err
}

const runRowSelect = `SELECT r.id, r.number, COALESCE(k.customer_id, r.customer_id), r.step, r.entered_at, r.due_at, COALESCE(c.hidden, 1), r.customer_id
	FROM journey_runs r LEFT JOIN record_links k ON k.record_id = r.record_id LEFT JOIN customers c ON c.id = k.customer_id
	WHERE r.journey_id = ? AND r.state = 'active'`

// listDue lists runs that are due, with whom they belong to now.
func (s *store) listDue(ctx context.Context, journeyID int64, now time.Time, limit int) ([]runRow, error) {
	list, err := database.List(ctx, s.db, scanRunRow, runRowSelect+` AND r.due_at <= ? ORDER BY r.due_at, r.id LIMIT ?`, journeyID, now.UnixMicro(), limit)
	if err != nil {
		return nil, fmt.Errorf("list due runs: %w", err)
	}
	return list, s.markDoubles(ctx, journeyID, list)
}

// markDoubles finds runs whose customer has become one with somebody who is on the way too: the
// survivor's own way goes on, of two that moved the earlier one.
func (s *store) markDoubles(ctx context.Context, journeyID int64, list []runRow) error {
	var ids []int64
	for i := range list {
		if list[i].isMoved {
			ids = append(ids, list[i].id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	// Only merged customers have several records with runs: the join is on those that moved.
	rows, err := s.db.Query(ctx, `SELECT a.id FROM journey_runs a JOIN record_links ka ON ka.record_id = a.record_id
		JOIN record_links kb ON kb.customer_id = ka.customer_id AND kb.record_id <> ka.record_id
		JOIN journey_runs b ON b.record_id = kb.record_id AND b.journey_id = ? AND b.state = 'active' AND (b.id < a.id OR b.customer_id = kb.customer_id)
		WHERE a.id IN (`+database.Marks(len(ids))+`)`, append([]any{journeyID}, anys(ids)...)...)
	if err != nil {
		return fmt.Errorf("look for merged people: %w", err)
	}
	defer func() { _ = rows.Close() }()
	double := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return fmt.Errorf("look for merged people: %w", err)
		}
		double[id] = true
	}
	for i := range list {
		list[i].isDouble = double[list[i].id]
	}
	return database.Fault(rows.Err())
}

func (s *store) listActive(ctx context.Context, journeyID int64, limit int) ([]runRow, error) {
	return database.List(ctx, s.db, scanRunRow, runRowSelect+` LIMIT ?`, journeyID, limit)
}

func (s *store) countActive(ctx context.Context, journeyID int64) (n int64, err error) {
	err = s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM (SELECT 1 FROM journey_runs WHERE journey_id = ? AND state = 'active' LIMIT 1) some`, journeyID)
	return n, err
}

// moved is what a slice of people came to, ready to be written.
type moved struct {
	runs   []any // id, step, due_at, state, ended_at
	visits []any // run_id, step, at
	counts map[countKey]int64
}

func (o *moved) add(r *runRow, m move, now time.Time) {
	var ended any
	if m.state != Active {
		ended, m.step = now.UnixMicro(), ""
	}
	o.runs = append(o.runs, r.id, m.step, max(m.dueAt.UnixMicro(), 0), string(m.state), ended)
	for _, step := range m.visits {
		o.visits = append(o.visits, r.id, step, now.UnixMicro())
		o.counts[countKey{r.number, step, countTaken}]++
	}
	if r.step != m.step {
		o.counts[countKey{r.number, r.step, countWaiting}]--
		o.counts[countKey{r.number, m.step, countWaiting}]++
	}
	if m.state != Active {
		o.counts[countKey{r.number, "", string(Active)}]--
		o.counts[countKey{r.number, "", string(m.state)}]++
	}
}

// saveMoves writes a slice. A visit that is there already fails the slice: no step is taken twice.
func (s *store) saveMoves(ctx context.Context, journeyID int64, o moved) error {
	err := s.db.UpdateRows(ctx, "journey_runs", []string{"BIGINT", "TEXT", "BIGINT", "TEXT", "BIGINT"},
		"step = v.c2, due_at = v.c3, state = v.c4, ended_at = v.c5", o.runs)
	if err != nil {
		return err
	}
	if len(o.visits) > 0 {
		if err := s.db.InsertRows(ctx, "journey_visits", []string{"run_id", "step", "at"}, o.visits, ""); err != nil {
			return err
		}
	}
	return s.addToCounts(ctx, journeyID, o.counts)
}

// listRuns lists the latest runs of a journey or of a customer.
func (s *store) listRuns(ctx context.Context, journeyID, customerID int64, step string, limit int) ([]Run, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	where := ""
	for _, c := range []struct {
		column string
		value  any
		isSet  bool
	}{{"r.journey_id", journeyID, journeyID != 0}, {"k.customer_id", customerID, customerID != 0}, {"r.step", step, step != ""}} {
		if c.isSet {
			where, args = where+" AND "+c.column+" = ?", append(args, c.value)
		}
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Run, error) {
		var r Run
		var entered, due int64
		var ended *int64
		err := rows.Scan(&r.ID, &r.JourneyID, &r.Journey, &r.Number, &r.CustomerID, &r.Name, &entered, &r.Step, &due, &r.State, &ended)
		r.EnteredAt, r.EndedAt, r.Visits = time.UnixMicro(entered).UTC(), moment(ended), []Visit{}
		if r.State == Active {
			r.DueAt = moment(&due)
		}
		return r, err
	}, `SELECT r.id, r.journey_id, j.name, r.number, k.customer_id, COALESCE(c.full_name, ''), r.entered_at, r.step, r.due_at, r.state, r.ended_at
		FROM journey_runs r JOIN journeys j ON j.id = r.journey_id JOIN record_links k ON k.record_id = r.record_id JOIN customers c ON c.id = k.customer_id
		WHERE `+scope+where+` ORDER BY r.id DESC LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return list, s.addVisits(ctx, list)
}

func (s *store) addVisits(ctx context.Context, list []Run) error {
	if len(list) == 0 {
		return nil
	}
	ids, at := make([]any, 0, len(list)), map[int64]*Run{}
	for i := range list {
		ids, at[list[i].ID] = append(ids, list[i].ID), &list[i]
	}
	rows, err := s.db.Query(ctx, `SELECT run_id, step, at FROM journey_visits WHERE run_id IN (`+database.Marks(len(ids))+`) ORDER BY at`, ids...)
	if err != nil {
		return fmt.Errorf("list visits: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var run, micro int64
		var step string
		if err := rows.Scan(&run, &step, &micro); err != nil {
			return fmt.Errorf("list visits: %w", err)
		}
		at[run].Visits = append(at[run].Visits, Visit{Step: step, At: time.UnixMicro(micro).UTC()})
	}
	return database.Fault(rows.Err())
}

// birthdays lists whose birthday is celebrated on a day, in the solar and the
// lunar calendar; who was born on 29 February has it on the day that
// dataquality.NextBirthday says.
func (s *store) birthdays(ctx context.Context, on time.Time) ([]candidate, error) {
	codes := map[int64]bool{}
	for _, code := range segment.Anniversaries(on, on) {
		codes[code] = true
	}
	var list []candidate
	err := s.eachDate(ctx, "birth_on", func(id int64, _, month, day int, calendar string) {
		code := int64(month)*100 + int64(day)
		switch calendar {
		case dataquality.Lunar:
			code += 10_000
		case dataquality.LunarLeap:
			code += 20_000
		}
		if codes[code] {
			list = append(list, candidate{id, fmt.Sprintf("birthday %d", on.Year())})
		}
	})
	return list, err
}

// anniversaries lists who joined on this day of an earlier year. Who joined on
// 29 February has it on the 28th in years without one.
func (s *store) anniversaries(ctx context.Context, on time.Time) ([]candidate, error) {
	var list []candidate
	isShort := on.Month() == time.February && on.Day() == 28 && on.AddDate(0, 0, 1).Month() == time.March
	err := s.eachDate(ctx, "joined_on", func(id int64, year, month, day int, _ string) {
		if year >= on.Year() {
			return
		}
		isDay := month == int(on.Month()) && day == on.Day()
		if isDay || isShort && month == 2 && day == 29 {
			list = append(list, candidate{id, fmt.Sprintf("anniversary %d", on.Year())})
		}
	})
	return list, err
}

// eachDate emits month and day of a date of every customer who has one.
func (s *store) eachDate(ctx context.Context, column string, emit func(id int64, year, month, day int, calendar string)) error {
	rows, err := s.db.Query(ctx, `SELECT id, `+column+`, COALESCE(birth_calendar, '') FROM customers WHERE hidden = 0 AND `+column+` IS NOT NULL`)
	if err != nil {
		return fmt.Errorf("read dates: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var text, calendar string
		if err := rows.Scan(&id, &text, &calendar); err != nil {
			return fmt.Errorf("read dates: %w", err)
		}
		var year, month, day int
		if n, err := fmt.Sscanf(text, "%d-%d-%d", &year, &month, &day); err == nil && n == 3 {
			emit(id, year, month, day, calendar)
		}
	}
	return database.Fault(rows.Err())
}
