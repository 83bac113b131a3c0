// SPDX-License-Identifier: Apache-2.0

package subscription

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"dangol/internal/cube"
	"dangol/internal/platform/fault"
)

const (
	// looksBack is how many periods before are compared with.
	looksBack = 24
	// fewestBefore is with how few nothing can be called unusual.
	fewestBefore = 6
	// unusualFrom is the modified z-score from which a value counts as an
	// outlier (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993).
	unusualFrom = 3.5
	// madToSigma makes the median absolute deviation of a normal distribution its standard deviation.
	madToSigma = 0.6745
	// meanToSigma does so with the mean absolute deviation, where more than half of the values are equal.
	meanToSigma = 1.253314
)

// look judges the last whole period of an alert.
func (s *Service) look(ctx context.Context, c Content) (Detail, bool, error) {
	p, err := s.cubes.FindPivot(ctx, c.PivotID)
	if err != nil {
		return Detail{}, false, err
	}
	series, err := s.series(ctx, p.Query, c.Every)
	if err != nil {
		return Detail{}, false, err
	}
	d := Detail{Measure: p.Query.Measures[0], Period: series.period}
	last := series.values[len(series.values)-1]
	d.Value = &last
	before := series.values[:len(series.values)-1]
	if len(before) >= fewestBefore {
		usual := median(before)
		d.Usual = &usual
		score := robustScore(before, last)
		d.Score = &score
	}
	switch c.Is {
	case Above:
		return d, last > c.Value, nil
	case Below:
		return d, last < c.Value, nil
	}
	return d, d.Score != nil && math.Abs(*d.Score) >= unusualFrom, nil
}

// series is a measure by whole periods, the last one at the end.
type series struct {
	values []float64
	period string
}

// series asks the first measure of a question by periods; the one that runs now is not whole and left out.
func (s *Service) series(ctx context.Context, q cube.Query, every string) (series, error) {
	name, _, _ := strings.Cut(q.Measures[0], ".")
	from, to := window(s.cubes.Today(), every)
	ask := cube.Query{
		Measures: q.Measures[:1], Dimensions: []string{name + "." + every}, Filters: q.Filters, Calculate: q.Calculate,
		Period: &cube.Period{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)},
	}
	result, err := s.cubes.Query(ctx, ask)
	if err != nil {
		return series{}, err
	}
	seen := map[string]float64{}
	for _, row := range result.Rows {
		if v, ok := number(row[1]); ok {
			seen[fmt.Sprint(row[0])] = v
		}
	}
	out := series{period: periodName(to, every)}
	isEarlier := true // periods before the first value are no zeroes: there was nothing to measure
	for at := from; !at.After(to); at = step(at, every) {
		v, ok := seen[keyOf(at, every)]
		if !ok && isEarlier {
			continue
		}
		isEarlier = false
		out.values = append(out.values, v)
	}
	if len(out.values) == 0 {
		return out, fault.New(fault.Unavailable, "cube.alert_no_values", "The measure {name} has no values yet.", "name", q.Measures[0])
	}
	return out, nil
}

// window is the last looksBack+1 whole periods.
func window(today time.Time, every string) (from, to time.Time) {
	y, m, d := today.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	switch every {
	case "week":
		monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		return monday.AddDate(0, 0, -7*(looksBack+1)), monday.AddDate(0, 0, -1)
	case "month":
		first := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		return first.AddDate(0, -looksBack-1, 0), first.AddDate(0, 0, -1)
	}
	return day.AddDate(0, 0, -looksBack-1), day.AddDate(0, 0, -1)
}

func step(at time.Time, every string) time.Time {
	switch every {
	case "week":
		return at.AddDate(0, 0, 7)
	case "month":
		return at.AddDate(0, 1, 0)
	}
	return at.AddDate(0, 0, 1)
}

func periodName(to time.Time, every string) string {
	switch every {
	case "week":
		return to.AddDate(0, 0, -6).Format(time.DateOnly) + " – " + to.Format(time.DateOnly)
	case "month":
		return to.Format("2006-01")
	}
	return to.Format(time.DateOnly)
}

// keyOf names a period as the answer gives it: days and weeks by their first day, months as 2026-07.
func keyOf(at time.Time, every string) string {
	if every == "month" {
		return at.Format("2006-01")
	}
	return at.Format(time.DateOnly)
}

func number(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// robustScore is the modified z-score of a value among those before.
func robustScore(before []float64, value float64) float64 {
	middle := median(before)
	away := make([]float64, len(before))
	mean := 0.0
	for i, v := range before {
		away[i] = math.Abs(v - middle)
		mean += away[i] / float64(len(before))
	}
	switch mad := median(away); {
	case mad > 0:
		return madToSigma * (value - middle) / mad
	case mean > 0:
		return (value - middle) / (meanToSigma * mean)
	case value == middle:
		return 0
	}
	return math.Copysign(math.MaxInt32, value-middle) // all were equal, this one is not
}
