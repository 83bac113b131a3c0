// SPDX-License-Identifier: Apache-2.0

package uplift

import (
	"math"
	"math/rand/v2"
	"testing"

	"dangol/internal/mining/frame"
)

// made are people of whom the young are moved and the old are not.
func made(n int, moved float64, isFair bool) *People {
	random := rand.New(rand.NewPCG(3, 1)) //nolint:gosec // no secret
	ages, noise := make([]float64, n), make([]float64, n)
	p := &People{}
	for i := range n {
		ages[i], noise[i] = 20+60*random.Float64(), random.Float64()
		share := 0.5
		if !isFair && ages[i] < 50 {
			share = 0.7
		}
		treated := random.Float64() < share
		chance := 0.1
		if treated && ages[i] < 50 {
			chance += moved
		}
		y := 0.0
		if random.Float64() < chance {
			y = 1
		}
		p.Treated, p.Outcome = append(p.Treated, treated), append(p.Outcome, y)
	}
	p.Frame = &frame.Frame{Rows: n, Columns: []*frame.Column{frame.Numeric("age", ages), frame.Numeric("noise", noise)}}
	return p
}

func halves(p *People) (learn, test *People) {
	var parts [2][]int
	for i := range p.Outcome {
		parts[i%2] = append(parts[i%2], i)
	}
	return p.Take(parts[0]), p.Take(parts[1])
}

func TestEffectsAreFoundWhereTheyAre(t *testing.T) {
	t.Parallel()
	learn, test := halves(made(12_000, 0.12, true))
	found, err := Find(t.Context(), learn, test, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !found.IsShown {
		t.Fatalf("not found: %+v", found.Results)
	}
	tenths := found.Tenths(test)
	if first, last := tenths[0], tenths[9]; len(tenths) != 10 || first.Low < 0.02 || last.Uplift > 0.04 {
		t.Errorf("first %+v, last %+v", first, last)
	}
	if mean := test.Mean(); mean.Low > 0.06 || mean.High < 0.06 || !mean.IsKnown() {
		t.Errorf("mean effect %+v", mean)
	}
	box := make([]string, len(test.Outcome))
	for i, age := range test.Frame.Find("age").Numbers {
		box[i] = []string{"young", "old"}[int(age/50)]
	}
	boxes := test.Boxes([]string{"old", "young", "nobody"}, box)
	if len(boxes) != 2 || boxes[0].Low > 0 || boxes[1].Low < 0.05 || boxes[1].High < 0.12 {
		t.Errorf("boxes %+v", boxes)
	}
	scores, err := Score(t.Context(), found.Chosen, learn, test.Frame, 1)
	if err != nil {
		t.Fatal(err)
	}
	young, old, n := 0.0, 0.0, [2]float64{}
	for i, name := range box {
		if name == "young" {
			young, n[0] = young+scores[i], n[0]+1
		} else {
			old, n[1] = old+scores[i], n[1]+1
		}
	}
	if math.IsNaN(young) || young/n[0] < old/n[1]+0.05 {
		t.Errorf("scores %g and %g", young/n[0], old/n[1])
	}
}

func TestNothingIsFoundWhereNothingIs(t *testing.T) {
	t.Parallel()
	learn, test := halves(made(12_000, 0, true))
	found, err := Find(t.Context(), learn, test, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if found.IsShown {
		t.Errorf("found %s", found.Chosen)
	}
}

func TestArmsThatWereNotDrawnAtRandomAreTold(t *testing.T) {
	t.Parallel()
	if list := made(6_000, 0, true).Unbalanced(); len(list) != 0 {
		t.Errorf("fair arms differ in %+v", list)
	}
	list := made(6_000, 0, false).Unbalanced()
	if len(list) != 1 || list[0].Column != "age" || list[0].Difference > -0.2 {
		t.Errorf("unfair arms differ in %+v", list)
	}
}
