// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/journal"
)

// kindGrade is the run that gives everybody the grade that was earned.
const kindGrade = "grade"

// The tables of grades: those of today, and those of the last simulation.
const (
	GradesTable          = "customer_grades"
	GradeSimulationTable = "grade_simulations"
)

// GradeMoves is how many would move, or moved, from which grade to which.
type GradeMoves struct {
	On string `json:"on"`
	// From and To are the names of rows and columns of Customers; '' is no grade yet.
	From      []string  `json:"from"`
	To        []string  `json:"to"`
	Customers [][]int64 `json:"customers"`
	// Revenue is that of the period by grade of the rules.
	Revenue []int64 `json:"revenue"`
	Up      int64   `json:"up"`
	Down    int64   `json:"down"`
	Same    int64   `json:"same"`
	New     int64   `json:"new"`
	// Announced are those told that they will fall, Saved those who earned the
	// grade again in time.
	Announced int64 `json:"announced"`
	Saved     int64 `json:"saved"`
}

// openSpell is the grade that a customer has now.
type openSpell struct {
	id, customer, record int64
	grade, fallsTo       string
	fallsOn, since       string
	rank                 int
}

// wayOf compares a grade of now with one of the rules: by its place among the
// rules where the rules know it, by its rank when it was given otherwise.
func wayOf(old *openSpell, rank int, place map[string]int) string {
	if old == nil {
		return "new"
	}
	before, known := place[old.grade]
	if !known {
		before = old.rank
	}
	switch {
	case rank < before:
		return "up"
	case rank > before:
		return "down"
	}
	return "same"
}

func newMoves(day string, rules *GradeRules, held map[int64]*openSpell) (*GradeMoves, map[string]int) {
	out := &GradeMoves{On: day, From: []string{""}}
	place := map[string]int{}
	for i, l := range rules.Levels {
		out.To = append(out.To, l.Name)
		out.From = append(out.From, l.Name)
		place[l.Name] = i
	}
	row := map[string]bool{}
	for _, name := range out.From {
		row[name] = true
	}
	for _, one := range held {
		if !row[one.grade] { // a grade of earlier rules
			row[one.grade] = true
			out.From = append(out.From, one.grade)
		}
	}
	for range out.From {
		out.Customers = append(out.Customers, make([]int64, len(out.To)))
	}
	out.Revenue = make([]int64, len(out.To))
	return out, place
}

func (m *GradeMoves) count(old *openSpell, one ranked, way string) {
	from := ""
	if old != nil {
		from = old.grade
	}
	for i, name := range m.From {
		if name == from {
			m.Customers[i][one.rank]++
		}
	}
	m.Revenue[one.rank] += one.revenue
	switch way {
	case "up":
		m.Up++
	case "down":
		m.Down++
	case "new":
		m.New++
	default:
		m.Same++
	}
}

// SimulateGrades tells who would move by some rules; nobody moves. The outcome
// of each customer can be asked for in segments until the next simulation.
func (s *Service) SimulateGrades(ctx context.Context, rules GradeRules) (*GradeMoves, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return nil, err
	}
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	if err := rules.check(); err != nil {
		return nil, err
	}
	day := s.today().Format(isoDate)
	list, err := s.rank(ctx, &rules, day)
	if err != nil {
		return nil, err
	}
	held, _, err := s.heldGrades(ctx)
	if err != nil {
		return nil, err
	}
	out, place := newMoves(day, &rules, held)
	ids, grades, moves := make([]string, len(list)), make([]string, len(list)), make([]string, len(list))
	for i, one := range list {
		way := wayOf(held[one.id], one.rank, place)
		out.count(held[one.id], one, way)
		ids[i], grades[i], moves[i] = fmt.Sprint(one.id), rules.Levels[one.rank].Name, way
	}
	text, err := json.Marshal(rules)
	if err != nil {
		return nil, err
	}
	if err := s.store.Save(ctx, modelSimulation, string(text)); err != nil { // a rebuilt warehouse is filled again by them
		return nil, err
	}
	return out, s.writeColumns(ctx, GradeSimulationTable, []string{"CAST(%s AS BIGINT) AS customer_id", "CAST(%s AS VARCHAR) AS grade", "CAST(%s AS VARCHAR) AS move"}, ids, grades, moves)
}

// columnBreak parts the values of a column handed over as text; names cannot hold it.
const columnBreak = "\x1f"

// writeColumns replaces a table by columns of text; shapes turn each into its type.
func (s *Service) writeColumns(ctx context.Context, table string, shapes []string, columns ...[]string) error {
	var inner, outer []string
	var args []any
	for i, shape := range shapes {
		name := fmt.Sprintf("c%d", i)
		inner = append(inner, "unnest(string_split(?, '"+columnBreak+"')) AS "+name)
		outer = append(outer, fmt.Sprintf(shape, "nullif("+name+", '')"))
		args = append(args, strings.Join(columns[i], columnBreak))
	}
	return s.warehouse.Replace(ctx, table, "SELECT * FROM (SELECT "+strings.Join(outer, ", ")+" FROM (SELECT "+strings.Join(inner, ", ")+")) WHERE customer_id IS NOT NULL ORDER BY 1", args...)
}

// heldGrades returns the grade that each customer has now: after a merge the
// better one counts, and the others are to be closed.
func (s *Service) heldGrades(ctx context.Context) (held map[int64]*openSpell, spare []int64, err error) {
	list, err := s.store.OpenSpells(ctx)
	if err != nil {
		return nil, nil, err
	}
	held = make(map[int64]*openSpell, len(list))
	for i := range list {
		one := &list[i]
		old := held[one.customer]
		switch {
		case old == nil:
			held[one.customer] = one
		case one.rank < old.rank:
			held[one.customer] = one
			spare = append(spare, old.id)
		default:
			spare = append(spare, one.id)
		}
	}
	return held, spare, nil
}

func checkGrade(raw json.RawMessage) error {
	if string(raw) != "{}" {
		return bad("settings", "empty: grades follow the rules in force")
	}
	return nil
}

// gradeSlice is how many customers are written together, so that others who
// write need not wait.
const gradeSlice = 2000

// runGrade gives everybody the grade earned by the rules in force. It can be
// cut off and begun anew: who has the right grade already is left alone.
func (s *Service) runGrade(ctx context.Context, run *Run, tell progress) (any, error) {
	versions, err := s.store.ListGradeVersions(ctx)
	if err != nil {
		return nil, err
	}
	day := s.today().Format(isoDate)
	at := activeVersion(versions, day)
	if at < 0 {
		return nil, noGrades()
	}
	version := &versions[at]
	list, err := s.rank(ctx, &version.Rules, day)
	if err != nil {
		return nil, err
	}
	held, spare, err := s.heldGrades(ctx)
	if err != nil {
		return nil, err
	}
	out, place := newMoves(day, &version.Rules, held)
	if err := s.store.CloseSpells(ctx, spare, day); err != nil {
		return nil, err
	}
	due := s.today().AddDate(0, 0, version.Rules.NoticeDays).Format(isoDate)
	for from := 0; from < len(list); from += gradeSlice {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var changes []gradeChange
		for _, one := range list[from:min(len(list), from+gradeSlice)] {
			if c, isOne := change(out, version, held[one.id], one, place, day, due); isOne {
				changes = append(changes, c)
			}
		}
		if err := s.store.ApplyGrades(ctx, version.ID, changes, day); err != nil {
			return nil, err
		}
		tell(int64(from), int64(len(list)))
	}
	if err := s.writeGrades(ctx); err != nil {
		return nil, err
	}
	return out, s.noteGrades(ctx, version.ID, out)
}

// gradeChange is what happens to the grade of one customer.
type gradeChange struct {
	customer         int64
	old              *openSpell
	grade            string
	rank             int
	reason           string // "" only changes what is announced
	fallsTo, fallsOn string
}

// change decides: a better grade holds at once, a worse one after it was announced.
func change(out *GradeMoves, version *GradeVersion, old *openSpell, one ranked, place map[string]int, day, due string) (gradeChange, bool) {
	way := wayOf(old, one.rank, place)
	c := gradeChange{customer: one.id, old: old, grade: version.Rules.Levels[one.rank].Name, rank: one.rank}
	switch {
	case way == "new":
		c.reason = "first"
	case way == "up":
		c.reason = "up"
	case way == "same" && old.grade != c.grade: // renamed by the rules
		c.reason, way = "rules", "same"
	case way == "same" && old.fallsOn != "":
		out.Saved++
		out.count(old, one, way)
		return c, true
	case way == "same":
		out.count(old, one, way)
		return c, false
	case old.fallsOn != "" && old.fallsOn <= day || due <= day:
		c.reason = "down"
	case old.fallsOn != "" && old.fallsTo == c.grade:
		stay := one
		if p, known := place[old.grade]; known {
			stay.rank = p
		}
		out.count(old, stay, "same")
		return c, false
	default:
		c.fallsTo, c.fallsOn = c.grade, due
		if old.fallsOn != "" {
			c.fallsOn = old.fallsOn
		}
		out.Announced++
		stay := one
		if p, known := place[old.grade]; known {
			stay.rank = p
		}
		out.count(old, stay, "same")
		return c, true
	}
	out.count(old, one, way)
	return c, true
}

// writeGrades puts the grades of today where list, segment and pivot find them.
func (s *Service) writeGrades(ctx context.Context) error {
	held, _, err := s.heldGrades(ctx)
	if err != nil {
		return err
	}
	columns := make([][]string, 5)
	for id, one := range held {
		for i, text := range []string{fmt.Sprint(id), one.grade, one.since, one.fallsOn, one.fallsTo} {
			columns[i] = append(columns[i], text)
		}
	}
	return s.writeColumns(ctx, GradesTable, []string{
		"CAST(%s AS BIGINT) AS customer_id", "CAST(%s AS VARCHAR) AS grade", "CAST(%s AS DATE) AS since_on", "CAST(%s AS DATE) AS falls_on", "CAST(%s AS VARCHAR) AS falls_to",
	}, columns...)
}

func (s *Service) noteGrades(ctx context.Context, version int64, moves *GradeMoves) error {
	if s.journal == nil {
		return nil
	}
	after, err := json.Marshal(map[string]int64{"up": moves.Up, "down": moves.Down, "new": moves.New, "announced": moves.Announced, "saved": moves.Saved})
	if err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		return s.journal.Append(ctx, journal.Entry{Capability: "mining", Kind: "mining.grades_given", SubjectKind: "grade_version", SubjectIDs: []int64{version}, After: after})
	})
}
