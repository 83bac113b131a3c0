// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math/rand/v2"
	"testing"
)

func TestReconcile(t *testing.T) {
	t.Parallel()
	sums := [][]float64{{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	points := [][]float64{{65}, {42}, {20}, {20}, {20}}
	random := rand.New(rand.NewPCG(4, 4))
	residuals := make([][]float64, 5)
	for i, size := range []float64{3, 2, 1, 1, 4} {
		for range 60 {
			residuals[i] = append(residuals[i], size*random.NormFloat64())
		}
	}
	for _, how := range []string{BottomUp, OLS, MinT} {
		got, err := Reconcile(how, sums, points, residuals)
		if err != nil {
			t.Fatal(err)
		}
		near(t, how+" total", got[0][0], got[2][0]+got[3][0]+got[4][0], 1e-9)
		near(t, how+" branch", got[1][0], got[2][0]+got[3][0], 1e-9)
		if how == BottomUp && got[0][0] != 60 {
			t.Errorf("bottom up: %g", got[0][0])
		}
	}
	// By hand: least squares on S gives parts 21.125, 21.125 and 21.375.
	got, _ := Reconcile(OLS, sums, points, nil)
	near(t, "part", got[2][0], 21.125, 1e-9)
	near(t, "part", got[4][0], 21.375, 1e-9)
	// The part that was wrong most takes most of the difference.
	got, _ = Reconcile(MinT, sums, points, residuals)
	if got[4][0]-20 < 2*(got[2][0]-20) {
		t.Errorf("MinT: %v", got)
	}
	// Forecasts that add up already stay.
	same := [][]float64{{60}, {40}, {20}, {20}, {20}}
	got, _ = Reconcile(MinT, sums, same, residuals)
	for i := range same {
		near(t, "kept", got[i][0], same[i][0], 1e-9)
	}
}
