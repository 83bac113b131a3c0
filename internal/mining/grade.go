// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
)

// GradeLevel is one grade: what earns it, and which data is kept and seen of those who have it.
type GradeLevel struct {
	Name string `json:"name"`
	// Revenue (minor units) and Orders within the months of the rules; both are
	// needed, or either where IsEither says so. The last grade needs nothing.
	Revenue  int64 `json:"revenue"`
	Orders   int64 `json:"orders"`
	IsEither bool  `json:"is_either,omitempty"`
	// KeepMonths is how long the data of somebody of this grade is kept after the
	// last purchase; 0 is as long as the law allows.
	KeepMonths int `json:"keep_months,omitempty"`
	// Seen are the kinds of data that staff see of this grade; none is all.
	Seen []string `json:"seen,omitempty"`
}

// GradeRules are all grades, the best first.
type GradeRules struct {
	Months int `json:"months" doc:"of purchases that count"`
	// NoticeDays is how long before a lower grade holds it is announced.
	NoticeDays int `json:"notice_days"`
	// IsErasing erases, each night, who has not bought for longer than the data of
	// the grade is kept.
	IsErasing bool         `json:"is_erasing,omitempty"`
	Levels    []GradeLevel `json:"levels"`
}

// GradeVersion is a set of rules with the day from which it holds.
type GradeVersion struct {
	ID        int64      `json:"id"`
	Rules     GradeRules `json:"rules"`
	Note      string     `json:"note,omitempty"`
	FromOn    string     `json:"from_on"`
	PersonID  int64      `json:"person_id,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	IsActive  bool       `json:"is_active"`
}

// GradeData are the kinds of data that a grade can show or hide.
var GradeData = []string{"contact", "purchases", "campaigns", "relations", "attributes", "memo"}

const (
	mostGrades     = 10
	mostNoticeDays = 365
	longestName    = 40
)

func (r *GradeRules) check() error {
	if r.Months < 1 || r.Months > longestMonths {
		return bad("months", fmt.Sprintf("1 to %d", longestMonths))
	}
	if r.NoticeDays < 0 || r.NoticeDays > mostNoticeDays {
		return bad("notice_days", fmt.Sprintf("0 to %d", mostNoticeDays))
	}
	if len(r.Levels) < 2 || len(r.Levels) > mostGrades {
		return bad("levels", fmt.Sprintf("2 to %d grades, the best first", mostGrades))
	}
	names := map[string]bool{}
	for i, l := range r.Levels {
		name := strings.TrimSpace(l.Name)
		switch {
		case name == "" || utf8.RuneCountInString(name) > longestName || names[name]:
			return bad("levels.name", fmt.Sprintf("a name of its own with at most %d letters", longestName))
		case l.Revenue < 0 || l.Orders < 0 || l.KeepMonths < 0 || l.KeepMonths > longestMonths:
			return bad("levels."+name, "made of numbers that are not below 0")
		case i < len(r.Levels)-1 && l.Revenue == 0 && l.Orders == 0:
			return bad("levels."+name, "earned by revenue or orders; only the last grade asks for nothing")
		case i > 0 && (l.Revenue > r.Levels[i-1].Revenue && l.Orders >= r.Levels[i-1].Orders):
			return bad("levels."+name, "no harder to earn than the grade above it")
		}
		for _, kind := range l.Seen {
			if !slices.Contains(GradeData, kind) {
				return bad("levels.seen", strings.Join(GradeData, ", "))
			}
		}
		names[name] = true
		r.Levels[i].Name = name
	}
	last := &r.Levels[len(r.Levels)-1]
	last.Revenue, last.Orders = 0, 0
	return nil
}

// gradesSQL ranks every buyer before the end of a day: 0 is the best grade.
func (r *GradeRules) gradesSQL(scope, day string) string {
	at, _ := time.Parse(isoDate, day)
	from := at.AddDate(0, -r.Months, 1).Format(isoDate)
	text := "CASE"
	for i, l := range r.Levels[:len(r.Levels)-1] {
		var needs []string
		if l.Revenue > 0 {
			needs = append(needs, fmt.Sprintf("m >= %d", l.Revenue))
		}
		if l.Orders > 0 {
			needs = append(needs, fmt.Sprintf("n >= %d", l.Orders))
		}
		how := " AND "
		if l.IsEither {
			how = " OR "
		}
		text += fmt.Sprintf(" WHEN %s THEN %d", strings.Join(needs, how), i)
	}
	text += fmt.Sprintf(" ELSE %d END", len(r.Levels)-1)
	return "SELECT id, CAST(" + text + " AS INTEGER) AS rank, CAST(m AS BIGINT) AS m FROM (SELECT l.customer_id AS id, coalesce(sum(l.amount) FILTER (WHERE l.ordered_at >= DATE '" + from + "'), 0) AS m, " +
		"coalesce(sum(l.first_line) FILTER (WHERE l.ordered_at >= DATE '" + from + "'), 0) AS n FROM " + linesTable + " l WHERE l.counts > 0 AND l.currency = ? AND l.ordered_at < DATE '" + day + "' + 1 GROUP BY 1 " +
		"HAVING sum(l.first_line) > 0) b WHERE id IN (SELECT c.id FROM " + customersTable + " c WHERE " + scope + ") ORDER BY id"
}

// ranked is the rank that rules give to a customer.
type ranked struct {
	id      int64
	rank    int
	revenue int64
}

func (s *Service) rank(ctx context.Context, rules *GradeRules, day string) ([]ranked, error) {
	condition, args := scope(ctx)
	rows, err := s.warehouse.Query(ctx, rules.gradesSQL(condition, day), append([]any{s.currency}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("rank customers: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []ranked
	for rows.Next() {
		var one ranked
		if err := rows.Scan(&one.id, &one.rank, &one.revenue); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// CreateGradeVersion adds rules that hold from a day on; rules in force are never changed.
func (s *Service) CreateGradeVersion(ctx context.Context, v GradeVersion) (*GradeVersion, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return nil, err
	}
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	if err := v.Rules.check(); err != nil {
		return nil, err
	}
	today := s.today().Format(isoDate)
	if v.FromOn == "" {
		v.FromOn = today
	}
	if _, err := time.Parse(isoDate, v.FromOn); err != nil || v.FromOn < today {
		return nil, bad("from_on", "today or a later day: what held before stays as it was")
	}
	if utf8.RuneCountInString(v.Note) > longestAction {
		return nil, bad("note", fmt.Sprintf("at most %d letters", longestAction))
	}
	v.PersonID = auth.From(ctx).ID
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.CreateGradeVersion(ctx, &v); err != nil || s.journal == nil {
			return err
		}
		after, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "mining", Kind: "mining.grades_changed", SubjectKind: "grade_version", SubjectIDs: []int64{v.ID}, After: after})
	})
	v.IsActive = v.FromOn <= today
	s.sight.Store(nil)
	return &v, err
}

// Grades are the versions of the rules, the latest first, and how many have which grade.
type Grades struct {
	Currency string         `json:"currency"`
	Versions []GradeVersion `json:"versions"`
	Levels   []GradeCount   `json:"levels"`
	Data     []string       `json:"data" doc:"kinds of data that a grade can show"`
}

// GradeCount is how many have a grade.
type GradeCount struct {
	Grade     string `json:"grade"`
	Customers int64  `json:"customers"`
	Falling   int64  `json:"falling" doc:"of them, announced to fall"`
}

// ListGrades returns versions and counts.
func (s *Service) ListGrades(ctx context.Context) (*Grades, error) {
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	versions, err := s.store.ListGradeVersions(ctx)
	if err != nil {
		return nil, err
	}
	today := s.today().Format(isoDate)
	if at := activeVersion(versions, today); at >= 0 {
		versions[at].IsActive = true
	}
	levels, err := s.store.CountGrades(ctx)
	return &Grades{Currency: s.currency, Versions: versions, Levels: levels, Data: GradeData}, err
}

// activeVersion finds the version in force on a day among versions, the latest
// first; −1 without any.
func activeVersion(versions []GradeVersion, day string) int {
	best := -1
	for i, v := range versions {
		if v.FromOn <= day && (best < 0 || v.FromOn > versions[best].FromOn) {
			best = i
		}
	}
	return best
}

// GradeSpell is a grade that somebody had for a time.
type GradeSpell struct {
	Grade     string `json:"grade"`
	Reason    string `json:"reason" enum:"first,up,down,rules"`
	FromOn    string `json:"from_on"`
	UntilOn   string `json:"until_on,omitempty"`
	FallsTo   string `json:"falls_to,omitempty"`
	FallsOn   string `json:"falls_on,omitempty"`
	VersionID int64  `json:"version_id"`
}

// CustomerGrades is the grade of a customer with its history and what it means for data.
type CustomerGrades struct {
	Spells []GradeSpell `json:"spells"`
	Level  *GradeLevel  `json:"level,omitempty" doc:"what the grade of today asks and shows"`
}

// GradesOf returns the grades of one customer, the latest first.
func (s *Service) GradesOf(ctx context.Context, customerID int64) (*CustomerGrades, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	spells, err := s.store.ListSpells(ctx, customerID)
	if err != nil {
		return nil, err
	}
	out := &CustomerGrades{Spells: spells}
	if len(spells) == 0 || spells[0].UntilOn != "" {
		return out, nil
	}
	versions, err := s.store.ListGradeVersions(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		for i := range v.Rules.Levels {
			if v.ID == spells[0].VersionID && v.Rules.Levels[i].Name == spells[0].Grade {
				out.Level = &v.Rules.Levels[i]
			}
		}
	}
	return out, nil
}

func noGrades() error {
	return fault.New(fault.Invalid, "mining.no_grades", "There are no rules of grades that hold today; save some first.")
}

// gradeCube is the grade of today, what is announced, and what a simulation came to.
func gradeCubes() []warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}}
	}
	moves := dim("grade_move", "move", warehouse.KindChoice, "등급 모의 이동", "Simulated move of grade")
	for _, v := range [][3]string{{"up", "오름", "up"}, {"down", "내림", "down"}, {"same", "그대로", "unchanged"}, {"new", "새로", "new"}} {
		moves.Values = append(moves.Values, warehouse.Value{Value: v[0], Label: warehouse.Text{Ko: v[1], En: v[2]}})
	}
	return []warehouse.Cube{
		{
			Name: "member_grade", Label: warehouse.Text{Ko: "산정 등급", En: "Earned grade"}, Table: GradesTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
			Dimensions: []warehouse.Dimension{
				dim("member_grade", "grade", warehouse.KindChoice, "산정 등급", "Earned grade"), dim("member_grade_since", "since_on", warehouse.KindDate, "등급 시작일", "Grade since"),
				dim("member_grade_falls_on", "falls_on", warehouse.KindDate, "강등 예정일", "Grade falls on"), dim("member_grade_falls_to", "falls_to", warehouse.KindChoice, "강등될 등급", "Grade falls to"),
			},
		},
		{
			Name: "grade_simulation", Label: warehouse.Text{Ko: "등급 모의", En: "Grade simulation"}, Table: GradeSimulationTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
			Dimensions: []warehouse.Dimension{dim("grade_simulated", "grade", warehouse.KindChoice, "모의 등급", "Simulated grade"), moves},
		},
	}
}
