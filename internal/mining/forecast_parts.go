// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"dangol/internal/mining/forecast"
	"dangol/internal/platform/fault"
)

// ForecastPart is the forecast of a region, of a category, or of both together.
type ForecastPart struct {
	// Names are the values of the dimensions of By; '' is all of one.
	Names []string `json:"names"`
	// Before are the last steps, as many as the horizon has.
	Before float64   `json:"before"`
	Sum    float64   `json:"sum"`
	Base   float64   `json:"base_sum" doc:"before the forecasts were made to add up"`
	Points []float64 `json:"points"`
	Low80  []float64 `json:"low_80"`
	High80 []float64 `json:"high_80"`
}

// partColumns are what can part a series, with the columns in which they are.
var partColumns = map[string]string{
	"sido": "c.sido", "branch": "c.branch", "grade": "c.grade", "channel": "l.channel", "store": "l.store",
	"category": "p.category", "department": "p.department", "brand": "p.brand",
}

const (
	mostParts = 6 // of a dimension; the rest share one
	restPart  = "…"
)

func (f *ForecastSettings) checkParts() error {
	const most = 2
	if len(f.By) > most || len(f.By) == most && f.By[0] == f.By[1] {
		return bad("by", "one or two different dimensions")
	}
	measure, isOfOrders := seriesMeasures[f.Measure]
	for _, by := range f.By {
		column, known := partColumns[by]
		switch {
		case !known:
			return bad("by", "sido, branch, grade, channel, store, category, department or brand")
		case !isOfOrders || measure.table != linesTable:
			return bad("by", "empty: only measures of orders can be parted")
		case strings.HasPrefix(column, "p.") && !measure.isMoney:
			return bad("by", "no dimension of products: an order may hold several of them; choose revenue")
		}
	}
	return nil
}

// hierarchy is the total, the parts of each dimension, and the cells.
type hierarchy struct {
	names [][]string  // of nodes; the cells come last
	sums  [][]float64 // node × cell
	cells [][]float64 // values by cell
}

const partBreak = "\x1f"

// cellsOf folds the rarer values of each dimension into one.
func cellsOf(parts map[string][]moment, dimensions int) (cells map[string][]moment, levels [][]string) {
	weights := make([]map[string]float64, dimensions)
	for d := range weights {
		weights[d] = map[string]float64{}
	}
	for key, moments := range parts {
		for d, name := range strings.Split(key, partBreak) {
			for _, m := range moments {
				weights[d][name] += math.Abs(m.value)
			}
		}
	}
	kept := make([]map[string]bool, dimensions)
	levels = make([][]string, dimensions)
	for d, w := range weights {
		var names []string
		for name := range w {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int {
			switch {
			case w[a] > w[b]:
				return -1
			case w[a] < w[b]:
				return 1
			}
			return strings.Compare(a, b)
		})
		kept[d] = map[string]bool{}
		for i, name := range names {
			if name != "" && (i < mostParts-1 || len(names) <= mostParts) {
				kept[d][name] = true
				levels[d] = append(levels[d], name)
			}
		}
		if len(levels[d]) < len(names) {
			levels[d] = append(levels[d], restPart)
		}
	}
	cells = map[string][]moment{}
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		names := strings.Split(key, partBreak)
		for d := range names {
			if !kept[d][names[d]] {
				names[d] = restPart
			}
		}
		cell := strings.Join(names, partBreak)
		cells[cell] = append(cells[cell], parts[key]...)
	}
	for _, moments := range cells {
		slices.SortStableFunc(moments, func(a, b moment) int { return int(min(max(a.at-b.at, -1), 1)) })
	}
	return cells, levels
}

func newHierarchy(cells map[string][]moment, levels [][]string, at span) *hierarchy {
	h := &hierarchy{}
	keys := slices.Sorted(maps.Keys(cells))
	add := func(names []string) {
		row := make([]float64, len(keys))
		for i, key := range keys {
			own := strings.Split(key, partBreak)
			row[i] = 1
			for d, name := range names {
				if name != "" && own[d] != name {
					row[i] = 0
				}
			}
		}
		h.names, h.sums = append(h.names, names), append(h.sums, row)
	}
	add(make([]string, len(levels)))
	if len(levels) > 1 {
		for d := range levels {
			for _, name := range levels[d] {
				names := make([]string, len(levels))
				names[d] = name
				add(names)
			}
		}
	}
	for _, key := range keys {
		add(strings.Split(key, partBreak))
		h.cells = append(h.cells, at.fold(cells[key], false))
	}
	return h
}

// series of a node are the sums of its cells.
func (h *hierarchy) series(node int) []float64 {
	out := make([]float64, len(h.cells[0]))
	for c, weight := range h.sums[node] {
		if weight != 0 {
			for i, v := range h.cells[c] {
				out[i] += v
			}
		}
	}
	return out
}

// forecastParts continues every node by itself and makes the forecasts add up.
func (s *Service) forecastParts(ctx context.Context, out *ForecastResult, at span, o forecast.Options, tell progress) error {
	var columns []string
	for _, by := range out.Settings.By {
		columns = append(columns, "coalesce(CAST("+partColumns[by]+" AS VARCHAR), '')")
	}
	parts, err := s.readParted(ctx, out.Settings.SeriesAsk, strings.Join(columns, " || chr(31) || "))
	if err != nil {
		return err
	}
	cells, levels := cellsOf(parts, len(columns))
	h := newHierarchy(cells, levels, at)
	// Effects belong to the whole; parts are continued without them, and follow it.
	o.Regressors, o.Future, o.Names = nil, nil, nil
	const origins = 4
	o.Origins = origins
	results := make([]*forecast.Result, len(h.names))
	points, residuals := make([][]float64, len(h.names)), make([][]float64, len(h.names))
	for node := range h.names {
		results[node] = out.Result
		if node > 0 {
			if results[node], err = forecast.Forecast(h.series(node), o); err != nil {
				return fault.Wrap(err, fault.Invalid, "mining.no_forecast", "The series cannot be continued: {why}.", "why", err.Error())
			}
		}
		points[node] = results[node].Points
		if back := forecast.Backtest(h.series(node), o); back != nil {
			residuals[node] = back.Residuals()
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		tell(4+int64(5*node/len(h.names)), 10)
	}
	coherent, how := reconciled(h, points, residuals)
	if coherent == nil {
		return fault.New(fault.Invalid, "mining.no_forecast", "The parts of the series cannot be made to add up.")
	}
	out.Reconcile = how
	for node := range h.names {
		out.addPart(h, node, results[node], coherent[node])
	}
	out.shift(coherent[0])
	return nil
}

// reconciled weighs by past errors where they can tell, else all alike.
func reconciled(h *hierarchy, points, residuals [][]float64) ([][]float64, string) {
	isMeasured := true
	for _, r := range residuals {
		isMeasured = isMeasured && len(r) > 1 && len(r) == len(residuals[0])
	}
	if isMeasured {
		if out, err := forecast.Reconcile(forecast.MinT, h.sums, points, residuals); err == nil && allFinite(out) {
			return out, forecast.MinT
		}
	}
	out, err := forecast.Reconcile(forecast.OLS, h.sums, points, nil)
	if err != nil || !allFinite(out) {
		return nil, ""
	}
	return out, forecast.OLS
}

func allFinite(rows [][]float64) bool {
	for _, row := range rows {
		for _, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return false
			}
		}
	}
	return true
}

func (f *ForecastResult) addPart(h *hierarchy, node int, r *forecast.Result, points []float64) {
	series := h.series(node)
	p := ForecastPart{Names: h.names[node], Points: points}
	for _, v := range series[max(0, len(series)-len(points)):] {
		p.Before += v
	}
	for i, v := range points {
		p.Sum, p.Base = p.Sum+v, p.Base+r.Points[i]
		p.Low80, p.High80 = append(p.Low80, lowered(r.Intervals[0].Low[i], v-r.Points[i])), append(p.High80, r.Intervals[0].High[i]+v-r.Points[i])
	}
	f.Parts = append(f.Parts, p)
}

// shift moves the forecast of the whole to where the parts add up.
func (f *ForecastResult) shift(points []float64) {
	r := *f.Result
	r.Intervals = nil
	for _, in := range f.Result.Intervals {
		moved := forecast.Interval{Level: in.Level}
		for i := range points {
			by := points[i] - f.Result.Points[i]
			moved.Low, moved.High = append(moved.Low, lowered(in.Low[i], by)), append(moved.High, in.High[i]+by)
		}
		r.Intervals = append(r.Intervals, moved)
	}
	r.Points = points
	f.Result = &r
}

// lowered moves the lower end of an interval; one that was not below zero stays so.
func lowered(low, by float64) float64 {
	if low >= 0 {
		return math.Max(0, low+by)
	}
	return low + by
}
