// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/mining/forecast"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// OwnSeries is a series that somebody brought along.
type OwnSeries struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Count     int       `json:"count"`
	FirstAt   time.Time `json:"first_at"`
	LastAt    time.Time `json:"last_at"`
	Step      string    `json:"step" doc:"half_hour, hour, day, week, month, quarter or year, as found in the dates"`
	IsLevel   bool      `json:"is_level" doc:"a balance, not something to add up"`
	PersonID  int64     `json:"person_id,omitempty"`
	CreatedAt time.Time `json:"created_at"`

	points []moment
}

// moment is a value of a series at a time, in microseconds of the company's clock.
type moment struct {
	at    int64
	value float64
}

// SeriesDraft is a series as it is brought along: lines of a date and a number.
type SeriesDraft struct {
	Name    string `json:"name"`
	Text    string `json:"text" doc:"CSV: a column of dates and a column of numbers, with or without a header"`
	IsLevel bool   `json:"is_level,omitempty"`
}

const (
	longestSeries = 100_000
	fewestPoints  = 3
)

// seriesTimes are the ways in which dates are written.
var seriesTimes = []string{
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", time.RFC3339, time.DateOnly,
	"2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02", "2006.01.02 15:04", "2006.01.02", "2006. 1. 2.", "20060102", "2006-01", "200601",
}

func seriesTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range seriesTimes {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func seriesNumber(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", ""), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// CreateSeries keeps a series. It returns fault.Invalid with the line that cannot be read.
func (s *Service) CreateSeries(ctx context.Context, draft SeriesDraft) (*OwnSeries, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return nil, err
	}
	out := &OwnSeries{Name: strings.TrimSpace(draft.Name), IsLevel: draft.IsLevel, PersonID: auth.From(ctx).ID}
	if n := utf8.RuneCountInString(out.Name); n == 0 || n > longestLabel {
		return nil, bad("name", fmt.Sprintf("a name of 1 to %d letters", longestLabel))
	}
	var err error
	if out.points, err = readSeriesText(draft.Text); err != nil {
		return nil, err
	}
	out.describe()
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.CreateSeries(ctx, out); err != nil || s.journal == nil {
			return err
		}
		after, err := json.Marshal(map[string]any{"name": out.Name, "count": out.Count, "is_level": out.IsLevel})
		if err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "mining", Kind: "mining.series_created", SubjectKind: "mining_series", SubjectIDs: []int64{out.ID}, After: after})
	})
	return out, err
}

// describe fills in what the points tell.
func (o *OwnSeries) describe() {
	slices.SortStableFunc(o.points, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	rows := forecast.Rows{}
	for _, p := range o.points {
		rows.Micros, rows.Values = append(rows.Micros, p.at), append(rows.Values, p.value)
	}
	o.Count, o.Step = len(o.points), "day"
	if steps, err := forecast.Regular(rows); err == nil {
		o.Step = steps.Unit
	}
	o.FirstAt, o.LastAt = time.UnixMicro(o.points[0].at).UTC(), time.UnixMicro(o.points[len(o.points)-1].at).UTC()
}

// readSeriesText finds the column of dates and the column of numbers.
func readSeriesText(text string) ([]moment, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	if head, _, _ := strings.Cut(text, "\n"); strings.Contains(head, "\t") {
		r.Comma = '\t'
	} else if strings.Contains(head, ";") {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fault.New(fault.Invalid, "mining.bad_series", "The text cannot be read as a table: {why}.", "why", err.Error())
	}
	if len(rows) > 0 && !isMoment(rows[0]) {
		rows = rows[1:] // a header
	}
	if len(rows) < fewestPoints || len(rows) > longestSeries {
		return nil, fault.New(fault.Invalid, "mining.bad_series_length", "A series has {least} to {most} lines of a date and a number; this one has {count}.", "least", fewestPoints, "most", longestSeries, "count", len(rows))
	}
	out := make([]moment, 0, len(rows))
	for i, row := range rows {
		date, number := columnsOf(row)
		if date < 0 || number < 0 {
			const shown = 60
			line := []rune(strings.Join(row, ", "))
			return nil, fault.New(fault.Invalid, "mining.bad_series_line", "Line {line} has no date and number: “{text}”. Write one as 2026-03-01, 120 or 2026-03-01 09:30, 120.", "line", i+1, "text", string(line[:min(shown, len(line))]))
		}
		at, _ := seriesTime(row[date])
		value, _ := seriesNumber(row[number])
		out = append(out, moment{at.UnixMicro(), value})
	}
	return out, nil
}

func isMoment(row []string) bool {
	date, number := columnsOf(row)
	return date >= 0 && number >= 0
}

// columnsOf are the first date and the first number beside it, -1 for none.
func columnsOf(row []string) (date, number int) {
	date, number = -1, -1
	for i, text := range row {
		if _, ok := seriesTime(text); ok && date < 0 {
			date = i
			continue
		}
		if _, ok := seriesNumber(text); ok && number < 0 {
			number = i
		}
	}
	return date, number
}

// ListSeries returns the series that people brought along, newest first.
func (s *Service) ListSeries(ctx context.Context) ([]OwnSeries, error) {
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	return s.store.ListSeries(ctx)
}

// DeleteSeries forgets a series; runs over it keep their results.
func (s *Service) DeleteSeries(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		one, err := s.store.FindSeries(ctx, id)
		if err != nil {
			return err
		}
		if err := s.store.DeleteSeries(ctx, id); err != nil || s.journal == nil {
			return err
		}
		before, err := json.Marshal(map[string]any{"name": one.Name, "count": one.Count})
		if err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "mining", Kind: "mining.series_deleted", SubjectKind: "mining_series", SubjectIDs: []int64{id}, Before: before})
	})
}
