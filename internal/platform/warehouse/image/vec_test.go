// SPDX-License-Identifier: Apache-2.0

package image

import (
	"math/rand/v2"
	"testing"
)

func TestExactDivisionIsDivision(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	for range 20_000 {
		d := r.Uint64()>>r.IntN(63) | 1<<r.IntN(20)
		e := exactBy(d)
		n := r.Uint64() >> r.IntN(64)
		if e.divides(n) != (n%d == 0) {
			t.Fatalf("%d divides %d: %v", d, n, e.divides(n))
		}
		if m := n / d * d; !e.divides(m) || e.quotient(m) != m/d {
			t.Fatalf("%d / %d is %d, not %d", m, d, e.quotient(m), m/d)
		}
	}
}
