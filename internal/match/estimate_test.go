// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"context"
	"testing"

	"dangol/internal/match"
)

func TestARunIsRehearsedBeforeItStarts(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		_, err := h.Estimate(ctx, match.Settings{Train: true})
		h.code(err, "match.too_few")
		h.fill(ctx)
		cost, err := h.Estimate(ctx, match.Settings{Train: true})
		if err != nil {
			t.Fatal(err)
		}
		if runs, err := h.ListRuns(ctx, 0, 10); err != nil || len(runs) != 0 {
			t.Fatalf("a rehearsal left runs: %v %v", runs, err)
		}
		run := h.run(ctx, match.Settings{Train: true})
		// The whole base is the sample here, so the rehearsal is the run.
		if cost.Records != run.Figures.Records || int64(cost.Sampled) != cost.Records || cost.Pairs != run.Figures.Candidates {
			t.Errorf("%d records of %d and %d pairs told, %+v found", cost.Sampled, cost.Records, cost.Pairs, run.Figures)
		}
		if len(cost.Rules) == 0 || len(cost.Columns) == 0 {
			t.Errorf("no rules or columns: %+v", cost)
		}
		// With the saved model the same rules are rehearsed.
		saved, err := h.Estimate(ctx, match.Settings{})
		if err != nil || len(saved.Rules) != len(cost.Rules) {
			t.Errorf("saved %+v, learnt %+v, %v", saved, cost, err)
		}
	})
}

func TestKeysOfWhatIsWithdrawnLeaveTheLiveIndex(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		h.run(ctx, match.Settings{Train: true})
		held := func(record int64) (n int64) {
			t.Helper()
			if err := h.db.Scan(ctx, []any{&n}, "SELECT (SELECT COUNT(*) FROM match_keys_a WHERE record_id = ?) + (SELECT COUNT(*) FROM match_keys_b WHERE record_id = ?)", record, record); err != nil {
				t.Fatal(err)
			}
			return n
		}
		p := person(people + 1)
		id := h.take(ctx, "walkin", p)[0]
		flush(ctx, h)
		records, err := h.customers.Store().RecordsOf(ctx, []int64{id})
		if err != nil {
			t.Fatal(err)
		}
		given := records[id][0]
		if held(given.ID) == 0 {
			t.Fatal("a new record is not in the index")
		}
		// Staff types, and types again: only the newest version stays in the index.
		var typed []int64
		for _, address := range []string{"부산광역시 해운대구 센텀중앙로 79", "부산광역시 해운대구 센텀중앙로 97"} {
			if _, _, err := h.customers.Update(ctx, id, 0, map[string]any{"address": address, "full_name": p["full_name"], "birth_on": p["birth_on"]}); err != nil {
				t.Fatal(err)
			}
			flush(ctx, h)
			if records, err = h.customers.Store().RecordsOf(ctx, []int64{id}); err != nil {
				t.Fatal(err)
			}
			typed = append(typed, records[id][len(records[id])-1].ID)
		}
		if held(typed[0]) != 0 || held(typed[1]) == 0 || held(given.ID) == 0 {
			t.Errorf("keys of the old version %d, of the new one %d, of the given record %d", held(typed[0]), held(typed[1]), held(given.ID))
		}
		if err := h.db.Within(ctx, func(ctx context.Context) error { return h.Forget(ctx, records[id]) }); err != nil {
			t.Fatal(err)
		}
		if held(typed[1]) != 0 || held(given.ID) != 0 {
			t.Error("keys of erased records are left")
		}
	})
}

// TestAModelOfAnOlderVersionRests: the program was renewed, and a saved model speaks of levels that are no more.
func TestAModelOfAnOlderVersionRests(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		h.run(ctx, match.Settings{Train: true, ReviewOnly: true})
		pairs, _, err := h.ListPairs(ctx, match.Filter{Limit: 1})
		if err != nil || len(pairs) == 0 {
			t.Fatal(pairs, err)
		}
		if _, err := h.db.Exec(ctx, `UPDATE match_models SET spec = REPLACE(spec, '"version":4', '"version":3')`); err != nil {
			t.Fatal(err)
		}
		again := match.New(h.db, h.journal, h.jobs, h.customers) // as after a start
		if found, err := again.Find(ctx, person(1), 5); err != nil || len(found) != 0 {
			t.Errorf("found by an unfit model: %v %v", found, err)
		}
		if d, err := again.FindPair(ctx, pairs[0].ID); err != nil || len(d.Steps) != 0 || d.Left.Customer.ID == 0 {
			t.Errorf("a pair of before: %+v %v", d, err)
		}
		if run := h.run(ctx, match.Settings{}); run.State != match.Done {
			t.Errorf("the next run: %+v", run)
		}
		if found, err := h.Find(ctx, person(1), 5); err != nil || len(found) == 0 {
			t.Errorf("after the next run: %v %v", found, err)
		}
	})
}

// TestARunThatWasGivenUpBlocksNobody: its process was killed more often than the job has attempts.
func TestARunThatWasGivenUpBlocksNobody(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		first, err := h.Start(ctx, match.Settings{Train: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"UPDATE match_runs SET state = 'running', phase = 'score'", "UPDATE jobs SET state = 'dead'"} {
			if _, err := h.db.Exec(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		if run, err := h.FindRun(ctx, first.ID); err != nil || run.State != match.Failed || run.Error == "" {
			t.Errorf("given up, yet shown as %+v %v", run, err)
		}
		if run := h.run(ctx, match.Settings{Train: true}); run.State != match.Done || run.Merged == 0 {
			t.Errorf("the next run %+v", run)
		}
	})
}
