// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Calls come from nine to six, twice as many on Mondays, none on Sundays: so
// they do in the forecast, which is nearer than the same week before.
func TestHalfHoursOfAWeek(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(11, 4)) //nolint:gosec // no secret
	weekday := []float64{2, 1, 1, 1, 1.2, 0.5, 0}
	truth := func(i int) float64 {
		slot := i % 48
		if slot < 18 || slot >= 36 {
			return 0
		}
		return 20 * weekday[i/48%7] * math.Sin(math.Pi*float64(slot-17)/20)
	}
	const weeks = 9
	var y []float64
	for i := range weeks * 336 {
		mean := truth(i)
		y = append(y, math.Max(0, math.Round(mean+math.Sqrt(mean)*random.NormFloat64())))
	}
	r, err := Forecast(y, Options{Horizon: 336, Period: 336, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	off, naive := 0.0, 0.0
	for i, v := range r.Points {
		off += math.Abs(v - truth(i))
		naive += math.Abs(y[len(y)-336+i] - truth(i))
		if truth(i) == 0 && v > 0.01 {
			t.Fatalf("step %d: %g at night", i, v)
		}
	}
	if off > 0.6*naive {
		t.Errorf("mean error %g, that of the week before %g", off/336, naive/336)
	}
	if h := r.Back.Held; len(h) != 2 || h[0] < 0.72 || h[1] < 0.9 {
		t.Errorf("intervals held in %v", h)
	}
}
