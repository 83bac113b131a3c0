// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"dangol/internal/mining/frame"
)

const (
	hidden    = 16   // units of the one hidden layer
	decay     = 1e-3 // L2 penalty on weights
	networks  = 5    // trained from different starts and averaged
	batchSize = 64
	// holdOut is the share of rows that decides when training stops.
	holdOut    = 0.1
	mostEpochs = 300
	// quiet is how many epochs without a better hold-out loss end training.
	quiet = 12
	rate0 = 4e-3
)

// Network is several small neural networks with one hidden layer (ReLU), whose
// margins are averaged: a single one depends much on its start.
type Network struct {
	Encoder *Encoder `json:"encoder"`
	Nets    []Net    `json:"nets"`
}

// Net is one network.
type Net struct {
	// Into are the weights of the hidden layer: hidden values for each feature.
	Into []float64 `json:"into"`
	Bias []float64 `json:"bias"`
	Out  []float64 `json:"out"`
	Last float64   `json:"last"`
}

func fitNetwork(ctx context.Context, f *frame.Frame, yes []bool, seed uint64) (*Network, error) {
	m := &Network{Encoder: newEncoder(f), Nets: make([]Net, networks)}
	d := m.Encoder.encode(f)
	each(networks, func(k int) {
		t := newTrainer(d, yes, rand.New(rand.NewPCG(seed, uint64(k)+100))) //nolint:gosec // no secret
		m.Nets[k] = t.train(ctx)
	})
	return m, ctx.Err()
}

// trainer learns by Adam (Kingma and Ba 2015) and keeps the weights of the
// epoch with the best hold-out loss.
type trainer struct {
	d             *design
	yes           []bool
	random        *rand.Rand
	weights       []float64 // all weights, in the order of Net
	first, second []float64 // moments
	gradient      []float64
	steps         int
	learn, held   []int
	at            []int
	values        []float64
	active        []float64
}

func newTrainer(d *design, yes []bool, random *rand.Rand) *trainer {
	n := (d.features+2)*hidden + 1
	t := &trainer{d: d, yes: yes, random: random, weights: make([]float64, n), first: make([]float64, n), second: make([]float64, n), gradient: make([]float64, n), active: make([]float64, hidden)}
	spread := math.Sqrt(6 / float64(d.features+hidden)) // Glorot and Bengio 2010
	for i := range d.features * hidden {
		t.weights[i] = (2*random.Float64() - 1) * spread
	}
	spread = math.Sqrt(6.0 / (hidden + 1))
	for i := range hidden {
		t.weights[(d.features+1)*hidden+i] = (2*random.Float64() - 1) * spread
	}
	t.weights[n-1] = logit(rate(yes))
	order := random.Perm(d.rows)
	cut := int(holdOut * float64(d.rows))
	if cut < 10 {
		cut = 0 // too few to judge by: training runs a fixed time
	}
	t.held, t.learn = order[:cut], order[cut:]
	return t
}

func (t *trainer) train(ctx context.Context) Net {
	best, bestLoss, bestAt := slices.Clone(t.weights), math.Inf(1), 0
	epochs := mostEpochs
	if len(t.held) == 0 {
		epochs = 30
	}
	for epoch := 1; epoch <= epochs && epoch-bestAt <= quiet && ctx.Err() == nil; epoch++ {
		t.random.Shuffle(len(t.learn), func(i, j int) { t.learn[i], t.learn[j] = t.learn[j], t.learn[i] })
		speed := rate0 / (1 + float64(epoch)/40)
		for from := 0; from < len(t.learn); from += batchSize {
			t.batch(t.learn[from:min(len(t.learn), from+batchSize)], speed)
		}
		loss := 0.0
		for _, row := range t.held {
			m := t.forward(row)
			loss += softplus(m)
			if t.yes[row] {
				loss -= m
			}
		}
		if len(t.held) == 0 || loss < bestLoss*(1-1e-4) {
			copy(best, t.weights)
			bestLoss, bestAt = loss, epoch
		}
	}
	n := t.d.features * hidden
	return Net{Into: best[:n], Bias: best[n : n+hidden], Out: best[n+hidden : n+2*hidden], Last: best[n+2*hidden]}
}

// forward computes the margin of a row and leaves features and activity behind.
func (t *trainer) forward(row int) float64 {
	n := t.d.features * hidden
	t.at, t.values = t.d.row(row, t.at[:0], t.values[:0])
	t.at, t.values = t.at[:len(t.at)-1], t.values[:len(t.values)-1] // the intercept is the bias
	copy(t.active, t.weights[n:n+hidden])
	for i, feature := range t.at {
		x := t.values[i]
		into := t.weights[feature*hidden:][:hidden]
		for k := range into {
			t.active[k] += x * into[k]
		}
	}
	margin := t.weights[n+2*hidden]
	out := t.weights[n+hidden:][:hidden]
	for k, a := range t.active {
		if a > 0 {
			margin += a * out[k]
		}
	}
	return margin
}

func (t *trainer) batch(rows []int, speed float64) {
	n := t.d.features * hidden
	clear(t.gradient)
	scale := 1 / float64(len(rows))
	for _, row := range rows {
		delta := sigmoid(t.forward(row))
		if t.yes[row] {
			delta--
		}
		delta *= scale
		var back [hidden]float64
		for k, a := range t.active {
			if a > 0 {
				t.gradient[n+hidden+k] += delta * a
				back[k] = delta * t.weights[n+hidden+k]
				t.gradient[n+k] += back[k]
			}
		}
		t.gradient[n+2*hidden] += delta
		for i, feature := range t.at {
			x := t.values[i]
			into := t.gradient[feature*hidden:][:hidden]
			for k := range into {
				into[k] += x * back[k]
			}
		}
	}
	t.step(n, speed)
}

func (t *trainer) step(n int, speed float64) {
	const b1, b2, epsilon = 0.9, 0.999, 1e-8
	t.steps++
	rate := speed * math.Sqrt(1-math.Pow(b2, float64(t.steps))) / (1 - math.Pow(b1, float64(t.steps)))
	for i, g := range t.gradient {
		if i < n || i >= n+hidden && i < n+2*hidden {
			g += decay / float64(hidden) * t.weights[i]
		}
		t.first[i] = b1*t.first[i] + (1-b1)*g
		t.second[i] = b2*t.second[i] + (1-b2)*g*g
		t.weights[i] -= rate * t.first[i] / (math.Sqrt(t.second[i]) + epsilon)
	}
}

func (m *Network) margins(f *frame.Frame) []float64 {
	d := m.Encoder.encode(f)
	out := make([]float64, f.Rows)
	parallel(f.Rows, func(from, to int) {
		at, values := make([]int, 0, 64), make([]float64, 0, 64)
		var active [hidden]float64
		for row := from; row < to; row++ {
			at, values = d.row(row, at[:0], values[:0])
			for i := range m.Nets {
				out[row] += m.Nets[i].margin(at[:len(at)-1], values, &active) / float64(len(m.Nets))
			}
		}
	})
	return out
}

func (n *Net) margin(at []int, values []float64, active *[hidden]float64) float64 {
	copy(active[:], n.Bias)
	for i, feature := range at {
		x, into := values[i], n.Into[feature*hidden:][:hidden]
		for k := range into {
			active[k] += x * into[k]
		}
	}
	margin := n.Last
	for k, a := range active {
		if a > 0 {
			margin += a * n.Out[k]
		}
	}
	return margin
}
