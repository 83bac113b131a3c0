// SPDX-License-Identifier: Apache-2.0

package board_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/board"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

type sale struct {
	customer, amount, counts int64
	at                       time.Time
}

var today = time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC)

type cubes struct{ cube.Service }

func (*cubes) Today() time.Time { return today }
func (*cubes) Currency() string { return "KRW" }
func (*cubes) CustomerSplits(context.Context) []cube.Split {
	return []cube.Split{{Column: cube.Column{Name: "customer.branch"}, SQL: `c."branch"`, Read: func(key any) any { return key }}}
}

type results struct{}

func (results) Returned(_ context.Context, from, _ time.Time) ([]board.Return, error) {
	switch {
	case from.Year() < 2026:
		return nil, nil
	case from.Month() < time.April:
		return []board.Return{{Campaign: "봄", Margin: 100, Cost: 100}, {Campaign: "늘", Margin: 150, Cost: 100}}, nil
	}
	return []board.Return{{Campaign: "늘", Margin: 300, Cost: 200}}, nil
}

func open(t *testing.T, sales []sale) *board.Service {
	t.Helper()
	column := func(name, kind string) warehouse.Column { return warehouse.Column{Name: name, Type: kind} }
	w, err := duckdb.Open(context.Background(), duckdb.Options{Zone: time.UTC},
		warehouse.Table{
			Name: "customers", Key: "id", Columns: []warehouse.Column{column("id", "BIGINT"), column("branch", "VARCHAR"), column("owner_id", "BIGINT")},
			Load: func(_ context.Context, _ []int64, emit func(...any) error) error {
				for id := range int64(200) {
					if err := emit(id, []string{"강남", "서면"}[id%2], nil); err != nil {
						return err
					}
				}
				return nil
			},
		},
		warehouse.Table{
			Name: "order_lines", Key: "customer_id", Columns: []warehouse.Column{column("customer_id", "BIGINT"), column("ordered_at", "TIMESTAMP"), column("counts", "INTEGER"), column("amount", "BIGINT"), column("currency", "VARCHAR")},
			Load: func(_ context.Context, _ []int64, emit func(...any) error) error {
				for _, l := range sales {
					if err := emit(l.customer, l.at, l.counts, l.amount, "KRW"); err != nil {
						return err
					}
				}
				return emit(int64(1), today, int64(2), int64(1_000_000_000), "USD") // another currency is no money of the board
			},
		})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Rebuild(context.Background(), func(context.Context) (int64, error) { return 9, nil }, nil); err != nil {
		t.Fatal(err)
	}
	return board.New(nil, w, &cubes{}, results{})
}

// byHand counts with maps what the statement counts in SQL.
func byHand(sales []sale, keep func(int64) bool, from, to, beforeFrom, beforeTo time.Time) (active, kept, lost, before int64, top float64) {
	spent, bought := map[int64]int64{}, map[int64]bool{}
	earlier := map[int64]bool{}
	inside := func(at, a, b time.Time) bool { return !at.Before(a) && at.Before(b.AddDate(0, 0, 1)) }
	for _, l := range sales {
		if !keep(l.customer) || l.counts == 0 {
			continue
		}
		if inside(l.at, from, to) {
			spent[l.customer] += l.amount
			bought[l.customer] = bought[l.customer] || l.counts == 2
		}
		if inside(l.at, beforeFrom, beforeTo) && l.counts == 2 {
			earlier[l.customer] = true
		}
	}
	var money []int64
	var all int64
	for id, did := range bought {
		if !did {
			continue
		}
		active++
		money, all = append(money, spent[id]), all+spent[id]
		if earlier[id] {
			kept++
		}
	}
	for id := range earlier {
		before++
		if !bought[id] {
			lost++
		}
	}
	slices.Sort(money)
	slices.Reverse(money)
	var best int64
	for _, m := range money[:(len(money)+4)/5] {
		best += m
	}
	return active, kept, lost, before, float64(best) / float64(all)
}

func TestFiguresAreWhatMapsCount(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	var sales []sale
	for range 1500 {
		sales = append(sales, sale{int64(r.IntN(200)), int64(r.IntN(90_000)) - 5_000, int64(r.IntN(3)), today.AddDate(0, 0, -r.IntN(500)).Add(time.Duration(r.IntN(20)) * time.Hour)})
	}
	s := open(t, sales)
	day := func(text string) time.Time { at, _ := time.Parse(time.DateOnly, text); return at }
	for _, c := range []struct {
		scope auth.Scope
		keep  func(int64) bool
	}{
		{auth.Scope{All: true}, func(int64) bool { return true }},
		{auth.Scope{Branch: "강남"}, func(id int64) bool { return id%2 == 0 }},
	} {
		ctx := auth.With(context.Background(), auth.Person{ID: 1, Permissions: auth.Permit("*"), Scope: c.scope})
		got, err := s.Figures(ctx, board.Ask{Period: cube.Period{From: "2026-04-01", To: "2026-06-30"}})
		if err != nil {
			t.Fatal(err)
		}
		active, kept, lost, before, top := byHand(sales, c.keep, day("2026-04-01"), day("2026-06-30"), day("2026-01-01"), day("2026-03-31"))
		beforeActive, _, _, _, _ := byHand(sales, c.keep, day("2026-01-01"), day("2026-03-31"), day("2025-10-01"), day("2025-12-31"))
		want := map[string]float64{"active": float64(active), "kept": float64(kept), "lost": float64(lost), "retention": float64(kept) / float64(before), "top_fifth": top, "campaign_roi": 0.5}
		for _, f := range got.Items {
			if f.Name == "campaign_roi" && !c.scope.All {
				if f.Missing != "not_allowed" {
					t.Errorf("a narrow scope sees the results of campaigns: %+v", f)
				}
				continue
			}
			if f.Now == nil || *f.Now != want[f.Name] {
				t.Errorf("%s is %v, want %v", f.Name, f.Now, want[f.Name])
			}
			why, err := s.Why(ctx, board.WhyAsk{Figure: f.Name, Ask: board.Ask{Period: cube.Period{From: "2026-04-01", To: "2026-06-30"}}})
			if err != nil || why.Now != *f.Now || f.Before != nil && why.Before != *f.Before || why.AsOf.Seq != 9 {
				t.Errorf("why of %s: %+v %v, the figure is %v before %v", f.Name, why, err, *f.Now, f.Before)
				continue
			}
			for _, part := range why.Parts {
				sum := 0.0
				for _, m := range part.Members {
					sum += m.Delta
				}
				if math.Abs(sum-(why.Now-why.Before)) > 1e-9 {
					t.Errorf("the members of %s come to %v, the difference of %s is %v", part.Column.Name, sum, f.Name, why.Now-why.Before)
				}
			}
			if c.scope.All && len(why.Parts) != 1 {
				t.Errorf("%s is split by %d dimensions", f.Name, len(why.Parts))
			}
			if f.Name == "active" && *f.Before != float64(beforeActive) {
				t.Errorf("active before is %v, want %v", *f.Before, beforeActive)
			}
		}
	}
	none := auth.With(context.Background(), auth.Person{ID: 1, Permissions: auth.Permit("cube:read"), Scope: auth.Scope{All: true}})
	got, err := s.Figures(none, board.Ask{Period: cube.Period{Last: 1, Unit: "month"}})
	if err != nil || got.Items[0].Now != nil || got.Items[0].Missing != "not_allowed" {
		t.Errorf("without order:read: %+v %v", got, err)
	}
}
