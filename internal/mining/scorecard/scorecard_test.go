// SPDX-License-Identifier: Apache-2.0

package scorecard

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
)

func made(n int) (*frame.Frame, []bool) {
	random := rand.New(rand.NewPCG(5, 5)) //nolint:gosec // a test
	age, noise, city, yes := make([]float64, n), make([]float64, n), make([]string, n), make([]bool, n)
	for i := range n {
		age[i], noise[i], city[i] = float64(20+random.IntN(50)), random.Float64(), []string{"서울", "부산", "대구"}[random.IntN(3)]
		logit := 0.08*(age[i]-45) + map[string]float64{"서울": 1, "부산": 0, "대구": -1}[city[i]]
		yes[i] = random.Float64() < 1/(1+math.Exp(-logit))
		if i%20 == 0 {
			age[i] = math.NaN()
		}
	}
	return &frame.Frame{Rows: n, Columns: []*frame.Column{frame.Numeric("age", age), frame.Numeric("noise", noise), frame.Categories("city", city)}}, yes
}

// What tells is on the card, what does not is not; points double the odds as promised.
func TestLearn(t *testing.T) {
	t.Parallel()
	f, yes := made(6000)
	c, err := Learn(t.Context(), f, yes, 600, 1, 20)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Attributes) != 2 || c.Attributes[0].Column != "age" || c.Attributes[1].Column != "city" {
		t.Fatalf("%+v", c.Attributes)
	}
	points := c.Score(f)
	if up := math.Log(c.Chance(620)/(1-c.Chance(620))) - math.Log(c.Chance(600)/(1-c.Chance(600))); math.Abs(up-math.Ln2) > 1e-9 {
		t.Errorf("20 points more raise the odds by e^%g", up)
	}
	if err := c.Calibrate(t.Context(), points, yes); err != nil {
		t.Fatal(err)
	}
	chances, sum, rate := make([]float64, len(points)), 0.0, 0.0
	for i, p := range points {
		chances[i] = c.Chance(p)
		sum += chances[i]
		if yes[i] {
			rate++
		}
	}
	if auc := predict.AUC(chances, yes); auc < 0.75 || math.Abs(sum-rate) > 1 {
		t.Errorf("AUC %g, expected %g yes of %g", auc, sum, rate)
	}
	reasons := c.Reasons(f, 1, 2)
	total := 0.0
	for _, r := range reasons {
		total += r.Points
	}
	if total != points[1] {
		t.Errorf("reasons of %g points add up to %g", points[1], total)
	}
}

// Evidence by hand: of 100 yes 30 are in a bin, of 100 no 10.
func TestWeightOfEvidence(t *testing.T) {
	t.Parallel()
	var city []string
	var yes []bool
	for i := range 200 {
		yes = append(yes, i < 100)
		level := "b"
		if i < 30 || i >= 190 {
			level = "a"
		}
		city = append(city, level)
	}
	column := frame.Categories("city", city)
	a := Attribute{Column: "city", Bins: cut(column)}
	a.weigh(column, yes)
	want := math.Log((30.5 / 100.5) / (10.5 / 100.5))
	for _, b := range a.Bins {
		if b.Level == "a" && (math.Abs(b.WoE-want) > 1e-12 || b.Rows != 40 || b.Yes != 30) {
			t.Errorf("%+v, should be %g", b, want)
		}
	}
}

func TestNothingToLearn(t *testing.T) {
	t.Parallel()
	f, yes := made(3000)
	if _, err := Learn(t.Context(), f.Without("age", "city"), yes, 600, 1, 20); !errors.Is(err, ErrNothing) {
		t.Errorf("noise makes a card: %v", err)
	}
	low, high := 5.0, 3.0
	for name, c := range map[string]Card{
		"empty": {}, "no bins": {Attributes: []Attribute{{Column: "x"}}}, "no limits": {Attributes: []Attribute{{Column: "x", Bins: []Bin{{Above: &low, UpTo: &high}}}}},
		"no number": {Attributes: []Attribute{{Column: "x", Bins: []Bin{{Points: math.NaN()}}}}},
	} {
		if c.Check() == nil {
			t.Errorf("%s is a card", name)
		}
	}
}
