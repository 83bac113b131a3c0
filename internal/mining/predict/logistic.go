// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/statistics"
)

// ridge is the strength of the penalty ½ Σ w² on scaled features; 1 is what
// scikit-learn calls C = 1. The intercept is free.
const ridge = 1.0

// Linear is a logistic regression on encoded features.
type Linear struct {
	Encoder   *Encoder  `json:"encoder"`
	Intercept float64   `json:"intercept"`
	Weights   []float64 `json:"weights"`
}

// fitLinear fits by Newton's method with halved steps; the penalty keeps the
// solution finite whatever the data are.
func fitLinear(ctx context.Context, f *frame.Frame, yes []bool, strength float64) (*Linear, error) {
	return fitEncoded(ctx, newEncoder(f), f, yes, strength)
}

// FitPart learns a logistic regression from some rows, scaled as all rows are,
// so that models of several parts see the same features.
func FitPart(ctx context.Context, all, f *frame.Frame, yes []bool) (*Linear, error) {
	if err := fewest(yes); err != nil {
		return nil, err
	}
	return fitEncoded(ctx, newEncoder(all), f, yes, ridge)
}

// Score is the probability of a yes.
func (m *Linear) Score(f *frame.Frame) []float64 {
	out := m.margins(f)
	for i, x := range out {
		out[i] = sigmoid(x)
	}
	return out
}

func fitEncoded(ctx context.Context, e *Encoder, f *frame.Frame, yes []bool, strength float64) (*Linear, error) {
	m := &Linear{Encoder: e}
	d := e.encode(f)
	m.Weights = make([]float64, d.features)
	share := rate(yes)
	m.Intercept = math.Log((share + 1e-6) / (1 - share + 1e-6))
	loss := math.Inf(1)
	step := make([]float64, d.features+1)
	for range 100 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		gradient, hessian, now := d.newton(m, yes, strength)
		for half := 0; now > loss+1e-12*math.Abs(loss) && half < 30; half++ {
			m.move(step, -1)
			for i := range step {
				step[i] /= 2
			}
			m.move(step, 1)
			gradient, hessian, now = d.newton(m, yes, strength)
		}
		if loss-now < 1e-10*math.Abs(now) && !math.IsInf(loss, 1) {
			break
		}
		loss = now
		step = hessian.Cholesky(1e-12).Solve(gradient)
		m.move(step, 1)
	}
	return m, nil
}

func (m *Linear) move(step []float64, sign float64) {
	last := len(step) - 1
	m.Intercept += sign * step[last]
	for i := range m.Weights {
		m.Weights[i] += sign * step[i]
	}
}

// newton returns minus the gradient, the Hessian and the penalised loss. A row
// has few features that are not zero, so that pairs of them are few.
func (d *design) newton(m *Linear, yes []bool, strength float64) (gradient []float64, hessian *statistics.Symmetric, loss float64) {
	n := d.features + 1
	margins := d.linear(m.Intercept, m.Weights)
	blocks := (d.rows + block - 1) / block
	// Sums are kept for a fixed number of stripes of blocks, so that they come
	// out alike on any machine.
	const stripes = 8
	type sums struct {
		gradient []float64
		hessian  *statistics.Symmetric
		loss     float64
	}
	parts := make([]sums, min(stripes, max(1, blocks)))
	each(len(parts), func(p int) {
		part := sums{make([]float64, n), statistics.NewSymmetric(n), 0}
		at, values := make([]int, 0, 64), make([]float64, 0, 64)
		for b := p; b < blocks; b += stripes {
			for i := b * block; i < min(d.rows, (b+1)*block); i++ {
				y := 0.0
				if yes[i] {
					y = 1
				}
				part.loss += softplus(margins[i]) - y*margins[i]
				q := sigmoid(margins[i])
				residual, weight := y-q, q*(1-q)
				at, values = d.row(i, at[:0], values[:0])
				for a, fa := range at {
					part.gradient[fa] += residual * values[a]
					w := weight * values[a]
					row := part.hessian.Values[fa*n:]
					for c, fc := range at[:a+1] {
						row[fc] += w * values[c]
					}
				}
			}
		}
		parts[p] = part
	})
	out := parts[0]
	for _, p := range parts[1:] {
		out.loss += p.loss
		for i, x := range p.gradient {
			out.gradient[i] += x
		}
		for i, x := range p.hessian.Values {
			out.hessian.Values[i] += x
		}
	}
	for i, w := range m.Weights {
		out.loss += strength / 2 * w * w
		out.gradient[i] -= strength * w
		out.hessian.Values[i*n+i] += strength
	}
	return out.gradient, out.hessian, out.loss
}

// row lists the features of a row that are not zero, by ascending place, the
// intercept last.
func (d *design) row(i int, at []int, values []float64) ([]int, []float64) {
	for j, column := range d.dense {
		at, values = append(at, d.denseAt[j]), append(values, column[i])
	}
	for _, hot := range d.hot {
		if hot[i] >= 0 {
			at, values = append(at, int(hot[i])), append(values, 1)
		}
	}
	for i := 1; i < len(at); i++ { // few entries, nearly sorted
		for j := i; j > 0 && at[j-1] > at[j]; j-- {
			at[j], at[j-1] = at[j-1], at[j]
			values[j], values[j-1] = values[j-1], values[j]
		}
	}
	return append(at, d.features), append(values, 1)
}

func (m *Linear) margins(f *frame.Frame) []float64 {
	return m.Encoder.encode(f).linear(m.Intercept, m.Weights)
}

func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

// softplus is log(1 + exp x) without overflow.
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

func logit(p float64) float64 {
	const least = 1e-9
	p = math.Min(math.Max(p, least), 1-least)
	return math.Log(p / (1 - p))
}

func rate(yes []bool) float64 {
	count := 0
	for _, y := range yes {
		if y {
			count++
		}
	}
	return float64(count) / math.Max(1, float64(len(yes)))
}
