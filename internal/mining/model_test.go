// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

// awaited waits for a run that a request has begun.
func awaited(t *testing.T, s *mining.Service, id int64) *mining.Run {
	t.Helper()
	for range 600 {
		run, err := s.FindRun(boss(), id)
		if err != nil {
			t.Fatal(err)
		}
		if run.State != mining.RunRunning {
			return run
		}
		select {
		case <-t.Context().Done():
			t.Fatal("no end")
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("the run does not end")
	return nil
}

// A model is put in use, tells reasons of customers, gets a challenger, is
// promoted, watched, exported, stopped and imported again.
func TestModelInUse(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := withQueue(t, db, town(t, 700), "2025-12-20") // each its own: a stop in one empties the scores
		ask := `{"event":"stops","horizon_days":60,"model":"logistic","deploy":true}`
		first := found[mining.Prediction](t, s, "prediction", ask)
		if !first.IsDeployed || first.IsChallenger {
			t.Fatalf("deployed %v, challenger %v", first.IsDeployed, first.IsChallenger)
		}
		scores, err := s.FindScores(boss(), first.Best[0].CustomerID)
		if err != nil || len(scores) != 1 || scores[0].Score != first.Best[0].Score || scores[0].Band != "high" || scores[0].Decile != 1 || scores[0].Reason.Ko == "" {
			t.Errorf("%+v, %v", scores, err)
		}
		stranger := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("*"), Scope: auth.Scope{Branch: "없는 지점"}})
		if _, err := s.FindScores(stranger, first.Best[0].CustomerID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a customer of another branch: %v", err)
		}
		again := found[mining.Prediction](t, s, "prediction", strings.Replace(ask, "logistic", "tree", 1))
		if !again.IsChallenger || again.Compared == nil || again.Compared.Low > again.Compared.Difference || again.Compared.High < again.Compared.Difference {
			t.Fatalf("challenger %v, compared %+v", again.IsChallenger, again.Compared)
		}
		m, err := s.Promote(boss(), "stops")
		if err != nil || m.Challenger != nil || m.Champion.Family != "tree" || m.RunID == 0 {
			t.Fatalf("%+v, %v", m, err)
		}
		if run := awaited(t, s, m.RunID); run.State != mining.RunDone {
			t.Fatal(run.Problem)
		}
		if m, err = s.FindModel(boss(), "stops"); err != nil || len(m.Monitors) != 1 || m.Latest.Past == nil || m.Latest.Past.Seen == nil || m.Latest.Scored == 0 {
			t.Fatalf("%+v, %v", m, err)
		}
		if _, err := s.Promote(boss(), "stops"); !fault.Is(err, fault.Conflict) {
			t.Errorf("promoted nobody: %v", err)
		}
		if m, err = s.SetSchedule(boss(), "stops", mining.Monthly); err != nil || m.Schedule != mining.Monthly {
			t.Errorf("%v, %v", m, err)
		}
		exportedAndBack(t, s, first.Best[0].CustomerID)
	})
}

func exportedAndBack(t *testing.T, s *mining.Service, customer int64) {
	t.Helper()
	file, err := s.ExportModel(boss(), "stops", false)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.FindScores(boss(), customer)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.StopModel(boss(), "stops"); err != nil {
		t.Fatal(err)
	}
	if left, err := s.FindScores(boss(), customer); err != nil || len(left) != 0 {
		t.Errorf("stopped, and still %+v, %v", left, err)
	}
	m, err := s.ImportModel(boss(), text)
	if err != nil || !m.Champion.IsImported {
		t.Fatalf("%+v, %v", m, err)
	}
	if run := awaited(t, s, m.RunID); run.State != mining.RunDone {
		t.Fatal(run.Problem)
	}
	after, err := s.FindScores(boss(), customer)
	if err != nil || len(after) != 1 || after[0].Score != before[0].Score || after[0].Reason != before[0].Reason {
		t.Errorf("%+v became %+v, %v", before, after, err)
	}
	if m, err = s.ImportModel(boss(), text); err != nil || m.Challenger == nil {
		t.Fatalf("a second import is no challenger: %+v, %v", m, err)
	}
	awaited(t, s, m.RunID)
	if m, err = s.Discard(boss(), "stops"); err != nil || m.Challenger != nil {
		t.Errorf("%+v, %v", m, err)
	}
	changedAtOnce(t, s, text)
	stoppedWhileRefreshed(t, s, customer)
	for _, wrong := range []string{`{}`, `[]`, `{"version":1,"model":"tree"}`, strings.Replace(string(text), `"card"`, `"cart"`, 1), strings.ReplaceAll(string(text), `"recency_days"`, `"shoe_size"`)} {
		if _, err := s.ImportModel(boss(), []byte(wrong)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.40s: %v", wrong, err)
		}
	}
}

// A challenger that comes while the schedule is changed stays, as does the schedule.
func changedAtOnce(t *testing.T, s *mining.Service, text []byte) {
	t.Helper()
	for range 3 {
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for _, schedule := range []string{mining.Daily, mining.Weekly, mining.Never} {
					if _, err := s.SetSchedule(boss(), "stops", schedule); err != nil {
						t.Error(err)
					}
				}
			})
		}
		imported, err := s.ImportModel(boss(), text)
		group.Wait()
		if err != nil {
			t.Fatal(err)
		}
		m, err := s.FindModel(boss(), "stops")
		if err != nil || m.Challenger == nil || m.Schedule != mining.Never {
			t.Fatalf("%+v, %v", m, err)
		}
		awaited(t, s, imported.RunID)
		if _, err := s.Discard(boss(), "stops"); err != nil {
			t.Fatal(err)
		}
	}
}

// A refresh that is under way does not fill the scores of a model that was stopped.
func stoppedWhileRefreshed(t *testing.T, s *mining.Service, customer int64) {
	t.Helper()
	m, err := s.RefreshModel(boss(), "stops")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.StopModel(boss(), "stops"); err != nil {
		t.Fatal(err)
	}
	awaited(t, s, m.RunID)
	if left, err := s.FindScores(boss(), customer); err != nil || len(left) != 0 {
		t.Errorf("stopped, and still %+v, %v", left, err)
	}
}

// What was noted of customers after the answer gives the future away, and is
// seen; whoever insists may keep it.
func TestFutureIsSeen(t *testing.T) {
	t.Parallel()
	s := withQueueKRW(t, databasetest.SQLite(t, database.Options{}), newCompany().open(t))
	s.UseAttributes(&club{kept: map[string][]int64{}})
	got := found[mining.Prediction](t, s, "prediction", `{"event":"stops","horizon_days":60,"gap_days":10,"model":"logistic","attributes":["spending"]}`)
	code := ""
	for _, n := range got.Study.Notices {
		if n.Column == "spending" {
			code = n.Code
		}
	}
	if code == "" || got.Labels["spending"][0] != "씀씀이" {
		t.Errorf("spending: %q, %v", code, got.Labels)
	}
	if got.LearnedOn != "2026-02-10" || got.TestedOn != "2026-04-21" || got.ScoredOn != "2026-06-30" {
		t.Errorf("learned on %s, tested on %s, scored on %s", got.LearnedOn, got.TestedOn, got.ScoredOn)
	}
}

func TestEventsThatCanBePredicted(t *testing.T) {
	t.Parallel()
	shop := newCompany()
	for i, c := range shop.contacts { // a second mail, which the older half follows
		shop.contacts = append(shop.contacts, contacted{c.customer, c.at.AddDate(0, 0, 60), c.arm, int64(i % 50 / 25)})
	}
	for i := range shop.contacts {
		c := &shop.contacts[i]
		if c.clicked = c.customer % 50 / 25; c.customer%7 == 0 { // else age alone would give the answer away
			c.clicked = 1 - c.clicked
		}
	}
	s := withQueueKRW(t, databasetest.SQLite(t, database.Options{}), shop.open(t))
	choices, err := s.ListChoices(boss())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range choices.Events {
		want := one.Event == "stops" || one.Event == "buys" || one.Event == "answers"
		if one.IsAvailable != want || !want && (one.Missing.Ko == "" || one.Missing.En == "") {
			t.Errorf("%+v", one)
		}
	}
	got := found[mining.Prediction](t, s, "prediction", `{"event":"buys","product":"상품1","horizon_days":30,"model":"logistic","gain":5000,"cost":100}`)
	if !strings.Contains(got.Study.Statements[0].Ko, "상품1") || got.Study.BestCut == nil || len(got.Study.Effects) == 0 {
		t.Errorf("%+v, best cut %v", got.Study.Statements[0], got.Study.BestCut)
	}
	answers := found[mining.Prediction](t, s, "prediction", `{"event":"answers","horizon_days":60,"gap_days":0,"model":"tree","deploy":true}`)
	if answers.Study.Test.AUC < .8 || answers.Study.Importance[0].Column != "age" || !strings.Contains(answers.Study.Statements[0].En, "campaign") {
		t.Errorf("AUC %.3f by %s: %s", answers.Study.Test.AUC, answers.Study.Importance[0].Column, answers.Study.Statements[0].En)
	}
}
