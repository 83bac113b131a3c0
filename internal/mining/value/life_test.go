// SPDX-License-Identifier: Apache-2.0

package value

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The example of the product-limit estimator by hand: of 5 customers one leaves
// at 10, one is lost from sight at 15, one leaves at 20.
func TestSurvivalByHand(t *testing.T) {
	t.Parallel()
	got := survive([]spell{{20, true}, {10, true}, {60, false}, {15, false}, {70, false}}, 7)
	if got.Left != 2 || got.Customers != 5 || got.Median != 0 {
		t.Fatalf("%+v", got)
	}
	// S = (1 − 1/5)(1 − 1/3); Greenwood: 1/(5·4) + 1/(3·2).
	p := got.Points[1]
	share, variance := 0.8*2/3, 1.0/20+1.0/6
	width := 1.959964 * math.Sqrt(variance) / math.Abs(math.Log(share))
	if math.Abs(p.Share-share) > 1e-12 || math.Abs(p.Low-math.Pow(share, math.Exp(width))) > 1e-12 || p.Days != 30 || p.AtRisk != 2 {
		t.Errorf("%+v, should be %g", p, share)
	}
}

// A silence ends a customer, and a later purchase does not bring that life back.
func TestSurvivalOfALog(t *testing.T) {
	t.Parallel()
	s := Summarise([]Purchase{{0, 0, 1}, {0, 30, 1}, {0, 400, 1}, {1, 380, 1}}, 400, 1)
	got := s.Survive(400, 100)
	if got.Customers != 2 || got.Left != 1 || got.Median != 130 {
		t.Errorf("%+v", got)
	}
}

// Two stages with known answers: a customer stays with 0.8 and brings 10 a step.
func TestChain(t *testing.T) {
	t.Parallel()
	c := Chain{Moves: [][]float64{{80, 20}, {0, 5}}, Profit: []float64{10, 0}, Discount: 0.1}
	want := 0.0
	for k := range 200 {
		want += 10 * math.Pow(0.8/1.1, float64(k))
	}
	if got := c.Lifetimes(200); math.Abs(got[0]-want) > 1e-9 || got[1] != 0 {
		t.Errorf("%v, should be %g", got, want)
	}
	if got := c.Reach(3, []bool{true, false}); math.Abs(got[0]-0.512) > 1e-12 || got[1] != 0 {
		t.Errorf("%v", got)
	}
}

// When those who buy often also spend more, the estimate of somebody with one
// purchase stays with those who buy seldom.
func TestSpendByFrequency(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 3)) //nolint:gosec // a test
	var list []Spender
	for range 3000 {
		x := float64(1 + random.IntN(12))
		true0 := 50 * x * (0.8 + 0.4*random.Float64())
		list = append(list, Spender{x, true0 * (1 + 0.3*random.NormFloat64()/math.Sqrt(x))})
	}
	s := FitSpend(list)
	if s.Method != "credibility" || s.Correlation < correlated {
		t.Fatalf("%s at a correlation of %g", s.Method, s.Correlation)
	}
	if seldom, often := s.Expected(0, math.NaN()), s.Expected(12, 600); seldom > 100 || math.Abs(often-600) > 60 {
		t.Errorf("seldom %g, often %g", seldom, often)
	}
	for i := range list {
		list[i].Mean = 100 * (0.5 + random.Float64())
	}
	if s := FitSpend(list); s.Method == "credibility" {
		t.Errorf("independent values fall back at %g", s.Correlation)
	}
}
