// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"math"
)

const (
	mostP, mostQ   = 5, 5
	mostSP, mostSQ = 2, 2
	mostModels     = 94 // tries of the stepwise search
)

// chooseARIMA is the stepwise search of Hyndman & Khandakar 2008: differences by
// tests, then orders by AICc from four starting models.
func chooseARIMA(y []float64, regressors [][]float64, period int) (*arimaFit, error) {
	if isConstant(y) {
		return nil, errors.New("the series does not vary")
	}
	if period < 2 || len(y) < 2*period+2 {
		period = 1
	}
	base := order{m: period}
	x := y
	if period > 1 && seasonalStrength(y, period) > 0.64 { // the limit of their later work on M3 and M4
		base.sd = 1
		x = lagged(y, period)
	}
	const mostD = 2
	for base.d < mostD-base.sd && len(x) > 10 && kpss(x) > 0.463 && !isConstant(x) { // 5 % limit of the test for a level
		base.d++
		x = lagged(x, 1)
	}
	s := &arimaSearch{y: y, regressors: regressors, tried: map[order]bool{}}
	base.hasConstant = base.d+base.sd <= 1
	start := base
	start.p, start.q = min(2, mostP), min(2, mostQ)
	if period > 1 {
		start.sp, start.sq = 1, 1
	}
	for _, o := range []order{start, base, base.with(1, 0, b2i(period > 1), 0), base.with(0, 1, 0, b2i(period > 1)), base.without()} {
		s.try(o)
	}
	for s.best != nil && len(s.tried) < mostModels {
		before := s.best
		for _, o := range neighbours(s.best.order) {
			s.try(o)
			if s.best != before {
				break
			}
		}
		if s.best == before {
			break
		}
	}
	if s.best == nil {
		return nil, errors.New("no ARIMA model fits the series")
	}
	return s.best, nil
}

type arimaSearch struct {
	y          []float64
	regressors [][]float64
	tried      map[order]bool
	best       *arimaFit
}

func (s *arimaSearch) try(o order) {
	if s.tried[o] || o.p < 0 || o.q < 0 || o.sp < 0 || o.sq < 0 || o.p > mostP || o.q > mostQ || o.sp > mostSP || o.sq > mostSQ ||
		o.m == 1 && o.sp+o.sq > 0 || o.hasConstant && o.d+o.sd > 1 {
		return
	}
	s.tried[o] = true
	f, err := fitARIMA(s.y, s.regressors, o)
	if err != nil || f.isNearUnit || math.IsNaN(f.aicc) {
		return
	}
	if s.best == nil || f.aicc < s.best.aicc {
		s.best = f
	}
}

func (o order) with(p, q, sp, sq int) order {
	o.p, o.q, o.sp, o.sq = p, q, sp, sq
	return o
}

func (o order) without() order {
	o.hasConstant = false
	return o
}

func neighbours(o order) []order {
	var list []order
	for _, d := range [][4]int{
		{0, 0, -1, 0},
		{0, 0, 0, -1},
		{0, 0, 1, 0},
		{0, 0, 0, 1},
		{0, 0, -1, -1},
		{0, 0, 1, 1},
		{-1, 0, 0, 0},
		{0, -1, 0, 0},
		{1, 0, 0, 0},
		{0, 1, 0, 0},
		{-1, -1, 0, 0},
		{-1, 1, 0, 0},
		{1, -1, 0, 0},
		{1, 1, 0, 0},
	} {
		list = append(list, o.with(o.p+d[0], o.q+d[1], o.sp+d[2], o.sq+d[3]))
	}
	other := o
	other.hasConstant = !o.hasConstant
	return append(list, other)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// kpss is the statistic of Kwiatkowski et al. 1992 for a level, with as many lags
// as forecast::ndiffs takes: more of them hide a root near one (AirPassengers
// less its seasons would count as stationary, and its forecast would fall back
// to a mean).
func kpss(y []float64) float64 {
	n := len(y)
	m := mean(y)
	sum, partial, squares := 0.0, 0.0, 0.0
	for _, v := range y {
		partial += v - m
		squares += partial * partial
		sum += (v - m) * (v - m)
	}
	long := sum
	lags := int(3 * math.Sqrt(float64(n)) / 13)
	for lag := 1; lag <= lags; lag++ {
		c := 0.0
		for i := lag; i < n; i++ {
			c += (y[i] - m) * (y[i-lag] - m)
		}
		long += 2 * c * (1 - float64(lag)/float64(lags+1))
	}
	if long <= 0 {
		return 0
	}
	return squares / float64(n) / long
}

// seasonalStrength is 1 − var(rest)/var(season + rest) of a classical
// decomposition, at least 0 (Wang, Smith & Hyndman 2006).
func seasonalStrength(y []float64, period int) float64 {
	if len(y) < 2*period {
		return 0
	}
	trend := moving(y, period)
	indices := decompose(y, period, false)
	var both, rest []float64
	for i, t := range trend {
		if !math.IsNaN(t) {
			both = append(both, y[i]-t)
			rest = append(rest, y[i]-t-indices[i%period])
		}
	}
	if len(both) < 2 || variance(both) == 0 {
		return 0
	}
	return math.Max(0, 1-variance(rest)/variance(both))
}
