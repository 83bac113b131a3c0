// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"dangol/internal/mining/forecast"
	"dangol/internal/platform/fault"
)

const kindForecast = "forecast"

// ForecastSettings say what is continued.
type ForecastSettings struct {
	SeriesAsk
	Horizon    int    `json:"horizon,omitempty" doc:"a week of half hours, 28 days, 13 weeks or 6 months by default"`
	Method     string `json:"method,omitempty"`
	Holidays   bool   `json:"holidays,omitempty" doc:"take Korean holidays into account (days and months)"`
	Promotions bool   `json:"promotions,omitempty" doc:"take days of past campaigns into account (days and months)"`
	// Planned are promotions to come: without them nothing is known of the future.
	Planned []Stretch `json:"planned,omitempty"`
	// By parts the series: region (sido), category …; one or two of them.
	By []string `json:"by,omitempty"`
	// Desk tells how calls are handled (half hours and hours).
	Desk *DeskSettings `json:"desk,omitempty"`
}

// Stretch is the days from one to another, both included.
type Stretch struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// DeskSettings say how long a call takes and how soon it should be answered.
type DeskSettings struct {
	HandleSeconds float64 `json:"handle_seconds"`
	Share         float64 `json:"share"`
	Seconds       float64 `json:"seconds"`
}

const longestForecast = 1500

func readForecast(raw json.RawMessage, currency string) (ForecastSettings, error) {
	var f ForecastSettings
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, bad("settings", "an object like {\"measure\": \"revenue\"}")
	}
	if err := f.fill(currency); err != nil {
		return f, err
	}
	if f.Horizon == 0 {
		f.Horizon = seriesSteps[f.Step].horizon
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
	for _, p := range f.Planned {
		from, err := time.Parse(isoDate, p.From)
		if to, err2 := time.Parse(isoDate, p.To); err != nil || err2 != nil || to.Before(from) {
			return f, bad("planned", "stretches of days like {\"from\": \"2026-12-01\", \"to\": \"2026-12-07\"}")
		}
	}
	if d := f.Desk; d != nil && !(d.HandleSeconds >= 1 && d.HandleSeconds <= 7200 && d.Share > 0 && d.Share < 1 && d.Seconds >= 0 && d.Seconds <= 3600) {
		return f, bad("desk", "handle_seconds of 1 to 7200, a share below 1, and seconds of 0 to 3600")
	}
	return f, f.checkParts()
}

func (s *Service) checkForecast(raw json.RawMessage) error {
	_, err := readForecast(raw, s.currency)
	return err
}

// ForecastResult is a continued series of the company.
type ForecastResult struct {
	Settings ForecastSettings `json:"settings"`
	Currency string           `json:"currency,omitempty"`
	Name     string           `json:"name,omitempty" doc:"of an offer or of a series that somebody brought along"`
	Series   []SeriesPoint    `json:"series"`
	Ahead    []AheadPoint     `json:"ahead"`
	Result   *forecast.Result `json:"result"`
	Through  string           `json:"data_through"`
	Words    forecast.Words   `json:"words"`
	// Effects of holidays and campaigns, and the error without them from the same origins.
	Effects   []ForecastEffect `json:"effects,omitempty"`
	PlainMASE float64          `json:"plain_mase,omitempty"`
	// Parts are the forecasts of regions and categories; they add up to Ahead.
	Parts     []ForecastPart `json:"parts,omitempty"`
	Reconcile string         `json:"reconcile,omitempty" enum:"mint,ols,"`
	// Staff is how many agents are needed, Stock how long an offer lasts.
	Staff []StaffPoint `json:"staff,omitempty"`
	Stock *StockLeft   `json:"stock,omitempty"`
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

// StaffPoint is how many agents a step needs, for the calls expected and for the
// upper end of the 80 % interval.
type StaffPoint struct {
	Step   string  `json:"step"`
	Calls  float64 `json:"calls"`
	Agents int     `json:"agents"`
	Level  float64 `json:"level"`
	Busy   int     `json:"agents_busy"`
}

// StockLeft is how long the stock of an offer lasts; an empty step is beyond the horizon.
type StockLeft struct {
	Left  int64  `json:"left"`
	Out   string `json:"out,omitempty" doc:"the step in which it runs out as expected"`
	Early string `json:"early,omitempty" doc:"the step in which it may run out already (80 % interval)"`
}

// runForecast continues a series of the company.
func (s *Service) runForecast(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := readForecast(run.Settings, s.currency)
	if err != nil {
		return nil, err
	}
	const steps = 10
	tell(0, steps)
	read, err := s.readSeries(ctx, settings.SeriesAsk)
	if err != nil {
		return nil, fmt.Errorf("read series: %w", err)
	}
	tell(1, steps)
	at := spanOf(settings.Step, read.moments, s.today())
	values := at.fold(read.moments, read.isLevel)
	if len(values) == 0 {
		return nil, emptySeries(settings.SeriesAsk)
	}
	o := settings.options(values, uint64(run.Seed)) //nolint:gosec // a seed
	out := &ForecastResult{Settings: settings, Name: read.name, Through: at.through.Format(isoDate)}
	if read.isMoney {
		out.Currency = settings.Currency
	}
	starts := at.ahead(settings.Step, settings.Horizon)
	if err := s.addEffects(ctx, out, &o, starts, values); err != nil {
		return nil, err
	}
	tell(2, steps)
	if out.Result, err = forecast.Forecast(values, o); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "mining.no_forecast", "The series cannot be continued: {why}.", "why", err.Error())
	}
	out.readEffects()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	tell(4, steps)
	if len(settings.By) > 0 {
		if err := s.forecastParts(ctx, out, at, o, tell); err != nil {
			return nil, err
		}
	}
	out.Words = forecast.Tell(values, out.Result, nil)
	out.fill(values, starts)
	out.staff()
	if read.hasStock {
		out.stock(read.left)
	}
	tell(steps, steps)
	return out, nil
}

// options are those of the whole series; too short for a season, it has none.
func (f *ForecastSettings) options(values []float64, seed uint64) forecast.Options {
	o := forecast.Options{Method: forecast.Method(f.Method), Horizon: f.Horizon, Period: seriesSteps[f.Step].season, Seed: seed}
	if len(values) < 2*o.Period {
		o.Period = 1
		if shorter := map[string]int{"half_hour": 48, "hour": 24}[f.Step]; shorter > 0 && len(values) >= 2*shorter { // less than two weeks: days are alike
			o.Period = shorter
		}
	}
	return o
}

func (f *ForecastResult) fill(values []float64, starts []time.Time) {
	for i, v := range values {
		if !math.IsNaN(v) {
			f.Series = append(f.Series, SeriesPoint{stepName(f.Settings.Step, starts[i]), v})
		}
	}
	in := f.Result.Intervals
	for i, v := range f.Result.Points {
		f.Ahead = append(f.Ahead, AheadPoint{stepName(f.Settings.Step, starts[len(values)+i]), v, in[0].Low[i], in[0].High[i], in[1].Low[i], in[1].High[i]})
	}
}

// staff says how many agents each step needs.
func (f *ForecastResult) staff() {
	seconds := map[string]float64{"half_hour": 1800, "hour": 3600}[f.Settings.Step]
	if f.Settings.Desk == nil || seconds == 0 {
		return
	}
	d := forecast.Desk{HandleSeconds: f.Settings.Desk.HandleSeconds, Share: f.Settings.Desk.Share, Seconds: f.Settings.Desk.Seconds}
	for _, a := range f.Ahead {
		// Nights are forecast at small parts of a call: nobody sits there for them.
		const least = 0.05
		calls := a.Value
		if calls < least {
			calls = 0
		}
		p := StaffPoint{Step: a.Step, Calls: calls}
		p.Agents, p.Level = d.Agents(calls, seconds)
		if calls > 0 {
			p.Busy, _ = d.Agents(a.High80, seconds)
		}
		f.Staff = append(f.Staff, p)
	}
}

// stock says when an offer runs out.
func (f *ForecastResult) stock(left int64) {
	f.Stock = &StockLeft{Left: left}
	expected, busy := 0.0, 0.0
	for _, a := range f.Ahead {
		expected, busy = expected+a.Value, busy+a.High80
		if f.Stock.Out == "" && expected >= float64(left) {
			f.Stock.Out = a.Step
		}
		if f.Stock.Early == "" && busy >= float64(left) {
			f.Stock.Early = a.Step
		}
	}
}
