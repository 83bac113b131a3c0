// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"math"
)

// states are where a search starts.
type states struct {
	level, slope float64
	season       []float64
}

// startOf guesses the states before the first value: the season from a
// classical decomposition, level and slope from a line through the first ten
// deseasonalised values (Hyndman et al. 2008, section 5.2).
func startOf(y []float64, season kind, period int, hasTrend bool) *states {
	s := &states{}
	adjusted := y
	if season != none {
		indices := decompose(y, period, season == times)
		s.season = indices
		adjusted = make([]float64, len(y))
		for i, v := range y {
			if season == times {
				adjusted[i] = v / indices[i%period]
			} else {
				adjusted[i] = v - indices[i%period]
			}
		}
	}
	const looked = 10
	n := min(looked, len(adjusted))
	if !hasTrend {
		for _, v := range adjusted[:n] {
			s.level += v / float64(n)
		}
		return s
	}
	intercept, slope := line(adjusted[:n])
	s.level, s.slope = intercept-slope, slope
	if s.level+s.slope <= 0 && minimum(y) > 0 {
		s.level, s.slope = adjusted[0], 0
	}
	return s
}

// line is the regression on 0, 1, 2 …
func line(y []float64) (intercept, slope float64) {
	n := float64(len(y))
	mt, my := (n-1)/2, mean(y)
	tt, ty := 0.0, 0.0
	for i, v := range y {
		d := float64(i) - mt
		tt += d * d
		ty += d * (v - my)
	}
	if tt > 0 {
		slope = ty / tt
	}
	return my - slope*mt, slope
}

// fitETS fits one model to a series that has been scaled to a mean size of 1.
func fitETS(y []float64, m etsModel, scale float64) (*etsFit, error) {
	start := startOf(y, m.season, m.period, m.trend != none)
	w := newETS(y, m, start)
	best, bestX := math.Inf(1), []float64(nil)
	// From a slow and a quick start; a season with a memory of its own is rare.
	for _, alpha := range []float64{0.15, 0.6} {
		x := make([]float64, w.count)
		x[0] = logit(alpha)
		if w.offset.beta >= 0 {
			x[w.offset.beta] = logit(0.1)
		}
		if w.offset.gamma >= 0 {
			x[w.offset.gamma] = logit(0.05)
		}
		if w.offset.phi >= 0 {
			x[w.offset.phi] = logit(0.9)
		}
		const most = 120
		if value := minimise(w.objective, x, most); value < best {
			best, bestX = value, x
		}
	}
	if bestX == nil {
		return nil, errors.New("the model does not fit the series")
	}
	p, level, slope := w.unpack(bestX)
	value, _ := w.run(p, level, slope)
	return w.finish(p, value, scale), nil
}

// finish collects the end of the pass, in the units of the series.
func (w *etsWork) finish(p smooth, value, scale float64) *etsFit {
	n := float64(len(w.y))
	f := &etsFit{etsModel: w.m, smooth: p, level: w.last * scale, slope: w.b[len(w.y)] * scale, scale: scale}
	if w.m.season != none {
		for i := range w.m.period {
			s := w.ring[(len(w.y)+i)%w.m.period]
			if w.m.season == additive {
				s *= scale
			}
			f.season = append(f.season, s)
		}
	}
	sum := 0.0
	for t, e := range w.e {
		r := e * scale
		if w.m.errors == times {
			r = e / w.f[t]
		}
		f.residuals = append(f.residuals, r)
		sum += r * r
	}
	k := float64(w.count + 1) // and the variance
	f.parameters = w.count + 1
	f.sigma2 = sum / math.Max(n-k+1, 1)
	// As R's ets counts: −½·(n log Σ + 2 Σ log|ŷ|), without the constant, in units of the series.
	f.logLikelihood = -0.5 * (value + 2*n*math.Log(scale))
	f.aic = -2*f.logLikelihood + 2*k
	f.aicc = math.Inf(1)
	if n-k-1 > 0 {
		f.aicc = f.aic + 2*k*(k+1)/(n-k-1)
	}
	f.bic = -2*f.logLikelihood + k*math.Log(n)
	return f
}

// chooseETS fits the admissible models and gives the one of the smallest AICc,
// and the one among those without an undamped trend. Additive errors with a
// multiplicative season are left out: their variance is infinite.
// Multiplicative parts need values above zero.
func chooseETS(y []float64, period int) (best, damped *etsFit, err error) {
	scale := meanSize(y)
	scaled := make([]float64, len(y))
	for i, v := range y {
		scaled[i] = v / scale
	}
	seasonal := period > 1 && period <= mostETSPeriod && len(y) >= 2*period+min(period, 5)
	for _, m := range etsCandidates(period, seasonal, minimum(y) > 0) {
		// The parameters must leave room: AICc is not defined otherwise.
		if len(y) <= parametersOf(m)+1 {
			continue
		}
		f, err := fitETS(scaled, m, scale)
		if err != nil || math.IsNaN(f.aicc) {
			continue
		}
		if best == nil || f.aicc < best.aicc {
			best = f
		}
		if (m.trend == none || m.isDamped) && (damped == nil || f.aicc < damped.aicc) {
			damped = f
		}
	}
	if best == nil {
		return nil, nil, errors.New("the series is too short for exponential smoothing")
	}
	if damped == nil {
		damped = best
	}
	return best, damped, nil
}

// mostETSPeriod is the longest season with a state each; longer ones are for
// other methods.
const mostETSPeriod = 24

func parametersOf(m etsModel) int {
	k := 3 // α, level, variance
	if m.trend != none {
		k += 2
	}
	if m.isDamped {
		k++
	}
	if m.season != none {
		k += m.period
	}
	return k
}

func etsCandidates(period int, seasonal, positive bool) []etsModel {
	var list []etsModel
	for _, errors := range []kind{additive, times} {
		for _, trend := range []kind{none, additive} {
			for _, damped := range []bool{false, true} {
				for _, season := range []kind{none, additive, times} {
					m := etsModel{errors, trend, season, damped, period}
					switch {
					case damped && trend == none, season != none && !seasonal, !positive && (errors == times || season == times), errors == additive && season == times:
						continue
					}
					list = append(list, m)
				}
			}
		}
	}
	return list
}

// points continues the series.
func (f *etsFit) points(h int) []float64 {
	out := make([]float64, h)
	reach := 0.0
	power := 1.0
	for i := range out {
		power *= f.phi
		reach += power
		v := f.level
		if f.trend != none {
			v += reach * f.slope
		}
		switch f.etsModel.season {
		case additive:
			v += f.season[i%f.period]
		case times:
			v *= f.season[i%f.period]
		}
		out[i] = v
	}
	return out
}
