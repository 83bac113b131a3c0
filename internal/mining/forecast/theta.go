// SPDX-License-Identifier: Apache-2.0

package forecast

import "math"

// thetaFit is the Theta method (Assimakopoulos & Nikolopoulos 2000) in the form
// of Hyndman & Billah 2003: exponential smoothing with a drift of half the
// slope, on a series without its season.
type thetaFit struct {
	alpha, level, drift, sigma2 float64
	season                      []float64 // next first; nil without
	n                           int
	isMultiplicative            bool
	residuals                   []float64
}

func fitTheta(y []float64, period int) *thetaFit {
	f := &thetaFit{n: len(y)}
	adjusted := y
	if isSeasonal(y, period) {
		f.isMultiplicative = minimum(y) > 0
		indices := decompose(y, period, f.isMultiplicative)
		adjusted = make([]float64, len(y))
		for i, v := range y {
			if f.isMultiplicative {
				adjusted[i] = v / indices[i%period]
			} else {
				adjusted[i] = v - indices[i%period]
			}
		}
		for i := range period {
			f.season = append(f.season, indices[(len(y)+i)%period])
		}
	}
	_, slope := line(adjusted)
	f.drift = slope / 2
	f.smooth(adjusted)
	return f
}

// smooth fits simple exponential smoothing, with its first level.
func (f *thetaFit) smooth(y []float64) {
	scale := meanSize(y)
	scaled := make([]float64, len(y))
	for i, v := range y {
		scaled[i] = v / scale
	}
	f.level = y[len(y)-1]
	f.alpha = 0.5
	ses, err := fitETS(scaled, etsModel{additive, none, none, false, 1}, scale)
	if err == nil {
		f.alpha, f.level, f.sigma2, f.residuals = ses.alpha, ses.level, ses.sigma2, ses.residuals
	}
}

func (f *thetaFit) points(h int) []float64 {
	out := make([]float64, h)
	n := float64(f.n)
	for i := range out {
		// The drift that the simple smoothing has not caught up with (Hyndman & Billah, eq. 6).
		v := f.level + f.drift*(float64(i)+(1-math.Pow(1-f.alpha, n))/f.alpha)
		if f.season != nil {
			s := f.season[i%len(f.season)]
			if f.isMultiplicative {
				v *= s
			} else {
				v += s
			}
		}
		out[i] = v
	}
	return out
}

// spread is the standard deviation by step: that of simple smoothing.
func (f *thetaFit) spread(h int) []float64 {
	out := make([]float64, h)
	for i := range out {
		out[i] = math.Sqrt(f.sigma2 * (1 + float64(i)*f.alpha*f.alpha))
		if f.isMultiplicative && f.season != nil {
			out[i] *= f.season[i%len(f.season)]
		}
	}
	return out
}
