// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"slices"
	"time"

	"dangol/internal/mining/forecast"
	"dangol/internal/platform/fault"
)

// ForecastEffect is what one day of a holiday or a campaign adds to a step.
type ForecastEffect struct {
	Ko     string  `json:"ko"`
	En     string  `json:"en"`
	PerDay float64 `json:"per_day"`
	Days   float64 `json:"days_ahead" doc:"days of it within the horizon"`

	name string
}

// campaignDays names the regressor of days on which a campaign ran.
const campaignDays = "캠페인"

var effectNames = map[string]string{
	"설 연휴": "Seollal holidays", "추석 연휴": "Chuseok holidays", "명절 전 2주": "two weeks before Seollal and Chuseok", "그 밖의 공휴일": "other public holidays",
	campaignDays: "days of campaigns",
}

// addEffects adds holidays and campaigns that the sample has seen as effects, and
// measures the error without them from the same origins.
func (s *Service) addEffects(ctx context.Context, out *ForecastResult, o *forecast.Options, starts []time.Time, values []float64) error {
	settings := out.Settings
	if !settings.Holidays && !settings.Promotions {
		return nil
	}
	if settings.Step != "day" && settings.Step != "month" {
		return fault.New(fault.Invalid, "mining.no_effects", "Holidays and campaigns are effects of days and months; choose one of them, or leave the effects out.")
	}
	n := len(values)
	ahead, end := starts[:n+o.Horizon], starts[n+o.Horizon]
	var columns [][]float64
	var names []string
	if settings.Holidays {
		columns, names = forecast.HolidayEffects(ahead, end), slices.Clone(forecast.HolidayNames)
	}
	if settings.Promotions {
		days, err := s.promotionDays(ctx, settings.Planned)
		if err != nil {
			return err
		}
		columns, names = append(columns, daysIn(days, ahead, end)), append(names, campaignDays)
	}
	plain := *o
	for i, x := range columns {
		if !slices.ContainsFunc(x[:n], func(v float64) bool { return v != x[0] }) {
			continue // never seen, or always the same
		}
		o.Regressors, o.Future, o.Names = append(o.Regressors, x[:n]), append(o.Future, x[n:]), append(o.Names, names[i])
		e := ForecastEffect{Ko: names[i], En: effectNames[names[i]], name: names[i]}
		for _, v := range x[n:] {
			e.Days += v
		}
		out.Effects = append(out.Effects, e)
	}
	if len(o.Regressors) == 0 {
		return nil
	}
	const origins = 4
	o.Origins, plain.Origins = origins, origins
	o.KeepOutliers = true // a holiday is no mistake to mend
	clean, _, err := forecast.Clean(values, plain)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "mining.no_forecast", "The series cannot be continued: {why}.", "why", err.Error())
	}
	if back := forecast.Backtest(clean, plain); back != nil {
		out.PlainMASE = back.Errors.MASE
	}
	return nil
}

// readEffects takes the effects out of the fitted model.
func (f *ForecastResult) readEffects() {
	kept := f.Effects[:0]
	for _, e := range f.Effects {
		if v, fitted := f.Result.Parameters[e.name]; fitted {
			e.PerDay = v
			kept = append(kept, e)
		}
	}
	f.Effects = kept
}

// promotionDays are the days on which a campaign ran or is planned to run.
func (s *Service) promotionDays(ctx context.Context, planned []Stretch) (map[int64]bool, error) {
	list, err := s.tested(ctx)
	if err != nil {
		return nil, err
	}
	days := map[int64]bool{}
	add := func(from, to time.Time) {
		for at := from; !at.After(to) && to.Sub(from) < 400*24*time.Hour; at = at.AddDate(0, 0, 1) {
			days[at.Unix()] = true
		}
	}
	for _, c := range list {
		from, err := time.Parse(isoDate, c.StartOn)
		if err != nil {
			continue
		}
		to, err := time.Parse(isoDate, c.EndOn)
		if err != nil || to.Before(from) {
			to = from.AddDate(0, 0, usualWindow-1)
		}
		add(from, to)
	}
	for _, p := range planned {
		from, _ := time.Parse(isoDate, p.From)
		to, _ := time.Parse(isoDate, p.To)
		add(from, to)
	}
	return days, nil
}

// daysIn counts the days of each step.
func daysIn(days map[int64]bool, starts []time.Time, end time.Time) []float64 {
	out := make([]float64, len(starts))
	for i, start := range starts {
		stop := end
		if i+1 < len(starts) {
			stop = starts[i+1]
		}
		for at := start; at.Before(stop); at = at.AddDate(0, 0, 1) {
			if days[at.Unix()] {
				out[i]++
			}
		}
	}
	return out
}
