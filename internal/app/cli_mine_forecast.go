// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"dangol/internal/mining/forecast"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/tabular"
)

type mineForecastCommand struct {
	mineFlags
	File         string   `arg:"" help:"CSV, gzip CSV or Parquet file, one step a row." type:"path"`
	Value        string   `help:"Column of the values." required:"" placeholder:"COL"`
	Date         string   `help:"Column of the date; rows are put in order, gaps are found, several rows of one step are added up." placeholder:"COL"`
	Period       int      `help:"Steps of a season, 12 for months (default: by the dates or the series)." placeholder:"N"`
	Horizon      int      `help:"How many steps to look ahead." required:"" placeholder:"H"`
	Model        string   `help:"auto, naive, snaive, ses, holt, damped, ets, theta, arima, hw, hwm or combination." default:"auto"`
	Holdout      int      `help:"Keep the last steps back and compare the forecast with them." placeholder:"H"`
	Regressors   []string `help:"Columns that explain the values, such as promotions; rows at the end without a value tell their future." placeholder:"COL,…"`
	Holidays     bool     `help:"Take Korean holidays into account (needs --date)."`
	Log          bool     `help:"Work on logarithms."`
	KeepOutliers bool     `help:"Learn from values far away from all others too."`
	Seed         uint64   `help:"Of the simulated spread." default:"1"`
}

// Help teaches by examples.
func (mineForecastCommand) Help() string {
	return `auto is the median of exponential smoothing (chosen by AICc), the same with a damped trend, and Theta. Intervals
are corrected by how wrong the method was from past origins.

Examples:
  dangol mine forecast sales.csv --date 월 --value 매출 --horizon 6 --html forecast.html
  dangol mine forecast air.csv --value value --period 12 --horizon 24 --holdout 24 --model ets --json
  dangol mine forecast daily.csv --date day --value orders --horizon 28 --holidays --regressors promotion`
}

type minedForecast struct {
	Series   []float64          `json:"-"`
	Starts   []string           `json:"-"`
	N        int                `json:"n"`
	Period   int                `json:"period"`
	Step     string             `json:"step,omitempty"`
	Horizon  int                `json:"horizon"`
	Result   *forecast.Result   `json:"result"`
	Holdout  []float64          `json:"holdout,omitempty"`
	Errors   *forecast.Errors   `json:"errors,omitempty"`
	Steps    []forecastStep     `json:"forecast"`
	Compare  map[string]float64 `json:"holdout_mase,omitempty"`
	Notes    []string           `json:"notes,omitempty"`
	Words    forecast.Words     `json:"words"`
	Residual []float64          `json:"-"`
}

type forecastStep struct {
	Step   string   `json:"step"`
	Point  float64  `json:"point"`
	Low80  float64  `json:"low_80"`
	High80 float64  `json:"high_80"`
	Low95  float64  `json:"low_95"`
	High95 float64  `json:"high_95"`
	Actual *float64 `json:"actual,omitempty"`
}

// Run continues the series of a file.
func (c mineForecastCommand) Run(s *session) error {
	if c.Horizon < 1 || c.Holdout < 0 || c.Period < 0 {
		return fault.New(fault.Invalid, "app.bad_horizon", "--horizon must be at least 1; --holdout and --period must not be negative.")
	}
	if !slices.Contains(forecast.Methods, forecast.Method(c.Model)) {
		names := make([]string, len(forecast.Methods))
		for i, m := range forecast.Methods {
			names[i] = string(m)
		}
		return fault.New(fault.Invalid, "app.no_model", "There is no model {model}; choose one of {models}.", "model", c.Model, "models", strings.Join(names, ", "))
	}
	steps, err := c.read()
	if err != nil {
		return err
	}
	out, err := c.forecast(steps)
	if err != nil {
		return fault.New(fault.Invalid, "app.no_forecast", "The series cannot be continued: {why}.", "why", err.Error())
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang))
}

// read puts the file into steps of equal distance.
func (c mineForecastCommand) read() (*forecast.Steps, error) {
	columns := append([]string{c.Value}, c.Regressors...)
	kinds := map[string]tabular.Kind{}
	for _, name := range columns {
		kinds[name] = tabular.Number
	}
	if c.Date != "" {
		columns, kinds[c.Date] = append(columns, c.Date), tabular.Date
	}
	table, err := tabular.Read(c.File, tabular.Options{Columns: columns, Kinds: kinds})
	if err != nil {
		return nil, err
	}
	rows := forecast.Rows{}
	value, err := table.Column(c.Value)
	if err != nil {
		return nil, err
	}
	rows.Values = value.Numbers
	for _, name := range c.Regressors {
		x, err := table.Column(name)
		if err != nil {
			return nil, err
		}
		rows.Regressors = append(rows.Regressors, x.Numbers)
	}
	if c.Date != "" {
		date, err := table.Column(c.Date)
		if err != nil {
			return nil, err
		}
		rows.Micros = date.Dates
	} else if c.Holidays {
		return nil, fault.New(fault.Invalid, "app.holidays_need_dates", "--holidays needs the column of the dates: --date COL.")
	}
	steps, err := forecast.Regular(rows)
	if err != nil {
		return nil, fault.New(fault.Invalid, "app.bad_series", "The series cannot be used: {why}.", "why", err.Error())
	}
	for _, note := range table.Notes {
		steps.Notes = append(steps.Notes, forecast.Note{Code: "file", Ko: note, En: note})
	}
	return steps, nil
}

func (c mineForecastCommand) forecast(steps *forecast.Steps) (*minedForecast, error) {
	y := slices.Clone(steps.Values)
	out := &minedForecast{Horizon: c.Horizon, Step: steps.Unit}
	if c.Holdout > 0 {
		if c.Holdout >= len(y)-2 {
			return nil, fmt.Errorf("%d steps do not leave enough when %d are held back", len(y), c.Holdout)
		}
		out.Holdout = y[len(y)-c.Holdout:]
		y = y[:len(y)-c.Holdout]
	}
	o := forecast.Options{Method: forecast.Method(c.Model), Horizon: max(c.Horizon, c.Holdout), Period: c.Period, Seed: c.Seed, KeepOutliers: c.KeepOutliers}
	if o.Period == 0 {
		o.Period = steps.Period
	}
	if o.Period > len(y) {
		o.Period = 1
	}
	if err := c.explain(steps, len(y), &o); err != nil {
		return nil, err
	}
	if c.Log {
		for i, v := range y {
			if v <= 0 {
				return nil, fmt.Errorf("--log needs values above zero")
			}
			y[i] = math.Log(v)
		}
	}
	r, err := forecast.Forecast(y, o)
	if err != nil {
		return nil, err
	}
	if c.Log {
		unlog(r)
		y = slices.Clone(steps.Values[:len(y)])
	}
	r.Notes = append(steps.Notes, r.Notes...)
	out.N, out.Period, out.Result, out.Series = len(y), r.Period, r, y
	out.finish(steps)
	return out, nil
}

// explain collects the regressors and what is known of their future.
func (c mineForecastCommand) explain(steps *forecast.Steps, n int, o *forecast.Options) error {
	add := func(name string, x []float64) {
		for _, v := range x[:n] {
			if v != x[0] {
				future := make([]float64, o.Horizon)
				copy(future, x[n:min(len(x), n+o.Horizon)])
				o.Regressors, o.Future, o.Names = append(o.Regressors, x[:n]), append(o.Future, future), append(o.Names, name)
				return
			}
		}
	}
	for i, name := range c.Regressors {
		x := steps.Regressors[i]
		for _, v := range x {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("column %s lacks values", name)
			}
		}
		add(name, x)
	}
	if c.Holidays {
		for i, x := range forecast.HolidayEffects(steps.Ahead(n+o.Horizon), steps.Start(n+o.Horizon)) {
			add(forecast.HolidayNames[i], x)
		}
	}
	return nil
}

// unlog turns the answer back; the median stays the median.
func unlog(r *forecast.Result) {
	for i, v := range r.Points {
		r.Points[i] = math.Exp(v)
		r.Spread[i] *= r.Points[i]
		for k := range r.Intervals {
			r.Intervals[k].Low[i], r.Intervals[k].High[i] = math.Exp(r.Intervals[k].Low[i]), math.Exp(r.Intervals[k].High[i])
		}
	}
}
