// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math"
	"testing"
)

// The numbers are those of Erlang's formulas worked out term by term: 10 erlangs
// and 14 agents make 17.41 % wait, so that 88.8 % are answered within 20 seconds.
func TestAgents(t *testing.T) {
	t.Parallel()
	sum, term := 0.0, 1.0
	for k := range 14 {
		sum += term
		term *= 10 / float64(k+1)
	}
	want := term * 14 / 4 / (sum + term*14/4)
	if got := waiting(10, 14); math.Abs(got-want) > 1e-12 || math.Abs(got-0.1741) > 5e-5 {
		t.Errorf("waiting %g, should be %g", got, want)
	}
	desk := Desk{HandleSeconds: 180, Share: 0.8, Seconds: 20}
	if n, level := desk.Agents(100, 1800); n != 14 || math.Abs(level-0.888) > 1e-3 {
		t.Errorf("%d agents, level %g", n, level)
	}
	if n, _ := desk.Agents(0, 1800); n != 0 {
		t.Errorf("%d agents for no call", n)
	}
	if desk.Level(100, 1800, 10) != 0 {
		t.Error("as many agents as erlangs cannot keep up")
	}
}
