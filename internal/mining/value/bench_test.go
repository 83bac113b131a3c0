// SPDX-License-Identifier: Apache-2.0

package value

import "testing"

// The whole CDNOW cohort, 23,570 customers: what CLVTools needs 44 s for.
func BenchmarkWholeCohort(b *testing.B) {
	s := Summarise(logOf(b, "cdnow/cdnow_master.csv.gz", "id", "date", "spend"), dayOf("1997-09-30"), 7)
	histories := s.Histories()
	for _, model := range []Model{BGNBD, MBGNBD, ParetoNBD} {
		b.Run(string(model), func(b *testing.B) {
			for b.Loop() {
				if _, err := FitModel(model, histories); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("spend", func(b *testing.B) {
		for b.Loop() {
			FitSpend(s.Spenders())
		}
	})
	fit, err := FitModel(BGNBD, histories)
	if err != nil {
		b.Fatal(err)
	}
	spend := FitSpend(s.Spenders())
	b.Run("predict", func(b *testing.B) {
		for b.Loop() {
			Predict(fit, spend, s.Customers, Economics{1, .01, 4.345, 52}, 2)
		}
	})
}
