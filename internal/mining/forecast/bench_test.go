// SPDX-License-Identifier: Apache-2.0

package forecast

import "testing"

// The 617 monthly series of M1: what R's ets needs 28 minutes for under load.
func BenchmarkM1(b *testing.B) {
	list := m1(b, "MONTHLY")
	for _, method := range []Method{Theta, ETS, Auto} {
		b.Run(string(method), func(b *testing.B) {
			for b.Loop() {
				score(list, func(s m1Series) []float64 {
					r, err := Forecast(s.in, Options{Method: method, Horizon: len(s.out), Period: 12, Origins: -1})
					if err != nil {
						b.Fatal(err)
					}
					return r.Points
				})
			}
		})
	}
}
