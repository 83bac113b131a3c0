// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math"
	"math/rand/v2"
	"testing"

	"dangol/internal/mining/frame"
)

// The interval of a difference must be that of many tables of the same kind.
func TestComparisonHasTheNoiseOfManyTables(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 9)) //nolint:gosec // no secret
	const tables, rows = 400, 300
	var differences []float64
	covered, half := 0, 0.0
	for range tables {
		a, b, yes := make([]float64, rows), make([]float64, rows), make([]bool, rows)
		for i := range rows {
			yes[i] = random.Float64() < .3
			x := random.NormFloat64()
			if yes[i] {
				x++
			}
			a[i], b[i] = x+random.NormFloat64(), x+random.NormFloat64() // equally good
		}
		c := CompareModels(a, b, yes)
		differences = append(differences, c.Difference)
		half += (c.High - c.Low) / 2 / tables
		if c.Low <= 0 && c.High >= 0 {
			covered++
		}
	}
	_, spread := meanAndSpread(differences)
	if math.Abs(half/(1.96*spread)-1) > .1 {
		t.Errorf("half an interval is %.4f, of %d tables 1.96 standard deviations are %.4f", half, tables, 1.96*spread)
	}
	if covered < tables*92/100 {
		t.Errorf("only %d of %d intervals cover the truth", covered, tables)
	}
	same := CompareModels([]float64{1, 2, 2, 3, 4}, []float64{1, 2, 2, 3, 4}, []bool{false, true, false, true, true})
	if same.Difference != 0 || same.Low != 0 || same.High != 0 {
		t.Errorf("a model against itself: %+v", same)
	}
}

// A column written after the answer is left out; one that was always so is kept.
func TestLateColumnsAreLeftOut(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 9)) //nolint:gosec // no secret
	table := func(agrees float64) (*frame.Frame, []bool) {
		const rows = 400
		f, yes, after, always := &frame.Frame{Rows: rows}, make([]bool, rows), make([]string, rows), make([]string, rows)
		for i := range rows {
			yes[i] = random.Float64() < .4
			after[i] = "no"
			if yes[i] == (random.Float64() < agrees) {
				after[i] = "yes"
			}
			always[i] = []string{"a", "b"}[random.IntN(2)]
		}
		f.Columns = []*frame.Column{frame.Categories("after", after), frame.Categories("always", always)}
		return f, yes
	}
	learn, learnYes := table(.6)
	test, testYes := table(.97)
	used, notices := withLate(learn, nil, late([]string{"after", "always", "absent"}, learn, test, learnYes, testYes), nil)
	if used.Find("after") != nil || used.Find("always") == nil || len(notices) != 2 || notices[0].Code != IsLate || notices[1].Code != IsOfToday {
		t.Errorf("used %v, %+v", used.Names(), notices)
	}
	if kept, _ := withLate(learn, nil, notices, []string{"after"}); kept.Find("after") == nil {
		t.Error("what is to be kept was left out")
	}
}
