// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// hand is a clock that tests turn.
type hand struct{ at atomic.Int64 }

func (h *hand) set(text string)     { h.at.Store(at(text).UnixMicro()) }
func (h *hand) now() time.Time      { return time.UnixMicro(h.at.Load()) }
func (h *hand) add(d time.Duration) { h.at.Add(d.Microseconds()) }

// room is a service over customers 1…3; customer n has the record 100+n and
// the address n@example.kr.
type room struct {
	t     *testing.T
	s     *Service
	db    *database.DB
	ctx   context.Context
	clock *hand
}

type staff map[string]bool

func (s staff) IsStaffAddress(_ context.Context, address string) (bool, error) {
	return s[address], nil
}

func each(t *testing.T, test func(r *room)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			clock := &hand{}
			clock.set("2026-11-21 12:00")
			opts := database.Options{Clock: clock.now}
			db := map[string]func(testing.TB, database.Options) *database.DB{"sqlite": databasetest.SQLite, "postgres": databasetest.Postgres}[engine](t, opts)
			keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = keys.Close() })
			r := &room{t: t, db: db, clock: clock, ctx: auth.System(context.Background(), "test"), s: New(db, journal.New(db, keys, journal.Options{}), Options{})}
			r.s.UseStaff(staff{"me@company.kr": true})
			r.fill()
			test(r)
		})
	}
}

func (r *room) fill() {
	r.t.Helper()
	err := r.db.Within(r.ctx, func(ctx context.Context) error {
		for id := int64(1); id <= 3; id++ {
			branch := []string{"", "서울", "부산", "부산"}[id]
			statements := []struct {
				text string
				args []any
			}{
				{`INSERT INTO customers (id, created_at, updated_at, branch) VALUES (?, 0, 0, ?)`, []any{id, branch}},
				{`INSERT INTO records (id, source_id, batch_id, kind, normal, received_at, hash) VALUES (?, 2, 9, 'customers', '{}', 0, ?)`, []any{100 + id, []byte{byte(id)}}},
				{`INSERT INTO record_links (record_id, customer_id, reason, linked_at) VALUES (?, ?, 'new', 0)`, []any{100 + id, id}},
			}
			for _, s := range statements {
				if _, err := r.db.Exec(ctx, s.text, s.args...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

var advertisement = Message{Class: Ad, Channel: Email, Sender: DefaultSender, HasFreeOptOut: true}

func (r *room) ask(customers ...int64) []Answer {
	r.t.Helper()
	var asks []Ask
	for _, id := range customers {
		asks = append(asks, Ask{RecordID: 100 + id, Address: string(rune('0'+id)) + "@example.kr"})
	}
	answers, err := r.s.Permits(r.ctx, advertisement, asks)
	if err != nil {
		r.t.Fatal(err)
	}
	return answers
}

func (r *room) expect(what string, want ...Reason) []Answer {
	r.t.Helper()
	answers := r.ask(1, 2, 3)
	for i, a := range answers {
		if a.Decision.Reason != want[i] {
			r.t.Errorf("%s: customer %d: %q, want %q", what, i+1, a.Decision.Reason, want[i])
		}
	}
	return answers
}

func (r *room) record(id int64, channel Channel, action Action) {
	r.t.Helper()
	if _, err := r.s.Record(r.ctx, Expression{CustomerID: id, Channel: channel, Action: action, Method: Web}); err != nil {
		r.t.Fatal(err)
	}
	r.clock.add(time.Second)
}

func TestGateOverTheLedger(t *testing.T) {
	t.Parallel()
	each(t, func(r *room) {
		r.expect("empty ledger", NoConsent, NoConsent, NoConsent)
		r.record(1, Email, Grant)
		r.record(2, Email, Grant)
		answers := r.expect("two agreed", "", "", NoConsent)
		permit := answers[0].Permit
		if err := permit.Check(Email, "1@example.kr", r.clock.now()); err != nil {
			r.t.Error("a fresh permit:", err)
		}
		for name, err := range map[string]error{
			"another address": permit.Check(Email, "2@example.kr", r.clock.now()),
			"another channel": permit.Check(SMS, "1@example.kr", r.clock.now()),
			"too old":         permit.Check(Email, "1@example.kr", r.clock.now().Add(permitLife)),
			"zero permit":     Permit{}.Check(Email, "1@example.kr", r.clock.now()),
			"refused asker":   answers[2].Permit.Check(Email, "3@example.kr", r.clock.now()),
		} {
			if err == nil {
				r.t.Errorf("a permit is good for %s", name)
			}
		}
		// A refusal stops what is queued already, for every record with the address.
		already, err := r.s.Withdraw(r.ctx, Refusal{RecordID: 101, Address: "1@example.kr", Sender: DefaultSender, Channel: Email, Method: Mail})
		if err != nil || already {
			r.t.Fatal(already, err)
		}
		if err := permit.Check(Email, "1@example.kr", r.clock.now()); !fault.Is(err, fault.Conflict) {
			r.t.Error("a permit outlives the refusal:", err)
		}
		r.expect("one refused", RefusedByPerson, "", NoConsent)
		other, err := r.s.Permits(r.ctx, advertisement, []Ask{{RecordID: 102, Address: "1@EXAMPLE.kr"}})
		if err != nil || other[0].Decision.Reason != RefusedByPerson {
			r.t.Error("the same address by another record:", other, err)
		}
		if already, err = r.s.Withdraw(r.ctx, Refusal{RecordID: 101, Address: "1@example.kr", Sender: DefaultSender, Channel: Email, Method: Mail}); err != nil || !already {
			r.t.Error("refusing twice:", already, err)
		}
		r.clock.add(time.Second)
		r.record(1, Email, Grant)
		r.expect("agreed again", "", "", NoConsent)
		if err := r.s.Bounced(r.ctx, Email, "2@example.kr", true, "550 5.1.1", 102, 0); err != nil {
			r.t.Fatal(err)
		}
		r.expect("hard bounce", "", Unreachable, NoConsent)
		for range softBounces {
			if err := r.s.Bounced(r.ctx, Email, "1@example.kr", false, "452", 101, 0); err != nil {
				r.t.Fatal(err)
			}
		}
		r.expect("three soft bounces", Unreachable, Unreachable, NoConsent)
	})
}

func TestMergedPersonsShareOneLedger(t *testing.T) {
	t.Parallel()
	each(t, func(r *room) {
		r.record(1, Email, Grant)
		r.record(2, Email, Refuse)
		if _, err := r.db.Exec(r.ctx, `UPDATE record_links SET customer_id = 1 WHERE record_id = 102`); err != nil {
			r.t.Fatal(err)
		}
		r.expect("merged: the later refusal holds for both records", RefusedByPerson, RefusedByPerson, NoConsent)
		if _, err := r.db.Exec(r.ctx, `UPDATE record_links SET customer_id = 2 WHERE record_id = 102`); err != nil {
			r.t.Fatal(err)
		}
		r.expect("parted again", "", RefusedByPerson, NoConsent)
	})
}

func TestImportedClaims(t *testing.T) {
	t.Parallel()
	each(t, func(r *room) {
		claims := []Claim{
			{RecordID: 101, Channel: Email, IsGrant: true},
			{RecordID: 102, Channel: Email, IsGrant: true, At: at("2026-01-02"), Method: Web},
			{RecordID: 103, Channel: Email, IsGrant: false},
		}
		if err := r.db.Within(r.ctx, func(ctx context.Context) error { return r.s.RecordClaims(ctx, 9, claims) }); err != nil {
			r.t.Fatal(err)
		}
		r.expect("claims", NoConsent, "", RefusedByPerson)
		overview, err := r.s.Overview(r.ctx, 1)
		if err != nil || len(overview.States) != 1 || overview.States[0].Status != Claimed {
			r.t.Errorf("overview: %+v %v", overview, err)
		}
		r.record(1, SMS, Grant)
		if overview, err = r.s.Overview(r.ctx, 1); err != nil || len(overview.States) != 2 {
			r.t.Fatalf("overview: %+v %v", overview, err)
		}
		for _, state := range overview.States {
			if state.Basis.Channel != state.Channel {
				r.t.Errorf("the state of %s stands on an entry about %s", state.Channel, state.Basis.Channel)
			}
		}
		if _, err := r.db.Exec(r.ctx, `UPDATE records SET withdrawn_at = 1 WHERE batch_id = 9`); err != nil {
			r.t.Fatal(err)
		}
		r.expect("import undone: grants go, refusals stay", NoConsent, NoConsent, RefusedByPerson)
	})
}

func TestDueNotices(t *testing.T) {
	t.Parallel()
	each(t, func(r *room) {
		r.clock.set("2024-12-01 10:00")
		r.record(1, Email, Grant)
		r.clock.set("2026-11-10 10:00")
		r.record(2, Email, Refuse)
		r.clock.set("2026-11-21 12:00")
		due, err := r.s.ListDue(r.ctx, 50)
		if err != nil || len(due) != 2 || due[0].Kind != ResultNotice || due[0].DueOn != "2026-11-24" || due[1].Kind != BiennialNotice || due[1].DueOn != "2026-11-30" {
			r.t.Fatalf("due: %+v %v", due, err)
		}
		r.clock.set("2026-12-01 00:00:01")
		r.expect("confirmation missed", ConfirmOverdue, RefusedByPerson, NoConsent)
		if due, _ = r.s.ListDue(r.ctx, 50); len(due) != 2 || !due[0].IsOverdue || !due[1].IsOverdue {
			r.t.Errorf("overdue: %+v", due)
		}
		for _, d := range due {
			if err := r.s.Notify(r.ctx, []Notice{{ConsentID: d.ConsentID, Kind: d.Kind, Channel: Email}}); err != nil {
				r.t.Fatal(err)
			}
		}
		r.expect("told", "", RefusedByPerson, NoConsent)
		if due, _ = r.s.ListDue(r.ctx, 50); len(due) != 0 {
			r.t.Errorf("still due: %+v", due)
		}
	})
}

func TestTestMessagesGoToStaffOnly(t *testing.T) {
	t.Parallel()
	each(t, func(r *room) {
		if _, err := r.s.PermitTest(r.ctx, Email, "1@example.kr"); !fault.Is(err, fault.Forbidden) {
			r.t.Error("a test message to a customer:", err)
		}
		if p, err := r.s.PermitTest(r.ctx, Email, "me@company.kr"); err != nil || p.Check(Email, "me@company.kr", r.clock.now()) != nil {
			r.t.Error("a test message to staff:", err)
		}
	})
}

func TestRights(t *testing.T) {
	t.Parallel()
	each(t, func(r *room) {
		agent := auth.With(context.Background(), auth.Person{ID: 5, Permissions: auth.Permit("consent:read", "consent:create"), Scope: auth.Scope{Branch: "부산"}})
		if _, err := r.s.Overview(agent, 1); !fault.Is(err, fault.NotFound) {
			r.t.Error("a customer of another branch:", err)
		}
		if _, err := r.s.Record(agent, Expression{CustomerID: 1, Channel: Email, Action: Grant, Method: Web}); !fault.Is(err, fault.NotFound) {
			r.t.Error("recording for a customer of another branch:", err)
		}
		if _, err := r.s.Record(agent, Expression{CustomerID: 2, Channel: Email, Action: Grant, Method: Web}); err != nil {
			r.t.Error(err)
		}
		if _, err := r.s.Suppress(agent, Suppression{Kind: DoNotContact, Channel: Email, Address: "x@y.kr"}); !fault.Is(err, fault.Forbidden) {
			r.t.Error("barring without permission:", err)
		}
		for _, bad := range []Expression{
			{CustomerID: 2, Channel: All, Action: Grant, Method: Web},
			{CustomerID: 2, Channel: Email, Action: Grant, Method: Import},
			{CustomerID: 2, Channel: "pigeon", Action: Grant, Method: Web},
			{CustomerID: 2, Channel: Email, Action: "shrug", Method: Web},
		} {
			if _, err := r.s.Record(agent, bad); !fault.Is(err, fault.Invalid) {
				r.t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

func TestSuppressionsAndTimeline(t *testing.T) {
	t.Parallel()
	each(t, func(r *room) {
		r.record(1, Email, Grant)
		bar, err := r.s.Suppress(r.ctx, Suppression{Kind: DoNotContact, Channel: Email, Address: "1@EXAMPLE.kr"})
		if err != nil {
			r.t.Fatal(err)
		}
		r.expect("do not contact", Barred, NoConsent, NoConsent)
		if err := r.s.EndSuppression(r.ctx, bar.ID); err != nil {
			r.t.Fatal(err)
		}
		r.expect("lifted", "", NoConsent, NoConsent)
		refused, err := r.s.Suppress(r.ctx, Suppression{Kind: Refused, Channel: Email, Address: "1@example.kr"})
		if err != nil {
			r.t.Fatal(err)
		}
		if err := r.s.EndSuppression(r.ctx, refused.ID); !fault.Is(err, fault.Conflict) {
			r.t.Error("staff lift a refusal:", err)
		}
		list, next, err := r.s.ListSuppressions(r.ctx, "", "", 1)
		if err != nil || len(list) != 1 || next == "" {
			r.t.Error(list, next, err)
		}
		items, err := r.s.Timeline(r.ctx, customer.Subject{RecordIDs: []int64{101}}, customer.Position{}, 10)
		if err != nil || len(items) != 1 || items[0].Kind != "consent.grant" {
			r.t.Error(items, err)
		}
		if err := r.s.SetPolicy(r.ctx, Policy{MaxContacts: 2, PerDays: 3}); err != nil {
			r.t.Fatal(err)
		}
		if p, err := r.s.Policy(r.ctx); err != nil || p.MaxContacts != 2 {
			r.t.Error(p, err)
		}
		if _, err := r.s.SaveSender(r.ctx, Sender{Code: "company", Name: "한국상사"}); err != nil {
			r.t.Fatal(err)
		}
		if sender, err := r.s.FindSender(r.ctx, "company"); err != nil || sender.Name != "한국상사" || len(sender.Missing()) != 3 {
			r.t.Error(sender, err)
		}
	})
}
