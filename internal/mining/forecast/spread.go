// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math"
	"math/rand/v2"
	"slices"
)

// simulated paths give the spread of models without a closed form.
const paths = 400

// spread is the standard deviation of each step, from simulated paths with
// normal errors; the seed makes it repeatable.
func (f *etsFit) spread(h int, seed uint64) []float64 {
	random := rand.New(rand.NewPCG(seed, 0x5eed)) //nolint:gosec // a simulation, no secret
	sums, squares := make([]float64, h), make([]float64, h)
	sigma := math.Sqrt(f.sigma2)
	ring := make([]float64, len(f.season))
	centre := f.points(h)
	for range paths {
		level, slope := f.level, f.slope
		copy(ring, f.season)
		for i := range h {
			q, s := level, 0.0
			if f.trend != none {
				q += f.phi * slope
			}
			hat := q
			if len(ring) > 0 {
				s = ring[i%f.period]
				if f.etsModel.season == times {
					hat *= s
				} else {
					hat += s
				}
			}
			e := sigma * random.NormFloat64()
			if f.errors == times {
				e *= hat
			}
			d, g := e, e
			if f.etsModel.season == times {
				d, g = e/s, e/q
			}
			level = q + f.alpha*d
			slope = f.phi*slope + f.beta*d
			if len(ring) > 0 {
				ring[i%f.period] = s + f.gamma*g
			}
			off := hat + e - centre[i]
			sums[i] += off
			squares[i] += off * off
		}
	}
	out := make([]float64, h)
	for i := range out {
		out[i] = math.Sqrt(squares[i] / paths)
	}
	return out
}

// Back is how a method did from past origins, each step of the horizon judged.
type Back struct {
	Origins int    `json:"origins"`
	Errors  Errors `json:"errors"` // means over the origins
	// ByStep is the mean absolute error of each step.
	ByStep []float64 `json:"mae_by_step"`
	// Covered are the shares of outcomes within the uncorrected intervals, by
	// level as given; Naive is the MASE of the seasonal naive method from the
	// same origins.
	Covered []float64 `json:"covered"`
	Naive   float64   `json:"naive_mase"`
	// Held are the shares of outcomes within the intervals as they are given,
	// corrected by the other origins only; nil when there are too few to correct by.
	Held []float64 `json:"held,omitempty"`
	// Paths are the forecasts from past origins, the latest first.
	Paths []Path `json:"paths,omitempty"`

	ratios []float64 // |error| / spread
	origin []int     // of each ratio
	off    []float64 // outcome less forecast, origin by origin and step by step
}

// Path is a forecast from a past origin: Start is the number of its first step.
type Path struct {
	Start  int       `json:"start"`
	Points []float64 `json:"points"`
}

// Residuals are the errors from past origins, in an order that is the same for
// series of one length: what Reconcile weighs by.
func (b *Back) Residuals() []float64 { return b.off }

// hold measures the intervals as they are given: those of each origin are
// corrected by the other origins.
func (b *Back) hold(levels []float64) {
	if b.Origins < 2 || len(b.ratios) < 2*fewestRatios {
		return
	}
	b.Held = make([]float64, len(levels))
	for l, level := range levels {
		z := normalQuantile((1 + level) / 2)
		for k := range b.Origins {
			var others []float64
			for i, ratio := range b.ratios {
				if b.origin[i] != k {
					others = append(others, ratio)
				}
			}
			factor := corrected(others, level, z)
			for i, ratio := range b.ratios {
				if b.origin[i] == k && ratio <= factor {
					b.Held[l] += 1 / float64(len(b.ratios))
				}
			}
		}
	}
}

const (
	mostOrigins  = 12
	fewOrigins   = 4  // of methods that search for orders anew at each
	fewestRatios = 15 // below that many judged steps an interval is not corrected
)

// Backtest forgets the end of the series step by step and forecasts it; nil
// when the series is too short for that.
func Backtest(y []float64, o Options) *Back {
	wanted := o.Origins
	if wanted <= 0 {
		wanted = mostOrigins
		if o.Method == ARIMA || o.Method == Combination {
			wanted = fewOrigins
		}
	}
	least := max(2*o.Period+4, 8)
	room := len(y) - least
	if room < 1 || isConstant(y) {
		return nil
	}
	horizon := min(o.Horizon, max(room/2, 1))
	count := min(wanted, room-horizon+1)
	if count < 1 {
		return nil
	}
	every := max(1, min((room-horizon+1)/count, max(1, horizon/2)))
	b := &Back{ByStep: make([]float64, horizon), Covered: make([]float64, len(o.Levels))}
	judged := make([]float64, horizon)
	inner := o
	inner.Horizon = horizon
	for k := range count {
		end := len(y) - horizon - k*every
		if end < least {
			break
		}
		inner.Regressors, inner.Future = cut(o.Regressors, 0, end), cut(o.Regressors, end, end+horizon)
		c := continued(y[:end], inner)
		actual := y[end : end+horizon]
		e := Measure(y[:end], actual, c.points, o.Period)
		b.Errors.MAE += e.MAE
		b.Errors.RMSE += e.RMSE
		b.Errors.SMAPE += e.SMAPE
		b.Errors.MASE += e.MASE
		b.Errors.Bias += e.Bias
		b.Naive += Measure(y[:end], actual, simple(y[:end], inner, SeasonalNaive).points, o.Period).MASE
		b.Origins++
		b.Paths = append(b.Paths, Path{end, c.points})
		for i, a := range actual {
			off := math.Abs(a - c.points[i])
			b.ByStep[i] += off
			b.off = append(b.off, a-c.points[i])
			judged[i]++
			if c.spread[i] > 0 {
				b.ratios, b.origin = append(b.ratios, off/c.spread[i]), append(b.origin, b.Origins-1)
			}
			for l, level := range o.Levels {
				if off <= normalQuantile((1+level)/2)*c.spread[i] {
					b.Covered[l]++
				}
			}
		}
	}
	b.average(judged)
	b.hold(o.Levels)
	return b
}

func cut(columns [][]float64, from, to int) [][]float64 {
	var out [][]float64
	for _, c := range columns {
		out = append(out, c[from:to])
	}
	return out
}

func (b *Back) average(judged []float64) {
	n := float64(b.Origins)
	for _, v := range []*float64{&b.Errors.MAE, &b.Errors.RMSE, &b.Errors.SMAPE, &b.Errors.MASE, &b.Errors.Bias, &b.Naive} {
		*v /= n
	}
	all := 0.0
	for i := range b.ByStep {
		b.ByStep[i] /= judged[i]
		all += judged[i]
	}
	for l := range b.Covered {
		b.Covered[l] /= all
	}
}

// bounds makes the intervals: the spread of the model, widened or narrowed by
// how wrong it was from past origins (conformal prediction in its simplest
// form). Series that were never negative stay so.
func (r *Result) bounds(y []float64, o Options) {
	floor := math.Inf(-1)
	if minimum(y) >= 0 {
		floor = 0
	}
	for i, v := range r.Points {
		r.Points[i] = math.Max(v, floor)
	}
	for _, level := range o.Levels {
		z := normalQuantile((1 + level) / 2)
		factor := z
		if r.Back != nil && len(r.Back.ratios) >= fewestRatios {
			factor = corrected(r.Back.ratios, level, z)
		}
		one := Interval{Level: level}
		for i, v := range r.Points {
			one.Low, one.High = append(one.Low, math.Max(v-factor*r.Spread[i], floor)), append(one.High, v+factor*r.Spread[i])
		}
		r.Intervals = append(r.Intervals, one)
	}
}

// corrected is the quantile of past errors in spreads, within bounds.
func corrected(ratios []float64, level, z float64) float64 {
	const narrowest, widest = 0.8, 4
	sorted := slices.Clone(ratios)
	slices.Sort(sorted)
	n := float64(len(sorted))
	at := min(int(math.Ceil((n+1)*level))-1, len(sorted)-1)
	return math.Min(math.Max(sorted[at], narrowest*z), widest*z)
}

// normalQuantile inverts the normal distribution.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
