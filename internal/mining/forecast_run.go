// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/mining/forecast"
	"dangol/internal/platform/fault"
)

const kindForecast = "forecast"

// ForecastSettings say what is continued.
type ForecastSettings struct {
	Measure  string `json:"measure,omitempty" enum:"revenue,orders,"`
	Step     string `json:"step,omitempty" enum:"day,week,month,"`
	Horizon  int    `json:"horizon,omitempty" doc:"28 days, 13 weeks or 6 months by default"`
	Method   string `json:"method,omitempty"`
	Holidays bool   `json:"holidays,omitempty" doc:"take Korean holidays into account (days and months)"`
	Currency string `json:"currency,omitempty"`
}

var usualSteps = map[string]int{"day": 28, "week": 13, "month": 6}

const longestForecast = 400

func readForecast(raw json.RawMessage) (ForecastSettings, error) {
	var f ForecastSettings
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, bad("settings", "an object like {\"measure\": \"revenue\"}")
	}
	if f.Measure == "" {
		f.Measure = "revenue"
	}
	if f.Measure != "revenue" && f.Measure != "orders" {
		return f, bad("measure", "revenue or orders")
	}
	if f.Step == "" {
		f.Step = "month"
	}
	usual, known := usualSteps[f.Step]
	if !known {
		return f, bad("step", "day, week or month")
	}
	if f.Horizon == 0 {
		f.Horizon = usual
	}
	if f.Horizon < 1 || f.Horizon > longestForecast {
		return f, bad("horizon", fmt.Sprintf("1 to %d", longestForecast))
	}
	if f.Method == "" {
		f.Method = string(forecast.Auto)
	}
	if !slices.Contains(forecast.Methods, forecast.Method(f.Method)) {
		return f, bad("method", "one of the methods of the forecast package")
	}
	return f, nil
}

func checkForecast(raw json.RawMessage) error {
	_, err := readForecast(raw)
	return err
}

// ForecastResult is a continued series of the company.
type ForecastResult struct {
	Settings ForecastSettings `json:"settings"`
	Currency string           `json:"currency,omitempty"`
	Series   []SeriesPoint    `json:"series"`
	Ahead    []AheadPoint     `json:"ahead"`
	Result   *forecast.Result `json:"result"`
	Through  string           `json:"data_through"`
	Words    forecast.Words   `json:"words"`
}

// SeriesPoint is one step so far.
type SeriesPoint struct {
	Step  string  `json:"step"`
	Value float64 `json:"value"`
}

// AheadPoint is one step to come.
type AheadPoint struct {
	Step   string  `json:"step"`
	Value  float64 `json:"value"`
	Low80  float64 `json:"low_80"`
	High80 float64 `json:"high_80"`
	Low95  float64 `json:"low_95"`
	High95 float64 `json:"high_95"`
}

// runForecast continues revenue or orders of the company.
func (s *Service) runForecast(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := readForecast(run.Settings)
	if err != nil {
		return nil, err
	}
	if settings.Currency == "" {
		settings.Currency = s.currency
	}
	const steps = 3
	tell(0, steps)
	days, values, err := s.readSeries(ctx, settings.Measure, settings.Currency)
	if err != nil {
		return nil, fmt.Errorf("read series: %w", err)
	}
	tell(1, steps)
	series, starts, through := fold(settings.Step, days, values, int64(dayOf(s.today())))
	if len(series) == 0 {
		return nil, fault.New(fault.Invalid, "mining.no_series", "There is not one whole {step} of purchases in {currency} yet.", "step", settings.Step, "currency", settings.Currency)
	}
	o := forecast.Options{Method: forecast.Method(settings.Method), Horizon: settings.Horizon, Period: map[string]int{"day": 7, "week": 52, "month": 12}[settings.Step], Seed: uint64(run.Seed)} //nolint:gosec // a seed
	for len(starts) < len(series)+settings.Horizon+1 {
		starts = append(starts, following(settings.Step, starts[len(starts)-1]))
	}
	if settings.Holidays && settings.Step != "week" {
		withHolidays(&o, starts, len(series))
	}
	if len(series) < 2*o.Period {
		o.Period = 1
	}
	r, err := forecast.Forecast(series, o)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "mining.no_forecast", "The series cannot be continued: {why}.", "why", err.Error())
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	out := &ForecastResult{Settings: settings, Result: r, Through: through.Format(isoDate), Words: forecast.Tell(series, r, nil)}
	if settings.Measure == "revenue" {
		out.Currency = settings.Currency
	}
	out.fill(series, starts)
	tell(steps, steps)
	return out, nil
}

func (f *ForecastResult) fill(series []float64, starts []time.Time) {
	layout := isoDate
	if f.Settings.Step == "month" {
		layout = "2006-01"
	}
	for i, v := range series {
		f.Series = append(f.Series, SeriesPoint{starts[i].Format(layout), v})
	}
	in := f.Result.Intervals
	for i, v := range f.Result.Points {
		f.Ahead = append(f.Ahead, AheadPoint{starts[len(series)+i].Format(layout), v, in[0].Low[i], in[0].High[i], in[1].Low[i], in[1].High[i]})
	}
}

// withHolidays adds the effects of moving holidays that the sample has seen.
func withHolidays(o *forecast.Options, starts []time.Time, n int) {
	ahead := starts[:n+o.Horizon]
	for i, x := range forecast.HolidayEffects(ahead, starts[n+o.Horizon]) {
		varies := slices.ContainsFunc(x[:n], func(v float64) bool { return v != x[0] })
		if varies {
			o.Regressors, o.Future, o.Names = append(o.Regressors, x[:n]), append(o.Future, x[n:]), append(o.Names, forecast.HolidayNames[i])
		}
	}
}

// fold adds days up to whole steps: the step that is still running, and a
// first one that began before the data, are left out.
func fold(step string, days []int64, values []float64, today int64) (series []float64, starts []time.Time, through time.Time) {
	if len(days) == 0 {
		return nil, nil, through
	}
	date := func(day int64) time.Time { return time.Unix(day*24*60*60, 0).UTC() }
	first := startOf(step, date(days[0]))
	if first.Before(date(days[0])) && step != "day" {
		first = following(step, first)
	}
	// What is not over yet would look like a fall; data that ended earlier end the series earlier.
	end := startOf(step, date(min(today, days[len(days)-1]+1)))
	for at := first; at.Before(end); at = following(step, at) {
		starts, series = append(starts, at), append(series, 0)
	}
	k := 0
	for i, day := range days {
		at := date(day)
		for k < len(starts) && !at.Before(following(step, starts[k])) {
			k++
		}
		if k < len(starts) && !at.Before(starts[k]) {
			series[k] += values[i]
		}
	}
	return series, append(starts, end), end.AddDate(0, 0, -1)
}

func startOf(step string, at time.Time) time.Time {
	switch step {
	case "month":
		return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	case "week":
		return at.AddDate(0, 0, -(int(at.Weekday())+6)%7)
	}
	return at
}

func following(step string, at time.Time) time.Time {
	switch step {
	case "month":
		return at.AddDate(0, 1, 0)
	case "week":
		return at.AddDate(0, 0, 7)
	}
	return at.AddDate(0, 0, 1)
}
