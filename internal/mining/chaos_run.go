// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"dangol/internal/mining/forecast"
	"dangol/internal/mining/nonlinear"
	"dangol/internal/platform/fault"
)

// kindChaos is the run that looks for rules in what seems irregular.
const kindChaos = "chaos"

// ChaosSettings say which series is looked at and how.
type ChaosSettings struct {
	SeriesAsk
	// Season takes the mean of each weekday (or hour of the week, or month) and a
	// straight trend out first: both would pass for a rule.
	Season bool `json:"season"`
	// Delay and Dimension of the embedding; 0 is chosen.
	Delay     int `json:"delay,omitempty"`
	Dimension int `json:"dimension,omitempty"`
}

func readChaos(raw json.RawMessage, currency string) (ChaosSettings, error) {
	c := ChaosSettings{Season: true, SeriesAsk: SeriesAsk{Step: "day"}}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, bad("settings", "an object like {\"measure\": \"orders\", \"step\": \"day\"}")
	}
	const mostDelay, mostDimension = 200, 10
	if c.Delay < 0 || c.Delay > mostDelay || c.Dimension < 0 || c.Dimension > mostDimension {
		return c, bad("delay", fmt.Sprintf("0 (chosen) to %d, with a dimension of 0 to %d", mostDelay, mostDimension))
	}
	return c, c.fill(currency)
}

func (s *Service) checkChaos(raw json.RawMessage) error {
	_, err := readChaos(raw, s.currency)
	return err
}

// Chaos is what was found about a series.
type Chaos struct {
	Settings ChaosSettings     `json:"settings"`
	Currency string            `json:"currency,omitempty"`
	Name     string            `json:"name,omitempty"`
	Series   []SeriesPoint     `json:"series"`
	Looked   []float64         `json:"looked" doc:"the values that were embedded"`
	Ahead    []SeriesPoint     `json:"ahead" doc:"the next steps by nearest neighbours, season and trend put back"`
	Result   *nonlinear.Result `json:"result"`
	Notes    []forecast.Note   `json:"notes,omitempty"`
	Through  string            `json:"data_through"`
}

// chaosAhead is how many steps are foretold by nearest neighbours.
const chaosAhead = 14

// runChaos rebuilds the phase space of a series and says what it is.
func (s *Service) runChaos(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := readChaos(run.Settings, s.currency)
	if err != nil {
		return nil, err
	}
	const steps = 3
	tell(0, steps)
	read, err := s.readSeries(ctx, settings.SeriesAsk)
	if err != nil {
		return nil, err
	}
	tell(1, steps)
	at := spanOf(settings.Step, read.moments, s.today())
	values := at.fold(read.moments, read.isLevel)
	if len(values) == 0 {
		return nil, emptySeries(settings.SeriesAsk)
	}
	clean, notes, err := forecast.Clean(values, forecast.Options{KeepOutliers: true})
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "mining.no_forecast", "The series cannot be used: {why}.", "why", err.Error())
	}
	out := &Chaos{Settings: settings, Name: read.name, Notes: notes, Through: at.through.Format(isoDate), Looked: clean}
	if read.isMoney {
		out.Currency = settings.Currency
	}
	back := func(_ int, v float64) float64 { return v }
	if settings.Season {
		out.Looked, back = flattened(clean, seriesSteps[settings.Step].season)
	}
	out.Result, err = nonlinear.Analyse(out.Looked, nonlinear.Options{Seed: uint64(run.Seed), Horizon: chaosAhead, Delay: settings.Delay, Dimension: settings.Dimension}) //nolint:gosec // positive
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "mining.no_forecast", "The series cannot be used: {why}.", "why", err.Error())
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	for i, v := range values {
		if !math.IsNaN(v) {
			out.Series = append(out.Series, SeriesPoint{stepName(settings.Step, at.starts[i]), v})
		}
	}
	starts := at.ahead(settings.Step, chaosAhead)
	for i, v := range out.Result.Forecast {
		out.Ahead = append(out.Ahead, SeriesPoint{stepName(settings.Step, starts[len(values)+i]), back(len(values)+i, v)})
	}
	tell(steps, steps)
	return out, nil
}

// flattened takes a straight line and the mean of each place in the season out;
// back puts both on again.
func flattened(y []float64, season int) (flat []float64, back func(i int, v float64) float64) {
	n := float64(len(y))
	var st, sy, stt, sty float64
	for i, v := range y {
		t := float64(i)
		st, sy, stt, sty = st+t, sy+v, stt+t*t, sty+t*v
	}
	slope := 0.0
	if d := n*stt - st*st; d > 0 {
		slope = (n*sty - st*sy) / d
	}
	base := (sy - slope*st) / n
	if len(y) < 3*season { // too few seasons to know one
		season = 1
	}
	means, counts := make([]float64, season), make([]float64, season)
	for i, v := range y {
		means[i%season] += v - base - slope*float64(i)
		counts[i%season]++
	}
	for k := range means {
		means[k] /= math.Max(1, counts[k])
	}
	of := func(i int) float64 { return base + slope*float64(i) + means[i%season] }
	flat = make([]float64, len(y))
	for i, v := range y {
		flat[i] = v - of(i)
	}
	return flat, func(i int, v float64) float64 { return v + of(i) }
}
