// SPDX-License-Identifier: Apache-2.0

package value

import (
	"math"
	"sync"
)

// Economics turn purchases into money.
type Economics struct {
	// Margin is the share of a purchase that stays, 0 to 1.
	Margin float64 `json:"margin"`
	// Discount is the rate for one step.
	Discount float64 `json:"discount_rate"`
	// Step is the length of a discount step and Horizon how far is looked, both
	// in units of the model.
	Step    float64 `json:"step"`
	Horizon float64 `json:"horizon"`
}

// Prediction is what is expected of one customer.
type Prediction struct {
	Alive    float64 `json:"alive"`
	Expected float64 `json:"expected"` // purchases within the horizon
	Spend    float64 `json:"spend,omitempty"`
	Value    float64 `json:"value"` // discounted margin over the horizon
	// Next is the median time to the next purchase, in units of the model; 0 is
	// "more likely none than one".
	Next float64 `json:"next_time,omitempty"`
}

// LifetimeValue is Σ spend · margin · (E[Y(i·step)] − E[Y((i−1)·step)]) /
// (1+discount)^i over the horizon; the last step may be cut short.
func (f *Fit) LifetimeValue(h History, spend float64, e Economics) float64 {
	sum, before := 0.0, 0.0
	// A horizon that is a whole number of steps up to rounding has no sliver at its end.
	steps := int(math.Ceil(e.Horizon/e.Step - 1e-9))
	for i := 1; i <= steps; i++ {
		now := f.Expected(h, min(float64(i)*e.Step, e.Horizon))
		sum += (now - before) / math.Pow(1+e.Discount, float64(i))
		before = now
	}
	return sum * spend * e.Margin
}

// Predict looks ahead for every customer; spend may be nil. Equal histories are
// computed once, on as many processors as workers.
func Predict(f *Fit, spend *Spend, customers []Customer, e Economics, workers int) []Prediction {
	type plan struct {
		history   History
		flow      float64 // discounted purchases
		known     Prediction
		customers []int
	}
	at := map[History]int{}
	var plans []plan
	for i := range customers {
		h := customers[i].History
		place, known := at[h]
		if !known {
			place = len(plans)
			at[h] = place
			plans = append(plans, plan{history: h})
		}
		plans[place].customers = append(plans[place].customers, i)
	}
	var all sync.WaitGroup
	for w := range max(workers, 1) {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := w; i < len(plans); i += max(workers, 1) {
				p := &plans[i]
				p.known = Prediction{Alive: f.Alive(p.history), Expected: f.Expected(p.history, e.Horizon)}
				p.flow = f.LifetimeValue(p.history, 1, e)
				p.known.Next = f.next(p.history)
			}
		}()
	}
	all.Wait()
	out := make([]Prediction, len(customers))
	for i := range plans {
		for _, c := range plans[i].customers {
			out[c] = plans[i].known
			if spend != nil {
				out[c].Spend = spend.Expected(customers[c].X, customers[c].Mean)
				out[c].Value = plans[i].flow * out[c].Spend
			}
		}
	}
	return out
}

// next is the time, in units, until the chance of a further purchase reaches
// one half: with the gamma of the customer's rate, 1 − (α'/(α'+t))^r' = ½ of
// those alive; 0 when that is never to be expected.
func (f *Fit) next(h History) float64 {
	if f.Model == Pooled {
		if f.p[0] <= 0 {
			return 0
		}
		return math.Ln2 / f.p[0]
	}
	alive := f.Alive(h)
	if alive <= 0.5 {
		return 0
	}
	r, alpha := f.p[0]+h.X, f.p[1]+h.T
	return alpha * (math.Pow(1-0.5/alive, -1/r) - 1)
}
