// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"dangol/bench/shop"
	"dangol/internal/mining"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse/image"
)

// TestImageAnswersLikeDuckDB asks both engines the same questions: everything
// but the name of the engine must be equal.
func TestImageAnswersLikeDuckDB(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(12, 7))
	for _, size := range []int{0, 1, 7, 900} {
		lines := randomLines(r, max(size/4, 1), size)
		w := open(t, lines)
		options := mining.Options{Currency: "USD", Zone: time.UTC, Clock: func() time.Time { return time.Date(2026, 3, 15, 9, 0, 0, 0, time.UTC) }}
		duck, quick := mining.New(nil, nil, w, options), mining.New(nil, nil, w, options)
		m, err := image.Open(w.Columns(), image.Options{
			Dir: t.TempDir(), Spec: func(ctx context.Context) image.Spec { return image.SpecOf(ctx, shop.Cubes(), w.Column) },
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Build(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		quick.UseImage(m)
		narrow := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("*"), Scope: auth.Scope{Branch: "강남", OwnerID: 7}})
		nobody := auth.With(context.Background(), auth.Person{ID: 3, Permissions: auth.Permit("*")})
		for _, ctx := range []context.Context{boss(), narrow, nobody} {
			for _, settings := range []mining.RFMSettings{
				{},
				{PeriodMonths: -1},
				{Method: mining.Nested},
				{CountBy: mining.CountDays, Method: mining.Nested, PeriodMonths: 24},
				{At: "2025-12-31", Cuts: &mining.Cuts{R: []float64{60, 120, 180, 240}, M: []float64{1, 2, 3.5, 5000}}},
				{Currency: "KRW"},
				{Method: mining.Nested, Cuts: &mining.Cuts{F: []float64{1, 2, 3, 4}}},
			} {
				a, err := duck.RFM(ctx, settings)
				if err != nil {
					t.Fatal(err)
				}
				b, err := quick.RFM(ctx, settings)
				if err != nil {
					t.Fatal(err)
				}
				if b.Explain.Engine != "image" {
					t.Fatalf("DuckDB answered: %s", b.Explain.Why)
				}
				a.Explain = b.Explain
				equal(t, a, b)
			}
			for _, settings := range []mining.ParetoSettings{{}, {Measure: "orders"}, {Measure: "quantity", From: "2025-06-01"}, {To: "2025-12-31", Currency: "USD"}} {
				a, err := duck.Pareto(ctx, settings)
				if err != nil {
					t.Fatal(err)
				}
				b, err := quick.Pareto(ctx, settings)
				if err != nil {
					t.Fatal(err)
				}
				if b.Explain.Engine != "image" || !near(a.Gini, b.Gini) {
					t.Fatalf("%s (%s), Gini %v and %v", b.Explain.Engine, b.Explain.Why, a.Gini, b.Gini)
				}
				a.Explain, a.Gini = b.Explain, b.Gini
				equal(t, a, b)
			}
		}
	}
}

func equal(t *testing.T, a, b any) {
	t.Helper()
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	if errA != nil || errB != nil || string(x) != string(y) {
		t.Fatalf("DuckDB %s\nimage  %s", x, y)
	}
}
