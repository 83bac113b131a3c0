// SPDX-License-Identifier: Apache-2.0

package value

import (
	"fmt"
	"math"
	"strings"
)

// Model names a model of purchases.
type Model string

// The models.
const (
	BGNBD     Model = "bgnbd"
	MBGNBD    Model = "mbgnbd"
	ParetoNBD Model = "paretonbd"
	NBD       Model = "nbd"    // nobody leaves
	Pooled    Model = "pooled" // one rate for everybody
)

// History is what was seen of one customer until the end of the calibration;
// times are in the unit of the model.
type History struct {
	X  float64 `json:"x"`  // repeat purchases
	Tx float64 `json:"tx"` // from the first to the last purchase
	T  float64 `json:"t"`  // from the first purchase to the end
	N  float64 `json:"-"`  // how many customers; 0 is one
}

func (h History) weight() float64 {
	if h.N == 0 {
		return 1
	}
	return h.N
}

// likelihooder is a model with analytic gradient.
type likelihooder interface {
	names() []string
	likelihood(g *groups, p, grad []float64) float64
	alive(p []float64, h History) float64
	expected(p []float64, h History, t float64) float64
	population(p []float64, t float64) float64
	residual(p []float64, h History, rate float64) float64
	starts(rate float64) [][]float64
}

func (m Model) maths() likelihooder {
	switch m {
	case BGNBD:
		return beta{0}
	case MBGNBD:
		return beta{1}
	case ParetoNBD:
		return pareto{}
	case NBD:
		return nbd{}
	}
	return pooled{}
}

// Title is the name as papers write it.
func (m Model) Title() string {
	return map[Model]string{BGNBD: "BG/NBD", MBGNBD: "MBG/NBD", ParetoNBD: "Pareto/NBD", NBD: "NBD", Pooled: "Poisson"}[m]
}

// Parameter is one fitted number with its standard error; the error is 0 when
// it could not be computed.
type Parameter struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Error float64 `json:"standard_error,omitempty"`
}

// Fit is a fitted model of purchases.
type Fit struct {
	Model         Model       `json:"model"`
	Requested     Model       `json:"requested"`
	Parameters    []Parameter `json:"parameters"`
	LogLikelihood float64     `json:"log_likelihood"`
	AIC           float64     `json:"aic"`
	Customers     float64     `json:"customers"`
	Repeaters     float64     `json:"repeaters"`
	Distinct      int         `json:"distinct_histories"`
	Evaluations   int         `json:"evaluations"`
	// Problems say what the data do not tell, and what was taken instead.
	Problems []Problem `json:"problems,omitempty"`

	p []float64
}

// With makes a model with given parameters, unfitted.
func With(model Model, parameters ...float64) *Fit {
	f := &Fit{Model: model, Requested: model, p: parameters}
	for i, name := range model.maths().names() {
		f.Parameters = append(f.Parameters, Parameter{Name: name, Value: parameters[i]})
	}
	return f
}

// Problem is something the data cannot carry, in both languages.
type Problem struct {
	Code string `json:"code"`
	Ko   string `json:"ko"`
	En   string `json:"en"`
}

// looseError is the standard error of the logarithm of a parameter beyond
// which it is known to no more than a factor of e²: not identified.
const looseError = 2.0

// FitModel fits a model by maximum likelihood. When the likelihood has no
// proper highest point it falls back to a simpler model and says why; the
// error is only about histories that cannot be.
func FitModel(model Model, histories []History) (*Fit, error) {
	if err := check(histories); err != nil {
		return nil, err
	}
	g := group(histories)
	var problems []Problem
	for _, next := range fallbacks(model) {
		f, why := fitOne(next, g)
		f.Requested = model
		for _, one := range why {
			if one != noRepeat || len(problems) == 0 { // it holds for every model alike
				problems = append(problems, one)
			}
		}
		if len(why) == 0 || next == Pooled {
			f.Problems = problems
			return f, nil
		}
	}
	return nil, fmt.Errorf("%s is no model; choose bgnbd, mbgnbd or paretonbd", model)
}

func fallbacks(model Model) []Model {
	switch model {
	case BGNBD, MBGNBD, ParetoNBD:
		return []Model{model, NBD, Pooled}
	case NBD:
		return []Model{NBD, Pooled}
	case Pooled:
		return []Model{Pooled}
	}
	return nil
}

func check(histories []History) error {
	if len(histories) == 0 {
		return fmt.Errorf("there is no customer to learn from")
	}
	for i, h := range histories {
		if !(h.X >= 0 && h.Tx >= 0 && h.T >= h.Tx && !math.IsInf(h.T, 0)) || math.IsNaN(h.X) || h.X == 0 && h.Tx != 0 {
			return fmt.Errorf("customer %d: x = %g purchases, tx = %g, T = %g cannot be", i+1, h.X, h.Tx, h.T)
		}
	}
	return nil
}

func fitOne(model Model, g *groups) (*Fit, []Problem) {
	m := model.maths()
	names := m.names()
	f := &Fit{Model: model, Customers: g.total, Repeaters: g.hasX, Distinct: len(g.n)}
	bought, watched := 0.0, 0.0
	for i, n := range g.n {
		bought += n * g.counts[g.x[i]]
		watched += n * g.t[i]
	}
	if bought == 0 || watched == 0 {
		rate := 0.0
		f.set(names, make([]float64, len(names)), nil)
		if model == Pooled {
			f.p[0] = rate
		}
		return f, []Problem{noRepeat}
	}
	p := make([]float64, len(names))
	target := objectiveOf(m, g, p)
	starts := m.starts(bought / watched)
	for _, s := range starts {
		for i := range s {
			s[i] = max(-border+1, min(border-1, math.Log(s[i])))
		}
	}
	if few := g.thin(); few != nil {
		starts = promising(objectiveOf(m, few, p), starts, few.total)
	}
	o := minimise(target, starts, g.total)
	f.Evaluations = o.evaluated
	f.LogLikelihood = -o.value
	f.AIC = 2*float64(len(names)) + 2*o.value
	for i := range p {
		p[i] = math.Exp(o.at[i])
	}
	covariance := invert(o.hessian)
	f.set(names, p, covariance)
	return f, f.problemsOf(o, names, covariance)
}

// objectiveOf is the negative log-likelihood at the logarithms of the
// parameters, which it leaves in p.
func objectiveOf(m likelihooder, g *groups, p []float64) objective {
	return func(u, grad []float64) float64 {
		for i := range u {
			p[i] = math.Exp(u[i])
		}
		value := -m.likelihood(g, p, grad)
		for i := range grad {
			grad[i] *= -p[i]
		}
		if math.IsNaN(value) {
			return math.Inf(1)
		}
		return value
	}
}

// noRepeat is the problem of data in which nobody bought twice.
var noRepeat = Problem{
	"no_repeat", "두 번 이상 산 고객이 없어 재구매를 예측할 수 없습니다.",
	"No customer bought twice, so nothing can be said about further purchases.",
}

func (f *Fit) set(names []string, p []float64, covariance [][]float64) {
	f.p = append([]float64(nil), p...)
	for i, name := range names {
		one := Parameter{Name: name, Value: p[i]}
		if covariance != nil {
			one.Error = p[i] * math.Sqrt(covariance[i][i]) // delta method: the search ran on logarithms
		}
		f.Parameters = append(f.Parameters, one)
	}
}

// problemsOf tells whether the highest point is one.
func (f *Fit) problemsOf(o optimum, names []string, covariance [][]float64) []Problem {
	var loose []string
	for i, name := range names {
		if math.Abs(o.at[i]) > border-0.01 || covariance != nil && math.Sqrt(covariance[i][i]) > looseError {
			loose = append(loose, name)
		}
	}
	if covariance == nil && len(loose) == 0 {
		loose = names
	}
	title := f.Model.Title()
	if len(loose) == 0 && o.isSettled {
		return nil
	}
	if len(loose) == 0 {
		return []Problem{{
			"not_settled", title + " 모형의 계산이 한 점에 모이지 않아 더 단순한 모형을 썼습니다.",
			"The search for the " + title + " model did not settle; a simpler model was taken.",
		}}
	}
	list := strings.Join(loose, ", ")
	return []Problem{{
		"not_identified",
		fmt.Sprintf("이 자료로는 %s 모형의 모수 %s 값을 정할 수 없습니다(가능도가 평평하거나 경계에 닿음). 더 단순한 모형을 썼습니다.", title, list),
		fmt.Sprintf("These data do not determine %s of the %s model (the likelihood is flat or at a boundary); a simpler model was taken.", list, title),
	}}
}

// Alive is the chance that a customer still buys.
func (f *Fit) Alive(h History) float64 { return f.Model.maths().alive(f.p, h) }

// Expected is how many purchases a customer will make within t.
func (f *Fit) Expected(h History, t float64) float64 {
	if f.Repeaters == 0 && f.Customers > 0 {
		return 0
	}
	return f.Model.maths().expected(f.p, h, t)
}

// Population is how many repeat purchases a new customer makes within t.
func (f *Fit) Population(t float64) float64 { return f.Model.maths().population(f.p, t) }

// Residual is the number of purchases a customer will ever make, discounted at
// a continuous rate per unit of time (DERT).
func (f *Fit) Residual(h History, rate float64) float64 {
	return f.Model.maths().residual(f.p, h, rate)
}
