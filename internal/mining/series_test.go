// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

func TestForecastsOfPartsAddUp(t *testing.T) {
	t.Parallel()
	s := withQueue(t, databasetest.SQLite(t, database.Options{}), town(t, 800), "2025-12-20")
	got := found[mining.ForecastResult](t, s, "forecast", `{"measure":"revenue","step":"week","horizon":8,"by":["branch","category"]}`)
	if got.Reconcile != "mint" || len(got.Parts) != 1+2+4+8 || got.Parts[0].Names[0] != "" {
		t.Fatalf("%s, %d parts", got.Reconcile, len(got.Parts))
	}
	for h, whole := range got.Ahead {
		var branches, categories, cells float64
		for _, p := range got.Parts[1:] {
			switch {
			case p.Names[1] == "":
				branches += p.Points[h]
			case p.Names[0] == "":
				categories += p.Points[h]
			default:
				cells += p.Points[h]
			}
		}
		for _, sum := range []float64{branches, categories, cells} {
			if math.Abs(sum-whole.Value) > 1e-6*math.Abs(whole.Value) {
				t.Fatalf("step %d: parts %g, whole %g", h, sum, whole.Value)
			}
		}
		if whole.Low80 > whole.Value || whole.High80 < whole.Value || whole.Low95 > whole.Low80 {
			t.Errorf("intervals of %+v", whole)
		}
	}
	if back := got.Result.Back; back == nil || back.Origins < 2 || len(back.Paths) != back.Origins || len(back.Held) != 2 {
		t.Errorf("back-test %+v", back)
	}
	for _, settings := range []string{`{"measure":"orders","by":["category"]}`, `{"by":["x"]}`, `{"measure":"received","by":["sido"]}`, `{"measure":"own"}`, `{"step":"year"}`} {
		if _, err := s.StartRun(boss(), "forecast", json.RawMessage(settings), 1); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", settings, err)
		}
	}
}

// calls is a series of half hours as a call centre exports it.
func calls(weeks int) string {
	var b strings.Builder
	b.WriteString("시각,콜 수\n")
	start := time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
	for i := range weeks * 336 {
		at := start.Add(time.Duration(i) * 30 * time.Minute)
		n := 0
		if h := at.Hour(); h >= 9 && h < 18 && at.Weekday() != time.Sunday {
			n = 30 + 10*int(at.Weekday()) + i*7%5
		}
		fmt.Fprintf(&b, "%s,%d\n", at.Format("2006-01-02 15:04"), n)
	}
	return b.String()
}

func TestOwnSeriesAreForecastAndStaffed(t *testing.T) {
	t.Parallel()
	w := town(t, 50)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := withQueue(t, db, w, "2025-12-20")
		own, err := s.CreateSeries(boss(), mining.SeriesDraft{Name: "콜", Text: calls(6)})
		if err != nil || own.Step != "half_hour" || own.Count != 6*336 {
			t.Fatalf("%+v %v", own, err)
		}
		got := found[mining.ForecastResult](t, s, "forecast", fmt.Sprintf(`{"measure":"own","own_id":%d,"step":"half_hour","desk":{"handle_seconds":180,"share":0.8,"seconds":20}}`, own.ID))
		if got.Name != "콜" || len(got.Ahead) != 336 || len(got.Staff) != 336 {
			t.Fatalf("%s: %d ahead, %d staffed", got.Name, len(got.Ahead), len(got.Staff))
		}
		for _, p := range got.Staff {
			at, _ := time.Parse("2006-01-02 15:04", p.Step)
			isOpen := at.Hour() >= 9 && at.Hour() < 18 && at.Weekday() != time.Sunday
			if isOpen != (p.Agents > 0) || isOpen && (p.Level < 0.8 || p.Busy < p.Agents || float64(p.Agents) < p.Calls*180/1800) {
				t.Fatalf("%+v", p)
			}
		}
		list, err := s.ListSeries(boss())
		if err != nil || len(list) != 1 || list[0].Name != "콜" {
			t.Fatalf("%v %v", list, err)
		}
		if err := s.DeleteSeries(boss(), own.ID); err != nil {
			t.Fatal(err)
		}
		if run := computed(t, s, "chaos", fmt.Sprintf(`{"measure":"own","own_id":%d}`, own.ID)); run.State != mining.RunFailed || !strings.Contains(run.Problem, "no series") {
			t.Errorf("%s %s", run.State, run.Problem)
		}
		for _, text := range []string{"", "a,b\nc,d\ne,f\ng,h", "2025-01-01,1\n2025-01-02,x\n2025-01-03,2\n2025-01-04,3"} {
			if _, err := s.CreateSeries(boss(), mining.SeriesDraft{Name: "x", Text: text}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}

// TestChaosOfKnownSeries brings the logistic map, noise and a short series along.
func TestChaosOfKnownSeries(t *testing.T) {
	t.Parallel()
	s := withQueue(t, databasetest.SQLite(t, database.Options{}), town(t, 50), "2025-12-20")
	x, day := 0.3, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var rule, short strings.Builder
	for i := range 1000 {
		x = 4 * x * (1 - x)
		fmt.Fprintf(&rule, "%s;%.6f\n", day.AddDate(0, 0, i).Format("2006.01.02"), x)
		if i < 40 {
			fmt.Fprintf(&short, "%s\t%d\n", day.AddDate(0, 0, i).Format(time.DateOnly), i*i%17)
		}
	}
	for text, want := range map[string]string{rule.String(): "chaos", short.String(): "short"} {
		own, err := s.CreateSeries(boss(), mining.SeriesDraft{Name: "x", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		got := found[mining.Chaos](t, s, "chaos", fmt.Sprintf(`{"measure":"own","own_id":%d,"season":false}`, own.ID))
		if string(got.Result.Verdict) != want {
			t.Errorf("%s, should be %s: %s", got.Result.Verdict, want, got.Result.Words.En)
		}
		if want == "chaos" && (math.Abs(got.Result.Lyapunov-math.Ln2) > 0.1 || len(got.Ahead) != 14 || math.Abs(got.Ahead[0].Value-4*x*(1-x)) > 0.05) {
			t.Errorf("exponent %g, next %v", got.Result.Lyapunov, got.Ahead)
		}
	}
	if got := found[mining.Chaos](t, s, "chaos", `{"measure":"orders","step":"day"}`); got.Result.N < 600 || got.Result.Words.Ko == "" {
		t.Errorf("orders: %d values", got.Result.N)
	}
}

// taken answers with a known number of accepted offers a day.
type taken struct{ perDay int }

func (k taken) EachReceived(context.Context, func(time.Time) error) error { return nil }

func (k taken) EachTaken(_ context.Context, _ int64, emit func(at time.Time) error) error {
	start := time.Date(2025, 9, 1, 3, 0, 0, 0, time.UTC)
	for day := range 60 {
		for range k.perDay {
			if err := emit(start.AddDate(0, 0, day)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k taken) Stock(context.Context, int64) (string, int64, error) { return "쿠폰", 100, nil }

func TestStockOfAnOffer(t *testing.T) {
	t.Parallel()
	s := withQueue(t, databasetest.SQLite(t, database.Options{}), town(t, 50), "2025-12-20")
	s.UseHappenings(taken{8})
	got := found[mining.ForecastResult](t, s, "forecast", `{"measure":"offers","offer_id":3,"step":"day"}`)
	// Eight a day since 1 September, 60 days: a hundred are gone on the 13th day after 30 October.
	if got.Stock == nil || got.Stock.Left != 100 || got.Stock.Out != "2025-11-12" || got.Stock.Early > got.Stock.Out {
		t.Errorf("stock %+v", got.Stock)
	}
	if run := computed(t, s, "forecast", `{"measure":"received","step":"day"}`); run.State != mining.RunFailed || !strings.Contains(run.Problem, "mails received") {
		t.Errorf("no mails: %s %s", run.State, run.Problem)
	}
}

// lunar is revenue by day that stands still on the holidays of Seollal.
func TestHolidaysAndCampaignsAreEffects(t *testing.T) {
	t.Parallel()
	var lines, targets [][]any
	closed := []string{"2025-01-28", "2025-01-29", "2025-01-30"}
	start := time.Date(2024, 11, 1, 9, 0, 0, 0, time.UTC)
	for i := range 180 {
		at := start.AddDate(0, 0, i)
		amount := 1000 + i*37%101
		if slices.Contains(closed, at.Format(time.DateOnly)) {
			amount = 50
		}
		if i%40 < 8 {
			amount += 800
		}
		if i%40 == 0 {
			targets = append(targets, []any{int64(i), int64(1), int64(i), "행사", at, at.AddDate(0, 0, 7), "treatment"})
		}
		lines = append(lines, []any{int64(1), int64(i), at, 2, 1, int64(1000), int64(amount), "USD"})
	}
	w := opened(t, map[string][][]any{
		"customers: id BIGINT": {{int64(1)}},
		"order_lines: customer_id BIGINT, order_id BIGINT, ordered_at TIMESTAMP, counts INTEGER, first_line INTEGER, quantity BIGINT, amount BIGINT, currency VARCHAR": lines,
		"promotion_targets: id BIGINT, customer_id BIGINT, promotion_id BIGINT, promotion VARCHAR, start_on DATE, end_on DATE, arm VARCHAR, targeted_at TIMESTAMP":     targets,
		"campaign_recipients: id BIGINT, customer_id BIGINT, campaign_id BIGINT, campaign VARCHAR, planned_at TIMESTAMP, arm VARCHAR":                                  nil,
	})
	s := withQueue(t, databasetest.SQLite(t, database.Options{}), w, "2025-06-01")
	got := found[mining.ForecastResult](t, s, "forecast", `{"measure":"revenue","step":"day","horizon":14,"holidays":true,"promotions":true,"planned":[{"from":"2025-05-05","to":"2025-05-07"}]}`)
	effects := map[string]mining.ForecastEffect{}
	for _, e := range got.Effects {
		effects[e.Ko] = e
	}
	if e := effects["설 연휴"]; math.Abs(e.PerDay+1000) > 150 {
		t.Errorf("Seollal %+v", e)
	}
	if e := effects["캠페인"]; math.Abs(e.PerDay-800) > 100 || e.Days != 3 {
		t.Errorf("campaigns %+v", e)
	}
	if got.Result.Back == nil || got.PlainMASE == 0 {
		t.Errorf("back-tests %+v %g", got.Result.Back, got.PlainMASE)
	}
}
