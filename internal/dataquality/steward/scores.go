// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"dangol/internal/platform/job"
)

// Rate is a score for people.
type Rate struct {
	Dimension Dimension `json:"dimension"`
	Percent   float64   `json:"percent"`
	Total     int64     `json:"total" doc:"values or records judged"`
}

// Group is the scores of one source, department, field or day.
type Group struct {
	SourceID   int64   `json:"source_id,omitempty"`
	Name       string  `json:"name" doc:"label of the source or department, name of the field, or the day"`
	Department string  `json:"department,omitempty"`
	Score      float64 `json:"score" doc:"mean of the dimensions, percent"`
	Rates      []Rate  `json:"rates"`
}

// Scores are what the page of data quality shows.
type Scores struct {
	On          string    `json:"on,omitempty" doc:"day of the last scan, empty before the first"`
	Golden      Group     `json:"golden"`
	Sources     []Group   `json:"sources"`
	Departments []Group   `json:"departments"`
	Fields      []Group   `json:"fields" doc:"of the golden record"`
	Matrix      []CellRow `json:"matrix" doc:"each source by field"`
	Trend       []Group   `json:"trend" doc:"the golden record by day"`
	Bands       [10]int64 `json:"bands" doc:"customers by tens of their score"`
	Groups      []Pile    `json:"groups" doc:"open issues"`
	Last        *Run      `json:"last,omitempty"`
	Scanning    *Scanning `json:"scanning,omitempty" doc:"there while the base is being judged"`
}

// Scanning is how far a scan at work is.
type Scanning struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

// CellRow is one source and field.
type CellRow struct {
	SourceID int64   `json:"source_id"`
	Field    string  `json:"field"`
	Score    float64 `json:"score"`
	Rates    []Rate  `json:"rates"`
}

// tally adds scores up by name.
type tally struct {
	order []string
	sums  map[string]map[Dimension]*Score
}

func newTally() *tally { return &tally{sums: map[string]map[Dimension]*Score{}} }

func (t *tally) add(name string, n snapshot) {
	if t.sums[name] == nil {
		t.sums[name] = map[Dimension]*Score{}
		t.order = append(t.order, name)
	}
	score := t.sums[name][n.Dimension]
	if score == nil {
		score = &Score{}
		t.sums[name][n.Dimension] = score
	}
	score.Good += float64(n.good) / 1000
	score.Total += n.total
}

// rates returns the scores of a name, and their mean.
func (t *tally) rates(name string) ([]Rate, float64) {
	rates, sum := []Rate{}, 0.0
	for _, d := range Dimensions {
		score := t.sums[name][d]
		if score == nil || score.Total == 0 {
			continue
		}
		share, _ := score.Share()
		rates = append(rates, Rate{d, share * 100, score.Total})
		sum += share * 100
	}
	if len(rates) == 0 {
		return rates, 0
	}
	return rates, sum / float64(len(rates))
}

func (t *tally) groups() []Group {
	list := []Group{}
	for _, name := range t.order {
		rates, score := t.rates(name)
		list = append(list, Group{Name: name, Score: score, Rates: rates})
	}
	return list
}

// FindScores returns the scores of the last scan and the trend of so many days.
func (s *Service) FindScores(ctx context.Context, days int) (*Scores, error) {
	now, err := s.store.snapshots(ctx, "")
	if err != nil {
		return nil, err
	}
	past, err := s.store.snapshots(ctx, s.db.Now(ctx).In(s.zone).AddDate(0, 0, -days).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	scores := &Scores{Sources: []Group{}, Departments: []Group{}, Fields: []Group{}, Matrix: []CellRow{}, Trend: []Group{}, Groups: []Pile{}}
	if err := s.addSources(ctx, scores, now); err != nil {
		return nil, err
	}
	trend := newTally()
	for _, n := range past {
		if n.SourceID == 0 {
			trend.add(n.on, n)
		}
	}
	scores.Trend = trend.groups()
	if scores.Bands, err = s.store.scoreBands(ctx); err != nil {
		return nil, err
	}
	if scores.Groups, err = s.store.groups(ctx); err != nil {
		return nil, err
	}
	if scores.Scanning, err = s.scanning(ctx); err != nil {
		return nil, err
	}
	scores.Last, err = s.store.lastRun(ctx)
	return scores, err
}

// scanning finds the scan that waits or works; nil is none.
func (s *Service) scanning(ctx context.Context) (*Scanning, error) {
	if s.jobs == nil {
		return nil, nil //nolint:nilnil // nothing works in the background here
	}
	for _, state := range []job.State{job.Running, job.Ready} {
		list, err := s.jobs.List(ctx, job.Filter{Kind: jobScan, State: state, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(list) > 0 && !list[0].RunAt.After(s.db.Now(ctx)) {
			return &Scanning{Done: list[0].Done, Total: list[0].Total}, nil
		}
	}
	return nil, nil //nolint:nilnil // the base is not being judged
}

// addSources adds the day's scores up by source, department, field and cell.
func (s *Service) addSources(ctx context.Context, scores *Scores, now []snapshot) error {
	sources, err := s.customers.ListSources(ctx)
	if err != nil {
		return err
	}
	department, err := s.departments(ctx)
	if err != nil {
		return err
	}
	golden, fields, bySource, byDepartment := newTally(), newTally(), newTally(), newTally()
	type place struct {
		source int64
		field  string
	}
	cells := map[place]*tally{}
	var order []place
	for _, n := range now {
		scores.On = n.on
		if n.SourceID == 0 {
			golden.add("", n)
			fields.add(n.Field, n)
			continue
		}
		bySource.add(nameOf(n.SourceID), n)
		byDepartment.add(department[n.SourceID], n)
		at := place{n.SourceID, n.Field}
		if cells[at] == nil {
			cells[at] = newTally()
			order = append(order, at)
		}
		cells[at].add("", n)
	}
	scores.Golden.Rates, scores.Golden.Score = golden.rates("")
	scores.Fields = fields.groups()
	scores.Departments = byDepartment.groups()
	for _, source := range sources {
		rates, score := bySource.rates(nameOf(source.ID))
		if len(rates) > 0 {
			scores.Sources = append(scores.Sources, Group{SourceID: source.ID, Name: source.Label, Department: department[source.ID], Score: score, Rates: rates})
		}
	}
	for _, at := range order {
		rates, score := cells[at].rates("")
		scores.Matrix = append(scores.Matrix, CellRow{at.source, at.field, score, rates})
	}
	slices.SortStableFunc(scores.Departments, func(a, b Group) int { return cmp.Compare(a.Score, b.Score) })
	return nil
}

func nameOf(sourceID int64) string { return strconv.FormatInt(sourceID, 10) }
