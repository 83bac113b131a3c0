// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"testing"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

// TestProductsAddUp compares categories and finds their sums again in the summary.
func TestProductsAddUp(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	db := databasetest.SQLite(t, database.Options{Clock: func() time.Time { return now }})
	s := serve(t, db, stage(9000, 900, 1000, 70))
	ctx := auth.System(context.Background(), "test")
	r, err := s.Evaluate(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Products) != 3 {
		t.Fatalf("%d categories", len(r.Products))
	}
	by := map[string]ProductResult{}
	var added float64
	for _, p := range r.Products {
		by[p.Category] = p
		if p.Category != "" {
			added += p.Added.Value
		}
	}
	near(t, "what tea and coffee added", added, r.IncrementalSales.Value, 1e-6)
	if tea := by["tea"]; tea.Treatment.People != 9000 || tea.Treatment.Buyers != 450 || tea.Control.Buyers != 35 || tea.Added.Low > tea.Added.Value {
		t.Errorf("tea: %+v", tea)
	}
	// Nobody of the control group bought the third thing: too few to claim an effect.
	if third := by[""]; third.Control.Buyers != 0 || third.Verdict != TooFew || third.ROI != nil {
		t.Errorf("the third thing: %+v", third)
	}
	sum, err := s.Summarise(ctx, "2026-11", "2026-11")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range sum.Products {
		p := by[l.Key]
		near(t, "summary of "+l.Key, l.Revenue.Value, p.Added.Value, 1e-6)
		if l.Cost != p.CostShared || l.Campaigns != 1 || l.Revenue.Low >= l.Revenue.Value && p.Added.Low < p.Added.Value {
			t.Errorf("summary of %s: %+v", l.Key, l)
		}
	}
	if len(sum.Products) != 3 {
		t.Errorf("%d categories in the summary", len(sum.Products))
	}
}
