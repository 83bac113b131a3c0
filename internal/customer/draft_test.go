// SPDX-License-Identifier: Apache-2.0

package customer_test

import (
	"context"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
)

// A change of rules is tried out without touching anybody, applied, and taken back; the value is explained.
func TestRulesAreTriedOutAppliedAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		queue := job.New(h.db, job.Config{Poll: 10 * time.Millisecond})
		h.RegisterJobs(queue)
		running, stop := context.WithCancel(auth.System(t.Context(), "jobs"))
		ended := make(chan struct{})
		go func() { defer close(ended); _ = queue.Run(running) }()
		defer func() { stop(); <-ended }()

		first := h.record(ctx, "A1", row{"full_name": "김철수", "email": "old@naver.com", "member": "M1"})
		h.take(ctx, "trusted", 1, first)
		h.take(ctx, "newer", 2, h.record(ctx, "B1", row{"full_name": "김철수", "email": "new@naver.com", "member": "M1"}))
		source, err := h.EnsureSource(ctx, "trusted")
		if err != nil {
			t.Fatal(err)
		}
		source.Trust = 90
		if _, err := h.SaveSource(ctx, source); err != nil {
			t.Fatal(err)
		}
		wait := func(what string, done func() bool) {
			t.Helper()
			deadline := time.After(20 * time.Second)
			for !done() {
				select {
				case <-deadline:
					t.Fatalf("%s: waited too long", what)
				case <-time.After(20 * time.Millisecond):
				}
			}
		}
		email := func(want string) func() bool {
			return func() bool {
				c, err := h.Find(ctx, first.CustomerID)
				return err == nil && c.Values.Text[customer.Email] == want
			}
		}
		state := func(id int64, want string) func() bool {
			return func() bool { d, err := h.OpenDraft(ctx, id); return err == nil && d.State == want }
		}
		wait("trust", email("old@naver.com"))
		draft, err := h.Simulate(ctx, customer.GoldenRules{Criteria: map[string]string{"*": "validity,trust,recency,completeness", "email": "recency"}})
		if err != nil {
			t.Fatal(err)
		}
		wait("simulated", state(draft.ID, customer.DraftReady))
		d, err := h.OpenDraft(ctx, draft.ID)
		if err != nil || d.Result.Changed != 1 || len(d.Result.Fields) != 1 || d.Result.Fields[0].Field != "email" || len(d.Samples) != 1 || d.Samples[0].Changes[0].After != "new@naver.com" {
			t.Fatalf("simulation: %+v %+v, %v", d.Result, d.Samples, err)
		}
		if !email("old@naver.com")() {
			t.Fatal("trying out changed somebody")
		}
		if _, err := h.ApplyDraft(ctx, draft.ID); err != nil {
			t.Fatal(err)
		}
		wait("applied", state(draft.ID, customer.DraftApplied))
		wait("new value", email("new@naver.com"))
		why, err := h.Explain(ctx, first.CustomerID, "email")
		if err != nil || !why.IsOwnRule || why.Contenders[0].Value != "new@naver.com" || why.Contenders[1].LostBy != "recency" {
			t.Errorf("explanation: %+v, %v", why, err)
		}
		if _, err := h.UndoDraft(ctx, draft.ID); err != nil {
			t.Fatal(err)
		}
		wait("taken back", state(draft.ID, customer.DraftUndone))
		wait("old value", email("old@naver.com"))
	})
}
