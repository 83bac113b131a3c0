// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math"
	"slices"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/statistics"
)

// Regression is a logistic regression without penalty, as R's glm fits it:
// numbers as they are, categories against their first level in the alphabet.
type Regression struct {
	Rows         int              `json:"rows"`
	Omitted      int              `json:"omitted"` // rows with a missing value
	Terms        []RegressionTerm `json:"terms"`
	Deviance     float64          `json:"deviance"`
	NullDeviance float64          `json:"null_deviance"`
	AIC          float64          `json:"aic"`
	Iterations   int              `json:"iterations"`
	// Separated are terms that tell yes from no without fail, so that their
	// coefficient has no finite value; Aliased ones depend on terms before them.
	Separated []string `json:"separated,omitempty"`
	Aliased   []string `json:"aliased,omitempty"`
	// IsPenalised is true when the coefficients are those of the penalised fit
	// (ridge 1 on scaled columns), because those without do not exist.
	IsPenalised bool `json:"is_penalised,omitempty"`
}

// RegressionTerm is one coefficient.
type RegressionTerm struct {
	Name      string   `json:"name"`
	Column    string   `json:"column,omitempty"`
	Level     string   `json:"level,omitempty"`
	Reference string   `json:"reference,omitempty"`
	Estimate  *float64 `json:"estimate"` // null when aliased
	Error     *float64 `json:"standard_error"`
	Z         *float64 `json:"z"`
	P         *float64 `json:"p"`
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
	OddsRatio *float64 `json:"odds_ratio"`
}

// mostTerms bounds the table: beyond it nobody reads coefficients, and the
// matrix would grow without need.
const mostTerms = 400

// Regress fits the regression to all complete rows.
func Regress(ctx context.Context, f *frame.Frame, yes []bool) (*Regression, error) {
	var complete []int
	for row := range f.Rows {
		if !slices.ContainsFunc(f.Columns, func(c *frame.Column) bool { return c.IsMissing(row) }) {
			complete = append(complete, row)
		}
	}
	out := &Regression{Rows: len(complete), Omitted: f.Rows - len(complete)}
	if out.Omitted > 0 {
		f, yes = f.Take(complete), pick(yes, complete)
	}
	if err := fewest(yes); err != nil {
		return nil, err
	}
	e, references := referenceEncoder(f)
	if len(e.Features) > mostTerms {
		return nil, problem("many_terms", "A table of coefficients would have %d rows, more than %d.", len(e.Features), mostTerms)
	}
	d := e.encode(f)
	m := &Linear{Encoder: e, Weights: make([]float64, d.features)}
	p := rate(yes)
	m.Intercept = math.Log(p / (1 - p))
	out.NullDeviance = -2 * float64(len(yes)) * (p*math.Log(p) + (1-p)*math.Log1p(-p))
	// Before the first step all rows weigh alike: what depends on earlier
	// columns there is aliased; what does so only later tells yes from no so
	// well that its rows have lost their weight.
	_, hessian, _ := d.newton(m, yes, 0)
	aliased := interceptFirst(hessian).CholeskyWithout(nil, aliasTolerance).Skip
	factor, err := m.climb(ctx, d, yes, 0, aliased, out)
	if err != nil {
		return nil, err
	}
	out.separated(m, factor, aliased, d)
	if len(out.Separated) > 0 {
		out.IsPenalised = true
		m.Intercept = math.Log(p / (1 - p))
		clear(m.Weights)
		if factor, err = m.climb(ctx, d, yes, ridge, aliased, out); err != nil {
			return nil, err
		}
	}
	used := 0
	for _, skip := range factor.Skip {
		if !skip {
			used++
		}
	}
	out.AIC = out.Deviance + 2*float64(used)
	out.tabulate(m, factor, references)
	return out, nil
}

// aliasTolerance is the share of a column's variance that must be its own.
const aliasTolerance = 1e-10

// climb goes to the maximum of the likelihood by Newton's method.
func (m *Linear) climb(ctx context.Context, d *design, yes []bool, strength float64, aliased []bool, out *Regression) (*statistics.Factor, error) {
	const most = 50
	before := math.Inf(1)
	for out.Iterations = 1; ; out.Iterations++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		gradient, hessian, loss := d.newton(m, yes, strength)
		factor := interceptFirst(hessian).CholeskyWithout(aliased, aliasTolerance)
		penalty := 0.0
		for _, w := range m.Weights {
			penalty += strength / 2 * w * w
		}
		out.Deviance = 2 * (loss - penalty)
		if math.Abs(before-loss) <= 1e-13*(math.Abs(loss)+0.1) || out.Iterations >= most {
			return factor, nil
		}
		before = loss
		n := len(gradient)
		step := factor.Solve(append([]float64{gradient[n-1]}, gradient[:n-1]...))
		m.move(append(slices.Clone(step[1:]), step[0]), 1)
	}
}

// separated names terms whose coefficient ran away: on scaled columns beyond
// any believable size, with an error larger still, and some row is certain.
func (r *Regression) separated(m *Linear, factor *statistics.Factor, aliased []bool, d *design) {
	const far, wide, certain = 8, 20, 18
	isCertain := slices.ContainsFunc(d.linear(m.Intercept, m.Weights), func(x float64) bool { return math.Abs(x) > certain })
	variances := factor.InverseDiagonal()
	for i, w := range m.Weights {
		if factor.Skip[i+1] && !aliased[i+1] || isCertain && math.Abs(w) > far && math.Sqrt(variances[i+1]) > wide {
			r.Separated = append(r.Separated, termName(m.Encoder.Features[i]))
		}
	}
}

func termName(f Feature) string {
	if f.Level == "" {
		return f.Column
	}
	return f.Column + "=" + f.Level
}

// tabulate turns coefficients of scaled columns into those of the columns as
// they are; the intercept takes part in that, with its covariances.
func (r *Regression) tabulate(m *Linear, factor *statistics.Factor, references map[string]string) {
	n := len(m.Weights)
	scale, shift := make([]float64, n), make([]float64, n+1)
	shift[0] = 1
	intercept := m.Intercept
	for i := range scale {
		scale[i] = 1
	}
	for _, c := range m.Encoder.Columns {
		if c.Kind != frame.Category {
			scale[c.Feature] = 1 / c.Scale
			shift[c.Feature+1] = -c.Mean / c.Scale
			if !factor.Skip[c.Feature+1] {
				intercept -= m.Weights[c.Feature] * c.Mean / c.Scale
			}
		}
	}
	spread := factor.Solve(shift)
	variance := 0.0
	for i, s := range shift {
		if !factor.Skip[i] {
			variance += s * spread[i]
		}
	}
	r.Terms = append(r.Terms, term(RegressionTerm{Name: "(intercept)"}, intercept, math.Sqrt(variance)))
	variances := factor.InverseDiagonal()
	for i, f := range m.Encoder.Features {
		t := RegressionTerm{Name: termName(f), Column: f.Column, Level: f.Level, Reference: references[f.Column]}
		if factor.Skip[i+1] {
			r.Aliased = append(r.Aliased, t.Name)
			r.Terms = append(r.Terms, t)
			continue
		}
		r.Terms = append(r.Terms, term(t, m.Weights[i]*scale[i], math.Sqrt(variances[i+1])*scale[i]))
	}
}

func term(t RegressionTerm, estimate, spread float64) RegressionTerm {
	z := estimate / spread
	p := 2 * statistics.NormalTail(math.Abs(z))
	low, high := estimate-statistics.Z95*spread, estimate+statistics.Z95*spread
	odds := math.Exp(estimate)
	t.Estimate, t.Error, t.Z, t.P, t.Low, t.High, t.OddsRatio = &estimate, &spread, &z, &p, &low, &high, &odds
	for _, x := range []**float64{&t.Estimate, &t.Error, &t.Z, &t.P, &t.Low, &t.High, &t.OddsRatio} {
		if math.IsNaN(**x) || math.IsInf(**x, 0) {
			*x = nil
		}
	}
	return t
}

// referenceEncoder leaves out the first level of every category.
func referenceEncoder(f *frame.Frame) (*Encoder, map[string]string) {
	e, references := &Encoder{}, map[string]string{}
	for _, c := range f.Columns {
		one := Encoding{Name: c.Name, Kind: c.Kind, Feature: len(e.Features), Gap: -1, OtherAt: -1, AbsentAt: -1}
		if c.Kind != frame.Category {
			e.addNumber(&one, c)
		} else {
			order, _ := levelsByCount(c)
			names := make([]string, len(order))
			for i, level := range order {
				names[i] = c.Levels[level]
			}
			slices.Sort(names)
			if len(names) > 0 {
				references[c.Name] = names[0]
				one.Levels = names[1:]
			}
			for _, level := range one.Levels {
				e.Features = append(e.Features, Feature{c.Name, level})
			}
		}
		e.Columns = append(e.Columns, one)
	}
	return e, references
}

// interceptFirst moves the last row and column to the front, so that the
// intercept is never the one that is left out.
func interceptFirst(h *statistics.Symmetric) *statistics.Symmetric {
	out := statistics.NewSymmetric(h.N)
	for i := range h.N {
		for j := range i + 1 {
			out.Add((i+1)%h.N, (j+1)%h.N, h.At(i, j))
		}
	}
	return out
}
