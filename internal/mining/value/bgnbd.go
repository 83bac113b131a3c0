// SPDX-License-Identifier: Apache-2.0

package value

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// groups are customers with the same history counted once: the likelihood
// depends on nothing else.
type groups struct {
	x           []int // place in counts
	tx, t, n    []float64
	counts      []float64 // distinct x
	total, hasX float64
}

func group(histories []History) *groups {
	type key struct{ x, tx, t float64 }
	g := &groups{}
	at, ofCount := make(map[key]int, len(histories)), map[float64]int{}
	for _, h := range histories {
		k := key{h.X, h.Tx, h.T}
		weight := h.weight()
		g.total += weight
		if h.X > 0 {
			g.hasX += weight
		}
		if i, known := at[k]; known {
			g.n[i] += weight
			continue
		}
		place, known := ofCount[h.X]
		if !known {
			place = len(g.counts)
			ofCount[h.X] = place
			g.counts = append(g.counts, h.X)
		}
		at[k] = len(g.n)
		g.x, g.tx, g.t, g.n = append(g.x, place), append(g.tx, h.Tx), append(g.t, h.T), append(g.n, weight)
	}
	return g
}

// sums is a log-likelihood and its gradient.
type sums [5]float64

// add adds the parts of all groups up on all processors, in stripes that do not
// depend on how many there are, and writes the gradient.
func (g *groups) add(grad []float64, part func(i int, out *sums)) float64 {
	const stripes = 16
	var parts [stripes]sums
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), stripes) {
		wait.Go(func() {
			for {
				stripe := int(next.Add(1)) - 1
				if stripe >= stripes {
					return
				}
				var own sums
				for i := len(g.n) * stripe / stripes; i < len(g.n)*(stripe+1)/stripes; i++ {
					part(i, &own)
				}
				parts[stripe] = own
			}
		})
	}
	wait.Wait()
	clear(grad)
	value := 0.0
	for i := range parts {
		value += parts[i][0]
		for j := range grad {
			grad[j] += parts[i][j+1]
		}
	}
	return value
}

// thin keeps every so many-th group, where there are many: enough to find out
// which start leads to the highest point.
func (g *groups) thin() *groups {
	const enough = 2000
	every := len(g.n) / enough
	if every < 2 {
		return nil
	}
	out := &groups{counts: g.counts}
	for i := 0; i < len(g.n); i += every {
		out.x, out.tx, out.t, out.n = append(out.x, g.x[i]), append(out.tx, g.tx[i]), append(out.t, g.t[i]), append(out.n, g.n[i])
		out.total += g.n[i]
	}
	return out
}

// beta is the family of BG/NBD (shift 0: nobody drops out before a repeat
// purchase; Fader, Hardie & Lee 2005, eq. 6) and MBG/NBD (shift 1: drop-out
// also after the first purchase; Batislam, Denizel & Filiztekin 2007).
type beta struct{ shift float64 }

func (m beta) names() []string { return []string{"r", "alpha", "a", "b"} }

// likelihood is, for parameters r, α, a, b,
//
//	Γ(r+x)/Γ(r) α^r B(a,b+x+shift)/B(a,b) (α+T)^−(r+x) · [1 + δ·a/(b+x+shift−1)·((α+T)/(α+tx))^(r+x)]
//
// where δ is 0 for BG/NBD without a repeat purchase.
func (m beta) likelihood(g *groups, p, grad []float64) float64 {
	r, alpha, a, b := p[0], p[1], p[2], p[3]
	table := m.table(g.counts, p)
	logAlpha := math.Log(alpha)
	digammaR, digammaA, digammaAB, digammaB := digamma(r), digamma(a), digamma(a+b), digamma(b)
	return g.add(grad, func(i int, out *sums) {
		n, x := g.n[i], g.counts[g.x[i]]
		row := &table[g.x[i]]
		logT := math.Log(alpha + g.t[i])
		value := row.log + r*logAlpha - (r+x)*logT
		gr := row.digammaRX - digammaR + logAlpha - logT
		galpha := r/alpha - (r+x)/(alpha+g.t[i])
		ga := digammaA - row.digammaABX - digammaA + digammaAB
		gb := row.digammaBX - row.digammaABX - digammaB + digammaAB
		if row.odds > 0 {
			logTx := math.Log(alpha + g.tx[i])
			w := math.Exp(row.logOdds + (r+x)*(logT-logTx))
			value += math.Log1p(w)
			share := w / (1 + w)
			if math.IsInf(w, 1) {
				value += row.logOdds + (r+x)*(logT-logTx) - math.Log1p(w)
				share = 1
			}
			gr += share * (logT - logTx)
			galpha += share * (r + x) * (1/(alpha+g.t[i]) - 1/(alpha+g.tx[i]))
			ga += share / a
			gb -= share / (b + x + m.shift - 1)
		}
		out[0], out[1], out[2], out[3], out[4] = out[0]+n*value, out[1]+n*gr, out[2]+n*galpha, out[3]+n*ga, out[4]+n*gb
	})
}

// betaRow is what depends on the number of purchases alone.
type betaRow struct {
	log, odds, logOdds               float64
	digammaRX, digammaABX, digammaBX float64
}

func (m beta) table(counts, p []float64) []betaRow {
	r, a, b := p[0], p[2], p[3]
	rows := make([]betaRow, len(counts))
	base := -lgamma(r) - lbeta(a, b)
	for i, x := range counts {
		row := &rows[i]
		row.log = lgamma(r+x) + lbeta(a, b+x+m.shift) + base
		row.digammaRX, row.digammaABX, row.digammaBX = digamma(r+x), digamma(a+b+x+m.shift), digamma(b+x+m.shift)
		if x > 0 || m.shift > 0 {
			row.odds = a / (b + x + m.shift - 1)
			row.logOdds = math.Log(row.odds)
		}
	}
	return rows
}

func (m beta) alive(p []float64, h History) float64 {
	if h.X == 0 && m.shift == 0 {
		return 1
	}
	r, alpha, a, b := p[0], p[1], p[2], p[3]
	return 1 / (1 + a/(b+h.X+m.shift-1)*math.Exp((r+h.X)*math.Log((alpha+h.T)/(alpha+h.Tx))))
}

func (m beta) expected(p []float64, h History, t float64) float64 {
	return m.alive(p, h) * aliveMean(p[0]+h.X, p[1]+h.T, p[2], p[3]+h.X+m.shift, t)
}

func (m beta) population(p []float64, t float64) float64 {
	r, alpha, a, b := p[0], p[1], p[2], p[3]
	if m.shift == 0 {
		return aliveMean(r, alpha, a, b, t)
	}
	return b / (a + b) * aliveMean(r, alpha, a, b+1, t)
}

func (m beta) residual(p []float64, h History, rate float64) float64 {
	return numericResidual(func(t float64) float64 { return m.expected(p, h, t) }, rate)
}

func (m beta) starts(rate float64) [][]float64 {
	var list [][]float64
	for _, s := range [][3]float64{{0.3, 0.8, 2.5}, {1, 0.3, 3}, {3, 1, 8}} {
		list = append(list, []float64{s[0], s[0] / rate, s[1], s[2]})
	}
	return list
}
