// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/warehouse/duckdb"
)

// computed starts a run and waits for its end.
func computed(t *testing.T, s *mining.Service, kind, settings string) *mining.Run {
	t.Helper()
	run, err := s.StartRun(boss(), kind, json.RawMessage(settings), 1)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		if run, err = s.FindRun(boss(), run.ID); err != nil {
			t.Fatal(err)
		}
		if run.State != mining.RunRunning {
			return run
		}
		select {
		case <-t.Context().Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("the run does not end")
	return nil
}

func withQueue(t *testing.T, db *database.DB, w *duckdb.Warehouse, today string) *mining.Service {
	t.Helper()
	at, _ := time.Parse(time.DateOnly, today)
	s := mining.New(db, nil, w, mining.Options{Currency: "USD", Zone: time.UTC, Clock: func() time.Time { return at }})
	queue := job.New(db, job.Config{Poll: 20 * time.Millisecond})
	s.RegisterJobs(queue)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return s
}

// The run on CDNOW finds the published parameters and writes every customer.
func TestValueRun(t *testing.T) {
	t.Parallel()
	var lines []purchase
	for i, r := range records(t, "cdnow/cdnow_sample.csv") {
		id, _ := strconv.ParseInt(r[1], 10, 64)
		at, err := time.Parse("20060102", r[2])
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, purchase{id, int64(i + 1), cents(t, r[4]), 2, at})
	}
	w := open(t, lines)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := withQueue(t, db, w, "1998-06-30")
		run := computed(t, s, "value", `{"horizon_weeks":39}`)
		if run.State != mining.RunDone {
			t.Fatalf("%s: %s", run.State, run.Problem)
		}
		var got mining.ValueResult
		if err := json.Unmarshal(run.Result, &got); err != nil {
			t.Fatal(err)
		}
		if got.Customers != 2357 || got.Model.Model != "bgnbd" || run.DataSeq != 3 || got.HoldOut == nil || got.Words.Ko == "" {
			t.Errorf("%d customers, %s, seq %d, hold-out %v", got.Customers, got.Model.Model, run.DataSeq, got.HoldOut)
		}
		moved, staged := 0, 0
		for i := range got.Moves {
			staged += got.Stages[i].Customers
			for _, n := range got.Moves[i] {
				moved += n
			}
		}
		if moved != 2358 || staged != 2358 || got.Stages[0].Customers != 1 { // one has bought nothing
			t.Errorf("moved %d, staged %d", moved, staged)
		}
		if c := got.Cohorts[0]; c.Active[0] != c.Customers || got.Retention.Buyers == 0 || got.MedianGap <= 0 {
			t.Errorf("cohort %+v, retention %+v, gap %g", c, got.Retention, got.MedianGap)
		}
		var n, tenths int64
		var value, expected, alive float64
		rows, err := w.Query(t.Context(), "SELECT count(*), count(DISTINCT tenth), CAST(sum(clv) AS DOUBLE), sum(expected), sum(alive) FROM customer_values")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			if err := rows.Scan(&n, &tenths, &value, &expected, &alive); err != nil {
				t.Fatal(err)
			}
		}
		_ = rows.Close()
		if n != 2358 || tenths != 10 || !near(expected/got.Totals.Expected, 1) && expected-got.Totals.Expected > .1 || alive-got.Totals.Alive > .1 || value-got.Totals.Value > 2357 {
			t.Errorf("%d rows, %d tenths, value %g, expected %g (%+v)", n, tenths, value, expected, got.Totals)
		}
	})
}

func TestForecastRun(t *testing.T) {
	t.Parallel()
	var lines []purchase
	start := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := range 4 * 365 { // a level per month that repeats each year
		at := start.AddDate(0, 0, day)
		lines = append(lines, purchase{int64(day%50 + 1), int64(day + 1), int64(1000 + 100*int(at.Month())), 2, at.Add(10 * time.Hour)})
	}
	w := open(t, lines)
	db := databasetest.SQLite(t, database.Options{})
	s := withQueue(t, db, w, "2025-12-20")
	run := computed(t, s, "forecast", `{"measure":"revenue","step":"month","horizon":6}`)
	var got mining.ForecastResult
	if err := json.Unmarshal(run.Result, &got); err != nil {
		t.Fatalf("%s %s: %v", run.State, run.Problem, err)
	}
	// November is the last whole month; a December that is still running is left out.
	if len(got.Series) != 47 || got.Series[46].Step != "2025-11" || got.Ahead[0].Step != "2025-12" || got.Through != "2025-11-30" {
		t.Errorf("%d months to %s, ahead from %s, through %s", len(got.Series), got.Series[len(got.Series)-1].Step, got.Ahead[0].Step, got.Through)
	}
	for i, want := range []float64{2200 * 31, 1100 * 31, 1200 * 28, 1300 * 31} {
		if v := got.Ahead[i].Value; v < .93*want || v > 1.07*want {
			t.Errorf("%s: %g, want about %g", got.Ahead[i].Step, v, want)
		}
	}
	for _, step := range []string{"week", "day"} {
		if run := computed(t, s, "forecast", `{"measure":"orders","step":"`+step+`"}`); run.State != mining.RunDone {
			t.Errorf("%s: %s", step, run.Problem)
		}
	}
	list, err := s.ListRuns(boss(), "forecast")
	if err != nil || len(list) != 3 || list[0].ID < list[1].ID {
		t.Errorf("%d runs, %v", len(list), err)
	}
}

func TestRunsRefuse(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	w := open(t, nil)
	s := withQueue(t, db, w, "2026-01-01")
	for _, c := range []struct{ kind, settings string }{
		{"nothing", "{}"}, {"value", `{"model":"x"}`}, {"value", `{"margin":2}`}, {"value", `[]`}, {"forecast", `{"step":"year"}`}, {"forecast", `{"horizon":-1}`}, {"forecast", `{"method":"crystal"}`},
	} {
		if _, err := s.StartRun(boss(), c.kind, json.RawMessage(c.settings), 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s %s: %v", c.kind, c.settings, err)
		}
	}
	branch := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("*"), Scope: auth.Scope{Branch: "강남"}})
	if _, err := s.StartRun(branch, "value", nil, 0); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a branch started a run over everybody: %v", err)
	}
	if run := computed(t, s, "value", "{}"); run.State != mining.RunFailed || run.Problem == "" {
		t.Errorf("without purchases: %s %q", run.State, run.Problem)
	}
	if _, err := s.FindRun(boss(), 999); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}
