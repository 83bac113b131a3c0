// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"math"
	"strconv"

	"dangol/internal/mining/forecast"
	"dangol/internal/mining/report"
)

// finish compares with what was held back and makes rows and words.
func (m *minedForecast) finish(steps *forecast.Steps) {
	r := m.Result
	m.Steps = make([]forecastStep, 0, len(r.Points))
	for i, v := range r.Points {
		one := forecastStep{Step: steps.Name(m.N + i), Point: v}
		one.Low80, one.High80 = r.Intervals[0].Low[i], r.Intervals[0].High[i]
		one.Low95, one.High95 = r.Intervals[1].Low[i], r.Intervals[1].High[i]
		if i < len(m.Holdout) && !math.IsNaN(m.Holdout[i]) {
			actual := m.Holdout[i]
			one.Actual = &actual
		}
		m.Steps = append(m.Steps, one)
	}
	for i := range m.N {
		m.Starts = append(m.Starts, steps.Name(i))
	}
	if len(m.Holdout) > 0 {
		e := forecast.Measure(m.Series, m.Holdout, r.Points, m.Period)
		m.Errors = &e
		m.Compare = map[string]float64{string(r.Method): e.MASE}
		for _, method := range []forecast.Method{forecast.Naive, forecast.SeasonalNaive} {
			if simple, err := forecast.Forecast(m.Series, forecast.Options{Method: method, Horizon: len(m.Holdout), Period: m.Period, Origins: -1}); err == nil {
				m.Compare[string(method)] = forecast.Measure(m.Series, m.Holdout, simple.Points, m.Period).MASE
			}
		}
	}
	m.Words = forecast.Tell(m.Series, r, m.Errors)
}

func (m *minedForecast) page(lang string) *report.Page {
	p := report.New(lang, p2(lang, "예측", "Forecast"))
	p.Words(p.Say(m.Words.Ko, m.Words.En))
	m.picture(p)
	figures := []report.Figure{{Name: p.Say("방법", "method"), Value: string(m.Result.Method)}, {Name: p.Say("모형", "model"), Value: m.Result.Model}, {Name: p.Say("계절 길이", "period"), Value: strconv.Itoa(m.Period)}}
	if e := m.Errors; e != nil {
		figures = append(figures, report.Figure{Name: "MAE / RMSE", Value: fmt.Sprintf("%.4f / %.4f", e.MAE, e.RMSE)}, report.Figure{Name: "sMAPE / MASE", Value: fmt.Sprintf("%.3f / %.4f", e.SMAPE, e.MASE)})
	}
	if b := m.Result.Back; b != nil {
		figures = append(figures, report.Figure{Name: p.Say("지난 시점에서 시험", "tried from past origins"), Value: strconv.Itoa(b.Origins)},
			report.Figure{Name: p.Say("MASE (계절 단순법)", "MASE (seasonal naive)"), Value: fmt.Sprintf("%.3f (%.3f)", b.Errors.MASE, b.Naive)})
	}
	p.Figures(figures...)
	var rows [][]string
	for _, one := range m.Steps {
		row := []string{one.Step, four(one.Point), four(one.Low80), four(one.High80), four(one.Low95), four(one.High95)}
		if one.Actual != nil {
			row = append(row, four(*one.Actual))
		} else if len(m.Holdout) > 0 {
			row = append(row, "")
		}
		rows = append(rows, row)
	}
	header := []string{p.Say("단계", "step"), p.Say("예측", "forecast"), "80 % ↓", "80 % ↑", "95 % ↓", "95 % ↑"}
	if len(m.Holdout) > 0 {
		header = append(header, p.Say("실제", "actual"))
	}
	p.Table(p.Say("예측 값", "Forecast"), header, rows)
	if len(m.Result.Parameters) > 0 {
		rows = nil
		for _, name := range sortedNames(m.Result.Parameters) {
			rows = append(rows, []string{name, six(m.Result.Parameters[name])})
		}
		p.Table(p.Say("모수", "Parameters"), []string{"", p.Say("값", "value")}, rows)
	}
	for _, note := range m.Result.Notes {
		p.Words(p.Say(note.Ko, note.En))
	}
	return p
}

// picture shows the end of the series, the forecast and its interval.
func (m *minedForecast) picture(p *report.Page) {
	const shown = 120
	from := max(0, m.N-max(shown, 3*len(m.Steps)))
	nan := math.NaN()
	var known, ahead, actual, low, high []float64
	var labels []string
	for i := from; i < m.N; i++ {
		known, ahead, actual, low, high = append(known, m.Series[i]), append(ahead, nan), append(actual, nan), append(low, nan), append(high, nan)
		labels = append(labels, m.Starts[i])
	}
	for _, one := range m.Steps {
		known, ahead, low, high = append(known, nan), append(ahead, one.Point), append(low, one.Low95), append(high, one.High95)
		v := nan
		if one.Actual != nil {
			v = *one.Actual
		}
		actual = append(actual, v)
		labels = append(labels, one.Step)
	}
	series := []report.Series{{Name: p.Say("지금까지", "so far"), Values: known}, {Name: p.Say("예측", "forecast"), Values: ahead}}
	if len(m.Holdout) > 0 {
		series = append(series, report.Series{Name: p.Say("실제", "actual"), Values: actual, IsDashed: true})
	}
	p.Lines(p.Say("시계열과 예측 (띠: 95 % 구간)", "Series and forecast (band: 95 % interval)"), labels, series, &report.Band{Low: low, High: high})
}

func four(v float64) string {
	if math.Abs(v) >= 1e5 {
		return grouped(v)
	}
	return strconv.FormatFloat(v, 'f', 4, 64)
}
