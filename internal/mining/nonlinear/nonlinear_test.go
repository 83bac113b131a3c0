// SPDX-License-Identifier: Apache-2.0

package nonlinear

import (
	"math"
	"math/rand/v2"
	"testing"
)

func logistic(n int) []float64 {
	y := make([]float64, n)
	x := 0.3
	for i := range y {
		x = 4 * x * (1 - x)
		y[i] = x
	}
	return y
}

func henon(n int) []float64 {
	y := make([]float64, n)
	a, b := 0.1, 0.1
	for i := range y {
		a, b = 1-1.4*a*a+b, 0.3*a
		y[i] = a
	}
	return y
}

// lorenz is x of the system with σ = 16, R = 45.92, b = 4, sampled every 0.03,
// whose largest exponent is 1.50 a unit of time (Wolf et al. 1985).
func lorenz(n int) []float64 {
	s := [3]float64{1, 1, 20}
	f := func(s [3]float64) [3]float64 {
		return [3]float64{16 * (s[1] - s[0]), s[0]*(45.92-s[2]) - s[1], s[0]*s[1] - 4*s[2]}
	}
	add := func(a, b [3]float64, h float64) [3]float64 {
		return [3]float64{a[0] + h*b[0], a[1] + h*b[1], a[2] + h*b[2]}
	}
	const inner, h = 10, 0.003
	y := make([]float64, n)
	for i := -200; i < n; i++ {
		for range inner {
			a := f(s)
			b := f(add(s, a, h/2))
			c := f(add(s, b, h/2))
			d := f(add(s, c, h))
			for k := range s {
				s[k] += h / 6 * (a[k] + 2*b[k] + 2*c[k] + d[k])
			}
		}
		if i >= 0 {
			y[i] = s[0]
		}
	}
	return y
}

func autoregression(n int, seed uint64, phi ...float64) []float64 {
	random := rand.New(rand.NewPCG(seed, 1))
	y := make([]float64, n)
	for i := range y {
		y[i] = random.NormFloat64()
		for k, p := range phi {
			if i > k {
				y[i] += p * y[i-k-1]
			}
		}
	}
	return y
}

// sales grow by a per cent a month, with a season that grows along and a little noise.
func sales(months int) []float64 {
	r := rand.New(rand.NewPCG(31, 32))
	season := []float64{.91, .88, 1.01, .98, .98, 1.11, 1.23, 1.22, 1.06, .92, .8, .9}
	list := make([]float64, months)
	for i := range list {
		list[i] = 110 * math.Pow(1.01, float64(i)) * season[i%12] * (1 + .03*r.NormFloat64())
	}
	return list
}

func TestKnownAnswers(t *testing.T) {
	t.Parallel()
	sine := make([]float64, 1000)
	random := rand.New(rand.NewPCG(2, 2))
	for i := range sine {
		sine[i] = math.Sin(float64(i)*.2) + .05*random.NormFloat64()
	}
	for _, c := range []struct {
		name      string
		y         []float64
		want      []Verdict
		low, high float64 // of the exponent
		dimension int
	}{
		{"logistic map (ln 2)", logistic(1500), []Verdict{Chaos}, .6, .78, 3},
		{"Hénon map (0.419)", henon(1500), []Verdict{Chaos}, .35, .5, 4},
		{"Lorenz (1.50 × 0.03)", lorenz(3000), []Verdict{Chaos}, .033, .057, 5},
		{"AR(2)", autoregression(1500, 7, 1.2, -.5), []Verdict{Linear}, -9, 9, 9},
		{"AR(1)", autoregression(800, 8, .8), []Verdict{Linear}, -9, 9, 9},
		{"growing sales with a season", sales(144), []Verdict{Linear}, -9, 9, 9},
		{"noise", autoregression(1000, 9), []Verdict{Noise}, -9, 9, 9},
		{"noise, short", autoregression(150, 10), []Verdict{Noise}, -9, 9, 9},
		{"sine with noise", sine, []Verdict{Linear, Nonlinear}, -9, 9, 9},
		{"constant", make([]float64, 300), []Verdict{Constant}, -9, 9, 9},
		{"three values", []float64{1, 2, 1}, []Verdict{Short}, -9, 9, 9},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := Analyse(c.y, Options{Seed: 1, Horizon: 5})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: delay %d, dimension %d, exponent %.4f (R² %.3f), error %.3f, linear %.3f, rank %d of %d, false %.2f", r.Verdict, r.Delay, r.Dimension, r.Lyapunov, r.LyapunovFit, r.Error, r.LinearError, r.Rank, r.Surrogates, r.FalseNeighbors)
			ok := false
			for _, v := range c.want {
				ok = ok || v == r.Verdict
			}
			if !ok || r.Lyapunov < c.low || r.Lyapunov > c.high || r.Dimension > c.dimension {
				t.Errorf("want %v", c.want)
			}
		})
	}
	if _, err := Analyse([]float64{1, math.NaN()}, Options{}); err == nil {
		t.Error("a missing value was taken")
	}
}

// The next steps of a map are found by its neighbours.
func TestForecastOfAMap(t *testing.T) {
	t.Parallel()
	y := logistic(2003)
	r, err := Analyse(y[:2000], Options{Seed: 1, Horizon: 3})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range r.Forecast[:2] {
		if math.Abs(v-y[2000+i]) > .03 {
			t.Errorf("step %d: %g, want %g", i+1, v, y[2000+i])
		}
	}
}

// Surrogates keep the distribution and the spectrum.
func TestSurrogates(t *testing.T) {
	t.Parallel()
	y := evenEnds(autoregression(1100, 3, .9))
	z := surrogate(y, rand.New(rand.NewPCG(1, 1)))
	if math.Abs(spread(y)-spread(z)) > 1e-9 {
		t.Error("the distribution changed")
	}
	if a, b := linearError(y), linearError(z); math.Abs(a-b) > .03 {
		t.Errorf("linear error %g became %g", a, b)
	}
}
