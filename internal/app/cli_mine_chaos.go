// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"strconv"

	"dangol/internal/mining/forecast"
	"dangol/internal/mining/nonlinear"
	"dangol/internal/mining/report"
	"dangol/internal/platform/fault"
)

type mineChaosCommand struct {
	mineFlags
	File      string `arg:"" help:"CSV, gzip CSV or Parquet file, one step a row." type:"path"`
	Value     string `help:"Column of the values." required:"" placeholder:"COL"`
	Date      string `help:"Column of the date; rows are put in order." placeholder:"COL"`
	Horizon   int    `help:"Also continue the series by its nearest neighbours." placeholder:"H"`
	Delay     int    `help:"Delay of the embedding (default: chosen)." placeholder:"N"`
	Dimension int    `help:"Dimension of the embedding (default: chosen)." placeholder:"N"`
	Seed      uint64 `help:"Of the surrogates." default:"1"`
}

// Help teaches by examples.
func (mineChaosCommand) Help() string {
	return `Rebuilds the phase space of a series (delay by mutual information, dimension by false neighbours), measures how
fast neighbours part (largest Lyapunov exponent), compares with surrogates of the same spectrum, and says whether
the series is noise, linear, or shows low-dimensional chaos.

Example:
  dangol mine chaos sales.csv --date day --value orders --html chaos.html`
}

// Run looks at the series of a file.
func (c mineChaosCommand) Run(s *session) error {
	if c.Horizon < 0 || c.Delay < 0 || c.Dimension < 0 {
		return fault.New(fault.Invalid, "app.bad_embedding", "--horizon, --delay and --dimension must not be negative.")
	}
	steps, err := mineForecastCommand{File: c.File, Value: c.Value, Date: c.Date}.read()
	if err != nil {
		return err
	}
	y, notes, err := forecast.Clean(steps.Values, forecast.Options{KeepOutliers: true})
	if err == nil {
		var r *nonlinear.Result
		if r, err = nonlinear.Analyse(y, nonlinear.Options{Seed: c.Seed, Horizon: c.Horizon, Delay: c.Delay, Dimension: c.Dimension}); err == nil {
			return s.mined(c.mineFlags, r, chaosPage(c.Lang, y, r, append(steps.Notes, notes...)))
		}
	}
	return fault.New(fault.Invalid, "app.no_forecast", "The series cannot be used: {why}.", "why", err.Error())
}

func chaosPage(lang string, y []float64, r *nonlinear.Result, notes []forecast.Note) *report.Page {
	p := report.New(lang, p2(lang, "시계열의 성질", "Nature of the series"))
	p.Words(p.Say(r.Words.Ko, r.Words.En))
	if r.Surrogates == 0 {
		return p
	}
	p.Figures(
		report.Figure{Name: p.Say("판정", "verdict"), Value: verdictName(p, r.Verdict)}, report.Figure{Name: p.Say("지연", "delay"), Value: strconv.Itoa(r.Delay)},
		report.Figure{Name: p.Say("차원", "dimension"), Value: strconv.Itoa(r.Dimension)},
		report.Figure{Name: p.Say("랴푸노프 지수 (단계당)", "Lyapunov exponent (per step)"), Value: fmt.Sprintf("%.4f (R² %.3f)", r.Lyapunov, r.LyapunovFit)},
		report.Figure{Name: p.Say("이웃 예측 오차 / 선형 오차", "error of neighbours / linear"), Value: fmt.Sprintf("%.3f / %.3f", r.Error, r.LinearError)},
		report.Figure{Name: p.Say("대리 시계열 중 순위", "rank among surrogates"), Value: fmt.Sprintf("%d / %d (p = %.3f)", r.Rank, r.Surrogates+1, r.P)})
	if n := len(y) - r.Delay; n > 0 {
		p.Points(p.Say(fmt.Sprintf("위상 공간: y(t)와 y(t+%d)", r.Delay), fmt.Sprintf("Phase space: y(t) and y(t+%d)", r.Delay)), y[:n], y[r.Delay:])
	}
	line := func(title string, values []float64, from int) {
		labels := make([]string, len(values))
		for i := range labels {
			labels[i] = strconv.Itoa(i + from)
		}
		if len(values) > 1 {
			p.Lines(title, labels, []report.Series{{Values: values}}, nil)
		}
	}
	line(p.Say("이웃이 멀어지는 정도 (로그)", "How neighbours part (logarithm)"), r.Divergence, 0)
	line(p.Say("예측 오차 (앞선 단계별)", "Forecast error by steps ahead"), r.ErrorByStep, 1)
	line(p.Say("거짓 이웃의 비율 (차원별)", "False neighbours by dimension"), r.FalseNeighbors, 1)
	line(p.Say("상호 정보량 (지연별)", "Mutual information by delay"), r.Information, 1)
	if len(r.Forecast) > 0 {
		var rows [][]string
		for i, v := range r.Forecast {
			rows = append(rows, []string{strconv.Itoa(i + 1), four(v)})
		}
		p.Table(p.Say("이웃으로 이어 간 값", "Continued by neighbours"), []string{p.Say("단계", "step"), p.Say("값", "value")}, rows)
	}
	for _, note := range notes {
		p.Words(p.Say(note.Ko, note.En))
	}
	return p
}

// verdictName is a verdict in words.
func verdictName(p *report.Page, v nonlinear.Verdict) string {
	switch v {
	case nonlinear.Noise:
		return p.Say("잡음", "noise")
	case nonlinear.Linear:
		return p.Say("선형", "linear")
	case nonlinear.Nonlinear:
		return p.Say("비선형", "nonlinear")
	case nonlinear.Chaos:
		return p.Say("저차원 카오스", "low-dimensional chaos")
	case nonlinear.Constant:
		return p.Say("한 값뿐", "constant")
	}
	return p.Say("너무 짧음", "too short")
}
