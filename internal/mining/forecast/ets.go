// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math"
)

// kind is none, additive, damped or multiplicative.
type kind byte

const (
	none     kind = 'N'
	additive kind = 'A'
	times    kind = 'M'
)

// etsModel is one of the family of Hyndman, Koehler, Ord & Snyder 2008.
type etsModel struct {
	errors, trend, season kind
	isDamped              bool
	period                int
}

// String is the name as in the book: M,Ad,M.
func (m etsModel) String() string {
	trend := string(m.trend)
	if m.isDamped {
		trend += "d"
	}
	return string(m.errors) + "," + trend + "," + string(m.season)
}

// smooth are the smoothing parameters; the point equations do not depend on
// the kind of errors: with q = l + φb,
//
//	ŷ = q, q + s or q·s;  l ← q + αe/s°;  b ← φb + βe/s°;  s ← s + γe/q°
//
// where ° divides for a multiplicative season only.
type smooth struct{ alpha, beta, gamma, phi float64 }

// etsFit is a fitted model; states are those after the last value.
type etsFit struct {
	etsModel
	smooth
	level, slope   float64
	season         []float64 // the next one first
	sigma2         float64   // of e, or of e/ŷ for multiplicative errors
	logLikelihood  float64
	aic, aicc, bic float64
	parameters     int
	residuals      []float64
	scale          float64
}

// etsWork is the room for one series and model, reused by every evaluation.
type etsWork struct {
	m      etsModel
	y      []float64
	last   float64   // level after the last run
	shift  []float64 // start of the states in the search
	q, s   []float64 // by time
	b, e   []float64
	f      []float64
	ring   []float64
	init   []float64 // seasonal states before the first value, the first season first
	adjS   []float64
	offset struct{ beta, gamma, phi, level, slope, season int }
	count  int
}

func newETS(y []float64, m etsModel, start *states) *etsWork {
	n := len(y)
	w := &etsWork{m: m, y: y, q: make([]float64, n), s: make([]float64, n), b: make([]float64, n+1), e: make([]float64, n), f: make([]float64, n)}
	at := 1
	place := func(p *int, wanted bool, room int) {
		*p = -1
		if wanted {
			*p = at
			at += room
		}
	}
	place(&w.offset.beta, m.trend != none, 1)
	place(&w.offset.gamma, m.season != none, 1)
	place(&w.offset.phi, m.isDamped, 1)
	place(&w.offset.level, true, 1)
	place(&w.offset.slope, m.trend != none, 1)
	place(&w.offset.season, m.season != none, m.period-1)
	w.count = at
	if m.season != none {
		w.ring, w.init, w.adjS = make([]float64, m.period), make([]float64, m.period), make([]float64, m.period)
	}
	w.shift = make([]float64, at)
	w.shift[w.offset.level] = start.level
	if m.trend != none {
		w.shift[w.offset.slope] = start.slope
	}
	if m.season != none {
		copy(w.shift[w.offset.season:], start.season[:m.period-1])
	}
	return w
}

// unpack turns the point of the search into smoothing parameters within their
// region (0 < β < α, 0 < γ < 1 − α, 0.8 ≤ φ ≤ 0.98) and starting states.
func (w *etsWork) unpack(x []float64) (p smooth, level, slope float64) {
	const low, high = 1e-4, 0.9999
	p.alpha = low + (high-low)*sigmoid(x[0])
	p.phi = 1
	if w.offset.beta >= 0 {
		p.beta = p.alpha * (1e-4 + 0.9998*sigmoid(x[w.offset.beta]))
		slope = w.shift[w.offset.slope] + x[w.offset.slope]
	}
	if w.offset.gamma >= 0 {
		p.gamma = (1 - p.alpha) * (1e-4 + 0.9998*sigmoid(x[w.offset.gamma]))
		sum := 0.0
		last := w.m.period - 1
		for i := range last {
			w.init[i] = w.shift[w.offset.season+i] + x[w.offset.season+i]
			sum += w.init[i]
		}
		w.init[last] = -sum
		if w.m.season == times {
			w.init[last] = float64(w.m.period) - sum
		}
	}
	if w.offset.phi >= 0 {
		p.phi = 0.8 + 0.18*sigmoid(x[w.offset.phi])
	}
	return p, w.shift[w.offset.level] + x[w.offset.level], slope
}

// run passes over the series; false says that a state left the positive range
// that a multiplicative model needs.
func (w *etsWork) run(p smooth, level, slope float64) (value float64, ok bool) {
	copy(w.ring, w.init)
	m := w.m
	at := 0
	sum, logs := 0.0, 0.0
	w.b[0] = slope
	b := slope
	for t, y := range w.y {
		q, s := level, 0.0
		if m.trend != none {
			q += p.phi * b
		}
		f := q
		switch m.season {
		case additive:
			s = w.ring[at]
			f += s
		case times:
			s = w.ring[at]
			f *= s
			if !(q > 1e-8 && s > 1e-8) {
				return 0, false
			}
		}
		e := y - f
		w.q[t], w.s[t], w.f[t], w.e[t] = q, s, f, e
		if m.errors == times {
			if !(f > 1e-8) {
				return 0, false
			}
			r := e / f
			sum += r * r
			logs += math.Log(f)
		} else {
			sum += e * e
		}
		d, g := e, e
		if m.season == times {
			d, g = e/s, e/q
		}
		level = q + p.alpha*d
		if m.trend != none {
			b = p.phi*b + p.beta*d
			w.b[t+1] = b
		}
		if m.season != none {
			w.ring[at] = s + p.gamma*g
			if at++; at == m.period {
				at = 0
			}
		}
	}
	w.b[len(w.y)] = b
	w.last = level
	n := float64(len(w.y))
	value = n*math.Log(math.Max(sum, 1e-20*n)) + 2*logs
	return value, !math.IsNaN(value) && !math.IsInf(value, 0)
}

// objective is −2 log-likelihood up to a constant, with its exact gradient by
// going backwards through the recursion.
func (w *etsWork) objective(x, grad []float64) float64 {
	p, level, slope := w.unpack(x)
	value, ok := w.run(p, level, slope)
	clear(grad)
	if !ok {
		return math.Inf(1)
	}
	g := w.back(p)
	w.chain(x, p, g, grad)
	return value
}

// adjoint are the derivatives by smoothing parameters and starting states.
type adjoint struct{ alpha, beta, gamma, phi, level, slope float64 }

func (w *etsWork) back(p smooth) (g adjoint) {
	m, n := w.m, len(w.y)
	sum := 0.0
	for t := range n {
		r := w.e[t]
		if m.errors == times {
			r /= w.f[t]
		}
		sum += r * r
	}
	sum = math.Max(sum, 1e-20*float64(n))
	factor := 2 * float64(n) / sum
	level, slope := 0.0, 0.0
	clear(w.adjS)
	at := 0
	if m.season != none {
		at = (n - 1) % m.period
	}
	for t := n - 1; t >= 0; t-- {
		q, s, f, e, b := w.q[t], w.s[t], w.f[t], w.e[t], w.b[t]
		d, h := e, e
		if m.season == times {
			d, h = e/s, e/q
		}
		toE, toF := factor*e, 0.0
		if m.errors == times {
			r := e / f
			toE = factor * r / f
			toF = 2/f - factor*r*r/f
		}
		g.alpha += level * d
		toD := p.alpha * level
		if m.trend != none {
			g.beta += slope * d
			toD += p.beta * slope
		}
		toQ, toS, toH := level, 0.0, 0.0
		if m.season != none {
			g.gamma += w.adjS[at] * h
			toH = p.gamma * w.adjS[at]
			toS = w.adjS[at]
		}
		if m.season == times {
			toE += toD/s + toH/q
			toS -= toD * e / (s * s)
			toQ -= toH * e / (q * q)
		} else {
			toE += toD + toH
		}
		toF -= toE
		switch m.season {
		case additive:
			toQ += toF
			toS += toF
		case times:
			toQ += toF * s
			toS += toF * q
		default:
			toQ += toF
		}
		level = toQ
		if m.trend != none {
			g.phi += slope*b + toQ*b
			slope = p.phi*slope + p.phi*toQ
		}
		if m.season != none {
			w.adjS[at] = toS
			if at--; at < 0 {
				at = m.period - 1
			}
		}
	}
	g.level, g.slope = level, slope
	return g
}

// chain turns derivatives by parameters into derivatives by the search point.
func (w *etsWork) chain(x []float64, p smooth, g adjoint, grad []float64) {
	sa := sigmoid(x[0])
	dAlpha := g.alpha
	if i := w.offset.beta; i >= 0 {
		s := sigmoid(x[i])
		dAlpha += g.beta * p.beta / p.alpha
		grad[i] = g.beta * p.alpha * 0.9998 * s * (1 - s)
		grad[w.offset.slope] = g.slope
	}
	if i := w.offset.gamma; i >= 0 {
		s := sigmoid(x[i])
		dAlpha -= g.gamma * p.gamma / (1 - p.alpha)
		grad[i] = g.gamma * (1 - p.alpha) * 0.9998 * s * (1 - s)
		for k := range w.m.period - 1 {
			grad[w.offset.season+k] = w.adjS[k] - w.adjS[w.m.period-1]
		}
	}
	if i := w.offset.phi; i >= 0 {
		s := sigmoid(x[i])
		grad[i] = g.phi * 0.18 * s * (1 - s)
	}
	grad[w.offset.level] = g.level
	grad[0] = dAlpha * 0.9998 * sa * (1 - sa)
}
