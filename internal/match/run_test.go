// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"context"
	"slices"
	"testing"

	"dangol/internal/customer"
	"dangol/internal/match"
	"dangol/internal/match/linkage"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/journal"
)

func TestARunLinksDoublesAndIsUndoneWhole(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		_, err := h.Start(ctx, match.Settings{Train: true})
		if err != nil {
			t.Fatal(err)
		}
		h.work(ctx)
		empty, err := h.FindRun(ctx, 1)
		if err != nil || empty.State != match.Failed || empty.Error == "" {
			t.Fatalf("a run over nobody: %+v %v", empty, err)
		}
		doubles := h.fill(ctx)
		before := h.state(ctx)
		run := h.run(ctx, match.Settings{Train: true})
		if run.State != match.Done || run.Merged == 0 || run.Merged != run.Figures.Planned {
			t.Fatalf("run %+v", run)
		}
		wrong, linked := 0, 0
		for first, second := range doubles {
			if owner, err := h.customers.Resolve(ctx, second); err == nil && owner == first {
				linked++
			}
		}
		if wrong = int(run.Merged) - linked; wrong != 0 || linked < len(doubles)*9/10 {
			t.Fatalf("%d of %d doubles linked, %d others", linked, len(doubles), wrong)
		}
		if _, err := h.UndoRun(ctx, run.ID); err != nil {
			t.Fatal(err)
		}
		h.work(ctx)
		run, err = h.FindRun(ctx, run.ID)
		if err != nil || run.State != match.Undone || run.Undone != run.Merged {
			t.Fatalf("undone %+v %v", run, err)
		}
		if after := h.state(ctx); after != before {
			t.Fatal("undoing a run did not restore the state")
		}
		_, err = h.UndoRun(ctx, run.ID)
		h.code(err, "match.run_undone")
	})
}

func TestTwoRunsAtOnceAreRefused(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		first, err := h.Start(ctx, match.Settings{Train: true})
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.Start(ctx, match.Settings{})
		h.code(err, "match.running")
		if first, err = h.Cancel(ctx, first.ID); err != nil || first.State != match.Cancelled {
			t.Fatalf("cancelled %+v %v", first, err)
		}
		if run := h.run(ctx, match.Settings{}); run.State != match.Done {
			t.Fatalf("after a cancelled one: %+v", run)
		}
	})
}

// TestARunGoesOnWhereItWasCut stands for kill -9: the plan is there, a part of it done, and the job starts again.
func TestARunGoesOnWhereItWasCut(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		doubles := h.fill(ctx)
		run := h.run(ctx, match.Settings{Train: true})
		all := run.Merged
		if _, err := h.UndoRun(ctx, run.ID); err != nil {
			t.Fatal(err)
		}
		h.work(ctx)
		// Put the run back into the middle of its linking: half planned, nothing of it done yet.
		for _, statement := range []string{
			"UPDATE match_merges SET state = 'planned'",
			"UPDATE match_runs SET state = 'running', phase = 'link', active = 1, position = 0, merged = 0, undone = 0",
		} {
			if _, err := h.db.Exec(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		// One of the planned was erased meanwhile, and one pair told apart.
		var gone, apart int64
		for first, second := range doubles {
			if gone == 0 {
				gone = second
				if _, err := h.customers.Erase(ctx, gone, customer.ErasedOnRequest); err != nil {
					t.Fatal(err)
				}
				continue
			}
			apart = second
			if err := h.db.Within(ctx, func(ctx context.Context) error { return h.customers.TellApart(ctx, first, apart) }); err != nil {
				t.Fatal(err)
			}
			break
		}
		if err := h.Resume(ctx, run.ID); err != nil {
			t.Fatal(err)
		}
		h.work(ctx)
		run, err := h.FindRun(ctx, run.ID)
		if err != nil || run.State != match.Done || run.Merged+run.Skipped != all || run.Skipped != 2 {
			t.Fatalf("%d planned, resumed %+v %v", all, run, err)
		}
		if owner, err := h.customers.Resolve(ctx, apart); err != nil || owner != apart {
			t.Fatalf("told apart, yet merged into %d %v", owner, err)
		}
		if owner, err := h.customers.Resolve(ctx, gone); err != nil || owner != gone {
			t.Fatalf("erased, yet merged into %d %v", owner, err)
		}
	})
}

func TestReviewDecidesAndTakesBack(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		run := h.run(ctx, match.Settings{Train: true, ReviewOnly: true})
		if run.Merged != 0 || run.Figures.Review == 0 {
			t.Fatalf("review only: %+v", run)
		}
		pairs, total, err := h.ListPairs(ctx, match.Filter{Order: "weight"})
		if err != nil || total != run.Figures.Review {
			t.Fatalf("%d pairs, %d found, %v", total, run.Figures.Review, err)
		}
		detail, err := h.FindPair(ctx, pairs[0].ID)
		if err != nil || len(detail.Steps) == 0 || detail.Left.Customer.ID != pairs[0].LowID || detail.Right.Customer.ID != pairs[0].HighID {
			t.Fatalf("detail %+v %v", detail, err)
		}
		if difference := detail.Weight - pairs[0].Weight; difference > .01 || difference < -.01 {
			t.Fatalf("explained weight %v, scored %v", detail.Weight, pairs[0].Weight)
		}
		before := h.state(ctx)
		same, err := h.Decide(ctx, pairs[0].ID, match.Same)
		if err != nil {
			t.Fatal(err)
		}
		if owner, err := h.customers.Resolve(ctx, pairs[0].HighID); err != nil || owner != pairs[0].LowID {
			t.Fatalf("same, but %d belongs to %d %v", pairs[0].HighID, owner, err)
		}
		_, err = h.Decide(ctx, pairs[0].ID, match.Different)
		if err == nil {
			t.Fatal("a decided pair was decided again")
		}
		if _, err := h.UndoDecision(ctx, same.ID); err != nil {
			t.Fatal(err)
		}
		if after := h.state(ctx); after != before {
			t.Fatal("taking a decision back did not restore the state")
		}
		different, err := h.Decide(ctx, pairs[1].ID, match.Different)
		if err != nil {
			t.Fatal(err)
		}
		again := h.run(ctx, match.Settings{})
		found, _, err := h.ListPairs(ctx, match.Filter{Customer: pairs[1].LowID, Limit: 50})
		if err != nil || again.State != match.Done {
			t.Fatal(again, err)
		}
		for _, p := range found {
			if p.HighID == pairs[1].HighID {
				t.Fatal("a later run asks again about two people told apart")
			}
		}
		if owner, _ := h.customers.Resolve(ctx, pairs[1].HighID); owner != pairs[1].HighID {
			t.Fatal("a later run merged two people told apart")
		}
		if _, err := h.UndoDecision(ctx, different.ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.UndoDecision(ctx, different.ID)
		h.code(err, "match.undone")
	})
}

func TestAPatternIsDecidedTogether(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		h.run(ctx, match.Settings{Train: true, ReviewOnly: true})
		groups, err := h.ListPatterns(ctx, match.Filter{})
		if err != nil || len(groups) == 0 {
			t.Fatal(groups, err)
		}
		before := h.state(ctx)
		_, _, err = h.DecidePattern(ctx, match.Bulk{Pattern: groups[0].Pattern, Decision: match.Same, Expected: groups[0].Pairs + 1})
		h.code(err, "match.other_count")
		first, decided, err := h.DecidePattern(ctx, match.Bulk{Pattern: groups[0].Pattern, Decision: match.Same, Expected: groups[0].Pairs})
		if err != nil || decided == 0 {
			t.Fatal(decided, err)
		}
		if _, err := h.UndoDecision(ctx, first.ID); err != nil {
			t.Fatal(err)
		}
		if after := h.state(ctx); after != before {
			t.Fatal("taking a pattern back did not restore the state")
		}
	})
}

func TestDecisionsTellQualityAndTrain(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		doubles := h.fill(ctx)
		h.run(ctx, match.Settings{Train: true, ReviewOnly: true})
		_, err := h.Retrain(ctx)
		h.code(err, "match.few_decisions")
		pairs, _, err := h.ListPairs(ctx, match.Filter{Order: "weight", Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		isDouble := func(p match.Pair) bool { return doubles[p.LowID] == p.HighID }
		same, different := 0, 0
		for _, p := range pairs {
			decision := match.Different
			if isDouble(p) && same < 30 {
				decision = match.Same
				same++
			} else if different < 10 && (!isDouble(p) || same >= 30) {
				different++
			} else {
				continue
			}
			if _, err := h.Decide(ctx, p.ID, decision); err != nil {
				t.Fatal(err)
			}
		}
		if same < 5 || different < 5 {
			t.Skipf("the base gives %d same and %d different pairs", same, different)
		}
		q, err := h.Quality(ctx, nil)
		if err != nil || q.Decisions != same+different || q.Same != same {
			t.Fatalf("quality %+v %v", q, err)
		}
		for _, e := range []match.Estimate{q.Precision, q.Recall} {
			if !(e.Low <= e.Value && e.Value <= e.High && e.Low >= 0 && e.High <= 1) {
				t.Fatalf("no interval: %+v", e)
			}
		}
		was, err := h.FindModel(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		is, err := h.Retrain(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if is.ID == was.ID || is.Reason != "decisions" {
			t.Fatalf("trained %+v", is)
		}
		if err := is.Spec.Model.Validate(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLiveFindsAndLinks(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		none, err := h.Find(ctx, map[string]string{"full_name": "한길동"}, 5)
		if err != nil || len(none) != 0 {
			t.Fatal("without a model nothing can be found", none, err)
		}
		h.run(ctx, match.Settings{Train: true})
		flush(ctx, h)
		known := person(1)
		found, err := h.Find(ctx, map[string]string{"full_name": known["full_name"], "birth_on": known["birth_on"], "address": known["address"]}, 5)
		if err != nil || len(found) == 0 || found[0].Customer.FullName != known["full_name"] {
			t.Fatalf("found %+v %v", found, err)
		}
		// The same person by another channel links at intake; the index follows the journal.
		again := without(known, "mobile", "email")
		again["email"] = "other@daum.net"
		ids := h.take(ctx, "web", again)
		flush(ctx, h)
		owner, err := h.customers.Resolve(ctx, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		pairs, _, err := h.ListPairs(ctx, match.Filter{Customer: ids[0]})
		if err != nil || owner == ids[0] && len(pairs) == 0 {
			t.Fatalf("neither linked nor queued: owner %d of %d, %v", owner, ids[0], err)
		}
		fresh, err := h.Find(ctx, map[string]string{"full_name": known["full_name"], "email": "other@daum.net"}, 5)
		if err != nil || len(fresh) == 0 {
			t.Fatalf("the index does not follow: %+v %v", fresh, err)
		}
	})
}

// flush hands everything in the journal to match.
func flush(ctx context.Context, h *house) {
	h.t.Helper()
	if _, err := h.journal.Flush(ctx); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.journal.ConsumeOnce(ctx, "match", func(ctx context.Context, entries []journal.Entry) error { return h.Follow(ctx, entries) }); err != nil {
		h.t.Fatal(err)
	}
}

func TestAHiddenCustomerIsNotRevealed(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		h.run(ctx, match.Settings{Train: true, ReviewOnly: true})
		pairs, total, err := h.ListPairs(ctx, match.Filter{Limit: 1})
		if err != nil || total == 0 {
			t.Fatal(total, err)
		}
		seller := auth.With(ctx, auth.Person{ID: 77, Name: "seller", Scope: auth.Scope{OwnerID: 77}, Permissions: auth.Permit("*")})
		if list, n, err := h.ListPairs(seller, match.Filter{}); err != nil || n != 0 || len(list) != 0 {
			t.Fatalf("pairs of others: %d %v", n, err)
		}
		_, err = h.FindPair(seller, pairs[0].ID)
		h.code(err, "match.no_pair")
		_, err = h.Decide(seller, pairs[0].ID, match.Same)
		h.code(err, "match.no_pair")
		if found, err := h.Find(seller, person(1), 5); err != nil || len(found) != 0 {
			t.Fatalf("found of others: %v %v", found, err)
		}
		if found, err := h.Find(ctx, person(1), 5); err != nil || len(found) == 0 {
			t.Fatalf("found by one who sees all: %v %v", found, err)
		}
		_, err = h.Start(seller, match.Settings{})
		h.code(err, "match.scope")
		// Half a pair in sight is a pair out of sight.
		if _, _, err := h.customers.Update(ctx, pairs[0].LowID, 0, customer.Patch{"owner_id": "77"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.FindPair(seller, pairs[0].ID)
		h.code(err, "match.no_pair")
	})
}

func TestAnUnmergeByHandCountsAsADecision(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		doubles := h.fill(ctx)
		h.run(ctx, match.Settings{Train: true})
		flush(ctx, h)
		for first, second := range doubles {
			if owner, err := h.customers.Resolve(ctx, second); err != nil || owner != first {
				continue
			}
			records, err := h.customers.ListRecords(ctx, first)
			if err != nil {
				t.Fatal(err)
			}
			var moved []int64
			for _, r := range records {
				if r.HomeID == second {
					moved = append(moved, r.ID)
				}
			}
			if _, err := h.customers.Unmerge(ctx, first, moved); err != nil {
				t.Fatal(err)
			}
			flush(ctx, h)
			flush(ctx, h)
			list, err := h.ListDecisions(ctx, 0, 50)
			if err != nil || len(list) != 1 || list[0].Via != "unmerge" || list[0].Decision != match.Different {
				t.Fatalf("decisions %+v %v", list, err)
			}
			return
		}
		t.Fatal("nothing was merged")
	})
}

func TestKeysOfManyAreTheKeysOfEach(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.fill(ctx)
		h.run(ctx, match.Settings{Train: true})
		model, err := h.FindModel(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		columns := []string{"full_name", "mobile", "email", "birth_on", "address"}
		b := linkage.NewBuilder(columns)
		var rows [][]string
		for n := range 200 {
			var values []string
			for _, column := range columns {
				values = append(values, person(n)[column])
			}
			rows = append(rows, values)
			b.Add(values)
		}
		keyed := 0
		for row, keys := range model.Spec.KeysOf(b.Table()) {
			alone := model.Spec.Keys(columns, rows[row])
			if !slices.Equal(keys, alone) {
				t.Fatalf("row %d: %q together, %q alone", row, keys, alone)
			}
			keyed += len(keys)
		}
		if keyed < 200 {
			t.Fatalf("only %d keys", keyed)
		}
	})
}
